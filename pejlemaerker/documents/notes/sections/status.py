"""Status for hvert pejlemærke: what was written last, who assessed it so, and where it comes from."""

from kit.paper.blocks import Block, Paragraph, Quotation, Subsection
from pejlemaerker.documents.note import NoteGoal
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.notes.sections.words import paragraphs


def status(material: Material) -> Blocks:
    """Tell each pejlemærke's latest status."""
    told = [one for one in material.note.goals if material.subject.goal is None or one.number == _number(material)]
    return tuple(Subsection(one.name, _of(one)) for one in told)


def _number(material: Material) -> int | None:
    return material.goals[0].number if material.goals else None


def _of(goal: NoteGoal) -> Blocks:
    if not goal.status:
        return (Paragraph("Der er ikke givet status endnu.", "missing"),)
    label = goal.status.assessment_label
    assessed: list[Block] = [Paragraph(f"Vurdering: {label}", "lead")] if label else []
    quoted = [Quotation(one.text, one.source) for one in goal.status.quotations]
    return (*assessed, *paragraphs(goal.status.text), *quoted, Paragraph(goal.status.source_line, "detail"))

"""Status for hvert pejlemærke: what was written last, who assessed it so, and where it comes from."""

from kit.paper.blocks import Block, Paragraph, Subsection
from pejlemaerker.documents.notes.choices import SectionKey
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.notes.sections.quotations import quotations_in
from pejlemaerker.documents.notes.sections.words import paragraphs
from pejlemaerker.documents.standing import Standing


def status(material: Material) -> Blocks:
    """Tell each pejlemærke's latest status; where none has any, that is said once."""
    goals = material.goals
    if not goals:
        return ()
    if material.subject.goal:
        return _of(goals[0], material)
    if not any(one.status for one in goals):
        return (Paragraph("Der er ikke givet status for nogen af pejlemærkerne endnu.", "missing"),)
    return tuple(Subsection(material.heading(one), _of(one, material)) for one in goals)


def _of(one: Standing, material: Material) -> Blocks:
    if one.status is None:
        return (Paragraph("Der er ikke givet status endnu.", "missing"),)
    told = one.status
    assessed: list[Block] = [Paragraph(f"Vurdering: {told.label}", "lead")] if told.entry.assessment else []
    other = f" Den handlede om en tidligere ordlyd: »{told.about_other_wording}«" if told.about_other_wording else ""
    quoted = _quoted(one, material)
    return (*assessed, *paragraphs(told.text), *quoted, Paragraph(f"{told.heading}.{other}", "detail"))


def _quoted(one: Standing, material: Material) -> Blocks:
    """What the leaders were quoted for, unless the paper has a section of its own for that."""
    if one.status is None or SectionKey.QUOTATIONS in material.choices.sections:
        return ()
    return quotations_in(material.quoted.get(one.goal.pk, {}).get(one.status.entry.round_id, ()))

"""Læringen: what was learned, what to carry on, and for whom."""

from kit.paper.blocks import Block, Paragraph, Subsection
from pejlemaerker.documents.learning import Learned
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.notes.sections.words import paragraphs


def learning(material: Material) -> Blocks:
    """Tell what was learned of the work as a whole, and of each pejlemærke."""
    return tuple(Subsection(one.about, _of(one)) for one in material.note.learnings)


def _of(learned: Learned) -> Blocks:
    carried: list[Block] = (
        [Paragraph("Føres videre:", "detail"), *paragraphs(learned.carry_on)] if learned.carry_on else []
    )
    return (*paragraphs(learned.text), *carried, Paragraph(f"{learned.source}.", "detail"))

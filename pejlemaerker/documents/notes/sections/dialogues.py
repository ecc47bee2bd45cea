"""Dialogmøderne in their public summaries; the internal notes never come here."""

from kit.paper.blocks import Paragraph, Subsection
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.notes.sections.words import paragraphs


def dialogues(material: Material) -> Blocks:
    """Tell each meeting that has a summary."""
    return tuple(
        Subsection(one.title, (Paragraph(one.date, "detail"), *paragraphs(one.summary)))
        for one in material.note.dialogues
    )

"""Indledning og afslutning: the writer's own words, or the house's usual ones."""

import re

from kit.paper.blocks import Block, Paragraph
from pejlemaerker.documents.notes.material import Blocks, Material


def paragraphs(text: str) -> Blocks:
    """Set a text as paragraphs: an empty line begins a new one, and a single line break is kept as one."""
    found: list[Block] = [Paragraph(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    return tuple(found)


def introduction(material: Material) -> Blocks:
    """The writer's own introduction; else a sentence that says what the paper is."""
    own = paragraphs(material.choices.introduction)
    demo = material.note.has_invented if material.subject.goal_set else False
    note = [Paragraph("Demo: notatet rummer beslutninger, statusser eller dialogmøder, der er opdigtet.", "detail")]
    usual = (Paragraph(material.note.intro),) if material.subject.goal_set else ()
    return (*(own or usual), *(note if demo else ()))


def conclusion(material: Material) -> Blocks:
    """The writer's own conclusion."""
    return paragraphs(material.choices.conclusion)

"""Opfølgningsplanen, and what comes next."""

from kit.paper.blocks import Bullets, Item, Paragraph, Table
from pejlemaerker.documents.notes.material import Blocks, Material


def plan(material: Material) -> Blocks:
    """Tell the steps: when they were planned, and what has happened."""
    rows = tuple(
        (step.title, step.when, ". ".join(part for part in (step.state_label, step.what_happened) if part))
        for step in material.note.steps
    )
    return (Table("Trin i opfølgningsplanen", ("Trin", "Hvornår", "Hvad er sket"), rows),) if rows else ()


def next_steps(material: Material) -> Blocks:
    """Tell what comes next, and when."""
    steps = material.note.next_steps
    if not steps:
        return (Paragraph("Der er ikke planlagt flere trin."),)
    return (Bullets(tuple(Item(step.what, lead=f"{step.when}.") for step in steps)),)

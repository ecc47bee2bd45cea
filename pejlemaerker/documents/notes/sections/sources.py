"""Kilderne: the documents and evaluations that the note rests on."""

from kit.paper.blocks import Bullets, Item
from pejlemaerker.documents.notes.material import Blocks, Material


def sources(material: Material) -> Blocks:
    """Name the sources, never who wrote them."""
    found = material.note.sources
    return (Bullets(tuple(Item(source) for source in found)),) if found else ()

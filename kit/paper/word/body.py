"""Papirets dele i Word: every part of a paper as paragraphs, lists and tables in real styles."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from docx.document import Document as WordDocument

from kit.paper.blocks import (
    Block,
    Bullets,
    Comparison,
    Figure,
    Item,
    Paragraph,
    Quotation,
    Section,
    Subsection,
    Table,
    Wordings,
)
from kit.paper.picture import Picture
from kit.paper.word.pictures import picture_run
from kit.paper.word.tables import table
from kit.paper.word.text import Element, element, paragraph, run, value

_BULLETS, _NUMBERS, _WORDINGS = 0, 1, 2  # w:abstractNumId in numbering.xml
_ROLES = {"body": "", "lead": "PaperLead", "detail": "PaperDetail", "missing": "PaperMissing"}
_DEEPEST_HEADING, _DEEPEST_STYLE, _DEEPEST_LEVEL = 3, 2, 8
_CHANGES = {"same": ("{}", ""), "removed": ("[slettet: {}]", "PaperRemoved"), "added": ("[tilføjet: {}]", "PaperAdded")}


class Body:
    """Indholdet, part by part, for a Word document; `pictures` are the drawings of its figures, by their SVG."""

    def __init__(self, document: WordDocument, pictures: Mapping[str, Picture]) -> None:
        self._document = document
        self._pictures = pictures
        self._numbering = document.part.numbering_part.element
        self._next_list = count(len(self._numbering.num_lst) + 1)

    def section(self, section: Section) -> Iterator[Element]:
        """Set a section under its heading; one without a title leaves the first level to what is in it."""
        if section.title:
            yield self._heading(section.title, 1)
        yield from self._blocks(section.blocks, 2 if section.title else 1)

    def _blocks(self, blocks: Sequence[Block], level: int) -> Iterator[Element]:
        for block, following in zip(blocks, [*blocks[1:], None], strict=False):
            parts = list(getattr(self, f"_{block.kind}")(block, level))
            is_told_from = isinstance(following, Paragraph) and following.role == "detail"
            if is_told_from and parts and parts[-1].tag.endswith("}p"):
                parts[-1].get_or_add_pPr().get_or_add_keepNext().val = True  # it says where this comes from
            yield from parts

    def _heading(self, title: str, level: int) -> Element:
        return paragraph(f"Heading{min(level, _DEEPEST_HEADING)}", title)

    def _paragraph(self, block: Paragraph, level: int) -> Iterator[Element]:
        yield paragraph(_ROLES[block.role], block.text)

    def _subsection(self, block: Subsection, level: int) -> Iterator[Element]:
        yield self._heading(block.title, level)
        yield from self._blocks(block.blocks, level + 1)

    def _wordings(self, block: Wordings, level: int) -> Iterator[Element]:
        before, numbers = None, 0
        for item in block.items:
            if item.number and (before is None or item.number != before + 1):
                numbers = self._new_list(_WORDINGS, item.number)
            before = item.number
            details = " ".join(item.details)
            warning = [run(item.warning, "Strong"), " "] if item.warning else []
            # A list number of 0 takes the paragraph out of the list that its style is in.
            extra = (_place(numbers, 0),) if item.number else (_place(0, 0), element("w:ind", {"w:left": "680"}))
            keep = (element("w:keepNext"),) if details or warning else ()
            yield paragraph("PaperWording", item.text or "Ordlyden kendes ikke", extra=(*keep, *extra))
            if details or warning:
                yield paragraph("PaperWordingDetail", *warning, details)

    def _quotation(self, block: Quotation, level: int) -> Iterator[Element]:
        yield paragraph("Quote", f"»{block.text}«")
        yield paragraph("PaperQuoteSource", block.source)

    def _bullets(self, block: Bullets, level: int) -> Iterator[Element]:
        name, kind = ("ListNumber", _NUMBERS) if block.is_numbered else ("ListBullet", _BULLETS)
        yield from self._items(block.items, name, self._new_list(kind, 1), 0)

    def _items(self, items: Sequence[Item], name: str, numbers: int, depth: int) -> Iterator[Element]:
        style = f"{name}{min(depth, _DEEPEST_STYLE) + 1}" if depth else name
        place = min(depth, _DEEPEST_LEVEL)
        for item in items:
            lead = [run(item.lead, "Strong"), " "] if item.lead else []
            yield paragraph(style, *lead, item.text, extra=(_place(numbers, place),))
            yield from self._items(item.items, name, numbers, depth + 1)

    def _table(self, block: Table, level: int) -> Iterator[Element]:
        if block.caption:
            yield paragraph("Caption", block.caption)
        yield table(block)

    def _figure(self, block: Figure, level: int) -> Iterator[Element]:
        picture = self._pictures.get(block.svg)
        alternative = f"{block.title}. {block.description}".strip(". ") + "."
        if picture:
            drawn = picture_run(self._document, picture, title=block.title, alternative=alternative)
            # Kept with what follows it only where something does: the notes, or the table's caption.
            yield paragraph("PaperFigure", drawn)
        else:  # what could not be drawn is told
            yield paragraph("PaperLead", block.title)
            yield paragraph("", block.description)
        for note in block.notes:
            yield paragraph("PaperDetail", note)
        if block.table:
            yield from self._table(block.table, level)

    def _comparison(self, block: Comparison, level: int) -> Iterator[Element]:
        if block.title:
            yield self._heading(block.title, level)
        runs: list[Element | str] = []
        for space, kind, words in block.told:
            mark, style = _CHANGES[kind]
            runs += [space] if space else []
            runs.append(run(mark.format(words), style))
        yield paragraph("PaperComparison", *runs)

    def _new_list(self, kind: int, start: int) -> int:
        """Begin a list that counts from `start`, and return its number among the document's lists."""
        number: int = next(self._next_list)
        override = element("w:lvlOverride", {"w:ilvl": "0"}, value("w:startOverride", start))
        parts = [value("w:abstractNumId", kind), override]
        self._numbering.append(element("w:num", {"w:numId": str(number)}, *parts))
        return number


def _place(numbers: int, level: int) -> Any:
    return element("w:numPr", None, value("w:ilvl", level), value("w:numId", numbers))

"""Tabeller i Word: a head that is repeated on every page, no merged cells, no empty layout."""

from kit.paper.blocks import Table
from kit.paper.word.styles import TEXT_WIDTH
from kit.paper.word.text import Element, element, one_line, paragraph, value

_LONG_ROW = 1200  # characters: a row longer than this may break across pages, else much of a page stands empty
_NARROWEST, _SHORT, _WIDEST = 6, 20, 90  # characters
_A_CHARACTER, _PADDING = 112, 230  # twentieths of a point


def table(block: Table) -> Element:
    """Set a table: widths by what the columns hold, the head and the first column marked as such."""
    rows = [_full(row, len(block.head)) for row in block.rows]
    widths = _widths(block.head, rows)
    properties = [
        value("w:tblStyle", "PaperTable"),
        element("w:tblW", {"w:w": "5000", "w:type": "pct"}),
        element("w:tblLayout", {"w:type": "fixed"}),
        element(
            "w:tblLook",
            {"w:val": "06A0", "w:firstRow": "1", "w:lastRow": "0", "w:firstColumn": "1", "w:lastColumn": "0",
             "w:noHBand": "1", "w:noVBand": "1"},
        ),
    ]  # fmt: skip
    if block.caption:
        properties.append(value("w:tblCaption", one_line(block.caption)))
    grid = element("w:tblGrid", None, *(element("w:gridCol", {"w:w": str(width)}) for width in widths))
    return element(
        "w:tbl", None, element("w:tblPr", None, *properties), grid, _row(block.head, widths, is_head=True),
        *(_row(row, widths) for row in rows),
    )  # fmt: skip


def _full(row: tuple[str, ...], length: int) -> tuple[str, ...]:
    return (*row, *[""] * (length - len(row)))[:length]


def _row(cells: tuple[str, ...], widths: list[int], *, is_head: bool = False) -> Element:
    is_short = sum(map(len, cells)) < _LONG_ROW
    properties = [*([element("w:cantSplit")] if is_short else []), *([element("w:tblHeader")] if is_head else [])]
    row = element("w:tr", None, *([element("w:trPr", None, *properties)] if properties else []))
    keep = (element("w:keepNext"),) if is_head else ()
    for text, width in zip(cells, widths, strict=True):
        size = element("w:tcW", {"w:w": str(width), "w:type": "dxa"})
        row.append(element("w:tc", None, element("w:tcPr", None, size), paragraph("PaperCell", text, extra=keep)))
    return row


def _widths(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[int]:
    """Share the page's width: columns of short texts get what they take, the others share the rest by their longest."""
    total = int(TEXT_WIDTH.twips)
    longest = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    natural = [max(length, _NARROWEST) * _A_CHARACTER + _PADDING for length in longest]
    if sum(natural) > total:
        short = [width if length <= _SHORT else 0 for width, length in zip(natural, longest, strict=True)]
        room = total - sum(short)
        if room >= total // 3 and not all(short):
            long = [0 if width else min(length, _WIDEST) for width, length in zip(short, longest, strict=True)]
            natural = [width or room * part // sum(long) for width, part in zip(short, long, strict=True)]
    widths = [total * one // sum(natural) for one in natural]
    return [*widths[:-1], total - sum(widths[:-1])]

"""Tabeller i Word: a head that is repeated on every page, no merged cells, no empty layout."""

from kit.paper.blocks import Table
from kit.paper.word.styles import TEXT_WIDTH
from kit.paper.word.text import Element, element, one_line, paragraph, value

_AT_A_GLANCE = 900  # characters: a table of no more is kept on one page
_LONG_ROW = 1200  # characters: a row longer than this may break across pages, else much of a page stands empty
_NARROWEST, _SHORT = 6, 18  # characters
_A_CHARACTER, _PADDING, _AIR = 112, 230, 600  # twentieths of a point


def table(block: Table) -> Element:
    """Set a table: widths by what the columns hold, the head and the first column marked as such."""
    rows = [_full(row, len(block.head)) for row in block.rows]
    widths = _widths(block, rows)
    properties = [
        value("w:tblStyle", "PaperTable"),
        element("w:tblW", {"w:w": str(sum(widths)), "w:type": "dxa"}),
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
        *(_row(row, widths, is_kept=kept) for row, kept in zip(rows, _kept(rows), strict=True)),
    )  # fmt: skip


def _full(row: tuple[str, ...], length: int) -> tuple[str, ...]:
    return (*row, *[""] * (length - len(row)))[:length]


def _kept(rows: list[tuple[str, ...]]) -> list[bool]:
    """Which rows stay with the next one: all of a short table, of a long one the first and the last but one."""
    is_short = sum(len(cell) for row in rows for cell in row) <= _AT_A_GLANCE
    last = len(rows) - 1
    return [place != last and (is_short or place in (0, last - 1)) for place in range(len(rows))]


def _row(cells: tuple[str, ...], widths: list[int], *, is_head: bool = False, is_kept: bool = False) -> Element:
    is_short = sum(map(len, cells)) < _LONG_ROW
    properties = [*([element("w:cantSplit")] if is_short else []), *([element("w:tblHeader")] if is_head else [])]
    row = element("w:tr", None, *([element("w:trPr", None, *properties)] if properties else []))
    keep = (element("w:keepNext"),) if is_head or is_kept else ()
    for text, width in zip(cells, widths, strict=True):
        size = element("w:tcW", {"w:w": str(width), "w:type": "dxa"})
        row.append(element("w:tc", None, element("w:tcPr", None, size), paragraph("PaperCell", text, extra=keep)))
    return row


def _widths(block: Table, rows: list[tuple[str, ...]]) -> list[int]:
    """Share the page's width. What fits gets what it takes; else short columns stay on one line, and each next bit of
    room goes to the column that would be the tallest.
    """
    total = int(TEXT_WIDTH.twips)
    columns = list(zip(block.head, *rows, strict=True))
    longest = [max(_NARROWEST, *map(len, column)) for column in columns]
    natural = [length * _A_CHARACTER + _PADDING for length in longest]
    airy = [width + _AIR for width in natural]
    if block.is_slim and sum(airy) <= total:
        return airy
    if sum(natural) > total:
        room = (total - len(columns) * _PADDING) // _A_CHARACTER
        shared = _shared(longest, [_least(column) for column in columns], room)
        natural = [length * _A_CHARACTER + _PADDING for length in shared]
    widths = [total * one // sum(natural) for one in natural]
    return [*widths[:-1], total - sum(widths[:-1])]


def _least(column: tuple[str, ...]) -> int:
    """How narrow a column may be: its longest word, or all of it where it is short."""
    longest = max(map(len, column))
    words = (len(word) for cell in column for word in cell.split())
    return longest if longest <= _SHORT else min(_SHORT, max(words, default=0))


def _shared(longest: list[int], least: list[int], room: int) -> list[int]:
    """Hand out the room that is left, a character at a time, to the column that has most to tell for its width."""
    widths = [max(_NARROWEST, one) for one in least]
    for _ in range(room - sum(widths)):
        place = max(range(len(widths)), key=lambda one: longest[one] / widths[one])
        widths[place] += 1
    return widths

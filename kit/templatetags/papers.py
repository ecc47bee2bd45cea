"""Template filters for papers: what the look of a part depends on, where a style sheet cannot see it."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from kit.paper.blocks import Table, Wordings
from kit.paper.colour import accent
from kit.paper.signing import signing

register = template.Library()
register.filter(accent)
register.filter(signing)

_WIDE = 6  # columns; so many are set across the sheet
_AT_A_GLANCE = 8  # rows; a table of no more stays on one page
_MANY_SIGNS = 300  # in all cells; a table of few but long rows may break too
_LONG_WORD = 26  # signs; a longer one does not fit into a cell, and has to break
_SHORT_CELL = 18  # signs; so few stay on one line: a date, a season, a number
_FEW_COLUMNS = 4
_CROWDED = 4  # columns; from so many on they are set closer
_LONG_TEXT = 700  # signs; a longer one may run on to the next page
_LONG_TITLE = 100  # signs
_MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
_UNBROKEN = re.compile(
    rf"\b\d{{1,2}}\. (?:{_MONTHS})\b(?: \d{{4}}\b)?|\b\d{{4}}–\d{{4}}\b|\b\d+ og \d+\b"
    r"|\b(?:punkt|[Oo]rdlyd|[Pp]ejlemærke) \d+\b|(?<=[,:] )\d{1,2} [a-zæøå]+"
)


@register.filter
def shape(table: Table) -> str:
    """What a table asks for: "is-wide" across the sheet, "is-long" over several pages, "is-hard" with words that no
    cell holds, "is-narrow" with room for short cells on one line, "is-crowded" with columns set closer, "is-slim" no
    wider than what it holds.
    """
    cells = [cell for row in (table.head, *table.rows) for cell in row]
    asked = {
        "is-wide": len(table.head) >= _WIDE,
        "is-narrow": len(table.head) <= _FEW_COLUMNS,
        "is-crowded": _CROWDED <= len(table.head) < _WIDE,
        "is-slim": table.is_slim,
        "is-long": len(table.rows) > _AT_A_GLANCE or sum(len(cell) for cell in cells) > _MANY_SIGNS,
        "is-hard": any(len(word) > _LONG_WORD for cell in cells for word in cell.split()),
    }
    return " ".join(name for name, is_asked in asked.items() if is_asked)


@register.filter
def unbroken(html: str) -> SafeString:
    """Keep a day with its month, the years of a period and a number with its word together: "3. / oktober" is no date.
    The words stay as they are, since a paper is compared and searched; takes plain text, or HTML that is safe already.
    """
    return mark_safe(_UNBROKEN.sub(r'<span class="unbroken">\g<0></span>', conditional_escape(html)))  # noqa: S308


@register.filter
def is_short(cell: str) -> bool:
    """Whether a cell is read best on one line."""
    return 0 < len(cell) <= _SHORT_CELL


@register.filter
def has_row_heads(table: Table) -> bool:
    """Whether each row is led by a head; where heads would outnumber what they head, those of the columns suffice."""
    columns, rows = len(table.head), len(table.rows)
    return rows * (columns - 1) >= rows + columns


@register.filter
def runs_on(text: str) -> bool:
    """Whether a text is so long that it may break over two pages."""
    return len(text) > _LONG_TEXT


@register.filter
def is_long_title(title: str) -> bool:
    """Whether a title is set smaller."""
    return len(title) > _LONG_TITLE


@register.filter
def digits(wordings: Wordings) -> int:
    """How much room the numerals of the pejlemærker need."""
    return max((len(str(one.number)) for one in wordings.items if one.number), default=0)

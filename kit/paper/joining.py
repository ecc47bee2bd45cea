"""One tag for what goes on over a page's end. WeasyPrint tags page by page: a paragraph would be heard as two, a list
as two lists, and a table's head once on every page.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

import pikepdf

_TAGS = {
    "main": "/Part",
    "article": "/Art",
    "section": "/Sect",
    "div": "/Div",
    "blockquote": "/BlockQuote",
    "p": "/P",
    "ul": "/L",
    "ol": "/L",
    "li": "/LI",
    "table": "/Table",
    "caption": "/Caption",
    "tbody": "/TBody",
    "tr": "/TR",
    "td": "/TD",
    "th": "/TH",
}


def continued(before: Any, after: Any) -> list[str]:
    """Return the tags of the elements that are split between two pages as laid out, outermost first."""
    pairs = zip(_path(before, -1), _path(after, 0), strict=False)
    split = [one.tag for one, _ in takewhile(lambda pair: pair[0] is pair[1], pairs)]
    # A list below a point is told beside it, not in it; the text of a point has a body of its own.
    below = [*split[1:], ""]
    told = [tag for tag, inner in zip(split, below, strict=False) if tag != "li" or inner not in ("ul", "ol")]
    return [name for tag in told for name in ([_TAGS.get(tag, "/NonStruct")] + ["/LBody"] * (tag == "li"))]


def _path(page: Any, end: int) -> list[Any]:
    """The elements of the first or the last line of a page, from the outside in; without its repeated table heads."""
    path: list[Any] = []
    box = page._page_box.children[0]
    while children := [child for child in getattr(box, "children", ()) if not _is_repeated(child)]:
        box = children[end]
        if box.element is None or type(box).__name__ == "LineBox":
            break
        if box.element_tag != "body" and not (path and path[-1] is box.element):
            path.append(box.element)
    return path


def _is_repeated(box: Any) -> bool:
    return bool(getattr(box, "is_header", False) or getattr(box, "is_footer", False))


def join_pages(pdf: pikepdf.Pdf, continued: Sequence[Sequence[str]]) -> None:
    """Join the tags that go on from each page to the next, named outermost first."""
    document = pdf.Root.StructTreeRoot.K[0]
    tops: defaultdict[tuple[int, int], list[Any]] = defaultdict(list)
    for tag in document.K:
        tops[tag.Pg.objgen].append(tag)
    kept: list[Any] = []
    for page, names in zip(pdf.pages, [(), *continued], strict=False):
        tags = tops[page.obj.objgen]
        if names and kept and tags and _is_same(kept[-1], tags[0], names):
            _join(kept[-1], tags[0], names[1:])
            tags = tags[1:]
        kept += tags
    document.K = pikepdf.Array(kept)


def _is_same(before: Any, after: Any, names: Sequence[str]) -> bool:
    return bool(before.S == after.S == names[0])


def _join(before: Any, after: Any, names: Sequence[str]) -> None:
    """Move what a tag holds into the one it goes on from; what it begins with may itself go on."""
    kids = [kid for kid in after.K if kid.S != "/LI" or len(kid.K)]  # an item of which only the points below are left
    if before.S == "/Table":
        kids = _without_head(before, kids)
    if names and kids and len(before.K) and _is_same(before.K[-1], kids[0], names):
        _join(before.K[-1], kids[0], names[1:])
        del kids[0]
    for kid in kids:
        kid.P = before
        before.K.append(kid)


def _without_head(table: Any, kids: list[Any]) -> list[Any]:
    """Leave out the head that is repeated for the eye; the cells are told to belong under the first one."""
    heads = [kid for kid in table.K if kid.S == "/THead"]
    repeated = [kid for kid in kids if kid.S == "/THead"]
    if not (heads and repeated):
        return kids
    firsts = (cell.ID for cell in _cells(heads[0], "/TH"))
    names = {bytes(cell.ID): first for cell, first in zip(_cells(repeated[0], "/TH"), firsts, strict=False)}
    rest = [kid for kid in kids if kid.S != "/THead"]
    for cell in (cell for part in rest for cell in _cells(part, "/TD")):
        if "/Headers" in cell.A:
            cell.A.Headers = pikepdf.Array([names.get(bytes(header), header) for header in cell.A.Headers])
    return rest


def _cells(part: Any, kind: str) -> Iterator[Any]:
    for row in part.K:
        yield from (cell for cell in row.K if str(cell.S) == kind)

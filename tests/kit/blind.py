"""What a paper says to one who cannot see it: its text in the order of the tags, by another library than wrote it."""

from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
from pypdfium2 import raw

type Marked = dict[tuple[int, int], str]

# Tags whose text is told by itself; everything inside them belongs to the same line.
_LINES = {"/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/TH", "/TD", "/Caption", "/Lbl"}


def heard(pdf: bytes) -> list[tuple[str, str]]:
    """Return (tag, text) in reading order; a drawing is heard as its alternative text."""
    marked = _marked_texts(pdf)
    with pikepdf.open(BytesIO(pdf)) as opened:
        pages = {page.obj.objgen: number for number, page in enumerate(opened.pages)}
        tags = opened.Root.StructTreeRoot.K
        return [line for tag in tags for line in _told(tag, "", pages, marked)]


def _told(tag: Any, line: str, pages: dict[tuple[int, int], int], marked: Marked) -> Iterator[tuple[str, str]]:
    kind = str(tag.S)
    if kind == "/Figure":
        yield kind, str(tag.get("/Alt", ""))
        return
    if kind in _LINES:
        yield kind, " ".join("".join(_texts(tag, pages, marked)).split())
        return
    for kid in tag.K:
        if not isinstance(kid, int) and "/S" in kid:
            yield from _told(kid, line, pages, marked)
        elif isinstance(kid, int):
            yield kind, " ".join(marked.get((pages[tag.Pg.objgen], kid), "").split())


def _texts(tag: Any, pages: dict[tuple[int, int], int], marked: Marked) -> Iterator[str]:
    for kid in tag.K:
        if isinstance(kid, int):
            yield str(tag.get("/Alt", "")) or marked.get((pages[tag.Pg.objgen], kid), "")
        elif "/S" in kid:
            yield from _texts(kid, pages, marked)


def _marked_texts(pdf: bytes) -> Marked:
    """The text of every marked content, by page and number; a line's end is a space."""
    texts: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    with pypdfium2.PdfDocument(pdf) as opened:
        for number, page in enumerate(opened):
            read = page.get_textpage()
            height = -1  # a page begins a line too
            for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                mcid = raw.FPDFPageObj_GetMarkedContentID(thing.raw)
                line = round(thing.get_matrix().f)
                texts[number, mcid].append((" " if height != line else "") + _text(thing, read))
                height = line
    return {key: "".join(parts) for key, parts in texts.items()}


def _text(thing: Any, read: Any) -> str:
    length = raw.FPDFTextObj_GetText(thing.raw, read.raw, None, 0)
    buffer = (raw.FPDF_WCHAR * length)()
    raw.FPDFTextObj_GetText(thing.raw, read.raw, buffer, length)
    return bytes(buffer).decode("utf-16-le").rstrip("\0").replace("\x02", "-")  # a hyphen at a line's end

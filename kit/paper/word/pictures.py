"""Billeder i Word: in line with the text, with the text that stands for them."""

from io import BytesIO

from docx.document import Document as WordDocument
from docx.shared import Length, Mm

from kit.paper.picture import Picture
from kit.paper.word.styles import TEXT_WIDTH
from kit.paper.word.text import Element, element, one_line

_TALLEST = Mm(220)


def picture_run(
    document: WordDocument,
    picture: Picture,
    *,
    title: str,
    alternative: str,
    widest: Length = TEXT_WIDTH,
    tallest: Length = _TALLEST,
) -> Element:
    """Put a picture in a run, as wide as it wants to be but no larger than there is room for."""
    scale = min(1.0, widest / picture.width, tallest / picture.height)
    inline: Element = document.part.new_pic_inline(
        BytesIO(picture.png), Length(round(picture.width * scale)), Length(round(picture.height * scale))
    )
    for side in "TBLR":  # else LibreOffice keeps its own distance
        inline.set(f"dist{side}", "0")
    drawn = inline.docPr
    drawn.set("name", f"Billede {drawn.get('id')}")
    if title:
        drawn.set("title", one_line(title))
    drawn.set("descr", one_line(alternative))
    inline.graphic.graphicData.pic.nvPicPr.cNvPr.set("name", f"billede-{drawn.get('id')}.png")
    return element("w:r", None, element("w:drawing", None, inline))

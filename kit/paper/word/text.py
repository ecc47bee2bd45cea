"""Tekst i Word: paragraphs, runs and fields as Word's own elements."""

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from kit.paper.glyphs import printable

type Element = Any  # an lxml element, of one of the library's own classes

_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def clean(text: str) -> str:
    """Take away what a Word file cannot hold, and tell what would turn a line around; line ends become plain ones."""
    return printable(_LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """A text on one line, for an attribute or a title."""
    return " ".join(clean(text).split())


def element(tag: str, attributes: dict[str, str] | None = None, *children: Element) -> Element:
    """Make an element: `element("w:jc", {"w:val": "right"})`."""
    made = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        made.set(qn(name), value)
    made.extend(children)
    return made


def value(tag: str, val: str | int) -> Element:
    """Make an element of the kind that is most of Word's: one w:val."""
    return element(tag, {"w:val": str(val)})


def run(text: str, style: str = "") -> Element:
    """Make a run of text, in a character style; its line breaks and tabs are kept."""
    made = element("w:r")
    if style:
        made.append(element("w:rPr", None, value("w:rStyle", style)))
    made.extend(_pieces(clean(text)))
    return made


def _pieces(text: str) -> Iterator[Element]:
    for piece in re.split("([\n\t])", text):
        if piece == "\n":
            yield element("w:br")
        elif piece == "\t":
            yield element("w:tab")
        elif piece:
            words = element("w:t", {"xml:space": "preserve"})
            words.text = piece
            yield words


def paragraph(style: str, *content: str | Element, extra: tuple[Element, ...] = ()) -> Element:
    """Make a paragraph in a style; `extra` are properties of this one paragraph, such as its place in a list."""
    properties = [*([value("w:pStyle", style)] if style else []), *extra]
    made = element("w:p")
    if properties:
        made.append(element("w:pPr", None, *properties))
    made.extend(run(one) if isinstance(one, str) else one for one in content)
    return made


def field(instruction: str) -> Element:
    """Make a field that Word works out itself: PAGE, NUMPAGES."""
    return element("w:fldSimple", {"w:instr": f" {instruction} "}, run("1"))

"""Hvad en PDF siger, and how its pages look."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pypdfium2

from kit.paper.reading import BROKEN, MOST_ABOUT, Reading, Unreadable, words_of

MOST_PAGES = 1_000
_MOST_PICTURES = 100  # pages that are looked at as pictures, too
_PIXELS = 1_000  # of the longer side of a page
_XFA = (pypdfium2.raw.FORMTYPE_XFA_FULL, pypdfium2.raw.FORMTYPE_XFA_FOREGROUND)


def read_pdf(content: bytes, *, looks: bool) -> Reading:
    try:
        with pypdfium2.PdfDocument(content) as document:
            if len(document) > MOST_PAGES:
                raise Unreadable("Filen har for mange sider til at blive læst.")
            words = words_of(_texts(document))
            if document.get_formtype() in _XFA:
                raise Unreadable("Filen er en formular, der viser andet end sine sider.")
            about = " ".join(str(value) for value in document.get_metadata_dict().values())
            pages = tuple(_looks(document)) if looks else ()
    except pypdfium2.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise Unreadable("Filen er låst med en adgangskode.") from problem
        raise Unreadable(BROKEN) from problem
    return Reading("pdf", words, about[:MOST_ABOUT], pages)


def _texts(document: Any) -> Iterator[str]:
    for page in document:
        text = page.get_textpage()
        yield text.get_text_bounded()
        text.close()
        page.close()


def _looks(document: Any) -> Iterator[str]:
    """A print of each page as a picture, notes and form fields that lie upon it included."""
    document.init_forms()
    for number in range(min(len(document), _MOST_PICTURES)):
        page = document[number]
        longer = max(*page.get_size(), 1)
        picture = page.render(scale=min(1, _PIXELS / longer), grayscale=True)
        yield hashlib.sha256(f"{picture.width}:".encode() + bytes(picture.buffer)).hexdigest()
        picture.close()
        page.close()

"""Hvad en fil siger: the words of a PDF, a Word file or a web page, read in one way, whoever wrote or changed the file.

It reads what strangers hand in, and no more of it than is bounded; `kit.paper.apart` runs it in a process of its own.
"""

import io
import re
import zipfile

from kit.paper.reading import TWO_KINDS, Reading, Unreadable
from kit.paper.reading_page import read_page
from kit.paper.reading_pdf import read_pdf
from kit.paper.reading_word import read_word

_PDF = b"%PDF-"
# What makes a browser show a file with another name as a page.
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|style|script|title|plaintext)[\s>/]", re.IGNORECASE)


def read(content: bytes, *, looks: bool = False) -> Reading:
    """Read a file by what it holds, never by its name; `looks` asks for the looks of a PDF's pages too. A file that is
    of one kind to some programs and of another to others is refused. Raises Unreadable.
    """
    if content.lstrip(b"\xef\xbb\xbf\t\n\r ").startswith(_PDF):
        if _MARKUP.search(content) or zipfile.is_zipfile(io.BytesIO(content)):
            raise Unreadable(TWO_KINDS)
        return read_pdf(content, looks=looks)
    if _PDF in content[:1024]:  # where programs that show PDF look for it
        raise Unreadable(TWO_KINDS)
    if content.startswith(b"PK\x03\x04"):
        return read_word(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("Filen er låst med en adgangskode eller gemt i et gammelt Word-format.")
    return read_page(content)

"""Hvad en fil siger: the words of a PDF, a Word file or a web page, read in one way, whoever wrote or changed the file.

It reads what strangers hand in, and no more of it than is bounded; `kit.paper.apart` runs it in a process of its own.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from xml.parsers import expat

import pypdfium2

MOST_WORDS = 300_000
MOST_PAGES = 1_000
_MOST_PICTURES = 100  # pages that are looked at as pictures, too
_MOST_OF_A_PART = 60_000_000  # bytes of one part of a Word file, unpacked
_PIXELS = 1_000  # of the longer side of a page

# Signs nobody sees; and the end of a line that PDFium tells inside a divided word.
_INVISIBLE = re.compile("[\ufffe\x02]\r?\n?|[\u00ad\u200b\u200c\u200d\u2060\ufeff\x00]")


class Unreadable(Exception):
    """The file cannot be read; the message says why, in Danish."""


@dataclass(frozen=True, slots=True)
class Reading:
    """En læst fil: its form, its words in order, what it says of itself beside them, and how its pages look."""

    form: str
    words: tuple[str, ...]
    about: str = ""
    pages: tuple[str, ...] = ()


def read(content: bytes, *, looks: bool = False) -> Reading:
    """Read a file by what it holds, never by its name; `looks` asks for the looks of a PDF's pages too. Raises
    Unreadable.
    """
    if b"%PDF-" in content[:1024]:
        return _pdf(content, looks=looks)
    if content.startswith(b"PK\x03\x04"):
        return _word_file(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("Filen er låst med en adgangskode eller gemt i et gammelt Word-format.")
    return _web_page(content)


def words_of(pieces: Iterable[str]) -> tuple[str, ...]:
    """Divide a text into words, without what cannot be seen."""
    words: list[str] = []
    for piece in pieces:
        words += unicodedata.normalize("NFC", _INVISIBLE.sub("", piece)).split()
        if len(words) > MOST_WORDS:
            raise Unreadable("Filen er for lang til at blive læst.")
    return tuple(words)


# --- PDF --------------------------------------------------------------------------------------------------------------


def _pdf(content: bytes, *, looks: bool) -> Reading:
    try:
        with pypdfium2.PdfDocument(content) as document:
            if len(document) > MOST_PAGES:
                raise Unreadable("Filen har for mange sider til at blive læst.")
            words = words_of(_texts(document))
            about = " ".join(str(value) for value in document.get_metadata_dict().values())
            pages = tuple(_looks(document)) if looks else ()
    except pypdfium2.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise Unreadable("Filen er låst med en adgangskode.") from problem
        raise Unreadable("Filen er i stykker.") from problem
    return Reading("pdf", words, about, pages)


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


# --- Word -------------------------------------------------------------------------------------------------------------

_BODY = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml")
_MARGIN = re.compile(r"word/(?:header|footer)\d*\.xml")
_CORE = "docProps/core.xml"
_BREAKS = frozenset({"p", "br", "cr", "tab", "tc"})


def _word_file(content: bytes) -> Reading:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            if _BODY[0] not in names:
                raise Unreadable("Filen er ikke en PDF, en Word-fil eller en HTML-fil.")
            body = words_of(_text_of(package, name) for name in _BODY if name in names)
            margins = (words_of([_text_of(package, name)]) for name in sorted(names) if _MARGIN.fullmatch(name))
            about = _text_of(package, _CORE, only="") if _CORE in names else ""
            return Reading("docx", (*body, *_once(margins)), " ".join(about.split()))
    except (zipfile.BadZipFile, expat.ExpatError, NotImplementedError, RuntimeError, ValueError, OSError) as problem:
        raise Unreadable("Filen er i stykker.") from problem


def _once(margins: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """What stands in the margins of the pages, each once: another program writes the same head for every kind of page,
    and counts the pages anew.
    """
    for text in sorted({tuple(word for word in words if not word.isdecimal()) for words in margins}):
        yield from text


def _text_of(package: zipfile.ZipFile, name: str, *, only: str = "t") -> str:
    """The text of a part, as a reader sees it: not what is deleted or hidden."""
    with package.open(name) as part:
        xml = part.read(_MOST_OF_A_PART + 1)
    if len(xml) > _MOST_OF_A_PART:
        raise Unreadable("Filen er for stor til at blive læst.")
    return _WordText(only).read(xml)


class _WordText:
    """Gathers the text of WordprocessingML. `only` names the elements whose text counts; "" is all of them."""

    def __init__(self, only: str) -> None:
        self.only, self.texts = only, list[str]()
        self.inside = 0  # an element whose text counts
        self.doubled = 0  # mc:Fallback tells a drawing once more, for old programs
        self.is_hidden = False

    def read(self, xml: bytes) -> str:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)
        return "".join(self.texts)

    def _refuse(self, *declared: object) -> None:
        raise ValueError("a Word file declares no document type")  # where entities that grow would be

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self.inside += local == self.only
        self.doubled += local == "Fallback"
        if local == "r":
            self.is_hidden = False
        elif local == "vanish":
            value = next((value for key, value in attributes.items() if key.endswith("val")), "1")
            self.is_hidden = value not in {"0", "false", "off"}

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        self.inside -= local == self.only
        self.doubled -= local == "Fallback"
        if local == "r":
            self.is_hidden = False
        if local in _BREAKS or not self.only:
            self.texts.append(" ")

    def _text(self, text: str) -> None:
        if (self.inside or not self.only) and not (self.doubled or self.is_hidden):
            self.texts.append(text)


# --- HTML -------------------------------------------------------------------------------------------------------------

_UNREAD = frozenset({"script", "style", "template"})
_INLINE = frozenset({"a", "abbr", "b", "del", "em", "i", "ins", "mark", "small", "span", "strong", "sup", "tspan"})


def _web_page(content: bytes) -> Reading:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Unreadable("Filen er ikke en PDF, en Word-fil eller en HTML-fil.") from problem
    if "<html" not in text[:4096].lower():
        raise Unreadable("Filen er ikke en PDF, en Word-fil eller en HTML-fil.")
    page = _PageText()
    page.feed(text)
    page.close()
    return Reading("html", words_of(["".join(page.texts)]), " ".join(page.about))


class _PageText(HTMLParser):
    """Gathers the text of a web page, and what its head says of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts, self.about = list[str](), list[str]()
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self.unread += 1
        elif tag == "meta":
            self.about.append(dict(attrs).get("content") or "")
        self._divide(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD and self.unread:
            self.unread -= 1
        self._divide(tag)

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.texts.append(data)

    def _divide(self, tag: str) -> None:
        if tag not in _INLINE:
            self.texts.append(" ")

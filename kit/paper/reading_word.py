"""Hvad en Word-fil siger, found as Word finds it: by what its parts name, wherever they lie."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from xml.parsers import expat

from kit.paper.reading import BROKEN, MOST_ABOUT, NO_KIND, TWO_KINDS, Reading, Unreadable, words_of

_MOST_OF_A_PART = 60_000_000  # bytes of one part of a Word file, unpacked
_MAIN = "officeDocument"
_BODY = ("footnotes", "endnotes", "comments")
_MARGIN = ("header", "footer")
_FROM_ELSEWHERE = frozenset({"aFChunk", "subDocument", "frame", "vbaProject", "control"})
_CORE = "docProps/core.xml"
_MOST_MARGINS = 50
_BREAKS = frozenset({"p", "br", "cr", "tab", "tc"})
_OF_TEXT = re.compile(
    r"http://(?:schemas\.openxmlformats\.org|purl\.oclc\.org/ooxml)/"
    r"(?:wordprocessingml/(?:2006/)?main|drawingml/(?:2006/)?main|officeDocument/(?:2006/)?math)"
)


def read_word(content: bytes) -> Reading:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = {name.casefold(): name for name in package.namelist()}  # as Word looks parts up
            if len(names) < len(package.namelist()):
                raise Unreadable(TWO_KINDS)
            main = _related(package, names, "").get(_MAIN, [])
            if len(main) != 1:
                raise Unreadable(NO_KIND)
            near = _related(package, names, main[0])
            if _FROM_ELSEWHERE & near.keys():
                raise Unreadable("Filen henter tekst andetstedsfra eller indeholder et program.")
            body = words_of(_text_of(package, name) for name in (*main, *_of_kinds(near, _BODY)))
            margins = [words_of([_text_of(package, name)]) for name in _of_kinds(near, _MARGIN)[:_MOST_MARGINS]]
            core = names.get(_CORE.casefold())
            about = _text_of(package, core, is_text=False) if core else ""
            return Reading("docx", (*body, *_once(margins)), " ".join(about.split())[:MOST_ABOUT])
    except (zipfile.BadZipFile, expat.ExpatError, NotImplementedError, RuntimeError, ValueError, OSError) as problem:
        raise Unreadable(BROKEN) from problem


def _of_kinds(near: Mapping[str, list[str]], kinds: Iterable[str]) -> list[str]:
    return sorted({name for kind in kinds for name in near.get(kind, [])})


def _related(package: zipfile.ZipFile, names: Mapping[str, str], part: str) -> dict[str, list[str]]:
    """The parts that a part names (the package itself is ""), by what they are to it: so Word finds them, wherever they
    lie.
    """
    folder, name = posixpath.split(part)
    listed = names.get(posixpath.join(folder, "_rels", f"{name}.rels").casefold())
    found: dict[str, list[str]] = {}
    for told in _Relations().read(_part(package, listed)) if listed else []:
        kind, path = told["Type"].rpartition("/")[2], posixpath.join("/", folder, told["Target"])
        target = names.get(posixpath.normpath(path).strip("/").casefold())
        if target or kind in _FROM_ELSEWHERE:
            found.setdefault(kind, []).append(target or "")
    return found


class _Relations:
    """Gathers what a part names."""

    def read(self, xml: bytes) -> list[dict[str, str]]:
        self.found = list[dict[str, str]]()
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.Parse(xml, True)
        return self.found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "Relationship":
            self.found.append({"Type": "", "Target": ""} | attributes)


def _once(margins: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """What stands in the margins of the pages, each once: another program writes the same head for every kind of page,
    and counts the pages anew.
    """
    for text in sorted({tuple(word for word in words if not word.isdecimal()) for words in margins}):
        yield from text


def _text_of(package: zipfile.ZipFile, name: str, *, is_text: bool = True) -> str:
    """The text of a part, as a reader sees it: not what is deleted or hidden."""
    return _WordText(is_text=is_text).read(_part(package, name))


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        xml = part.read(_MOST_OF_A_PART + 1)
    if len(xml) > _MOST_OF_A_PART:
        raise Unreadable("Filen er for stor til at blive læst.")
    return xml


def _refuse(*_declared: object) -> None:
    raise ValueError("a Word file declares no document type")  # where entities that grow would be


class _WordText:
    """Gathers the text of WordprocessingML, or (where it `is_text` no such) of any XML."""

    def __init__(self, *, is_text: bool) -> None:
        self.is_text, self.texts = is_text, list[str]()
        self.inside = 0  # an element whose text counts
        self.told: list[tuple[int, str | None]] = []  # of mc:AlternateContent: where its text begins, and its choice
        self.is_hidden = False

    def read(self, xml: bytes) -> str:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)
        return "".join(self.texts)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self.inside += self._counts(space, local)
        if local == "AlternateContent":
            self.told.append((len(self.texts), None))
        elif local == "r":
            self.is_hidden = False
        elif local == "vanish":
            value = next((value for key, value in attributes.items() if key.endswith("val")), "1")
            self.is_hidden = value not in {"0", "false", "off"}

    def _end(self, name: str) -> None:
        space, _, local = name.rpartition(" ")
        self.inside -= self._counts(space, local)
        if local == "r":
            self.is_hidden = False
        elif local in ("Choice", "Fallback") and self.told:
            self._told_once()
        elif local == "AlternateContent":
            start, choice = self.told.pop()
            self.texts[start:] = [choice or ""]
        if local in _BREAKS or not self.is_text:
            self.texts.append(" ")

    def _counts(self, space: str, local: str) -> bool:
        """A `t` of another kind is passed over by Word, and so are its words."""
        return local == "t" and bool(_OF_TEXT.fullmatch(space))

    def _told_once(self) -> None:
        """A drawing is told once more for old programs: in the same words, or programs show different things."""
        start, choice = self.told[-1]
        told = "".join(self.texts[start:])
        del self.texts[start:]
        if choice is not None and choice.split() != told.split():
            raise Unreadable("Filen siger noget andet i nogle programmer end i andre.")
        self.told[-1] = (start, told)

    def _text(self, text: str) -> None:
        if (self.inside or not self.is_text) and not self.is_hidden:
            self.texts.append(text)

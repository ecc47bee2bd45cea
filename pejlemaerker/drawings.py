"""En tegning (SVG) somebody hands in: read sign by sign and written anew from a list of what a drawing may hold.

SVG can run scripts, fetch addresses, hold other documents and refer to itself without end. What is dangerous is refused
with the reason; what a drawing program has left behind for itself is dropped.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_SHAPES = frozenset({
    "svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
    "linearGradient", "radialGradient", "stop", "clipPath", "mask", "style",
})  # fmt: skip
_LEFT_BEHIND = frozenset({"title", "desc", "metadata", "namedview"})  # says nothing on paper
_ATTRIBUTES = frozenset({
    "id", "class", "style", "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy",
    "width", "height", "points", "viewBox", "preserveAspectRatio", "fill", "fill-opacity", "fill-rule", "clip-rule",
    "clip-path", "mask", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin",
    "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "color", "display", "visibility", "offset",
    "stop-color", "stop-opacity", "gradientUnits", "gradientTransform", "spreadMethod", "clipPathUnits", "maskUnits",
    "maskContentUnits", "href", "version",
})  # fmt: skip
_WORDS = {
    "script": "et script",
    "foreignObject": "et andet dokument (foreignObject)",
    "image": "et indlejret billede",
    "text": "tekst. Få den lavet om til former (kurver), så den ser ens ud overalt",
    "animate": "en animation",
    "set": "en animation",
    "animateTransform": "en animation",
    "animateMotion": "en animation",
    "a": "et link",
}
_DRAWN = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
_NAMES = frozenset({"id", "class", "href"})  # attributes without numbers
_MOST_ELEMENTS = 5_000
_DEEPEST = 50
_MOST_DRAWN = 20_000  # elements, each counted as often as it is drawn
_LONGEST = 20  # times as long as it is high, or the other way round

_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
_FETCHES = re.compile(r"/\*|image-set|src\s*\(|expression|javascript:|data:", re.IGNORECASE)
_URL = re.compile(r"url\s*\(\s*(['\"]?)\s*([^)'\"]*)\1\s*\)?", re.IGNORECASE)
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b")
_ENDLESS = re.compile(r"(?<![\d.])\d{9,}|\d\.?[eE]\+?\d{2,}|\b(?:inf|nan)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*([0-9]*\.?[0-9]+)")
_OUTSIDE = "Tegningen henter noget udefra. Et logo skal have det hele i sig selv."


class DrawingRefused(Exception):
    """The drawing holds something a paper must not hold, or cannot be read; the message says so, in Danish."""


@dataclass(slots=True)
class _Element:
    """One element that is kept: its attributes, what is in it, and what it refers to."""

    name: str
    attributes: dict[str, str]
    children: list["_Element"] = field(default_factory=list)
    text: str = ""
    leads_to: list[str] = field(default_factory=list)


def plain_drawing(content: bytes) -> bytes:
    """Return the drawing with nothing in it but shapes; raises DrawingRefused."""
    root = _Reader().read(content)
    _measure(root)
    _count(root)
    root.attributes = {"xmlns": _SVG, **root.attributes}
    return "".join(_written(root)).encode()


class _Reader:
    """Reads a drawing into elements, and stops at the first thing that does not belong there."""

    def __init__(self) -> None:
        self.open: list[_Element | None] = []  # None: one that is dropped, with all in it
        self.root: _Element | None = None
        self.elements = 0

    def read(self, content: bytes) -> _Element:
        parser = expat.ParserCreate(namespace_separator="|")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as problem:
            raise DrawingRefused(
                "Tegningen er i stykker og kan ikke læses. Gem den igen fra et tegneprogram."
            ) from problem
        if self.root is None:
            raise DrawingRefused("Filen er ikke en SVG-tegning.")
        return self.root

    def _doctype(self, _name: str, *rest: object) -> None:
        # A public name and nothing else is what old drawing programs write; an own set of entities is an attack.
        if len(rest) != 3 or rest[2]:
            raise DrawingRefused("Tegningen erklærer egne tegn (ENTITY). Gem den som »almindelig SVG«.")

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            raise DrawingRefused(_OUTSIDE)

    def _start(self, tag: str, given: dict[str, str]) -> None:
        space, _, name = tag.rpartition("|")
        self.elements += 1
        if self.elements > _MOST_ELEMENTS or len(self.open) > _DEEPEST:
            raise DrawingRefused("Tegningen er for indviklet til et logo. Få den forenklet.")
        if not self.open and (space, name) != (_SVG, "svg"):
            raise DrawingRefused("Filen er ikke en SVG-tegning.")
        if any(part is None for part in self.open[-1:]) or space != _SVG or name in _LEFT_BEHIND:
            _refuse_scripts(name, given)
            self.open.append(None)
            return
        if name not in _SHAPES:
            raise DrawingRefused(f"Tegningen indeholder {_WORDS.get(name, f'»{name}«, som papiret ikke kan vise')}.")
        element = _element(name, given)
        if self.open and (parent := self.open[-1]):
            parent.children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, _tag: str) -> None:
        element = self.open.pop()
        if element and element.name == "style":
            _places(element.text)

    def _text(self, text: str) -> None:
        if self.open and (element := self.open[-1]) and element.name == "style":
            element.text += text


def _refuse_scripts(name: str, given: dict[str, str]) -> None:
    """What is dropped anyway is still told, when it shows that the file is not just a drawing."""
    if name in ("script", "foreignObject") or any(one.lower().startswith("on") for one in given):
        raise DrawingRefused(f"Tegningen indeholder {_WORDS.get(name, 'et script')}.")


def _element(name: str, given: dict[str, str]) -> _Element:
    element = _Element(name, {})
    for long_name, value in given.items():
        space, _, short = long_name.rpartition("|")
        if short.lower().startswith("on"):
            raise DrawingRefused(f"Tegningen indeholder et script ({short}).")
        if short == "href" and space in ("", _XLINK):
            if not value.strip().startswith("#"):
                raise DrawingRefused(_OUTSIDE)
            element.leads_to.append(value.strip()[1:])
        elif space or short not in _ATTRIBUTES:
            continue
        else:
            element.leads_to += _places(value)
        if short not in _NAMES and _ENDLESS.search(_COLOUR.sub("", value)):
            raise DrawingRefused("Tegningen indeholder tal, der ikke kan tegnes. Gem den igen fra et tegneprogram.")
        element.attributes[short] = value.strip() if short == "href" else value
    return element


def _places(css: str) -> list[str]:
    """Return the places in the drawing a style or an attribute refers to; refuse one that leads out of it."""
    if "\\" in css or "@" in css or "<" in css:  # an escape hides a word, and an at-rule fetches
        raise DrawingRefused("Tegningen har en typografi, et logo ikke har brug for (@-regler). Gem den forenklet.")
    read = [_REMARK.sub(gap, css) for gap in (" ", "")]  # whichever way a remark in the middle of a word is read
    places = [match[2].strip() for text in read for match in _URL.finditer(text)]
    if any(_FETCHES.search(text) for text in read) or any(not place.startswith("#") for place in places):
        raise DrawingRefused(_OUTSIDE)
    return [place[1:] for place in dict.fromkeys(places)]


def _measure(root: _Element) -> None:
    """A drawing says how large it is, and is neither a point nor a thread."""
    box = root.attributes.get("viewBox", "").replace(",", " ").split()
    sizes = box[2:] if len(box) == 4 else [root.attributes.get(name, "") for name in ("width", "height")]
    found = [_NUMBER.match(size) for size in sizes]
    width, height = (float(one[1]) if one else 0 for one in found)
    if not (width and height):
        raise DrawingRefused("Tegningen siger ikke, hvor stor den er (viewBox). Gem den igen fra et tegneprogram.")
    if not 1 / _LONGEST <= width / height <= _LONGEST:
        raise DrawingRefused("Tegningen er alt for smal til at stå i et brevhoved.")
    if not any(one.name in _DRAWN for one in _all(root)):
        raise DrawingRefused("Der er ikke noget i tegningen, som papiret kan vise.")


def _styled(root: _Element) -> dict[str, list[str]]:
    """What the drawing's own style sheet refers to, by class; "" is for rules of anything else."""
    places: dict[str, list[str]] = {}
    for sheet in _all(root):
        for rule in sheet.text.split("}"):  # the last is a rule too, though nothing closes it
            selector, _, body = rule.rpartition("{")
            selector = selector.rpartition("{")[2]
            for name in re.findall(r"\.([\w-]+)", selector) or [""]:
                places.setdefault(name, []).extend(_places(body))
    return places


def _count(root: _Element) -> None:
    """Count how much is drawn when every reference is followed: ten that each refer to ten, ten deep, never end."""
    by_class = _styled(root)
    for one in _all(root):
        for name in ("", *one.attributes.get("class", "").split()):
            one.leads_to += by_class.get(name, [])
    named = {one.attributes["id"]: one for one in _all(root) if "id" in one.attributes}
    under_way: set[int] = set()

    @cache
    def drawn(key: int) -> int:
        if key in under_way:
            raise DrawingRefused("Tegningen henviser til sig selv i ring. Gem den forenklet.")
        under_way.add(key)
        element = by_key[key]
        inner = [*element.children, *(named[place] for place in element.leads_to if place in named)]
        sum_of = 1 + sum(drawn(id(one)) for one in inner)
        under_way.discard(key)
        return min(sum_of, _MOST_DRAWN + 1)

    by_key = {id(one): one for one in _all(root)}
    try:
        total = drawn(id(root))
    except RecursionError:
        total = _MOST_DRAWN + 1
    if total > _MOST_DRAWN:
        raise DrawingRefused("Tegningen er for indviklet til et logo. Få den forenklet.")


def _all(root: _Element) -> Iterable[_Element]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += element.children


def _written(element: _Element) -> Iterable[str]:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in element.attributes.items())
    if not element.children and not element.text:
        yield f"<{element.name}{attributes}/>"
        return
    yield f"<{element.name}{attributes}>{escape(element.text)}"
    for child in element.children:
        yield from _written(child)
    yield f"</{element.name}>"

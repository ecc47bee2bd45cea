"""The routing matrix (sagsgang): which bodies treat the case, as abbreviations with an X in each body's column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from meetings.importing.found import Confidence, Found
from meetings.importing.lines import Line

_ABBREVIATION = re.compile(r"[A-ZÆØÅ]{2,4}")
_GLUED_MARK = re.compile(r"([A-ZÆØÅ]{2,4}?)\s?[Xx]")
_FEWEST_COLUMNS = 4
_PATH = re.compile(r"sagsforløb:? ((?:[A-ZÆØÅ]{2,4}/?)+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RoutedBody:
    """A body in the matrix, by its abbreviation; `marked` is None where the column of the mark is lost."""

    abbreviation: str
    marked: bool | None


@dataclass(frozen=True, slots=True)
class Routing:
    """The matrix as far as it can be read: the bodies in order and the number of marks."""

    bodies: tuple[RoutedBody, ...]
    marks: int

    @property
    def is_certain(self) -> bool:
        return all(body.marked is not None for body in self.bodies)

    def __str__(self) -> str:
        bodies = " ".join(body.abbreviation for body in self.bodies)
        marked = ", ".join(body.abbreviation for body in self.bodies if body.marked)
        count = f"{self.marks} kryds" if self.marks else "intet kryds"
        return f"{bodies}: {count}{', kolonnen ukendt' if not self.is_certain else f' ({marked})' if marked else ''}"


@dataclass(frozen=True, slots=True)
class RoutingLines:
    """A routing found, and the lines it took up."""

    found: Found[Routing]
    numbers: frozenset[int]


def read_routing(lines: Sequence[Line]) -> RoutingLines | None:
    """The matrix in some lines; "BYRX" is the last column with an X glued on, never a body's own mark."""
    header = _header(lines)
    if header is None:
        return None
    first, last = header
    columns = [line.text for line in lines[first:last] if line.text]
    glued = _GLUED_MARK.fullmatch(columns[-1]) if not _is_plain_column(columns[-1]) else None
    if glued:
        columns[-1] = glued[1]
    cells = _cells(lines[last:])
    routing = _routing(columns, [bool(line.text) for line in cells], 1 if glued else 0)
    numbers = frozenset(line.number for line in (*lines[first:last], *cells))
    confidence: Confidence = "sure" if routing.is_certain else "unknown"
    return RoutingLines(Found(routing, lines[first].number, confidence), numbers)


def _header(lines: Sequence[Line]) -> tuple[int, int] | None:
    """Where at least four abbreviations stand below each other, blank lines between them allowed."""
    start, count, end = 0, 0, 0
    for index, line in enumerate(lines):
        if not line.text:
            continue
        if _is_mark(line.text) or not (_is_plain_column(line.text) or (count and _GLUED_MARK.fullmatch(line.text))):
            if count >= _FEWEST_COLUMNS:
                break
            count = 0
            continue
        start = start if count else index
        count, end = count + 1, index + 1
    return (start, end) if count >= _FEWEST_COLUMNS else None


def _is_plain_column(text: str) -> bool:
    return bool(_ABBREVIATION.fullmatch(text)) and not text.endswith("X")


def _is_mark(text: str) -> bool:
    return text in ("X", "x")


def _cells(lines: Sequence[Line]) -> list[Line]:
    """The cells under the columns: an X, or a line that holds only a non-breaking space."""
    cells = []
    for line in lines:
        if _is_mark(line.text) or (not line.text and "\xa0" in line.raw):
            cells.append(line)
        elif line.text:
            break
    return cells


def _routing(columns: list[str], cells: list[bool], glued_marks: int) -> Routing:
    """One cell a column (and perhaps an empty one after the last) says who is marked; anything less does not."""
    is_whole = not glued_marks and len(columns) <= len(cells) <= len(columns) + 1 and not any(cells[len(columns) :])
    marks = glued_marks + sum(cells)
    bodies = (RoutedBody(name, cells[index] if is_whole else None) for index, name in enumerate(columns))
    return Routing(tuple(bodies), marks)


def read_path(line: Line) -> Routing | None:
    """The other way to print it: "Sagsforløb: BS/ØK/BY", in the order of treatment."""
    match = _PATH.fullmatch(line.text)
    if match is None:
        return None
    names = [name for name in match[1].split("/") if name]
    return Routing(tuple(RoutedBody(name, True) for name in names), len(names))

"""The recommendation (indstilling): who recommends, and each at-point in the words printed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from meetings.importing.found import Found
from meetings.importing.headings import normalise
from meetings.importing.lines import Line

_RECOMMENDER = re.compile(r"(?P<by>[^.:;]{2,200}?) (?:indstiller|foreslår|anbefaler)\b(?P<rest>.*)", re.IGNORECASE)
_IMPERSONAL = re.compile(r"det indstilles\b(?P<rest>.*)", re.IGNORECASE)
_INLINE_POINT = re.compile(r"\bat:?\s+\w.*", re.IGNORECASE)
_POINT = re.compile(
    r"(?P<number>\d{1,2})[.)]\s*+(?!(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec))(?P<numbered>.*)"
    r"|(?:[a-h]\)|[•·▪*–-])\s+(?P<listed>.*)"
    r"|(?P<plain>at(?:\s.*)?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AtPoint:
    """One at-point ("at kontrakten godkendes,"): its printed number, if it has one, and its words."""

    number: int | None
    text: Found[str]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation: by whom, its at-points, and lines that text extraction repeated by mistake."""

    by: Found[str] | None
    points: tuple[AtPoint, ...]
    repeated_lines: tuple[int, ...] = ()


@dataclass(slots=True)
class _OpenPoint:
    """A point still being read, line by line."""

    number: int | None
    line: int
    text: str

    def is_incomplete(self) -> bool:
        return not self.text or normalise(self.text) == "at"

    def add(self, words: str) -> None:
        self.text = f"{self.text} {words}".strip()


def read_recommendation(heading: Line, lines: Sequence[Line]) -> Recommendation:
    """The recommendation under a heading; the heading itself may name who ("Forvaltningen foreslår:")."""
    lead = next((index for index, line in enumerate(lines) if _lead(line)), None)
    by = _by(heading, lines[lead] if lead is not None else None)
    after_lead = lines[lead + 1 :] if lead is not None else lines
    repeated = {line.number for line in after_lead if lead is not None and line.text == lines[lead].text}
    points = _points([line for line in after_lead if line.number not in repeated])
    if not points and lead is not None:
        points = _inline_point(lines[lead], after_lead)
    if not points and lead is None:
        points = _single_sentence(lines)
    return Recommendation(by, points, tuple(sorted(repeated)))


def _lead(line: Line) -> re.Match[str] | None:
    if len(line.text) > 2000 or _POINT.match(line.text):
        return None
    return _IMPERSONAL.match(line.text) or _RECOMMENDER.match(line.text)


def _by(heading: Line, lead: Line | None) -> Found[str] | None:
    if lead and (match := _RECOMMENDER.match(lead.text)):
        return Found(match["by"], lead.number)
    match = _RECOMMENDER.match(heading.text)
    return Found(match["by"], heading.number) if match else None


def _points(lines: Sequence[Line]) -> tuple[AtPoint, ...]:
    """Every line that begins a point, with the lines it runs on over; prose after a blank line is no part of it."""
    points: list[_OpenPoint] = []
    runs_on = False
    for line in lines:
        current = points[-1] if points else None
        if not line.text:
            runs_on = False
        elif current and current.is_incomplete():
            current.add(line.text)
            runs_on = True
        elif match := _POINT.match(line.text):
            number = int(match["number"]) if match["number"] else None
            points.append(
                _OpenPoint(number, line.number, (match["numbered"] or match["listed"] or match["plain"] or "").strip())
            )
            runs_on = True
        elif current and runs_on:
            current.add(line.text)
    return tuple(AtPoint(point.number, Found(point.text, point.line)) for point in points if not point.is_incomplete())


def _inline_point(lead: Line, following: Sequence[Line]) -> tuple[AtPoint, ...]:
    """One point inside the sentence: "Administrationen indstiller, at orienteringen tages til efterretning."."""
    match = _lead(lead)
    point = _INLINE_POINT.search(match["rest"]) if match else None
    if point is None:
        return ()
    words = [point[0]]
    for line in following:
        if not line.text or _POINT.match(line.text) or line.text[0].isdigit():
            break
        words.append(line.text)
    return (AtPoint(None, Found(" ".join(words), lead.number)),)


def _single_sentence(lines: Sequence[Line]) -> tuple[AtPoint, ...]:
    """A recommendation of one line, without anybody "indstiller" and without "at"."""
    filled = [line for line in lines if line.text]
    if len(filled) != 1 or filled[0].text.startswith("["):
        return ()
    return (AtPoint(None, Found(filled[0].text, filled[0].number, "likely")),)

"""Sets of pejlemærker: numbered wordings of an area, taken only where the committee's own goals are announced."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kit.dates import read_date
from meetings.importing.found import Found
from meetings.importing.lines import Line
from pejlemaerker.importing.areas import area_in_title

_GOAL = re.compile(r"(\d{1,2})[.)]\s+(\S.*)")
_GOAL_WORD = re.compile(r"pejlemærke|målsætning|fokusmål", re.IGNORECASE)
# "strategiens seks pejlemærker", "nationale mål": goals of somebody else, even when they are listed.
_SOMEBODY_ELSES = re.compile(
    r"(?:strategi|politik|plan|aftale|model)\w*s\s+(?:\w+\s+){0,2}(?:pejlemærker|mål)"
    r"|pejlemærker(?:ne)? (?:i|fra) \w*(?:strategi|politik|plan)"
    r"|national\w* mål|verdensmål",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(r"følgende|:$|^politiske \w+ for|^pejlemærker|^målsætninger", re.IGNORECASE)
_REFERENCE = re.compile(
    r"(?:strategi|politik|plan)(?:en)?\s+(?P<name>[\"”»]?[A-ZÆØÅ][\wæøå]*(?:\s+(?:[A-ZÆØÅ][\wæøå]*|[IVX]+)){0,6}[\"”«]?"
    r"(?:\s*\(\d{4}\s?[-–]\s?\d{4}\))?)"
)


@dataclass(frozen=True, slots=True)
class GoalReading:
    """A pejlemærke as printed: its number in the set, its wording verbatim, and documents the wording refers to."""

    number: int
    text: Found[str]
    refers_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoalSetReading:
    """The pejlemærker of one area."""

    area: Found[str] | None
    goals: tuple[GoalReading, ...]


@dataclass(slots=True)
class _List:
    """A numbered list being read, with the lines above it that say what it is."""

    above: list[Line]
    numbers: list[int]
    lines: list[int]
    texts: list[str]


def read_goal_sets(lines: Sequence[Line], title: Found[str] | None) -> tuple[GoalSetReading, ...]:
    """All sets in a note's running text."""
    sets: list[GoalSetReading] = []
    announced = bool(title and _is_announcement(title.value))
    for numbered in _numbered_lists(lines):
        announced = _is_announced(numbered.above, announced)
        if (
            announced
            and numbered.numbers == list(range(1, len(numbered.numbers) + 1))
            and _are_wordings(numbered.texts)
        ):
            sets.append(GoalSetReading(_area(numbered.above, title), _goals(numbered)))
    return tuple(sets)


def _numbered_lists(lines: Sequence[Line]) -> list[_List]:
    """Every list "1. … 2. …" with the paragraphs since the list before it."""
    lists: list[_List] = []
    above: list[Line] = []
    current: _List | None = None
    was_blank = False
    for line in lines:
        match = _GOAL.fullmatch(line.text)
        if match and (current is None or int(match[1]) == 1):
            current = _List(above, [int(match[1])], [line.number], [match[2]])
            lists.append(current)
            above = []
        elif match and current:
            current.numbers.append(int(match[1]))
            current.lines.append(line.number)
            current.texts.append(match[2])
        elif line.text and current and not was_blank and _runs_on(current.texts[-1], line.text):
            current.texts[-1] = f"{current.texts[-1]} {line.text}"  # a wording broken over two lines
        elif line.text:
            current = None
            above.append(line)
        was_blank = not line.text
    return lists


def _runs_on(wording: str, line: str) -> bool:
    """Whether a line continues a wording: it does not once the sentence has ended, and a heading never does."""
    return not line.endswith(":") and (line[0].islower() or not wording.endswith((".", "!", "?")))


def _is_announced(above: Sequence[Line], announced_before: bool) -> bool:
    """The nearest line that talks of goals decides; between two lists only an area's heading keeps the announcement."""
    if above and _SOMEBODY_ELSES.search(above[-1].text):
        return False
    for line in reversed(above):
        if _is_heading(line):
            continue
        return _is_announcement(line.text)
    headings_talk = any(_GOAL_WORD.search(line.text) for line in above)
    return announced_before or headings_talk


def _is_announcement(text: str) -> bool:
    last_sentence = re.split(r"[.!?] (?=[A-ZÆØÅ])", text)[-1]
    return bool(
        _GOAL_WORD.search(last_sentence)
        and _ANNOUNCES.search(last_sentence)
        and not _SOMEBODY_ELSES.search(last_sentence)
    )


def _is_heading(line: Line) -> bool:
    return len(line.text) <= 80 and not line.text.endswith((".", "!", "?")) and not _GOAL_WORD.search(line.text)


def _are_wordings(texts: Sequence[str]) -> bool:
    """Wordings are sentences; a list of titles or attachments is not."""
    return all(len(text.split()) >= 3 and not text.lower().endswith((".pdf", "(pdf)", ".docx")) for text in texts)


def _area(above: Sequence[Line], title: Found[str] | None) -> Found[str] | None:
    """The heading right above the list ("Dagtilbudsområdet:"), else the area in the title."""
    if above and _is_heading(above[-1]) and not read_date(above[-1].text):
        return Found(above[-1].text.rstrip(" :"), above[-1].number)
    if title and (area := area_in_title(title.value)):
        return Found(area, title.line, "likely")
    return None


def _goals(numbered: _List) -> tuple[GoalReading, ...]:
    parts = zip(numbered.numbers, numbered.lines, numbered.texts, strict=True)
    return tuple(GoalReading(number, Found(text, line), references_in(text)) for number, line, text in parts)


def references_in(text: str) -> tuple[str, ...]:
    """Strategies, policies and plans a wording names: "kvalitetsstrategien For Fremtiden II (2022-2025)"."""
    return tuple(match["name"] for match in _REFERENCE.finditer(text))

"""A document that is nothing but goals (måldokument): a title, who decided it and when, and the numbered wordings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kit.dates import read_date
from meetings.importing.bodies import body_in_title
from meetings.importing.found import Found
from meetings.importing.lines import LONGEST_LABEL_LINE, Line, read_lines
from pejlemaerker.importing.goal_sets import GoalSetReading, read_goal_sets

_TITLE = re.compile(r"\b(?:pejlemærker|målsætninger|fokusmål)\b", re.IGNORECASE)
_DECIDED = re.compile(r"(?:besluttet|vedtaget|godkendt) (?:i|af|på) (?P<rest>.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GoalDocumentReading:
    """What a goal document says; that it was decided is its own claim, not a decision record."""

    title: Found[str]
    committee: Found[str] | None
    date: Found[date] | None
    goal_sets: tuple[GoalSetReading, ...]


def read_goal_document(text: str) -> GoalDocumentReading | None:
    """The goal document in a text, or None where the title speaks of no goals or none are listed."""
    lines = read_lines(text)
    first = next((line for line in lines if line.text), None)
    if first is None or len(first.text) > LONGEST_LABEL_LINE or not _TITLE.search(first.text):
        return None
    title = Found(first.text, first.number)
    goal_sets = read_goal_sets(lines, title)
    committee, day = _decided(lines)
    return GoalDocumentReading(title, committee, day, goal_sets) if goal_sets else None


def _decided(lines: Sequence[Line]) -> tuple[Found[str] | None, Found[date] | None]:
    """The line "Besluttet i Byrådet 5.9.2016"."""
    for line in lines:
        match = _DECIDED.fullmatch(line.text) if len(line.text) <= LONGEST_LABEL_LINE else None
        if match and (day := read_date(match["rest"], is_date_field=True)):
            body = body_in_title(match["rest"])
            return Found(body, line.number) if body else None, Found(day, line.number)
    return None, None

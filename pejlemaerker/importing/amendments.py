"""What a committee asked to have added (tilføjelser) and where; the dialogues and knowledge a note tells of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kit.dates import find_dates, read_date
from meetings.importing.bodies import COMMITTEE_IN_TEXT
from meetings.importing.found import Found
from pejlemaerker.importing.areas import areas_named
from pejlemaerker.importing.sentences import Sentence

_CHANGE = re.compile(r"\b(?:tilføjelse|ændring|præcisering|omformulering|tilføjet|ændret|omformuleret)", re.IGNORECASE)
_IN_GOAL = re.compile(
    r"\bi pejlemærke (?P<number>\d{1,2})(?: (?:for|på|under) (?P<area>(?:(?! samt | og i |,|\.).){3,60}?området))?",
    re.IGNORECASE,
)
_IN_PLAN = re.compile(
    r"\bi (?:processen for opfølgning|opfølgning|planen for opfølgning|opfølgningsplan)\w*(?P<what>[^,.]*)",
    re.IGNORECASE,
)
_REQUESTED_AT = re.compile(
    rf"(?P<committee>{COMMITTEE_IN_TEXT})s møde (?P<dated>[^,;]{{0,30}})"
    rf"|møde i (?P<in_committee>{COMMITTEE_IN_TEXT}) (?P<in_dated>[^,;]{{0,30}})"
)
_DIALOGUE_PAIR = re.compile(
    rf"(?P<committee>{COMMITTEE_IN_TEXT}) og (?P<group>(?=[a-zæøå])[^,.;]*?leder\w*(?: på [^,.;]*?området)?)(?=[,.;]|$)"
)
_KNOWLEDGE = re.compile(
    r"(?P<name>\w*(?:undersøgelser|nøgletal|målinger|statistik\w*|tilsynsrapporter|kvalitetsrapport\w*))(?:\s+(?:i|for|på|fra)\s+"
    r"(?P<scope>(?:(?! og \w*(?:undersøgelser|nøgletal|målinger)|,|\.).){3,80}))?",
    re.IGNORECASE,
)
_GATHERS = re.compile(r"\b(?:viden|data)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RequestedAt:
    """The committee meeting that asked for the additions."""

    committee: Found[str]
    date: Found[date]


@dataclass(frozen=True, slots=True)
class Amendment:
    """A requested addition to a goal's wording or to the follow-up plan; the old words are not in the note."""

    about: Literal["wording", "plan"]
    goal_number: int | None
    areas: tuple[str, ...]
    text: Found[str]
    old_text: str | None = None


@dataclass(frozen=True, slots=True)
class DialogueReading:
    """A dialogue meeting that was held: day, committee, and the leaders it met, as printed."""

    date: Found[date]
    committee: str
    leader_group: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeReading:
    """Something the administration gathers: "brugertilfredshedsundersøgelser" in "dagtilbud"."""

    name: Found[str]
    scope: str | None
    areas: tuple[str, ...]


def read_requested_at(sentences: Sequence[Sentence]) -> RequestedAt | None:
    """The meeting the additions come from; a sentence in the text says it more surely than the title."""
    found = None
    for sentence in sentences:
        if not _CHANGE.search(sentence.text):
            continue
        for match in _REQUESTED_AT.finditer(sentence.text):
            committee = match["committee"] or match["in_committee"]
            day = read_date(match["dated"] or match["in_dated"] or "")
            if day:
                found = RequestedAt(Found(committee, sentence.line), Found(day, sentence.line))
    return found


def read_amendments(sentences: Sequence[Sentence], areas: Sequence[str]) -> tuple[Amendment, ...]:
    """Each addition the note says was made, to which goal of which area or to the plan."""
    found = []
    for sentence in sentences:
        if not _CHANGE.search(sentence.text):
            continue
        text = Found(sentence.text, sentence.line)
        for match in _IN_GOAL.finditer(sentence.text):
            found.append(Amendment("wording", int(match["number"]), areas_named(match["area"] or "", areas), text))
        if plan := _IN_PLAN.search(sentence.text):
            found.append(Amendment("plan", None, areas_named(plan["what"], areas) or tuple(areas), text))
    return tuple(found)


def read_dialogues(sentences: Sequence[Sentence], areas: Sequence[str]) -> tuple[DialogueReading, ...]:
    """The dialogue meetings of a sentence with one date: committee and leaders, pair by pair."""
    found = []
    for sentence in sentences:
        days = list(find_dates(sentence.text))
        if "dialogmøde" not in sentence.text.casefold() or len(days) != 1:
            continue
        for pair in _DIALOGUE_PAIR.finditer(sentence.text):
            about = areas_named(pair["group"], areas)
            found.append(DialogueReading(Found(days[0].day, sentence.line), pair["committee"], pair["group"], about))
    return tuple(found)


def read_knowledge(sentences: Sequence[Sentence], areas: Sequence[str]) -> tuple[KnowledgeReading, ...]:
    """Knowledge sources named in a sentence about "viden og data"."""
    found = []
    for sentence in sentences:
        if not _GATHERS.search(sentence.text):
            continue
        for match in _KNOWLEDGE.finditer(sentence.text):
            scope = match["scope"].strip() if match["scope"] else None
            found.append(KnowledgeReading(Found(match["name"], sentence.line), scope, areas_named(scope or "", areas)))
    return tuple(found)

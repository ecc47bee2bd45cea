"""The follow-up plan in a note: steps from the formulating dialogue to the learning, with times as vague as printed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kit.dates import ImpreciseDate, find_imprecise_dates
from meetings.importing.found import Confidence
from pejlemaerker.importing.areas import areas_named
from pejlemaerker.importing.sentences import Sentence

StepKind = Literal[  # in the order of the work
    "briefing",
    "formulating_dialogue",
    "committee_decision",
    "amendment_note",
    "ongoing_leader_meetings",
    "annual_event",
    "local_discussions",
    "midterm_evaluation",
    "midterm_dialogue",
    "final_dialogue",
    "learning",
]

_STATUS_DIALOGUE = re.compile(r"\bdialogmøde", re.IGNORECASE)
_FINAL = re.compile(r"\b(?:afsluttende|slut)[ -]?dialogmøde", re.IGNORECASE)
_FORMULATING = re.compile(r"på baggrund af .*dialogmøde|dialogmøde.*(?:formuler|udformet|udarbejdet)", re.IGNORECASE)
_MIDTERM = re.compile(r"midtvejs-?evaluering", re.IGNORECASE)
_LEADER_MEETINGS = re.compile(r"(?:ledermøder|ledermødet|lederforum)", re.IGNORECASE)
_RUNNING = re.compile(r"\bløbende\b", re.IGNORECASE)
_LOCAL = re.compile(r"\blokale (?:\w+ )?drøftelser", re.IGNORECASE)
_ANNUAL = re.compile(
    r"\bårlige? (?P<event>\w*(?:konference|temadag|seminar|ledertræf|årsmøde)\w*)",
    re.IGNORECASE,
)
_LEARNING = re.compile(r"\blæring\b", re.IGNORECASE)
_IN_CONTINUATION = re.compile(
    r"\bi forlængelse (?:heraf|af (?:\w+ ){1,3}?(?:proces|evaluering|midtvejsevaluering)\w*)", re.IGNORECASE
)
_FOR_AREA = re.compile(r"\bfor (?P<area>.{3,60}?området)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StepReading:
    """A step of the plan (trin): its kind, when, about which areas, and the sentence it was read from, verbatim."""

    kind: StepKind
    title: str
    when: ImpreciseDate
    areas: tuple[str, ...]
    source: str
    line: int
    is_recurring: bool = False
    follows: StepKind | None = None
    confidence: Confidence = "sure"


def read_steps(sentences: Sequence[Sentence], areas: Sequence[str]) -> tuple[StepReading, ...]:
    """All steps in a note's sentences; a step that names no area is about those of the step before it."""
    steps: list[StepReading] = []
    for sentence in sentences:
        named = areas_named(sentence.text, areas)
        for step in _steps_in(sentence, steps):
            steps.append(_with_areas(step, named, steps, areas))
    return tuple(steps)


def _with_areas(
    step: StepReading, named: tuple[str, ...], before: Sequence[StepReading], areas: Sequence[str]
) -> StepReading:
    """Events name their own area; other steps those of their sentence, of the step before, or all."""
    if step.areas:
        return replace(step, areas=areas_named(" ".join(step.areas), areas))
    if named:
        return replace(step, areas=named)
    return replace(step, areas=before[-1].areas if before else tuple(areas), confidence="likely")


def _steps_in(sentence: Sentence, before: Sequence[StepReading]) -> Iterator[StepReading]:
    text = sentence.text
    if _FINAL.search(text):
        yield _step("final_dialogue", "Afsluttende dialogmøder", sentence)
    elif _FORMULATING.search(text):
        yield _step("formulating_dialogue", "Dialogmøder", sentence)
    elif _MIDTERM.search(text):
        yield _step("midterm_evaluation", "Midtvejsevaluering", sentence)
    elif _STATUS_DIALOGUE.search(text) and any(step.kind == "midterm_evaluation" for step in before):
        yield _midterm_dialogue(sentence)
    elif _LEADER_MEETINGS.search(text) and (running := _RUNNING.search(text)):
        yield _recurring("ongoing_leader_meetings", "Fælles ledermøder", running[0], sentence)
    elif _LEARNING.search(text) and any(step.kind == "final_dialogue" for step in before):
        yield _learning(sentence, next(step for step in reversed(before) if step.kind == "final_dialogue"))
    for event in _ANNUAL.finditer(text):
        yield _annual_event(event, sentence)
    if local := _LOCAL.search(text):
        yield _recurring("local_discussions", local[0].capitalize(), "", sentence)


def _step(kind: StepKind, title: str, sentence: Sentence) -> StepReading:
    span = next(find_imprecise_dates(sentence.text), None)
    when = span.when if span else ImpreciseDate("")
    return StepReading(kind, title, when, (), sentence.text, sentence.line)


def _midterm_dialogue(sentence: Sentence) -> StepReading:
    """Status to the committee, "i forlængelse af denne proces": after the evaluation, on a day nobody has set."""
    step = replace(_step("midterm_dialogue", "Dialogmøde med udvalget", sentence), follows="midterm_evaluation")
    words = _IN_CONTINUATION.search(sentence.text)
    return replace(step, when=ImpreciseDate(words[0])) if words and not step.when.text else step


def _recurring(kind: StepKind, title: str, when: str, sentence: Sentence) -> StepReading:
    return StepReading(kind, title, ImpreciseDate(when), (), sentence.text, sentence.line, is_recurring=True)


def _annual_event(event: re.Match[str], sentence: Sentence) -> StepReading:
    """One event; an area named after several events is about each ("konference samt temadag for dagtilbudsområdet")."""
    area = _FOR_AREA.search(sentence.text, event.end("event"))
    step = _recurring("annual_event", event["event"].capitalize(), event[0].split()[0], sentence)
    return replace(step, areas=(area["area"],) if area else ())


def _learning(sentence: Sentence, final: StepReading) -> StepReading:
    """The learning is taken up at the final dialogue ("På mødet …"), so it has that meeting's time."""
    step = StepReading("learning", "Læring", final.when, (), sentence.text, sentence.line)
    return replace(step, follows="final_dialogue", confidence="likely")

"""A whole NOTAT about pejlemærker, from text to values. A note is no decision, and holds none."""

from dataclasses import dataclass, replace
from typing import get_args

from kit.dates import ImpreciseDate
from meetings.importing.found import Found
from meetings.importing.lines import read_lines
from pejlemaerker.importing.amendments import (
    Amendment,
    DialogueReading,
    KnowledgeReading,
    RequestedAt,
    read_amendments,
    read_dialogues,
    read_knowledge,
    read_requested_at,
)
from pejlemaerker.importing.follow_up import StepKind, StepReading, read_steps
from pejlemaerker.importing.goal_sets import GoalSetReading, read_goal_sets
from pejlemaerker.importing.note_head import NoteHead, is_note_word, read_note_head
from pejlemaerker.importing.sentences import Sentence, read_sentences

_MOST_AREAS = 20  # a note is about a handful of areas; a text with hundreds is something else, and must not cost time
_ORDER: tuple[str, ...] = get_args(StepKind)


@dataclass(frozen=True, slots=True)
class NoteReading:
    """What a note says: its head, the goal sets, the additions asked for, and the follow-up plan."""

    head: NoteHead
    requested_at: RequestedAt | None
    goal_sets: tuple[GoalSetReading, ...]
    amendments: tuple[Amendment, ...]
    dialogues: tuple[DialogueReading, ...]
    steps: tuple[StepReading, ...]
    knowledge: tuple[KnowledgeReading, ...]

    @property
    def committee(self) -> Found[str] | None:
        """The committee whose pejlemærker the note is about: the one that asked, or the one in dialogue."""
        if self.requested_at:
            return self.requested_at.committee
        names = {dialogue.committee for dialogue in self.dialogues}
        return Found(names.pop(), self.dialogues[0].date.line, "likely") if len(names) == 1 else None


def read_note(text: str) -> NoteReading | None:
    """The note in a text, or None where no line says NOTAT and there is no letterhead with numbers."""
    lines = read_lines(text)
    head = read_note_head(lines)
    has_numbered_head = head.case_no and head.doc_no and head.date
    if not has_numbered_head and not any(is_note_word(line) for line in lines):
        return None
    body = [line for line in lines if line.number not in head.letterhead and not is_note_word(line)]
    sentences = read_sentences(body)
    goal_sets = read_goal_sets(body, head.title)
    areas = list(dict.fromkeys(goal_set.area.value for goal_set in goal_sets if goal_set.area))[:_MOST_AREAS]
    requested_at = read_requested_at(sentences)
    amendments = read_amendments(sentences, areas)
    steps = (*read_steps(sentences, areas), *_steps_done(requested_at, amendments, head, sentences, areas))
    return NoteReading(
        head=head,
        requested_at=requested_at,
        goal_sets=goal_sets,
        amendments=amendments,
        dialogues=read_dialogues(sentences, areas),
        steps=tuple(sorted(steps, key=lambda step: _ORDER.index(step.kind))) if goal_sets else (),
        knowledge=read_knowledge(sentences, areas) if goal_sets else (),
    )


def _steps_done(
    requested_at: RequestedAt | None,
    amendments: tuple[Amendment, ...],
    head: NoteHead,
    sentences: tuple[Sentence, ...],
    areas: list[str],
) -> list[StepReading]:
    """The committee's treatment that asked for additions, and the note itself that brings them."""
    steps = []
    if requested_at:
        source = next(sentence for sentence in sentences if sentence.line == requested_at.date.line)
        when = ImpreciseDate.on(requested_at.date.value)
        steps.append(
            StepReading("committee_decision", "Udvalgsbehandling", when, tuple(areas), source.text, source.line)
        )
    if amendments and head.date:
        first = amendments[0].text
        note = StepReading(
            "amendment_note", "Notat om tilføjelse", ImpreciseDate(""), tuple(areas), first.value, head.date.line
        )
        steps.append(replace(note, when=ImpreciseDate.on(head.date.value)))
    return steps

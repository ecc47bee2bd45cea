"""Stoffet til et papir: everything a section may tell of, gathered once for one edition on one day."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from kit.paper.blocks import Block
from meetings.models import Committee
from pejlemaerker.documents.note import NoteDocument
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.subject import Subject, reader_of
from pejlemaerker.documents.set_status import SetStatus
from pejlemaerker.documents.standing import Standing
from pejlemaerker.models import AsOf, Audience, GoalSet

type Blocks = tuple[Block, ...]


@dataclass(frozen=True)
class Material:
    """Et emne, set med en udgaves øjne på en dag. What several sections need is asked for once, and only if needed."""

    subject: Subject
    audience: Audience
    at: AsOf
    choices: Choices
    reader: Any

    @classmethod
    def of(cls, subject: Subject, *, audience: str, at: AsOf, choices: Choices) -> Self:
        """Gather for one edition."""
        return cls(subject, Audience(audience), at, choices, reader_of(audience, subject))

    @property
    def committee(self) -> Committee:
        """The committee it is about."""
        return self.subject.committee

    @property
    def is_public(self) -> bool:
        """Whether it is for everybody."""
        return self.audience == Audience.PUBLIC

    @property
    def is_internal(self) -> bool:
        """Whether it stays in the administration."""
        return self.audience == Audience.INTERNAL

    @cached_property
    def status(self) -> SetStatus:
        """Where the set stands; of a paper about one pejlemærke only that."""
        return self.status_of(self._set)

    def status_of(self, goal_set: GoalSet) -> SetStatus:
        """Where a set stands that day, for these readers."""
        return SetStatus.of(goal_set, viewer=self.reader, at=self.at)

    @cached_property
    def goals(self) -> tuple[Standing, ...]:
        """The pejlemærker it is about, in order."""
        goal = self.subject.goal
        everyone = (*self.status.goals, *self.status.former) if goal else self.status.goals
        return tuple(one for one in everyone if goal is None or one.goal.pk == goal.pk)

    @cached_property
    def goal_pks(self) -> frozenset[int]:
        """Which pejlemærker they are."""
        return frozenset(one.goal.pk for one in self.goals)

    @cached_property
    def note(self) -> NoteDocument:
        """What there is to tell of the set."""
        return NoteDocument.for_set(self._set, viewer=self.reader, at=self.at, status=self.status)

    @property
    def _set(self) -> GoalSet:
        assert self.subject.goal_set is not None  # noqa: S101  (of a year and of no other kind)
        return self.subject.goal_set

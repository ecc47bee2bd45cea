"""Stoffet til et papir: everything a section may tell of, gathered once for one edition on one day."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from kit.paper.blocks import Block
from meetings.models import Committee
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.happened import Happened
from pejlemaerker.documents.notes.subject import Subject, reader_of
from pejlemaerker.documents.notes.two import Two
from pejlemaerker.documents.notes.year import sets_of_year
from pejlemaerker.documents.places import places_of, set_of
from pejlemaerker.documents.review import presented_quotations
from pejlemaerker.documents.set_status import SetStatus
from pejlemaerker.documents.standing import Standing, standings_in
from pejlemaerker.documents.wording_state import Life
from pejlemaerker.models import AsOf, Audience, GoalSet, Placement, Quotation

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
        at = subject.day_of(at)
        return cls(subject, Audience(audience), at, choices, reader_of(audience, subject, at))

    @property
    def committee(self) -> Committee:
        """The committee it is about."""
        return self.subject.committee

    @cached_property
    def committee_name(self) -> str:
        """What it was called that day."""
        return self.committee.name_on(self.at.on)

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
    def sets(self) -> tuple[GoalSet, ...]:
        """The sets it is about, as they were known; of a year all that the committee worked by in it."""
        if self.subject.goal_set:
            return (self.status.goal_set,)
        return sets_of_year(self.committee, self.subject.year or self.at.on.year, viewer=self.reader, at=self.at)

    @cached_property
    def everyone(self) -> dict[int, tuple[Standing, ...]]:
        """By set, all pejlemærker that it is about, in order; those that no longer stand come last."""
        if self.subject.goal_set:
            goal, told = self.subject.goal, (*self.status.goals, *self.status.former)
            return {self.status.goal_set.pk: tuple(one for one in told if goal is None or one.goal.pk == goal.pk)}
        found = standings_in([one.pk for one in self.sets], viewer=self.reader, at=self.at)
        asked = ((one.pk, found.get(one.pk, [])) for one in self.sets)  # one that has moved since stood elsewhere
        return {pk: tuple(sorted(own, key=lambda one: not one.is_listed)) for pk, own in asked}

    @cached_property
    def concerned(self) -> tuple[Standing, ...]:
        """All pejlemærker that it is about, also those that no longer stand."""
        return tuple(one for own in self.everyone.values() for one in own)

    @cached_property
    def goals(self) -> tuple[Standing, ...]:
        """The pejlemærker it is about, in order: those that stand, or the only one."""
        return tuple(one for one in self.concerned if one.is_listed or self.subject.goal)

    @cached_property
    def lives(self) -> dict[int, Life]:
        """What was decided about the wordings of each, by pejlemærke."""
        return Life.of_each((one.goal for one in self.concerned), viewer=self.reader, at=self.at)

    @cached_property
    def quoted(self) -> dict[int, dict[int, tuple[Quotation, ...]]]:
        """What the leaders were quoted for, by pejlemærke and evaluation."""
        return presented_quotations((one.goal for one in self.concerned), viewer=self.reader, at=self.at)

    @cached_property
    def former_numbers(self) -> dict[int, int | None]:
        """The last number of each that no longer has one; asks nothing where all have theirs."""
        without = [one.goal.pk for one in self.concerned if one.number is None]
        numbered = Placement.objects.filter(goal__in=without, number__isnull=False).at(self.at)
        return {place.goal_id: place.number for place in numbered} if without else {}

    def heading(self, standing: Standing) -> str:
        """What a pejlemærke is headed by: with its set, where the paper tells of several."""
        former = self.former_numbers.get(standing.goal.pk)
        name = f"Tidligere pejlemærke {former}" if former else standing.name
        if len(self.sets) < 2:
            return name
        whose = next((one for one in self.sets if standing in self.everyone.get(one.pk, ())), None)
        return f"{whose.area}, {name[:1].lower()}{name[1:]}" if whose else name

    @cached_property
    def goal_pks(self) -> frozenset[int]:
        """Which pejlemærker they are."""
        return frozenset(one.goal.pk for one in self.goals)

    @cached_property
    def happened(self) -> Happened:
        """What was planned, held and promised about them."""
        committees = (self.committee,) if self.subject.year else ()
        goals = {one.goal.pk for one in self.concerned}
        return Happened.of(
            self.sets, goals=goals, committees=committees, viewer=self.reader, at=self.at,
            kept_since=self.subject.kept_since, year=self.subject.year,
            course=self.status.course if self.subject.goal_set else None,
        )  # fmt: skip

    @cached_property
    def two(self) -> Two:
        """Of a comparison: the two periods."""
        assert self.subject.goal_set and self.subject.other_set  # noqa: S101, PT018  (of a comparison and of no other kind)
        return Two.of(self.subject.goal_set, self.subject.other_set, viewer=self.reader, at=self.at)

    @cached_property
    def _set(self) -> GoalSet:
        """The set it is about; of one pejlemærke the set in which it stood that day."""
        goal = self.subject.goal
        if goal is not None:
            return set_of(goal, places_of([goal], at=self.at).get(goal.pk), viewer=self.reader)
        assert self.subject.goal_set is not None  # noqa: S101  (of a year and of no other kind)
        return self.subject.goal_set

"""Hvad der er planlagt og sket: plans, dialogue meetings and evaluations of the sets that a paper is about."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db.models import Q, prefetch_related_objects

from meetings.models import Committee
from pejlemaerker.documents.course import NO_COURSE, Course, courses
from pejlemaerker.documents.held import HeldInSets
from pejlemaerker.documents.known_dialogues import KnownDialogue, about_goals
from pejlemaerker.documents.summaries import summaries
from pejlemaerker.models import AsOf, EvaluationRound, GoalSet


@dataclass(frozen=True, slots=True)
class Happened:
    """Det planlagte og det holdte, as far as the readers may see it; of a year, what was held in that year."""

    sets: tuple[GoalSet, ...]
    at: AsOf
    year: int | None
    held: HeldInSets
    course_of: dict[int, Course]
    dialogues: tuple[KnownDialogue, ...]  # held, the latest first
    planned: tuple[KnownDialogue, ...]  # to come, the soonest first
    summary_of: dict[int, str]

    @classmethod
    def of(
        cls, sets: Iterable[GoalSet], *, goals: AbstractSet[int], committees: Iterable[Committee], viewer: Any,
        at: AsOf, kept_since: date, year: int | None = None, course: Course | None = None,
    ) -> Self:  # fmt: skip
        """Gather it, in the same number of queries however many sets and pejlemærker there are: dialogue meetings about
        these pejlemærker, and all of these committees. The course of the only set may be known already.
        """
        sets, near = tuple(sets), {one.pk for one in committees}
        pks = [one.pk for one in sets]
        about = Q(about_goals(pk__in=goals)) | Q(committee__in=near)
        held = HeldInSets.in_sets(pks, viewer=viewer, at=at, about=about)
        course_of = {pks[0]: course} if course else courses(pks, viewer=viewer, at=at, held=held)
        trails = {trail for course in course_of.values() for trail in course.trails}
        own = [one for one in held.dialogues if one.goals & goals or one.dialogue.committee_id in near]
        told = [one for one in own if one.was_known(at, kept_since=kept_since) and _is_of(year, one.dialogue.held_on)]
        ahead = [one for one in reversed(held.dialogues) if one in own or one.trail in trails]
        planned = [one for one in ahead if one.was_planned(at)]
        prefetch_related_objects([one.dialogue for one in (*told, *planned)], "committee__former_names")
        return cls(
            sets, at, year, held, course_of, tuple(told), tuple(planned),
            summaries((one.dialogue for one in told), at=at, kept_since=kept_since),
        )  # fmt: skip

    @property
    def evaluations(self) -> Sequence[EvaluationRound]:
        """The evaluations held, the latest first."""
        return [one for one in self.held.evaluations if _is_of(self.year, one.held_on)]

    def courses(self) -> Iterator[tuple[GoalSet, Course]]:
        """The sets with their plans."""
        for goal_set in self.sets:
            yield goal_set, self.course_of.get(goal_set.pk, NO_COURSE)


def _is_of(year: int | None, day: date) -> bool:
    return year is None or day.year == year

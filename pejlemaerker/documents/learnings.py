"""Læringen i et sæt: what was learned of each pejlemærke and of the process, where, and what is to be carried on."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q

from pejlemaerker.documents.as_of import AsOfNote
from pejlemaerker.documents.learning import Learned, learned_by_goal
from pejlemaerker.documents.set_history import set_as_known
from pejlemaerker.documents.standing import Standing, standings
from pejlemaerker.models import AsOf, Dialogue, EvaluationRound, Goal, GoalSet, Learning


@dataclass(frozen=True, slots=True)
class LearnedOf:
    """Hvad der er lært of one pejlemærke."""

    standing: Standing
    learnings: tuple[Learned, ...]


@dataclass(frozen=True, slots=True)
class LearningDocument:
    """Læringen i et sæt, for one viewer on one day."""

    goal_set: GoalSet
    at: AsOf
    of_process: tuple[Learned, ...]
    of_goals: tuple[LearnedOf, ...]

    @classmethod
    def for_set(cls, goal_set: GoalSet, *, viewer: Any, at: AsOf) -> Self:
        """Gather what was known on the day, by the numbers of the day."""
        told = learned_by_goal(goal_set, viewer=viewer, at=at)
        goals = Goal.objects.filter(pk__in=[pk for pk in told if pk]).select_related("goal_set__area")
        standing_of = standings(list(goals), viewer=viewer, at=at)
        ordered = sorted(standing_of.values(), key=lambda one: (one.number is None, one.number or 0, one.goal.pk))
        of_goals = tuple(LearnedOf(one, told[one.goal.pk]) for one in ordered)
        return cls(set_as_known(goal_set, at), at, told.get(0, ()), of_goals)

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.goal_set.kept_since)

    @property
    def are_any(self) -> bool:
        """Whether something has been learned."""
        return bool(self.of_process or self.of_goals)


@dataclass(frozen=True, slots=True)
class LearnedAt:
    """Hvad der blev lært ved en evaluering eller på et dialogmøde."""

    learnings: tuple[Learned, ...]

    @classmethod
    def at_dialogue(cls, dialogue: Dialogue, *, viewer: Any) -> Self:
        """Tell what was learned at a dialogue meeting, of the sets the viewer may see."""
        return cls(_told(Q(dialogue=dialogue), viewer))

    @classmethod
    def in_evaluation(cls, evaluation: EvaluationRound, *, viewer: Any) -> Self:
        """Tell what was learned in an evaluation."""
        return cls(_told(Q(evaluation=evaluation), viewer))


def _told(where: Q, viewer: Any) -> tuple[Learned, ...]:
    found = Learning.objects.filter(where, goal_set__in=GoalSet.objects.visible_to(viewer)).select_related("goal")
    return tuple(Learned.of(one, {one.goal.pk: one.goal.number} if one.goal else {}) for one in found)

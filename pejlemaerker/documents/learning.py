"""Læringen: what was learned of one pejlemærke or of a whole set, as it was known on a day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from kit.dates import format_date
from pejlemaerker.documents.places import numbers_of
from pejlemaerker.models import AsOf, Goal, GoalSet, Learning, known_by


@dataclass(frozen=True, slots=True)
class Learned:
    """En læring: about what, what was learned, what to carry on, and who it is meant for."""

    about: str
    text: str
    carry_on: str
    source: str  # "Skrevet 31. december 2025 til Børneudvalget"

    @classmethod
    def of(cls, learning: Learning, numbers: dict[int, int | None]) -> Self:
        """Tell a learning, by the numbers of the day."""
        to_whom = f" til {learning.addressed_to}" if learning.addressed_to else ""
        number = numbers.get(learning.goal_id or 0)
        about = f"Pejlemærke {number}" if number else "Pejlemærke uden nummer"
        return cls(
            about=about if learning.goal else "Forløbet som helhed",
            text=learning.text,
            carry_on=learning.carry_on,
            source=f"Skrevet {format_date(learning.learned_on)}{to_whom}",
        )


def learned_of_goals(goals: Iterable[Goal], *, at: AsOf) -> dict[int, tuple[Learned, ...]]:
    """Tell what was learned of each pejlemærke, in one query."""
    known = known_by(at.known, "learned_on", kept_since="goal__kept_since")
    goals = list(goals)
    numbers = {goal.pk: goal.number for goal in goals}
    found: dict[int, list[Learned]] = defaultdict(list)
    for one in Learning.objects.filter(known, goal__in=goals, learned_on__lte=at.on).select_related("goal"):
        found[one.goal_id or 0].append(Learned.of(one, numbers))
    return {goal: tuple(own) for goal, own in found.items()}


def learned_of_set(goal_set: GoalSet, *, at: AsOf, with_goals: bool = False) -> tuple[Learned, ...]:
    """Tell what was learned of the work as a whole, and then, if asked to, of each of its pejlemærker by number."""
    known = known_by(at.known, "learned_on", kept_since=goal_set.kept_since)
    found = Learning.objects.filter(known, goal_set=goal_set, learned_on__lte=at.on).select_related("goal")
    rows = found if with_goals else found.filter(goal=None)
    numbers = numbers_of((one.goal for one in rows if one.goal), at=at)
    ordered = sorted(rows, key=lambda one: (one.goal is not None, numbers.get(one.goal_id or 0) or 0, one.pk))
    return tuple(Learned.of(one, numbers) for one in ordered)

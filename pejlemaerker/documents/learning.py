"""Læringen: what was learned of one pejlemærke or of a whole set, as it was known on a day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from kit.dates import format_date
from pejlemaerker.documents.places import numbers_of
from pejlemaerker.models import AsOf, Dialogue, EvaluationRound, Goal, GoalSet, Learning, known_by


@dataclass(frozen=True, slots=True)
class Where:
    """Hvor det blev lært: the evaluation or the dialogue meeting, for those who may see it."""

    text: str  # "På dialogmødet midtvejs 14. november 2023"
    url: str


@dataclass(frozen=True, slots=True)
class Learned:
    """En læring: about what, what was learned, what to carry on, and who it is meant for."""

    about: str
    text: str
    carry_on: str
    source: str  # "Skrevet 31. december 2025 til Børneudvalget"
    where: tuple[Where, ...] = ()
    goal_pk: int | None = None

    @classmethod
    def of(cls, learning: Learning, numbers: dict[int, int | None], where: tuple[Where, ...] = ()) -> Self:
        """Tell a learning, by the numbers of the day."""
        to_whom = f" til {learning.addressed_to}" if learning.addressed_to else ""
        number = numbers.get(learning.goal_id or 0)
        about = f"Pejlemærke {number}" if number else "Pejlemærke uden nummer"
        return cls(
            about=about if learning.goal else "Forløbet som helhed",
            text=learning.text,
            carry_on=learning.carry_on,
            source=f"Skrevet {format_date(learning.learned_on)}{to_whom}",
            where=where,
            goal_pk=learning.goal_id,
        )


def learned_of_goals(goals: Iterable[Goal], *, at: AsOf, viewer: Any = None) -> dict[int, tuple[Learned, ...]]:
    """Tell what was learned of each pejlemærke, in one query, and one more for the numbers of a day gone by; for a
    viewer also where, in two at most.
    """
    known = known_by(at.known, "learned_on", kept_since="goal__kept_since")
    goals = list(goals)
    numbers = numbers_of(goals, at=at)
    rows = list(Learning.objects.filter(known, goal__in=goals, learned_on__lte=at.on).select_related("goal"))
    return _by_goal(rows, numbers, viewer)


def learned_by_goal(goal_set: GoalSet, *, at: AsOf, viewer: Any) -> dict[int, tuple[Learned, ...]]:
    """Tell what was learned of each pejlemærke of a set, and of the process (0), with where it was learned."""
    known = known_by(at.known, "learned_on", kept_since=goal_set.kept_since)
    rows = list(Learning.objects.filter(known, goal_set=goal_set, learned_on__lte=at.on).select_related("goal"))
    return _by_goal(rows, numbers_of((one.goal for one in rows if one.goal), at=at), viewer)


def _by_goal(rows: list[Learning], numbers: dict[int, int | None], viewer: Any) -> dict[int, tuple[Learned, ...]]:
    places = wheres(rows, viewer=viewer) if viewer is not None else {}
    found: dict[int, list[Learned]] = defaultdict(list)
    for one in rows:
        found[one.goal_id or 0].append(Learned.of(one, numbers, places.get(one.pk, ())))
    return {goal: tuple(own) for goal, own in found.items()}


def wheres(learnings: Iterable[Learning], *, viewer: Any) -> dict[int, tuple[Where, ...]]:
    """Tell where each was learned, as far as the viewer may see that."""
    rows = list(learnings)
    rounds = [one.evaluation_id for one in rows if one.evaluation_id]
    meetings = [one.dialogue_id for one in rows if one.dialogue_id]
    evaluations = EvaluationRound.objects.visible_to(viewer).in_bulk(rounds) if rounds else {}
    dialogues = Dialogue.objects.visible_to(viewer).in_bulk(meetings) if meetings else {}
    told = {}
    for one in rows:
        seen = evaluations.get(one.evaluation_id or 0), dialogues.get(one.dialogue_id or 0)
        told[one.pk] = tuple(Where(str(record), record.get_absolute_url()) for record in seen if record)
    return told


def learned_in_sets(
    goal_sets: Iterable[GoalSet], *, at: AsOf, year: int | None = None
) -> dict[int, tuple[Learned, ...]]:
    """Tell it of many sets (of a year, what was learned in it), in two queries at most: by set, of the work as a whole,
    and then of each pejlemærke by number.
    """
    known = known_by(at.known, "learned_on", kept_since="goal_set__kept_since")
    found = Learning.objects.filter(known, goal_set__in=list(goal_sets), learned_on__lte=at.on).select_related("goal")
    rows = list(found if year is None else found.filter(learned_on__year=year))
    numbers = numbers_of((one.goal for one in rows if one.goal), at=at)
    by_set: dict[int, list[Learned]] = defaultdict(list)
    for one in sorted(rows, key=lambda one: (one.goal is not None, numbers.get(one.goal_id or 0) or 0, one.pk)):
        by_set[one.goal_set_id].append(Learned.of(one, numbers))
    return {pk: tuple(own) for pk, own in by_set.items()}


def learned_of_set(goal_set: GoalSet, *, at: AsOf, with_goals: bool = False) -> tuple[Learned, ...]:
    """Tell what was learned of the work as a whole, and then, if asked to, of each of its pejlemærker by number."""
    known = known_by(at.known, "learned_on", kept_since=goal_set.kept_since)
    found = Learning.objects.filter(known, goal_set=goal_set, learned_on__lte=at.on).select_related("goal")
    rows = found if with_goals else found.filter(goal=None)
    numbers = numbers_of((one.goal for one in rows if one.goal), at=at)
    ordered = sorted(rows, key=lambda one: (one.goal is not None, numbers.get(one.goal_id or 0) or 0, one.pk))
    return tuple(Learned.of(one, numbers) for one in ordered)

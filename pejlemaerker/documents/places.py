"""Hvor pejlemærkerne står: which of them a set held on a day, and by which number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from kit.clock import today
from pejlemaerker.models import AsOf, Goal, GoalSet, GoalVersion, Placement

_NO_NUMBER = 10_000


def places_of(goals: Iterable[Goal], *, at: AsOf) -> dict[int, Placement]:
    """Find where each pejlemærke stood, in one query."""
    return {place.goal_id: place for place in Placement.objects.at(at).filter(goal__in=goals)}


def numbers_of(goals: Iterable[Goal], *, at: AsOf) -> dict[int, int | None]:
    """Find the number each pejlemærke had; asks only about a day gone by."""
    goals = list(goals)
    if at.on >= today() and at.known >= today():
        return {goal.pk: goal.number for goal in goals}
    return {goal: place.number for goal, place in places_of(goals, at=at).items()}


def set_of(goal: Goal, place: Placement | None, *, viewer: Any) -> GoalSet:
    """Find the set it stood in, when it has moved since and the viewer may see that set; else where it stands now."""
    if place is None or place.goal_set_id == goal.goal_set_id:
        return goal.goal_set
    sets = GoalSet.objects.visible_to(viewer).select_related("period__committee__municipality", "area", "closing")
    return sets.filter(pk=place.goal_set_id).first() or goal.goal_set


def goals_in(set_pks: Iterable[int], *, at: AsOf) -> dict[int, list[Placement]]:
    """Find the pejlemærker of each set on a day, in order of number (those without one last), in one query; each comes
    with its `goal`. One that was not written yet, or not known, was not there; nor one that came here later than its
    set, on a day when the set was kept here already.
    """
    was_written = Exists(GoalVersion.objects.written(at).filter(goal=OuterRef("goal")))
    was_there = Q(was_written) | Q(goal__kept_since__lte=min(at.on, at.known))
    had_come = Q(goal__kept_since__lte=at.known) | Q(goal_set__kept_since__gt=at.known)
    candidates = Goal.objects.filter(placements__goal_set__in=list(set_pks))
    places = Placement.objects.at(at).filter(was_there, had_come, goal__in=candidates).select_related("goal")
    by_set: dict[int, list[Placement]] = defaultdict(list)
    for place in sorted(places, key=lambda one: (one.number or _NO_NUMBER, one.goal_id)):
        by_set[place.goal_set_id].append(place)
    return by_set


def placed_anew(before: Placement, place: Placement, sets: Mapping[int, GoalSet]) -> str:
    """Tell that a pejlemærke got another number or was moved; a set that is not among those seen is not named."""
    if place.goal_set_id != before.goal_set_id:
        old, new = (sets.get(one.goal_set_id, "et andet sæt") for one in (before, place))
        number = f" og fik nummer {place.number}" if place.number and place.goal_set_id in sets else ""
        return f"Pejlemærket blev flyttet fra {old} til {new}{number}."
    if place.number is None:
        return (
            f"Pejlemærket mistede sit nummer ({before.number})." if before.number else "Pejlemærket har intet nummer."
        )
    was = f" Før var det {before.number}." if before.number else ""
    return f"Pejlemærket fik nummer {place.number}.{was}"

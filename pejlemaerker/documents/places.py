"""Hvor pejlemærkerne står: which of them a set held on a day, and by which number."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from pejlemaerker.models import AsOf, Goal, GoalVersion, Placement

_NO_NUMBER = 10_000


def places_of(goals: Iterable[Goal], *, at: AsOf) -> dict[int, Placement]:
    """Find where each pejlemærke stood, in one query."""
    return {place.goal_id: place for place in Placement.objects.at(at).filter(goal__in=goals)}


def goals_in(set_pks: Iterable[int], *, at: AsOf) -> dict[int, list[Placement]]:
    """Find the pejlemærker of each set on a day, in order of number (those without one last), in one query; each comes
    with its `goal`. One that was not written yet, or not known, was not there.
    """
    wordings = GoalVersion.objects.filter(goal=OuterRef("goal"))
    was_there = Q(Exists(wordings.written(at))) | Q(~Exists(wordings), goal__kept_since__lte=at.known)
    candidates = Goal.objects.filter(placements__goal_set__in=list(set_pks))
    places = Placement.objects.at(at).filter(was_there, goal__in=candidates).select_related("goal")
    by_set: dict[int, list[Placement]] = defaultdict(list)
    for place in sorted(places, key=lambda one: (one.number or _NO_NUMBER, one.goal_id)):
        by_set[place.goal_set_id].append(place)
    return by_set

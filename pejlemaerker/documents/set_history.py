"""What was said of a set, and of a pejlemærke, on a day gone by: what has been put right since is read back from the
log, so that a page of that day still says what it said.
"""

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q

from kit.clock import today
from meetings.models import Committee, Event, LeaderGroup, OrgUnit
from pejlemaerker.models import AsOf, Goal, GoalSet, end_of

type _Before = dict[tuple[str, int], dict[str, Any]]  # by row and field, what stood there


def set_as_known(goal_set: GoalSet, at: AsOf) -> GoalSet:
    """Return a set with the days, the area's name and the leaders that were known; asks only about a day gone by."""
    return sets_as_known([goal_set], at)[0]


def sets_as_known(goal_sets: Iterable[GoalSet], at: AsOf) -> list[GoalSet]:
    """Return sets as they were known, in two queries however many there are."""
    sets = list(goal_sets)
    if at.known >= today():
        return sets
    before = changed_since([row for one in sets for row in (one, one.period, one.area)], at)
    groups = {told["leader_group"] for told in before.values() if told.get("leader_group")}
    leaders = LeaderGroup.objects.in_bulk(groups)
    return [_as_known(one, before, leaders) for one in sets]


def _as_known(goal_set: GoalSet, before: _Before, leaders: dict[int, LeaderGroup]) -> GoalSet:
    known = copy(goal_set)
    own, period, area = (before.get(key_of(row), {}) for row in (goal_set, goal_set.period, goal_set.area))
    if period:
        known.period = copy(goal_set.period)
        for name, day in period.items():
            setattr(known.period, name, date.fromisoformat(day))
    if "name" in area:
        known.area = copy(goal_set.area)
        known.area.name = area["name"]
    if "leader_group" in own:
        known.leader_group = leaders.get(own["leader_group"])
    return known


def partners_known(goal_set: GoalSet, at: AsOf) -> list[Committee]:
    """Return the committees that were known to share the set."""
    before = _before(goal_set, at) if at.known < today() else {}
    if "partners" in before:
        return list(Committee.objects.filter(pk__in=before["partners"]))
    return list(goal_set.partners.all())


def goal_as_known(goal: Goal, at: AsOf) -> Goal:
    """Return a pejlemærke with what was known about it; asks only about a day gone by."""
    before = _before(goal, at) if at.known < today() else {}
    if not before:
        return goal
    known = copy(goal)
    known.refers_to = before.get("refers_to", goal.refers_to)
    if "responsible" in before:
        known.responsible = OrgUnit.objects.filter(pk=before["responsible"]).first()
    return known


def goals_as_known(goals: Iterable[Goal], at: AsOf) -> dict[int, str]:
    """Tell what each pejlemærke referred to by what was known, in one query; asks only about a day gone by."""
    goals = list(goals)
    before = changed_since(goals, at) if at.known < today() else {}
    return {goal.pk: before.get(key_of(goal), {}).get("refers_to", goal.refers_to) for goal in goals}


def _before(row: Model, at: AsOf) -> dict[str, Any]:
    """Read what stood there before the changes made since: by field, the value before the first of them."""
    return changed_since([row], at).get(key_of(row), {})


def changed_since(rows: Iterable[Model], at: AsOf) -> _Before:
    """Read it for many at once, by row (`key_of`), in one query."""
    by_type: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        by_type[row._meta.label_lower].add(row.pk)
    targets = [Q(target_type=name, target_pk__in=pks) for name, pks in by_type.items()]
    if not targets:
        return {}
    since = Event.objects.filter(reduce(or_, targets), at__gte=end_of(at.known), action__endswith="_put_right")
    before: _Before = defaultdict(dict)
    for name, pk, changes in since.order_by("pk").values_list("target_type", "target_pk", "changes"):
        for field, (was, _) in changes.items():
            before[name, pk].setdefault(field, was)
    return before


def key_of(row: Model) -> tuple[str, int]:
    """Name a row as the log does."""
    return row._meta.label_lower, row.pk

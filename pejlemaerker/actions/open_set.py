"""A set that has been closed (afsluttet) takes nothing more: what every writing in a set begins with.

It holds for all that `permissions.can_edit_goals`, `can_arrange_goals` and `can_write_request` guard, annulments too:
the pejlemærker have ended with the set, and what is decided about them afterwards is decided about those that go on in
the next. What may still be written in a closed set asks for no open one, as its pages do not: a decision made in the
period, but pointed at its wordings later (put_in_force), the evaluations and dialogue meetings that were held, and what
is published. A stay (§ 23) is of the decision and needs no set at all.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from meetings.actions.refusals import NotAllowed
from pejlemaerker.models import Goal, GoalSet, SetClosing


class SetIsClosed(NotAllowed, PermissionDenied):
    """The set has been closed: it is read, and no longer changed. A form tells it; where none does, it is a 403."""

    def __init__(self, goal_set: GoalSet) -> None:
        super().__init__(f"Sættet {goal_set} er afsluttet. Det kan læses, men ikke længere ændres.")


def lock_sets(goal_sets: Iterable[int]) -> list[GoalSet]:
    """Lock sets, always in the same order, so that two who write in them wait for each other."""
    sets = GoalSet.objects.select_for_update(of=("self",)).select_related("period__committee", "area", "leader_group")
    return list(sets.filter(pk__in=set(goal_sets)).order_by("pk"))


def open_sets(*goal_sets: int) -> list[GoalSet]:
    """Lock sets and return them as they stand; raises SetIsClosed where one of them has been closed."""
    locked = lock_sets(goal_sets)
    closed = set(SetClosing.objects.filter(goal_set__in=locked).values_list("goal_set_id", flat=True))
    for goal_set in locked:
        if goal_set.pk in closed:
            raise SetIsClosed(goal_set)
    return locked


def open_set(goal_set: int) -> GoalSet:
    """Lock a set and return it as it stands; raises SetIsClosed where it has been closed."""
    (locked,) = open_sets(goal_set)
    return locked


def open_goal(goal: Goal) -> Goal:
    """Lock a pejlemærke, after the set it stands in, and return it as it stands; raises SetIsClosed."""
    open_set(goal.goal_set_id)
    goals = Goal.objects.select_for_update(of=("self",)).select_related("goal_set__period", "responsible")
    locked = goals.get(pk=goal.pk)
    if locked.goal_set_id != goal.goal_set_id:  # it was moved in between
        open_set(locked.goal_set_id)
    return locked

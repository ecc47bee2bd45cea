"""Ordlyde, der venter på en beslutning."""

from meetings.models import Committee
from pejlemaerker.models import GoalSet, GoalVersion


def sets_awaiting_decision(committee: Committee) -> list[GoalSet]:
    """Find the committee's sets in which a wording waits for a decision, newest period first."""
    awaiting = GoalVersion.objects.awaiting_decision().filter(goal__goal_set__period__committee=committee)
    sets = GoalSet.objects.filter(pk__in=awaiting.values("goal__goal_set")).select_related("period", "area")
    return list(sets.order_by("-period__starts_on", "area__position"))

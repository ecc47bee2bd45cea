"""Lister af pejlemærker: all the viewer may see, and those that one decision touched."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

from kit.danish import sort_key
from meetings.models import AgendaItem, Committee, Decision
from pejlemaerker.documents.overview import SetBrief, set_briefs, visible_sets
from pejlemaerker.documents.standing import Standing, in_order, standings
from pejlemaerker.models import AsOf, Goal, GoalSet


@dataclass(frozen=True, slots=True)
class GoalListDocument:
    """Pejlemærkerne, set by set, for one viewer on one day, perhaps of one committee or one period."""

    sets: tuple[SetBrief, ...]
    committees: tuple[Committee, ...]  # what one can choose between
    periods: tuple[str, ...]

    @classmethod
    def for_viewer(cls, viewer: Any, *, at: AsOf, committee: str = "", period: str = "") -> Self:
        """Gather the pejlemærker that the viewer may see and has chosen."""
        sets = visible_sets(viewer)
        chosen = [one for one in sets if _is_chosen(one, committee, period)]
        return cls(
            sets=tuple(set_briefs(chosen, viewer=viewer, at=at)),
            committees=tuple(sorted({one.period.committee for one in sets}, key=lambda one: sort_key(one.name))),
            periods=tuple(sorted({str(one.period) for one in sets}, reverse=True)),
        )


def _is_chosen(goal_set: GoalSet, committee: str, period: str) -> bool:
    return committee in ("", goal_set.period.committee.slug) and period in ("", str(goal_set.period))


@dataclass(frozen=True, slots=True)
class TouchedSet:
    """Et sæt, and those of its pejlemærker that were touched."""

    goal_set: GoalSet
    goals: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class TouchedGoalsDocument:
    """Berørte pejlemærker: those whose wording a decision on this agenda item put in force."""

    item: AgendaItem
    sets: tuple[TouchedSet, ...]
    approving_decision: Decision | None

    @classmethod
    def of_item(cls, item: AgendaItem, *, viewer: Any, at: AsOf) -> Self:
        """Find them for an item that the viewer may see; without the right to its decision there are none."""
        decisions = Decision.including_closed.visible_to(viewer).filter(item=item)
        touched = Goal.objects.visible_to(viewer).filter(versions__adoptions__decision__in=decisions).distinct()
        approving = decisions.approving().select_related("item__meeting__committee").first()
        ordered = touched.order_by("goal_set__area__position", "goal_set_id", "number")
        goals = list(ordered.select_related("goal_set__area", "goal_set__period"))
        standing_of = standings(goals, viewer=viewer, at=at)
        by_set = groupby(goals, key=lambda goal: goal.goal_set)
        return cls(item, tuple(TouchedSet(one, tuple(in_order(own, standing_of))) for one, own in by_set), approving)

"""Hvordan et pejlemærke endte: completed, carried on, dropped, or taken over by another's wording."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kit.dates import format_date
from pejlemaerker.models import Adoption, AsOf, Derivation, Goal, GoalClosing

_TAKEN_OVER = {
    Derivation.Kind.MERGED: GoalClosing.Kind.MERGED,
    Derivation.Kind.SPLIT: GoalClosing.Kind.SPLIT,
    Derivation.Kind.CONTINUED: GoalClosing.Kind.CONTINUED,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """En afslutning, as it holds on a day."""

    kind: GoalClosing.Kind
    on: date
    reason: str

    @property
    def label(self) -> str:
        """Udgået."""
        return str(self.kind.label)

    @property
    def text(self) -> str:
        """Udgået 1. december 2024."""
        return f"{self.label} {format_date(self.on)}"


def endings(goals: Iterable[Goal], at: AsOf) -> dict[int, Ending]:
    """Tell how each pejlemærke that no longer stands has ended, in two queries."""
    goals = list(goals)
    ended = _taken_over(goals, at)
    for closing in GoalClosing.objects.latest(at).filter(goal__in=goals):
        earlier = ended.get(closing.goal_id)
        if earlier is None or closing.ended_on >= earlier.on:
            ended[closing.goal_id] = Ending(GoalClosing.Kind(closing.kind), closing.ended_on, closing.reason)
    return {goal: ending for goal, ending in ended.items() if ending.kind != GoalClosing.Kind.RESUMED}


def _taken_over(goals: list[Goal], at: AsOf) -> dict[int, Ending]:
    """Those that ended because a wording that takes over from them came into force."""
    rows = (
        Adoption.objects.effective(at)
        .filter(
            in_force_from__lte=at.on, version__derivations__source__in=goals, version__derivations__ends_source=True
        )
        .order_by("in_force_from", "pk")
        .values_list("version__derivations__source", "version__derivations__kind", "in_force_from", "version__reason")
    )
    return {goal: Ending(_TAKEN_OVER[Derivation.Kind(kind)], day, reason) for goal, kind, day, reason in rows}

"""Numrene i et sæt, as they are handed out: what each pejlemærke says, and whether it needs a number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kit.clock import moment
from kit.dates import format_date
from pejlemaerker.documents.endings import endings
from pejlemaerker.documents.standing import Standing, standings_in
from pejlemaerker.models import Adoption, AsOf, Goal, GoalSet, Placement

_EXCERPT = 120


@dataclass(frozen=True, slots=True)
class Row:
    """Et pejlemærke, der kan få et nummer."""

    pk: int
    number: int | None
    wording: str
    needs_number: bool  # it stands in the set by a decision, and is found by its number
    note: str  # what one must know before giving it one

    @property
    def name(self) -> str:
        """Pejlemærke 2."""
        return f"Pejlemærke {self.number}" if self.number else "Pejlemærke uden nummer"


def rows_of(goal_set: GoalSet, *, viewer: Any) -> list[Row]:
    """The pejlemærker of a set as they stand today, those without a number last; of those that have ended only the ones
    that still have one.
    """
    at = AsOf.now()
    listed = [one for one in standings_in([goal_set.pk], viewer=viewer, at=at).get(goal_set.pk, []) if one.is_listed]
    soon = ending_soon([one.goal for one in listed], at=at)
    return [_row(standing, soon.get(standing.goal.pk)) for standing in listed]


def _row(standing: Standing, ends_on: date | None) -> Row:
    is_proposal = standing.number is None and standing.lacks_decision
    note = ""
    if standing.ending:
        note = f"{standing.ending.text}. Det kan stå uden nummer."
    elif ends_on:
        note = f"Ophører {format_date(ends_on)}. Til den tid kan det stå uden nummer."
    elif is_proposal:
        note = "Et forslag. Det får et nummer, når udvalget har besluttet det."
    needs_number = standing.ending is None and not is_proposal
    return Row(standing.goal.pk, standing.number, standing.wording, needs_number, note)


def order_text(rows: Iterable[Row], numbers: Mapping[int, object]) -> str:
    """Tell an order line by line, so that two can be laid beside each other."""
    known = [(str(numbers.get(row.pk) or "–"), row) for row in rows]
    in_order = sorted(known, key=lambda pair: (not pair[0].isdecimal(), pair[0].zfill(6)))
    return "\n".join(f"{number}  {_excerpt(row.wording)}" for number, row in in_order)


def _excerpt(wording: str) -> str:
    if not wording:
        return "Ordlyden kendes ikke."
    return wording if len(wording) <= _EXCERPT else f"{wording[:_EXCERPT].rstrip()} …"


def latest_placing(goal_set: GoalSet) -> tuple[str, str]:
    """Who placed something in the set last, and when that was."""
    latest = (
        Placement.objects.filter(goal__placements__goal_set=goal_set, placed_from__isnull=False)
        .select_related("recorded_by")
        .order_by("-pk")
        .first()
    )
    return (str(latest.recorded_by or "En anden"), moment(latest.recorded_at)) if latest else ("En anden", "imens")


def ending_soon(goals: Iterable[Goal], *, at: AsOf) -> dict[int, date]:
    """Those that end on a day to come, because a wording decided already takes over from them."""
    goals = list(goals)
    rows = (
        Adoption.objects.effective(at)
        .filter(in_force_from__gt=at.on, version__derivations__source__in=goals, version__derivations__ends_source=True)
        .order_by("-in_force_from")
        .values_list("version__derivations__source", "in_force_from")
    )
    ended = endings(goals, at)
    return {goal: day for goal, day in rows if goal not in ended}

"""To perioder, as a paper tells of them: both sets as they were known that day, and how their pejlemærker hang
together.
"""

from dataclasses import dataclass
from typing import Any, Self

from pejlemaerker.documents.compare import Compared, Pair, Side, pairs_of
from pejlemaerker.documents.set_history import sets_as_known
from pejlemaerker.models import AsOf, GoalSet


@dataclass(frozen=True, slots=True)
class Two:
    """De to perioder, the older first."""

    before: Side
    after: Side
    pairs: tuple[Pair, ...]

    @classmethod
    def of(cls, older: GoalSet, newer: GoalSet, *, viewer: Any, at: AsOf) -> Self:
        """Hold two sets against each other, as of a day."""
        before, after = (Side(one, seen_from=at) for one in sets_as_known([older, newer], at))
        return cls(before, after, pairs_of(before, after, viewer=viewer))

    @property
    def names(self) -> tuple[str, str]:
        """2022–2025 and 2026–2029; with the area where it is not the same, and the day of a period that is not over."""
        before, after = self.before.goal_set, self.after.goal_set
        if before.area.name == after.area.name and str(before.period) != str(after.period):
            return str(before.period), str(after.period)
        return str(before), str(after)

    @property
    def sides(self) -> tuple[tuple[Side, tuple[Compared, ...]], ...]:
        """Each side with its pejlemærker, in order; one that stands on both is told of the newer."""
        new = _in_order(one for pair in self.pairs for one in pair.new)
        told = {one.standing.goal.pk for one in new}
        old = _in_order(one for pair in self.pairs for one in pair.old if one.standing.goal.pk not in told)
        return (self.before, old), (self.after, new)


def _in_order(compared: Any) -> tuple[Compared, ...]:
    return tuple(sorted(compared, key=lambda one: (one.standing.number is None, one.standing.number or 0)))

"""At-punkterne of an item, and which of them are decided ("Ad 1–3")."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from meetings.documents.parts import Outcome
from meetings.models import AgendaItem, Decision, Recommendation


@dataclass(frozen=True, slots=True)
class AtPoints:
    """What of an indstilling waits for a decision; an item without indstilling, or with one point, is decided whole."""

    numbers: tuple[int, ...] = ()
    decided: tuple[int, ...] = ()
    is_decided_whole: bool = False

    @classmethod
    def of(cls, recommendations: Iterable[Recommendation], outcomes: Iterable[Outcome]) -> Self:
        """Gather them from what a page has asked for already."""
        told = list(outcomes)
        return cls(
            tuple(one.number for one in recommendations),
            tuple(number for outcome in told for number in outcome.points),
            any(not outcome.points for outcome in told),
        )

    @classmethod
    def of_item(cls, item: AgendaItem) -> Self:
        """Ask for one item that came through `visible_to`, for those who keep its protocol."""
        numbers = Recommendation.including_closed.filter(item=item).values_list("number", flat=True)
        decisions = Decision.including_closed.filter(item=item).select_related("recommendation")
        return cls(
            tuple(numbers),
            tuple(one.recommendation.number for one in decisions if one.recommendation),
            any(one.recommendation is None for one in decisions),
        )

    @property
    def undecided(self) -> tuple[int, ...]:
        """Those that wait."""
        return () if self.is_decided_whole else tuple(n for n in self.numbers if n not in self.decided)

    @property
    def may_part(self) -> bool:
        """Whether one point may be decided without the others."""
        return len(self.numbers) > 1 and not self.is_decided_whole

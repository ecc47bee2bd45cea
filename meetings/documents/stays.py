"""Standsningerne på et punkt: which decisions were brought before the council, and what became of each."""

from dataclasses import dataclass
from typing import Any, Self

from meetings.documents.parts import Standstill, ad, item_name
from meetings.models import AgendaItem, Stay


@dataclass(frozen=True, slots=True)
class StayLine:
    """A stayed decision, and the stay."""

    label: str  # "Ad 2", or "" for the whole item
    point: str  # its number in the address
    text: str
    standstill: Standstill
    is_settled: bool


@dataclass(frozen=True, slots=True)
class StaysDocument:
    """The stays on an item that the viewer may see, and the one that is to be settled now."""

    item: AgendaItem
    lines: tuple[StayLine, ...]
    stay: Stay | None

    @classmethod
    def for_item(cls, item: AgendaItem, *, viewer: Any, point: str) -> Self:
        """Ask for all of them; where one only is to be settled, nobody has to say which. One that is settled is still
        found by its point, so that a form sent twice finds it.
        """
        stays = list(
            Stay.including_closed.visible_to(viewer)
            .filter(decision__item=item)
            .select_related(
                "decision__recommendation", "decision__item__meeting__committee__municipality", "declared_by", "outcome"
            )
            .order_by("decision__recommendation__number", "pk")
        )
        council = item.meeting.committee.municipality.council_name
        chosen = [one for one in stays if _point(one) == point] if point else stays
        waiting = [one for one in chosen if not _is_settled(one)]
        return cls(
            item,
            tuple(_line(one, council) for one in stays),
            chosen[0] if len(chosen) == 1 else waiting[0] if len(waiting) == 1 else None,
        )

    @property
    def eyebrow(self) -> str:
        """Punkt 4 · Børne- og Uddannelsesudvalget · 12. december 2022."""
        return item_name(self.item)

    @property
    def point(self) -> str:
        """The at-point of the one chosen, for the address."""
        return _point(self.stay) if self.stay else ""

    @property
    def is_settled(self) -> bool:
        """Whether the one chosen, or all of them, have an outcome."""
        return _is_settled(self.stay) if self.stay else all(line.is_settled for line in self.lines)

    @property
    def shown(self) -> tuple[StayLine, ...]:
        """The one chosen, or all there are to choose among."""
        if self.stay is None:
            return self.lines
        return tuple(line for line in self.lines if line.point == _point(self.stay))


def _is_settled(stay: Stay) -> bool:
    return getattr(stay, "outcome", None) is not None


def _point(stay: Stay) -> str:
    return str(stay.decision.recommendation.number) if stay.decision.recommendation else ""


def _line(stay: Stay, council: str) -> StayLine:
    point = stay.decision.recommendation
    return StayLine(
        ad([point.number]) if point else "", _point(stay), stay.decision.text, Standstill.of(stay, council=council),
        _is_settled(stay),
    )  # fmt: skip

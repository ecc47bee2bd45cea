"""By which decision something holds, told so that a closed item tells nothing but who decided and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db.models import F

from kit.dates import format_date
from meetings.models import Decision, committee_name
from meetings.models.noticed import unnoticed
from pejlemaerker.models import Adoption, AsOf
from pejlemaerker.models.wording import AdoptionQuerySet


@dataclass(frozen=True, slots=True)
class Ground:
    """Grundlaget for en ordlyd: the decision, or the noted delegation, that put it in force."""

    since: date
    decided_on: date
    by: str
    decision: Decision | None  # only when the viewer may see it
    delegation_note: str
    is_demo: bool

    @property
    def url(self) -> str:
        """The agenda item's page, for those who may see it."""
        return self.decision.item.get_absolute_url() if self.decision else ""

    @property
    def since_text(self) -> str:
        """Gældende siden 12. december 2022."""
        return f"Gældende siden {format_date(self.since)}"

    @property
    def text(self) -> str:
        """Who decided, with the day when it is not told already, and the item's number for those who may see it."""
        if self.delegation_note:
            return f"sat i kraft efter bemyndigelse: {self.delegation_note}"
        day = "" if self.decided_on == self.since else f" {format_date(self.decided_on)}"
        number = f", punkt {self.decision.item.number}" if self.decision else ""
        return f"besluttet af {self.by}{day}{number}"


@dataclass(frozen=True, slots=True)
class Grounds:
    """The grounds of many adoptions: one query for all decisions the viewer may see."""

    visible: dict[int, Decision]

    @classmethod
    def of(cls, adoptions: Iterable[Adoption], *, viewer: Any) -> Self:
        """Find the decisions behind the adoptions, as far as the viewer may see them."""
        decisions = Decision.including_closed.visible_to(viewer).select_related("item__meeting")
        with unnoticed():  # of a ground only the item's number and the way to it are told
            return cls(decisions.in_bulk([adoption.decision_id for adoption in adoptions if adoption.decision_id]))

    def of_one(self, adoption: Adoption) -> Ground:
        """Tell the ground of one adoption that came through `with_deciders`."""
        return Ground(
            since=max(adoption.in_force_from, adoption.settled_on or adoption.in_force_from),  # type: ignore[attr-defined]
            decided_on=adoption.decided_on or adoption.in_force_from,  # type: ignore[attr-defined]
            by=adoption.decided_by or "",  # type: ignore[attr-defined]
            decision=self.visible.get(adoption.decision_id or 0),
            delegation_note=adoption.delegation_note,
            is_demo=bool(adoption.is_demo),  # type: ignore[attr-defined]
        )


def with_deciders(adoptions: AdoptionQuerySet, at: AsOf) -> AdoptionQuerySet:
    """Bring along who decided and when, and whether a stay held the decision back (it takes effect when it is
    confirmed); nothing else: a decision's item may be closed (DESIGN § 5).
    """
    return (
        adoptions.with_stay(at)
        .select_related("version")
        .annotate(
            decided_on=F("decision__decided_on"),
            decided_by=committee_name("decision__item__meeting__committee", "decision__decided_on"),
            is_demo=F("decision__item__meeting__is_demo"),
        )
    )

"""Afvigelser: across meetings, the decisions that depart from the indstilling, the two side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet

from kit.danish import sort_key
from meetings.documents.grouping import grouped
from meetings.documents.paging import Paging
from meetings.documents.parts import Outcome, Point, Proposal, meeting_name
from meetings.models import Decision, Recommendation


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to narrow the list by."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Departure:
    """One decision that departs: what was proposed, what was decided, and where."""

    title: str
    url: str
    eyebrow: str
    is_closed: bool
    proposal: Proposal
    outcome: Outcome
    is_stayed: bool

    @classmethod
    def of(cls, decision: Decision, recommendations: list[Recommendation]) -> Self:
        """Tell a decision that came through `visible_to` and `with_effective_category`."""
        item, point = decision.item, decision.recommendation
        return cls(
            title=item.title,
            url=item.get_absolute_url(),
            eyebrow=f"{meeting_name(item.meeting)} · Punkt {item.number}",
            is_closed=item.is_closed,
            proposal=_proposal_of(point) if point else Proposal.of(recommendations),
            outcome=Outcome.of(decision, points=(point.number,) if point else ()),
            is_stayed=_is_stayed(decision),
        )


@dataclass(frozen=True, slots=True)
class DeparturesDocument:
    """The departures a viewer may read, newest first, all or those of one committee or year."""

    rows: tuple[Departure, ...]
    paging: Paging
    committees: tuple[Choice, ...]
    years: tuple[Choice, ...]
    committee: str
    year: str

    @classmethod
    def for_viewer(cls, viewer: Any, *, committee: str = "", year: str = "", page: str = "") -> Self:
        """Ask a handful of queries, however long the list is; a choice that is none of those there are is no choice."""
        decisions = Decision.including_closed.visible_to(viewer).departing()
        committees, years = _choices(decisions)
        committee = committee if committee in {one.value for one in committees} else ""
        year = year if year in {one.value for one in years} else ""
        if committee:
            decisions = decisions.filter(item__meeting__committee__slug=committee)
        if year:
            decisions = decisions.filter(item__meeting__date__year=int(year))
        shown, paging = Paging.through(_in_order(decisions), page, udvalg=committee, aar=year)
        return cls(_rows(shown), paging, committees, years, committee, year)


def _proposal_of(point: Recommendation) -> Proposal:
    """One at-point of several, with the number it has among them."""
    return Proposal(point.by, (Point(f"{point.number}.", point.text),))


def _choices(decisions: "QuerySet[Decision]") -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """The committees and the years that have departures."""
    found = set(
        decisions.order_by().values_list(
            "item__meeting__committee__slug", "item__meeting__committee__name", "item__meeting__date__year"
        )
    )
    committees = {Choice(slug, name) for slug, name, _ in found}
    years = {year for *_, year in found}
    return (
        tuple(sorted(committees, key=lambda one: sort_key(one.name))),
        tuple(Choice(str(year), str(year)) for year in sorted(years, reverse=True)),
    )


def _in_order(decisions: "QuerySet[Decision]") -> "QuerySet[Decision]":
    return (
        decisions.select_related("item__meeting__committee", "recommendation", "stay__outcome")
        .prefetch_related("item__meeting__committee__former_names")
        .order_by("-item__meeting__date", "-item__meeting", "item__position", "recommendation__number", "pk")
    )


def _rows(decisions: Iterable[Decision]) -> tuple[Departure, ...]:
    shown = list(decisions)
    recommendations = grouped(Recommendation.including_closed.filter(item__in=[one.item_id for one in shown]))
    return tuple(Departure.of(decision, recommendations[decision.item_id]) for decision in shown)


def _is_stayed(decision: Decision) -> bool:
    """Whether a stay keeps the decision from taking effect (styrelsesloven § 23)."""
    stay = getattr(decision, "stay", None)
    outcome = getattr(stay, "outcome", None)
    return stay is not None and (outcome is None or outcome.verdict != "confirmed")

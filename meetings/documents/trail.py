"""Sagens forløb: one case in all the bodies that have treated it, read as one story.

Every treatment is fetched through what the viewer may see; the way from an item to the one before it is not followed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from kit.clock import today
from kit.dates import format_date
from meetings.documents.parts import CATEGORY_KINDS, ad
from meetings.models import (
    AgendaItem,
    Category,
    Decision,
    Meeting,
    Right,
    Routing,
    Stay,
    committee_name,
    has_right,
)

_HOW = {
    AgendaItem.Continuation.MOVED: "Flyttet hertil",
    AgendaItem.Continuation.REPEATED: "Taget op igen",
    AgendaItem.Continuation.FORWARDED: "Sendt videre hertil",
    AgendaItem.Continuation.SPLIT: "Delt ud fra punktet før",
}


@dataclass(frozen=True, slots=True)
class TrailOutcome:
    """What was decided at one treatment, on the whole or on some at-points."""

    label: str
    category: str
    category_kind: str
    text: str
    is_stayed: bool


@dataclass(frozen=True, slots=True)
class TrailStep:
    """En behandling: one body, one meeting, one item."""

    body: str
    date_text: str
    number: str
    title: str
    url: str
    how: str
    is_here: bool
    is_decided: bool
    outcomes: tuple[TrailOutcome, ...]
    without_outcome: str


@dataclass(frozen=True, slots=True)
class TrailWait:
    """A body of the sagsgang of which no treatment can be told."""

    body: str
    text: str


@dataclass(frozen=True, slots=True)
class Trail:
    """Sagens forløb for one viewer, oldest first; empty where there is no more to tell than the item itself."""

    steps: tuple[TrailStep, ...]
    waiting: tuple[TrailWait, ...]

    @property
    def is_story(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.steps)

    @classmethod
    def of(cls, item: AgendaItem, *, viewer: Any, way: Iterable[Routing] | None = None) -> Self:
        """Ask for all treatments of the item's case that the viewer may see, and for its way where that is not given;
        the item came through `visible_to`.
        """
        treatments = list(
            AgendaItem.including_closed.visible_to(viewer)
            .filter(trail=item.trail)
            .select_related("meeting__committee")
            .annotate(body=committee_name("meeting__committee", "meeting__date"))
            .order_by("meeting__date", "meeting__starts_at", "meeting", "position", "pk")
        )
        waiting = tuple(_waiting(way_of(item) if way is None else way, treatments, viewer))
        if len(treatments) == 1 and not waiting:
            return cls((), ())
        seen = [one.pk for one in treatments]
        outcomes = _outcomes(seen, viewer)
        readable = set(
            Meeting.objects.minutes_visible_to(viewer)
            .filter(pk__in={one.meeting_id for one in treatments if not outcomes[one.pk]})
            .values_list("pk", flat=True)
        )
        steps = (
            TrailStep(
                body=one.body,  # type: ignore[attr-defined]
                date_text=format_date(one.meeting.date),
                number=one.number,
                title=one.title,
                url=one.get_absolute_url(),
                how=_HOW[AgendaItem.Continuation(one.continuation)] if one.continues_id in seen else "",
                is_here=one.pk == item.pk,
                is_decided=bool(outcomes[one.pk]),
                outcomes=tuple(outcomes[one.pk]),
                without_outcome="" if outcomes[one.pk] else _without_outcome(one.meeting, readable),
            )
            for one in treatments
        )
        return cls(tuple(steps), waiting)


def way_of(item: AgendaItem) -> list[Routing]:
    """Ask for the bodies the case passes, in order; the item came through `visible_to`."""
    return list(Routing.including_closed.filter(item=item).select_related("committee"))


def _outcomes(items: list[int], viewer: Any) -> defaultdict[int, list[TrailOutcome]]:
    """The decisions of each item; at-points that were decided in the same words stand together."""
    decisions = list(
        Decision.including_closed.visible_to(viewer)
        .filter(item__in=items)
        .with_effective_category()
        .select_related("recommendation")
        .order_by("item", "recommendation__number", "pk")
    )
    stays = Stay.including_closed.visible_to(viewer).filter(decision__in=[one.pk for one in decisions])
    held_back = set(stays.exclude(outcome__verdict="confirmed").values_list("decision", flat=True))
    alike: dict[tuple[Any, ...], list[Decision]] = defaultdict(list)
    for one in decisions:
        effective = one.effective_category  # type: ignore[attr-defined]
        alike[(one.item_id, effective, one.text, one.pk in held_back)].append(one)
    told: defaultdict[int, list[TrailOutcome]] = defaultdict(list)
    for (item, effective, text, is_stayed), same in alike.items():
        points = [one.recommendation.number for one in same if one.recommendation]
        category = Category(effective)
        kind = CATEGORY_KINDS.get(category, "plain")
        told[item].append(TrailOutcome(ad(points), str(category.label), kind, text, is_stayed))
    return told


def _without_outcome(meeting: Meeting, readable: set[int]) -> str:
    """What stands where a decision would: an outsider is not told whether there is one."""
    if meeting.cancelled:
        return "Mødet er aflyst."
    if meeting.date >= today():
        return "På dagsordenen."
    if meeting.pk in readable:
        return "Beslutningen er ikke ført til protokol endnu."
    return "Referatet er ikke offentliggjort."


def _waiting(way: Iterable[Routing], treatments: list[AgendaItem], viewer: Any) -> list[TrailWait]:
    """The bodies that come after the last one known to have the case. Of a body whose agendas the viewer does not read,
    only what is public is denied: it may have the case on a closed agenda.
    """
    way = [one for one in way if one.is_marked]
    bodies = {one.meeting.committee_id for one in treatments}
    letters = {one.meeting.committee.abbreviation.casefold() for one in treatments} - {""}
    known = [n for n, one in enumerate(way) if one.committee_id in bodies or one.abbreviation.casefold() in letters]
    rest = way[max(known) + 1 :] if known else way
    return [
        TrailWait(
            str(one.committee or one.abbreviation),
            "endnu ikke behandlet"
            if one.committee and has_right(viewer, Right.READ_CLOSED, one.committee)
            else "ingen offentliggjort behandling endnu",
        )
        for one in rest
    ]

"""Udvalgene: one committee with its members, meetings, sets and dialogues; and the list of all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple, Self

from django.db.models import Prefetch, Q

from kit.danish import sort_key
from kit.dates import format_date
from meetings.documents.promises import OpenPromises
from meetings.models import Committee, LeaderGroup, Meeting, Membership
from pejlemaerker.models import Dialogue, GoalPeriod, GoalSet

MEETINGS_SHOWN = 12
_SEAT_ORDER = [Membership.Seat.CHAIR, Membership.Seat.VICE_CHAIR, Membership.Seat.MEMBER, Membership.Seat.SUBSTITUTE]


@dataclass(frozen=True, slots=True)
class PeriodSets:
    """En periode and its sets."""

    period: GoalPeriod
    sets: tuple[GoalSet, ...]


@dataclass(frozen=True, slots=True)
class CommitteeDocument:
    """Et udvalg, for one viewer on one day."""

    committee: Committee
    members: tuple[Membership, ...]
    meetings: tuple[Meeting, ...]
    has_more_meetings: bool
    periods: tuple[PeriodSets, ...]
    dialogues: tuple[Dialogue, ...]
    promises: OpenPromises
    former_names: tuple[str, ...]
    successors: tuple[Committee, ...]

    @classmethod
    def for_committee(cls, committee: Committee, *, viewer: Any, on: date) -> Self:
        """Gather what the viewer may see."""
        meetings = list(Meeting.objects.visible_to(viewer).filter(committee=committee)[: MEETINGS_SHOWN + 1])
        return cls(
            committee=committee,
            members=_members(committee, on),
            meetings=tuple(meetings[:MEETINGS_SHOWN]),
            has_more_meetings=len(meetings) > MEETINGS_SHOWN,
            periods=_periods(committee, viewer),
            dialogues=tuple(dialogues_of(viewer).filter(committee=committee)),
            promises=OpenPromises.of(committee, viewer=viewer),
            former_names=former_names(committee),
            successors=_in_danish_order(committee.successors.all()),
        )


def former_names(committee: Committee) -> tuple[str, ...]:
    """Tell what a committee was called, the latest first: "til 31. december 2021: Børneudvalget"."""
    return tuple(f"til {format_date(one.until)}: {one.name}" for one in reversed(committee.former_names.all()))


def _in_danish_order(committees: Iterable[Committee]) -> tuple[Committee, ...]:
    return tuple(sorted(committees, key=lambda one: sort_key(one.name)))


def dialogues_of(viewer: Any) -> Any:
    """Dialogue meetings the viewer may see, with the leaders they were held with."""
    groups = Prefetch("leader_groups", LeaderGroup.objects.order_by("name"))
    return Dialogue.objects.visible_to(viewer).prefetch_related(groups)


def _members(committee: Committee, on: date) -> tuple[Membership, ...]:
    seats = Membership.objects.current(on).filter(committee=committee).select_related("person")
    return tuple(
        sorted(seats, key=lambda seat: (_SEAT_ORDER.index(Membership.Seat(seat.seat)), sort_key(seat.person.name)))
    )


def _periods(committee: Committee, viewer: Any) -> tuple[PeriodSets, ...]:
    sets = (
        GoalSet.objects.visible_to(viewer)
        .filter(period__committee=committee)
        .select_related("period", "area")
        .order_by("-period__starts_on", "area__position", "pk")
    )
    return tuple(PeriodSets(period, tuple(group)) for period, group in groupby(sets, key=lambda one: one.period))


class CommitteeLine(NamedTuple):
    """Et udvalg in the list: what it was called before, and what came after it."""

    committee: Committee
    former_names: tuple[str, ...]
    successors: tuple[Committee, ...]


@dataclass(frozen=True, slots=True)
class MunicipalityCommittees:
    """En kommune and its committees: those that sit now, and those that did."""

    name: str
    sitting: tuple[CommitteeLine, ...]
    former: tuple[CommitteeLine, ...]


@dataclass(frozen=True, slots=True)
class CommitteeListDocument:
    """Alle udvalg, on one day."""

    municipalities: tuple[MunicipalityCommittees, ...]

    @classmethod
    def on(cls, day: date) -> Self:
        """List the committees; their names are public."""
        committees = sorted(
            Committee.objects.select_related("municipality")
            .prefetch_related("former_names", "successors")
            .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day)),
            key=lambda one: (sort_key(one.municipality.name), sort_key(one.name)),
        )
        by_municipality = groupby(committees, key=lambda one: one.municipality.name)
        return cls(tuple(_split(name, list(group), day) for name, group in by_municipality))


def _split(name: str, committees: list[Committee], day: date) -> MunicipalityCommittees:
    lines = [CommitteeLine(one, former_names(one), _in_danish_order(one.successors.all())) for one in committees]
    former = {one.pk for one in committees if one.valid_to and one.valid_to < day}
    return MunicipalityCommittees(
        name,
        tuple(line for line in lines if line.committee.pk not in former),
        tuple(line for line in lines if line.committee.pk in former),
    )

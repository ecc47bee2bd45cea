"""Udvalgene: one committee with its members, meetings, sets and dialogues; and the list of all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple, Self

from django.db.models import Q

from kit.clock import today
from kit.danish import join_words, sort_key
from kit.dates import format_date
from meetings.documents.promises import OpenPromises
from meetings.models import Committee, Meeting, Membership
from pejlemaerker.documents.as_of import AsOfNote, chosen_day, day_query
from pejlemaerker.documents.known_dialogues import KnownDialogue, known_dialogues
from pejlemaerker.documents.known_meetings import known_meetings
from pejlemaerker.models import AsOf, GoalSet

MEETINGS_SHOWN = 12
_SEAT_ORDER = [Membership.Seat.CHAIR, Membership.Seat.VICE_CHAIR, Membership.Seat.MEMBER, Membership.Seat.SUBSTITUTE]


class SetLine(NamedTuple):
    """Et sæt, and the other committees that share it."""

    goal_set: GoalSet
    shared_with: str


@dataclass(frozen=True, slots=True)
class PeriodSets:
    """En periode and its sets."""

    period: str
    sets: tuple[SetLine, ...]


@dataclass(frozen=True, slots=True)
class CommitteeDocument:
    """Et udvalg, for one viewer on one day."""

    committee: Committee
    at: AsOf
    members: tuple[Membership, ...]
    meetings: tuple[Meeting, ...]
    has_more_meetings: bool
    periods: tuple[PeriodSets, ...]
    dialogues: tuple[KnownDialogue, ...]
    planned: tuple[KnownDialogue, ...]  # those that lie ahead, the soonest first
    promises: OpenPromises
    former_names: tuple[str, ...]
    successors: tuple[Committee, ...]
    kept_since: date

    @classmethod
    def for_committee(cls, committee: Committee, *, viewer: Any, at: AsOf) -> Self:
        """Gather what the viewer may see, as it was and was known on a day. Promises are told as they stand today."""
        meetings = list(known_meetings(viewer, at=at).filter(committee=committee)[: MEETINGS_SHOWN + 1])
        sets = _sets(committee, viewer, at)
        since = max((one.kept_since for one in sets), default=date.min)
        dialogues = _dialogues(committee, viewer, at)
        return cls(
            committee=committee,
            at=at,
            members=_members(committee, at.on),
            meetings=tuple(meetings[:MEETINGS_SHOWN]),
            has_more_meetings=len(meetings) > MEETINGS_SHOWN,
            periods=_periods(committee, sets),
            dialogues=tuple(one for one in dialogues if one.was_known(at, kept_since=since)),
            planned=tuple(one for one in reversed(dialogues) if one.was_planned(at)),
            promises=OpenPromises.of(committee, viewer=viewer) if at.on >= today() else OpenPromises((), 0),
            former_names=former_names(committee, on=at.on),
            successors=_in_danish_order(one for one in committee.successors.all() if _had_begun(one, at.on)),
            kept_since=since,
        )

    @property
    def name(self) -> str:
        """The name it bore that day."""
        return self.committee.name_on(self.at.on)

    @property
    def ended_on(self) -> date | None:
        """The day it ceased, where that is not still to come on a day gone by."""
        until = self.committee.valid_to
        return until if until and (self.at.on >= today() or until < self.at.on) else None

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.kept_since)

    @property
    def chosen_day(self) -> str:
        """The day as the form that chooses it shows it."""
        return chosen_day(self.at)

    @property
    def day_query(self) -> str:
        """What keeps links on the day."""
        return day_query(self.at)


def _had_begun(committee: Committee, on: date) -> bool:
    return committee.valid_from is None or committee.valid_from <= on or on >= today()


def former_names(committee: Committee, *, on: date) -> tuple[str, ...]:
    """Tell what a committee was called before a day, the latest first: "til 31. december 2021: Børneudvalget"."""
    former = reversed([one for one in committee.former_names.all() if one.until < on])
    return tuple(f"til {format_date(one.until)}: {one.name}" for one in former)


def _in_danish_order(committees: Iterable[Committee]) -> tuple[Committee, ...]:
    return tuple(sorted(committees, key=lambda one: sort_key(one.name)))


def _members(committee: Committee, on: date) -> tuple[Membership, ...]:
    seats = Membership.objects.current(on).filter(committee=committee).select_related("person")
    return tuple(
        sorted(seats, key=lambda seat: (_SEAT_ORDER.index(Membership.Seat(seat.seat)), sort_key(seat.person.name)))
    )


def _sets(committee: Committee, viewer: Any, at: AsOf) -> list[GoalSet]:
    """The committee's own sets and those it shares, that were known that day or whose period had begun."""
    known = Q(kept_since__lte=at.known) | Q(period__starts_on__lte=at.on)
    return list(
        GoalSet.objects.visible_to(viewer)
        .filter(known, Q(period__committee=committee) | Q(pk__in=committee.shared_goal_sets.values("pk")))
        .select_related("period__committee", "area")
        .prefetch_related("partners")
        .order_by("-period__starts_on", "-period__ends_on", "area__position", "pk")
    )


def _periods(committee: Committee, sets: list[GoalSet]) -> tuple[PeriodSets, ...]:
    return tuple(
        PeriodSets(period, tuple(SetLine(one, _shared_with(one, committee)) for one in group))
        for period, group in groupby(sets, key=lambda one: str(one.period))
    )


def _dialogues(committee: Committee, viewer: Any, at: AsOf) -> list[KnownDialogue]:
    """The committee's dialogue meetings as they were known on a day, held and planned."""
    found = known_dialogues(Q(committee=committee), viewer=viewer, at=at, with_leaders=True)
    return [one for one in found if one.dialogue.committee_id == committee.pk]


def _shared_with(goal_set: GoalSet, committee: Committee) -> str:
    """Name the other committees that share a set: the one that keeps it, and its partners."""
    others = {one for one in (goal_set.period.committee, *goal_set.partners.all()) if one != committee}
    return join_words(sorted((one.name for one in others), key=sort_key))


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
    lines = [
        CommitteeLine(one, former_names(one, on=day), _in_danish_order(one.successors.all())) for one in committees
    ]
    former = {one.pk for one in committees if one.valid_to and one.valid_to < day}
    return MunicipalityCommittees(
        name,
        tuple(line for line in lines if line.committee.pk not in former),
        tuple(line for line in lines if line.committee.pk in former),
    )

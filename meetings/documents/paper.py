"""Mødets papirer: the agenda (dagsorden) and the minutes (referat), one object for one viewer. The public edition is
simply the paper of somebody who is not let in. Every string is Danish and finished.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

from django.utils import timezone

from kit.clock import today
from kit.danish import join_words
from kit.dates import format_date, format_datetime, format_time
from meetings.documents.attendance import AttendanceList
from meetings.documents.minutes import signatories
from meetings.documents.paper_items import PaperItem, PaperTrace, paper_items
from meetings.documents.parts import Addition, Fact, additions_to_minutes
from meetings.documents.treatment import named
from meetings.models import (
    AGENDA,
    MINUTES,
    AgendaItem,
    Closing,
    Dispatch,
    Meeting,
    Membership,
    Publication,
    Right,
    Roll,
    Seal,
    Signature,
    has_right,
    seats_on_the_day,
)


@dataclass(frozen=True, slots=True)
class Part:
    """Åbne punkter, or Lukkede punkter: items that stand together on the agenda."""

    heading: str
    items: tuple[PaperItem | PaperTrace, ...]


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """En underskrift: who, and when on their own login."""

    name: str
    when: str


@dataclass(frozen=True, slots=True)
class SealLine:
    """Forseglingen: when the protocol was finished, and the fingerprint to hold a copy against."""

    when: str
    fingerprint: str
    reason: str

    @property
    def short(self) -> str:
        """As much of the fingerprint as the foot of a page has room for."""
        start = self.fingerprint[:16]
        return " ".join(start[place : place + 4] for place in range(0, len(start), 4))


@dataclass(frozen=True, slots=True)
class MeetingPaper:
    """En dagsorden or et referat for one viewer who may see the meeting (and may read the minutes)."""

    is_minutes: bool
    municipality: str
    committee: str
    day: str
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    additions: tuple[Addition, ...]
    signatures: tuple[SignatureLine, ...]
    seal: SealLine | None
    letterhead: tuple[Fact, ...]  # how far the paper has come, and whose copy it is
    is_internal: bool
    is_draft: bool
    is_demo: bool
    produced_on: str

    @classmethod
    def agenda(cls, meeting: Meeting, *, viewer: Any) -> Self:
        """The agenda as it stands now: what the members are called to decide."""
        sent = list(Dispatch.objects.filter(meeting=meeting))
        seats = [_seat(one) for one in seats_on_the_day(meeting)]
        return cls._of(
            meeting,
            viewer,
            is_minutes=False,
            people=(Fact("Medlemmer", join_words(seats)),) if seats else (),
            state=tuple(Fact(f"{one} udsendt", _moment(one.sent_at)) for one in sent),
            is_finished=bool(sent) or _is_public(meeting, AGENDA),
        )

    @classmethod
    def minutes(cls, meeting: Meeting, *, viewer: Any) -> Self:
        """The minutes; the caller has seen to it that the viewer may read them."""
        closing = Closing.objects.filter(meeting=meeting).first()
        seal = Seal.objects.filter(meeting=meeting).first()
        state = (
            Fact("Mødet lukket", _moment(closing.closed_at) if closing else ""),
            Fact("Protokollen forseglet", _moment(seal.sealed_at) if seal else ""),
        )
        roll = Roll.of(meeting)
        return cls._of(
            meeting,
            viewer,
            is_minutes=True,
            people=AttendanceList.of(roll).facts,
            state=tuple(fact for fact in state if fact.value),
            is_finished=closing is not None or _is_public(meeting, MINUTES),
            additions=additions_to_minutes(
                meeting, names_officials=has_right(viewer, Right.READ_MEETINGS, meeting.committee)
            ),
            signatures=_signatures(meeting, roll, viewer),
            seal=SealLine(_moment(seal.sealed_at), seal.fingerprint, seal.reason) if seal else None,
        )

    @classmethod
    def _of(
        cls,
        meeting: Meeting,
        viewer: Any,
        *,
        is_minutes: bool,
        people: tuple[Fact, ...],
        state: tuple[Fact, ...],
        is_finished: bool,
        additions: tuple[Addition, ...] = (),
        signatures: tuple[SignatureLine, ...] = (),
        seal: SealLine | None = None,
    ) -> Self:
        items = paper_items(meeting, viewer=viewer, with_decisions=is_minutes)
        return cls(
            is_minutes=is_minutes,
            municipality=meeting.committee.municipality.name,
            committee=meeting.held_by,
            day=format_date(meeting.date),
            facts=(*_facts(meeting), *people),
            parts=_parts(items),
            additions=additions,
            signatures=signatures,
            seal=seal,
            letterhead=(*state, *_audience(meeting, items, viewer)),
            is_internal=has_right(viewer, Right.READ_MEETINGS, meeting.committee),
            is_draft=not is_finished,
            is_demo=meeting.is_demo,
            produced_on=format_date(today()),
        )

    @property
    def kind(self) -> str:
        """What the paper is."""
        return "Referat" if self.is_minutes else "Dagsorden"

    @property
    def title(self) -> str:
        """Referat: Børne- og Uddannelsesudvalget, 3. oktober 2022."""
        return f"{self.kind}: {self.committee}, {self.day}"

    @property
    def lines(self) -> tuple[PaperItem | PaperTrace, ...]:
        """All items, for the contents."""
        return tuple(item for part in self.parts for item in part.items)

    @property
    def marks(self) -> str:
        """What stands in the corner of every page."""
        said = (("UDKAST", self.is_draft), ("INTERN", self.is_internal), ("DEMO", self.is_demo))
        return " · ".join(word for word, holds_true in said if holds_true)

    @property
    def foot(self) -> str:
        """What stands below every page; the fingerprint, once there is one to hold the paper against."""
        sealed = f" · fingeraftryk {self.seal.short}" if self.seal else ""
        return f"Udskrevet {self.produced_on}{sealed}"


def _facts(meeting: Meeting) -> tuple[Fact, ...]:
    hours = [format_time(hour).removeprefix("kl. ") for hour in (meeting.starts_at, meeting.ends_at) if hour]
    day = format_date(meeting.date, weekday=True)
    known = (
        Fact("Dato", day[:1].upper() + day[1:]),
        Fact("Tid", f"Kl. {'–'.join(hours)}" if meeting.starts_at else ""),
        Fact("Sted", meeting.place),
        Fact("Møde", "" if meeting.kind == Meeting.Kind.ORDINARY else meeting.get_kind_display()),
        Fact("Aflyst", meeting.cancelled),
    )
    return tuple(fact for fact in known if fact.value)


def _seat(seat: Membership) -> str:
    who = named(str(seat.person), seat.party)
    return who if seat.seat == Membership.Seat.MEMBER else f"{who}, {seat.get_seat_display().lower()}"


def _parts(items: tuple[PaperItem | PaperTrace, ...]) -> tuple[Part, ...]:
    """Keep the order of the agenda: where open and closed items take turns, so do the headings."""
    runs = groupby(items, key=lambda item: item.is_closed)
    return tuple(Part("Lukkede punkter" if is_closed else "Åbne punkter", tuple(run)) for is_closed, run in runs)


def _audience(meeting: Meeting, items: tuple[PaperItem | PaperTrace, ...], viewer: Any) -> tuple[Fact, ...]:
    """Whose copy it is, for those who get more than the public does."""
    if not has_right(viewer, Right.READ_MEETINGS, meeting.committee):
        return ()
    reads_closed = any(item.is_closed and not item.is_trace for item in items)
    return (Fact(f"{'Fortroligt' if reads_closed else 'Internt'} eksemplar for", str(viewer)),)


def _is_public(meeting: Meeting, subject: str) -> bool:
    acts = Publication.objects.filter(subject=subject, subject_pk=meeting.pk).order_by("-pk")
    return acts.values_list("act", flat=True).first() == Publication.Act.PUBLISHED


def _signatures(meeting: Meeting, roll: Roll, viewer: Any) -> tuple[SignatureLine, ...]:
    """Who signed, among those the viewer is told took part: a substitute on a closed item is part of that item."""
    visible = AgendaItem.including_closed.visible_to(viewer).filter(meeting=meeting)
    told = signatories(meeting, items=visible)
    signed = Signature.objects.filter(meeting=meeting, person__in=told).select_related("person")
    return tuple(
        SignatureLine(named(str(one.person), roll.party_of(one.person)), _moment(one.signed_at)) for one in signed
    )


def _moment(at: Any) -> str:
    return format_datetime(timezone.localtime(at))

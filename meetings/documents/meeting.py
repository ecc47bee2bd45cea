"""Et møde: its head, who was there, and its agenda with what was decided, as far as the viewer may read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db.models import Q
from django.utils import timezone

from kit.clock import today
from kit.dates import format_date, format_time
from meetings.documents.attendance import AttendanceList
from meetings.documents.changes import ItemChanges, changes_of
from meetings.documents.neighbour import Neighbour
from meetings.documents.parts import Addition, Fact, additions_to_minutes, reads_minutes
from meetings.documents.state import MeetingState, with_state
from meetings.documents.treatment import Treatment, treatments
from meetings.models import (
    AGENDA,
    MINUTES,
    AgendaItem,
    Dispatch,
    Meeting,
    Publication,
    Right,
    Roll,
    has_right,
)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item the viewer may read."""

    is_trace: ClassVar[bool] = False
    position: int
    number: str
    title: str
    url: str
    is_closed: bool
    treatment: Treatment | None
    change: str  # since the agenda was sent out; for the committee's own people

    @property
    def is_decided(self) -> bool:
        """Whether at least some of it is decided."""
        return self.treatment is not None and bool(self.treatment.outcomes)


@dataclass(frozen=True, slots=True)
class ClosedTrace:
    """A closed item for everybody else. It has no title, so it can show none."""

    is_trace: ClassVar[bool] = True
    position: int
    number: str
    public_heading: str
    open_decision: str

    @property
    def is_decided(self) -> bool:
        """Whether something may be told of what was decided."""
        return bool(self.open_decision)


@dataclass(frozen=True, slots=True)
class MeetingDocument:
    """A meeting for one viewer."""

    meeting: Meeting
    held_by: str
    lines: tuple[ItemLine | ClosedTrace, ...]
    facts: tuple[Fact, ...]
    shows_decisions: bool
    attendance: AttendanceList | None
    additions: tuple[Addition, ...]
    state: MeetingState | None
    is_sent: bool
    is_closed: bool
    before: Neighbour | None
    after: Neighbour | None

    @classmethod
    def for_meeting(cls, meeting: Meeting, *, viewer: Any) -> Self:
        """Ask for the items the viewer may see, for traces of the rest, and for what of the protocol the viewer may
        read.
        """
        inside = has_right(viewer, Right.READ_MEETINGS, meeting.committee)
        here = with_state(Meeting.objects.filter(pk=meeting.pk), viewer=viewer).get()
        is_sent, is_closed = here.is_sent, here.is_closed  # type: ignore[attr-defined]
        shows_decisions = reads_minutes(viewer, meeting)
        every = AgendaItem.including_closed.filter(meeting=meeting)
        items = list(every.visible_to(viewer))
        roll = Roll.of(meeting) if shows_decisions else None
        treated = treatments(meeting, viewer=viewer, items=items, roll=roll)
        changes = changes_of(meeting, viewer=viewer) if is_sent else {}
        reads_all = has_right(viewer, Right.READ_CLOSED, meeting.committee)
        before, after = _neighbours(meeting, viewer)
        lines: list[ItemLine | ClosedTrace] = [
            *(_line(item, treated.get(item.pk), changes.get(item.pk)) for item in items),
            *(() if reads_all else _traces(every.exclude(pk__in=[item.pk for item in items]), shows_decisions)),
        ]
        return cls(
            meeting=meeting,
            held_by=meeting.held_by,
            lines=tuple(sorted(lines, key=lambda line: line.position)),
            facts=(*(_sent(meeting) if is_sent else ()), *_published(meeting)) if inside else (),
            shows_decisions=shows_decisions,
            attendance=AttendanceList.of(roll) if roll else None,
            additions=additions_to_minutes(meeting, names_officials=inside) if shows_decisions and is_closed else (),
            state=MeetingState.of(here) if inside else None,
            is_sent=is_sent,
            is_closed=is_closed,
            before=before,
            after=after,
        )

    @property
    def has_come(self) -> bool:
        """Whether it is the day of the meeting, or later."""
        return self.meeting.date <= today()

    @property
    def has_decisions(self) -> bool:
        """Whether there is something to read of what was decided."""
        return any(line.is_decided for line in self.lines)

    @property
    def title(self) -> str:
        """Møde mandag den 3. oktober 2022."""
        name = "Møde" if self.meeting.kind == Meeting.Kind.ORDINARY else self.meeting.get_kind_display()
        return f"{name} {format_date(self.meeting.date, weekday=True)}"

    @property
    def lead(self) -> str:
        """Kl. 17.00–19.10, Rådhuset."""
        text = ", ".join(part for part in (_hours(self.meeting), self.meeting.place) if part)
        return text[:1].upper() + text[1:]


def _hours(meeting: Meeting) -> str:
    if meeting.starts_at is None:
        return ""
    end = f"–{format_time(meeting.ends_at).removeprefix('kl. ')}" if meeting.ends_at else ""
    return f"{format_time(meeting.starts_at)}{end}"


def _line(item: AgendaItem, treatment: Treatment | None, changes: ItemChanges | None) -> ItemLine:
    return ItemLine(
        item.position, item.number, item.title, item.get_absolute_url(), item.is_closed, treatment,
        changes.short if changes else "",
    )  # fmt: skip


def _traces(hidden: Any, shows_decisions: bool) -> list[ClosedTrace]:
    traces = hidden.closed_traces()
    return [ClosedTrace(**{**trace, "open_decision": trace["open_decision"] * shows_decisions}) for trace in traces]


def _neighbours(meeting: Meeting, viewer: Any) -> tuple[Neighbour | None, Neighbour | None]:
    """The committee's meetings before and after that the viewer may see, in one query."""
    own = Meeting.objects.visible_to(viewer).filter(committee=meeting.committee_id)
    earlier = own.filter(Q(date__lt=meeting.date) | Q(date=meeting.date, pk__lt=meeting.pk))
    later = own.filter(Q(date__gt=meeting.date) | Q(date=meeting.date, pk__gt=meeting.pk))
    nearest = earlier.order_by("-date", "-pk")[:1].union(later.order_by("date", "pk")[:1])
    found = {(one.date, one.pk) > (meeting.date, meeting.pk): one for one in nearest}
    return _neighbour(found.get(False)), _neighbour(found.get(True))


def _neighbour(meeting: Meeting | None) -> Neighbour | None:
    return Neighbour(f"Mødet {format_date(meeting.date)}", meeting.get_absolute_url()) if meeting else None


def _sent(meeting: Meeting) -> Iterator[Fact]:
    for sent in Dispatch.objects.filter(meeting=meeting):
        yield Fact(f"{sent} udsendt", format_date(timezone.localdate(sent.sent_at)))


def _published(meeting: Meeting) -> Iterator[Fact]:
    """Tell the committee's own people what of the meeting is public."""
    acts = Publication.objects.filter(subject__in=[AGENDA, MINUTES], subject_pk=meeting.pk).order_by("pk")
    latest = {act.subject: act for act in acts}
    for label, subject in (("Dagsorden", AGENDA), ("Referat", MINUTES)):
        yield Fact(label, _state(latest.get(subject)))


def _state(act: Publication | None) -> str:
    return f"{act.get_act_display()} {format_date(act.at)}" if act else "Ikke offentliggjort"

"""Et møde: its head, who was there, and its agenda with what was decided, as far as the viewer may read it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db.models import Q, QuerySet
from django.utils import timezone

from kit.clock import today
from kit.dates import format_date, format_time
from meetings.documents.attendance import AttendanceList
from meetings.documents.changes import ItemChanges, changes_of
from meetings.documents.neighbour import Neighbour
from meetings.documents.parts import Addition, Fact, holds
from meetings.documents.state import MeetingState, with_state
from meetings.documents.treatment import Treatment, treatments
from meetings.models import (
    AGENDA,
    MINUTES,
    AgendaItem,
    Dispatch,
    Meeting,
    MinutesAddition,
    Publication,
    Right,
    Roll,
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
        shows_decisions = Meeting.objects.minutes_visible_to(viewer).filter(pk=meeting.pk).exists()
        items = AgendaItem.including_closed.filter(meeting=meeting)
        visible = items.visible_to(viewer)
        roll = Roll.of(meeting) if shows_decisions else None
        treated = treatments(meeting, viewer=viewer, roll=roll)
        changes = changes_of(meeting, viewer=viewer)
        lines: list[ItemLine | ClosedTrace] = [
            *(_line(item, treated.get(item.pk), changes.get(item.pk)) for item in visible),
            *_traces(items, visible, shows_decisions),
        ]
        inside = holds(viewer, Right.READ_MEETINGS, meeting.committee)
        here = with_state(Meeting.objects.filter(pk=meeting.pk), viewer=viewer).get()
        return cls(
            meeting=meeting,
            held_by=meeting.held_by,
            lines=tuple(sorted(lines, key=lambda line: line.position)),
            facts=tuple(_publication_facts(meeting)) if inside else (),
            shows_decisions=shows_decisions,
            attendance=AttendanceList.of(roll) if roll else None,
            additions=tuple(_additions(meeting, names_officials=inside)) if shows_decisions else (),
            state=MeetingState.of(here) if inside else None,
            is_sent=here.is_sent,  # type: ignore[attr-defined]
            is_closed=here.is_closed,  # type: ignore[attr-defined]
            before=_nearest(meeting, viewer, _earlier(meeting), "-date", "-pk"),
            after=_nearest(meeting, viewer, _later(meeting), "date", "pk"),
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


def _traces(items: Any, visible: "QuerySet[AgendaItem]", shows_decisions: bool) -> list[ClosedTrace]:
    traces = items.exclude(pk__in=visible.values("pk")).closed_traces()
    return [ClosedTrace(**{**trace, "open_decision": trace["open_decision"] * shows_decisions}) for trace in traces]


def _nearest(meeting: Meeting, viewer: Any, side: Q, *order: str) -> Neighbour | None:
    of_the_committee = Meeting.objects.visible_to(viewer).filter(side, committee=meeting.committee_id)
    found = of_the_committee.order_by(*order).first()
    return Neighbour(f"Mødet {format_date(found.date)}", found.get_absolute_url()) if found else None


def _earlier(meeting: Meeting) -> Q:
    return Q(date__lt=meeting.date) | Q(date=meeting.date, pk__lt=meeting.pk)


def _later(meeting: Meeting) -> Q:
    return Q(date__gt=meeting.date) | Q(date=meeting.date, pk__gt=meeting.pk)


def _additions(meeting: Meeting, *, names_officials: bool) -> list[Addition]:
    rows = MinutesAddition.objects.filter(meeting=meeting).select_related("recorded_by")
    return [
        Addition(
            format_date(timezone.localdate(one.recorded_at)),
            str(one.recorded_by) if names_officials and one.recorded_by else "Forvaltningen", one.text, "",
        )
        for one in rows
    ]  # fmt: skip


def _publication_facts(meeting: Meeting) -> list[Fact]:
    """Tell the committee's own people when the agenda was sent, and what of the meeting is public."""
    acts = Publication.objects.filter(subject__in=[AGENDA, MINUTES], subject_pk=meeting.pk).order_by("pk")
    latest = {act.subject: act for act in acts}
    sent = [
        Fact(f"{sent} udsendt", format_date(timezone.localdate(sent.sent_at)))
        for sent in Dispatch.objects.filter(meeting=meeting)
    ]
    public = [
        Fact(label, _state(latest.get(subject))) for label, subject in (("Dagsorden", AGENDA), ("Referat", MINUTES))
    ]
    return sent + public


def _state(act: Publication | None) -> str:
    return f"{act.get_act_display()} {format_date(act.at)}" if act else "Ikke offentliggjort"

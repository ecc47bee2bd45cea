"""Et møde: its head and its agenda, with what was decided as far as the viewer may read it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db.models import QuerySet

from kit.dates import format_date
from meetings.documents.parts import Fact, Outcome, holds, when_and_where
from meetings.models import AGENDA, MINUTES, AgendaItem, Decision, Meeting, Publication, Right


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item the viewer may read."""

    is_trace: ClassVar[bool] = False
    position: int
    number: str
    title: str
    url: str
    is_closed: bool
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class ClosedTrace:
    """A closed item for everybody else. It has no title, so it can show none."""

    is_trace: ClassVar[bool] = True
    position: int
    number: str
    public_heading: str
    open_decision: str


@dataclass(frozen=True, slots=True)
class MeetingDocument:
    """A meeting for one viewer."""

    meeting: Meeting
    lines: tuple[ItemLine | ClosedTrace, ...]
    facts: tuple[Fact, ...]
    shows_decisions: bool

    @classmethod
    def for_meeting(cls, meeting: Meeting, *, viewer: Any) -> Self:
        """Ask for the items the viewer may see, for traces of the rest, and for the decisions the viewer may read."""
        shows_decisions = Meeting.objects.minutes_visible_to(viewer).filter(pk=meeting.pk).exists()
        items = AgendaItem.including_closed.filter(meeting=meeting)
        visible = items.visible_to(viewer)
        lines: list[ItemLine | ClosedTrace] = [
            *_lines(visible, _outcomes(meeting, viewer)),
            *_traces(items, visible, shows_decisions),
        ]
        return cls(
            meeting=meeting,
            lines=tuple(sorted(lines, key=lambda line: line.position)),
            facts=tuple(_publication_facts(meeting)) if holds(viewer, Right.READ_MEETINGS, meeting.committee) else (),
            shows_decisions=shows_decisions,
        )

    @property
    def title(self) -> str:
        """Møde mandag den 3. oktober 2022."""
        name = "Møde" if self.meeting.kind == Meeting.Kind.ORDINARY else self.meeting.get_kind_display()
        return f"{name} {format_date(self.meeting.date, weekday=True)}"

    @property
    def lead(self) -> str:
        """Kl. 17.00, Rådhuset."""
        text = when_and_where(self.meeting)
        return text[:1].upper() + text[1:]


def _outcomes(meeting: Meeting, viewer: Any) -> dict[int, Outcome]:
    decisions = Decision.including_closed.visible_to(viewer).filter(item__meeting=meeting, recommendation=None)
    return {decision.item_id: Outcome.of(decision) for decision in decisions.with_effective_category()}


def _lines(visible: "QuerySet[AgendaItem]", outcomes: dict[int, Outcome]) -> list[ItemLine]:
    return [
        ItemLine(item.position, item.number, item.title, item.get_absolute_url(), item.is_closed, outcomes.get(item.pk))
        for item in visible
    ]


def _traces(items: Any, visible: "QuerySet[AgendaItem]", shows_decisions: bool) -> list[ClosedTrace]:
    traces = items.exclude(pk__in=visible.values("pk")).closed_traces()
    return [ClosedTrace(**{**trace, "open_decision": trace["open_decision"] * shows_decisions}) for trace in traces]


def _publication_facts(meeting: Meeting) -> list[Fact]:
    """Tell the committee's own people what of the meeting is public."""
    acts = Publication.objects.filter(subject__in=[AGENDA, MINUTES], subject_pk=meeting.pk).order_by("pk")
    latest = {act.subject: act for act in acts}
    return [
        Fact(label, _state(latest.get(subject))) for label, subject in (("Dagsorden", AGENDA), ("Referat", MINUTES))
    ]


def _state(act: Publication | None) -> str:
    return f"{act.get_act_display()} {format_date(act.at)}" if act else "Ikke offentliggjort"

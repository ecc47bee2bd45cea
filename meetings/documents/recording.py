"""Beslutningsprotokollen under mødet: every item with its indstilling, its draft and how it was treated."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

from kit.clock import moment
from meetings.documents.at_points import AtPoints
from meetings.documents.attendance import AttendanceList
from meetings.documents.parts import Outcome, Proposal, ad, item_name, meeting_name
from meetings.documents.treatment import Treatment, points_of, treatments
from meetings.models import AgendaItem, Closing, Decision, DecisionDraft, Meeting, Recommendation, Roll


@dataclass(frozen=True, slots=True)
class ProtocolEntry:
    """One item, and how far it has come."""

    item: AgendaItem
    proposal: Proposal
    draft: DecisionDraft | None
    treatment: Treatment
    at_points: AtPoints = field(default_factory=AtPoints)

    @property
    def state(self) -> str:
        """Mangler beslutning → Kladde gemt kl. 14.32 → Ført til protokollen kl. 14.35 af …"""
        if self.treatment.is_decided:
            return self.treatment.outcomes[-1].recorded
        if self.draft and (self.draft.text or self.draft.category):
            return saved_at(self.draft)
        return f"Mangler beslutning {ad(self.at_points.undecided).lower()}" if self.is_begun else "Mangler beslutning"

    @property
    def is_begun(self) -> bool:
        """Whether some of the at-points are decided, and others not."""
        return bool(self.treatment.outcomes) and not self.treatment.is_decided


def saved_at(draft: DecisionDraft) -> str:
    """Kladde gemt kl. 14.32."""
    return f"Kladde gemt {moment(draft.edited_at)}"


@dataclass(frozen=True, slots=True)
class RecordingDocument:
    """A meeting's items as the secretary works through them."""

    meeting: Meeting
    entries: tuple[ProtocolEntry, ...]
    attendance: AttendanceList
    closed: str  # when the meeting was closed, or nothing while it is open

    @classmethod
    def for_meeting(cls, meeting: Meeting, *, viewer: Any) -> Self:
        """Ask the same queries, however long the agenda is."""
        items = list(AgendaItem.including_closed.visible_to(viewer).filter(meeting=meeting))
        points, roll = points_of(items), Roll.of(meeting)
        told = treatments(meeting, viewer=viewer, items=items, points=points, roll=roll)
        drafts = {draft.item_id: draft for draft in DecisionDraft.including_closed.filter(item__in=items)}
        closing = Closing.objects.filter(meeting=meeting).first()
        return cls(
            meeting,
            tuple(_entry(item, points[item.pk], drafts.get(item.pk), told.get(item.pk, Treatment())) for item in items),
            AttendanceList.of(roll),
            moment(closing.closed_at) if closing else "",
        )

    def next_undecided(self, item: AgendaItem | None = None) -> AgendaItem | None:
        """The item to go on with, perhaps after this one: this itself while at-points of it wait, then the next that
        lacks a decision, else the first.
        """
        waiting = [entry.item for entry in self.entries if not entry.treatment.is_decided]
        begun = [entry.item for entry in self.entries if entry.is_begun and entry.item == item]
        later = (other for other in waiting if item and other.position > item.position)
        return begun[0] if begun else next(later, waiting[0] if waiting else None)

    @property
    def eyebrow(self) -> str:
        """Whose meeting, and when."""
        return meeting_name(self.meeting)

    @property
    def total(self) -> int:
        """How many items there are."""
        return len(self.entries)

    @property
    def missing(self) -> int:
        """How many of them lack a decision."""
        return sum(not entry.treatment.is_decided for entry in self.entries)


def _entry(
    item: AgendaItem, recommendations: list[Recommendation], draft: DecisionDraft | None, treatment: Treatment
) -> ProtocolEntry:
    at_points = AtPoints.of(recommendations, treatment.outcomes)
    return ProtocolEntry(item, Proposal.of(recommendations), draft, treatment, at_points)


@dataclass(frozen=True, slots=True)
class CorrectionDocument:
    """The decision that a dated addition is to stand below, beside what was proposed."""

    item: AgendaItem
    proposal: Proposal
    outcome: Outcome

    @classmethod
    def for_decision(cls, decision: Decision, item: AgendaItem, *, viewer: Any) -> Self:
        """Tell the decision as it stands; decision and item came through `visible_to`."""
        point = decision.recommendation.number if decision.recommendation else None
        outcomes = treatments(item.meeting, viewer=viewer, items=[item])[item.pk].outcomes
        outcome = next(one for one in outcomes if point in one.points or (point is None and not one.points))
        if point is not None:  # of several points in the same words, the addition is on this one
            outcome = replace(outcome, points=(point,), label=ad([point]))
        return cls(item, Proposal.of(Recommendation.including_closed.filter(item=item)), outcome)

    @property
    def title(self) -> str:
        """Ret ad 2 ved dateret tilføjelse."""
        return " ".join(part for part in ("Ret", self.outcome.label.lower(), "ved dateret tilføjelse") if part)

    @property
    def eyebrow(self) -> str:
        """Which item, and of which meeting."""
        return item_name(self.item)

"""Beslutningsprotokollen under mødet: every item with its indstilling, its draft and its decision."""

from dataclasses import dataclass
from typing import Any, Self

from kit.clock import moment
from meetings.documents.parts import Outcome, Proposal, meeting_name
from meetings.models import AgendaItem, Correction, Decision, DecisionDraft, Meeting, Recommendation


@dataclass(frozen=True, slots=True)
class ProtocolEntry:
    """One item, and how far it has come."""

    item: AgendaItem
    proposal: Proposal
    draft: DecisionDraft | None
    outcome: Outcome | None

    @property
    def state(self) -> str:
        """Mangler beslutning → Kladde gemt kl. 14.32 → Ført til protokollen kl. 14.35 af …"""
        if self.outcome:
            return self.outcome.recorded
        return saved_at(self.draft) if self.draft else "Mangler beslutning"


def saved_at(draft: DecisionDraft) -> str:
    """Kladde gemt kl. 14.32."""
    return f"Kladde gemt {moment(draft.edited_at)}"


@dataclass(frozen=True, slots=True)
class RecordingDocument:
    """A meeting's items as the secretary works through them."""

    meeting: Meeting
    entries: tuple[ProtocolEntry, ...]

    @classmethod
    def for_meeting(cls, meeting: Meeting, *, viewer: Any) -> Self:
        """Ask five queries, however long the agenda is."""
        items = list(AgendaItem.including_closed.visible_to(viewer).filter(meeting=meeting))
        proposals = _by_item(Recommendation.including_closed.filter(item__meeting=meeting))
        drafts = {draft.item_id: draft for draft in DecisionDraft.including_closed.filter(item__meeting=meeting)}
        outcomes = _outcomes(meeting)
        return cls(
            meeting,
            tuple(
                ProtocolEntry(item, Proposal.of(proposals.get(item.pk, [])), drafts.get(item.pk), outcomes.get(item.pk))
                for item in items
            ),
        )

    def next_undecided(self, item: AgendaItem | None = None) -> AgendaItem | None:
        """The item to go on with, perhaps after this one: the next that lacks a decision, else the first."""
        waiting = [entry.item for entry in self.entries if entry.outcome is None]
        later = (other for other in waiting if item and other.position > item.position)
        return next(later, waiting[0] if waiting else None)

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
        return sum(entry.outcome is None for entry in self.entries)


def _by_item(recommendations: Any) -> dict[int, list[Recommendation]]:
    grouped: dict[int, list[Recommendation]] = {}
    for recommendation in recommendations:
        grouped.setdefault(recommendation.item_id, []).append(recommendation)
    return grouped


def _outcomes(meeting: Meeting) -> dict[int, Outcome]:
    decisions = Decision.including_closed.filter(item__meeting=meeting, recommendation=None).with_effective_category()
    corrections = list(
        Correction.including_closed.filter(decision__item__meeting=meeting).select_related("recorded_by")
    )
    return {
        decision.item_id: Outcome.of(
            decision, [c for c in corrections if c.decision_id == decision.pk], names_officials=True
        )
        for decision in decisions.select_related("recorded_by")
    }

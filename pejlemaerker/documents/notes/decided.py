"""Punkterne, hvor der er besluttet noget om pejlemærkerne: those that a paper's readers may see, as known on a day.

Until a meeting is closed its votes and remarks may still be put right, so they are told only once it is; a decision
never changes, nor do the title and the indstilling of an item that is decided.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from kit.dates import format_date
from meetings.documents.grouping import grouped
from meetings.documents.treatment import Ballot
from meetings.models import (
    AgendaItem,
    Category,
    Closing,
    Correction,
    Decision,
    ProtocolNote,
    Recommendation,
    Stay,
    StayOutcome,
    Vote,
    VoteLine,
)
from pejlemaerker.models import AsOf, end_of, known_by, was_known


@dataclass(frozen=True, slots=True)
class Decided:
    """En beslutning, of the whole item or of one at-point, with what was added to it and what held it back."""

    decision: Decision
    additions: tuple[Correction, ...]
    stay: Stay | None
    outcome: StayOutcome | None

    @property
    def point(self) -> int | None:
        """The number of its at-point."""
        return self.decision.recommendation.number if self.decision.recommendation else None


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """Et punkt: what was proposed, what was decided, and who said otherwise."""

    item: AgendaItem
    proposal: tuple[Recommendation, ...]
    decided: tuple[Decided, ...]
    ballots: tuple[tuple[str, str], ...]  # what it was about, and how it ended
    voices: tuple[ProtocolNote, ...]
    is_final: bool  # whether the protocol is closed

    @property
    def on(self) -> date:
        """The day of the meeting."""
        return self.item.meeting.date

    @property
    def where(self) -> str:
        """Børne- og Uddannelsesudvalget, 3. oktober 2022, punkt 2."""
        return f"{self.item.meeting.held_by}, {format_date(self.on)}, punkt {self.item.number}"

    @classmethod
    def of_each(cls, pks: Iterable[int], *, viewer: Any, at: AsOf, kept_since: date) -> tuple[Self, ...]:
        """Gather those of some items that the viewer may see and on which something had been decided, in the order of
        the meetings; in as many queries for twenty as for one.
        """
        known = known_by(at.known, "decided_on", kept_since=kept_since)
        decisions = list(
            Decision.including_closed.visible_to(viewer)
            .filter(known, item__in=list(pks), decided_on__lte=at.on)
            .select_related("recommendation", "item__meeting__committee")
            .prefetch_related("item__meeting__committee__former_names")
            .order_by("item__meeting__date", "item__meeting", "item__position", "recommendation__number", "pk")
        )
        seen = {one.item_id: one.item for one in decisions}
        told = _Added.to(decisions, at=at, kept_since=kept_since)
        own, points = grouped(decisions), grouped(Recommendation.including_closed.filter(item__in=seen))
        spoken = _Spoken.on(seen.values(), at=at, kept_since=kept_since)
        return tuple(
            cls(
                item=item,
                proposal=tuple(points[pk]),
                decided=tuple(told.of_one(one) for one in own[pk]),
                ballots=tuple(spoken.ballots.get(pk, ())),
                voices=tuple(spoken.voices.get(pk, ())),
                is_final=pk in spoken.final,
            )
            for pk, item in seen.items()
        )


@dataclass(frozen=True, slots=True)
class _Added:
    """What came to decisions the viewer may see, afterwards."""

    corrections: dict[int, list[Correction]]
    stays: dict[int, Stay]
    at: AsOf
    kept_since: date

    @classmethod
    def to(cls, decisions: list[Decision], *, at: AsOf, kept_since: date) -> Self:
        corrections = Correction.including_closed.filter(decision__in=decisions, recorded_at__lt=end_of(at.known))
        stays = Stay.including_closed.filter(decision__in=decisions).select_related("outcome", "decision")
        known = {
            one.decision_id: one
            for one in stays
            if was_known(at.known, one.decision.decided_on, one.recorded_at, kept_since=kept_since)
        }
        return cls(grouped(corrections.order_by("pk"), "decision_id"), known, at, kept_since)

    def of_one(self, decision: Decision) -> Decided:
        stay = self.stays.get(decision.pk)
        outcome: StayOutcome | None = getattr(stay, "outcome", None)
        if outcome and not (
            outcome.decided_on <= self.at.on
            and was_known(self.at.known, outcome.decided_on, outcome.recorded_at, kept_since=self.kept_since)
        ):
            outcome = None
        return Decided(decision, tuple(self.corrections.get(decision.pk, ())), stay, outcome)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The votes and remarks on items the viewer may see, of the meetings whose protocol was closed."""

    ballots: dict[int, list[tuple[str, str]]]
    voices: dict[int, list[ProtocolNote]]
    final: frozenset[int]

    @classmethod
    def on(cls, items: Iterable[AgendaItem], *, at: AsOf, kept_since: date) -> Self:
        rows = list(items)
        meetings = {one.meeting_id for one in rows}
        closed = Closing.objects.filter(meeting__in=meetings, closed_at__lt=end_of(at.known))
        is_closed = set(closed.values_list("meeting", flat=True))
        # What was read from a document, or held before the house kept its meetings here, is closed elsewhere.
        final = frozenset(
            one.pk
            for one in rows
            if one.meeting_id in is_closed or one.meeting.source_document_id or one.meeting.date < kept_since
        )
        known = known_by(at.known, "item__meeting__date", kept_since=kept_since)
        votes = list(Vote.including_closed.filter(known, item__in=final).order_by("pk"))
        lines = grouped(
            VoteLine.including_closed.filter(vote__in=votes).select_related("person").order_by("pk"), "vote_id"
        )
        ballots: dict[int, list[tuple[str, str]]] = {}
        for vote in votes:
            ballots.setdefault(vote.item_id, []).append((vote.about, Ballot.of(vote, lines[vote.pk]).result))
        notes = ProtocolNote.including_closed.filter(known, item__in=final).order_by("pk")
        return cls(ballots, grouped(notes), final)


def category_after(one: Decided) -> Category:
    """What a decision amounts to after its additions."""
    corrected = [Category(addition.category) for addition in one.additions if addition.category]
    return corrected[-1] if corrected else Category(one.decision.category)

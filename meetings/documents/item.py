"""Et dagsordenspunkt: what was proposed beside what was decided, the case, its way through the bodies."""

from dataclasses import dataclass
from typing import Any, Self

from kit.danish import join_words
from meetings.documents.parts import Fact, Outcome, Proposal, holds, meeting_name
from meetings.models import (
    AgendaItem,
    Correction,
    Decision,
    ItemSection,
    Meeting,
    Recommendation,
    Right,
    Routing,
    readable_sources,
)


@dataclass(frozen=True, slots=True)
class ItemDocument:
    """An agenda item for one viewer who may see it."""

    item: AgendaItem
    proposal: Proposal
    outcome: Outcome | None
    without_outcome: str
    sections: tuple[ItemSection, ...]
    facts: tuple[Fact, ...]

    @classmethod
    def for_item(cls, item: AgendaItem, *, viewer: Any) -> Self:
        """Ask for all that hangs on the item; the item itself came through `visible_to`."""
        return cls(
            item=item,
            proposal=Proposal.of(Recommendation.including_closed.filter(item=item)),
            outcome=_outcome(item, viewer),
            without_outcome=_without_outcome(item, viewer),
            sections=tuple(ItemSection.including_closed.filter(item=item)),
            facts=tuple(_facts(item, viewer)),
        )

    @property
    def eyebrow(self) -> str:
        """Punkt 4 · Børne- og Uddannelsesudvalget · 12. december 2022."""
        return f"Punkt {self.item.number} · {meeting_name(self.item.meeting)}"


def _outcome(item: AgendaItem, viewer: Any) -> Outcome | None:
    decisions = Decision.including_closed.visible_to(viewer).filter(item=item, recommendation=None)
    decision = decisions.with_effective_category().select_related("recorded_by").first()
    if decision is None:
        return None
    corrections = Correction.including_closed.filter(decision=decision).select_related("recorded_by")
    return Outcome.of(decision, corrections, names_officials=holds(viewer, Right.READ_MEETINGS, item.meeting.committee))


def _without_outcome(item: AgendaItem, viewer: Any) -> str:
    """What stands where a decision would: an outsider is not told whether there is one."""
    if Meeting.objects.minutes_visible_to(viewer).filter(pk=item.meeting_id).exists():
        return "Beslutningen er ikke ført til protokol endnu."
    return "Referatet er ikke offentliggjort."


def _facts(item: AgendaItem, viewer: Any) -> list[Fact]:
    reads_notes = holds(viewer, Right.READ_NOTES, item.meeting.committee)  # officials' names stay inside
    source = item.meeting.source_document
    known = [
        Fact("Sagsnr.", item.case_no),
        Fact("Sagstype", item.get_case_type_display()),
        Fact("Sagsgang", _route(item)),
        Fact("Begrundelse for lukning", item.closed_reason if item.is_closed else ""),
        Fact("Sagsbehandlere", join_words(item.case_officers) if reads_notes else ""),
    ]
    if source and readable_sources(viewer).filter(pk=source.pk).exists():
        known.append(Fact("Kilde", str(source), source.get_absolute_url()))
    return [fact for fact in known if fact.value]


def _route(item: AgendaItem) -> str:
    """The bodies the case passes; where the crosses have lost their column, that is said and nothing guessed."""
    marks = list(Routing.including_closed.filter(item=item))
    marked = [mark.abbreviation for mark in marks if mark.is_marked]
    if item.unplaced_marks:
        bodies = ", ".join(mark.abbreviation for mark in marks)
        return f"{item.unplaced_marks} kryds, men kolonnen kendes ikke (kolonnerne er {bodies})"
    return " → ".join(marked)

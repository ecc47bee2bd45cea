"""Et dagsordenspunkt: what was proposed beside what was decided, how it was treated, the case, its way through the
bodies.
"""

from dataclasses import dataclass
from typing import Any, Self

from kit.clock import today
from kit.danish import join_words
from meetings.documents.attachments import AttachmentLine, attachment_lines
from meetings.documents.changes import ItemChanges, changes_of
from meetings.documents.neighbour import Neighbour
from meetings.documents.parts import Fact, Outcome, Proposal, item_name, reads_minutes
from meetings.documents.trail import Trail, way_of
from meetings.documents.treatment import Treatment, points_of, treatments
from meetings.models import (
    AgendaItem,
    Closing,
    ItemSection,
    Right,
    Routing,
    has_right,
    readable_sources,
)

_NOTHING = Treatment()


@dataclass(frozen=True, slots=True)
class ItemDocument:
    """An agenda item for one viewer who may see it."""

    item: AgendaItem
    proposal: Proposal
    treatment: Treatment
    without_outcome: str
    sections: tuple[ItemSection, ...]
    facts: tuple[Fact, ...]
    trail: Trail
    changes: ItemChanges | None
    attachments: tuple[AttachmentLine, ...]
    is_meeting_closed: bool
    before: Neighbour | None
    after: Neighbour | None

    @classmethod
    def for_item(cls, item: AgendaItem, *, viewer: Any) -> Self:
        """Ask for all that hangs on the item; the item itself came through `visible_to`."""
        before, after = _neighbours(item, viewer)
        points = points_of([item])
        way = way_of(item)
        return cls(
            item=item,
            proposal=Proposal.of(points[item.pk]),
            treatment=treatments(item.meeting, viewer=viewer, items=[item], points=points).get(item.pk, _NOTHING),
            without_outcome=_without_outcome(item, viewer),
            sections=tuple(ItemSection.including_closed.filter(item=item)),
            facts=tuple(_facts(item, way, viewer)),
            trail=Trail.of(item, viewer=viewer, way=way),
            changes=changes_of(item.meeting, viewer=viewer, item=item).get(item.pk),
            attachments=attachment_lines(item, viewer=viewer),
            is_meeting_closed=Closing.objects.filter(meeting=item.meeting_id).exists(),
            before=before,
            after=after,
        )

    @property
    def eyebrow(self) -> str:
        """Punkt 4 · Børne- og Uddannelsesudvalget · 12. december 2022."""
        return item_name(self.item)

    @property
    def outcome(self) -> Outcome | None:
        """The first of the decisions, or the only one."""
        return next(iter(self.treatment.outcomes), None)

    @property
    def recorded_once(self) -> str:
        """When several decisions were made and entered, if all of them at once; else each tells it."""
        told = {(one.decided, one.recorded) for one in self.treatment.outcomes}
        if len(told) != 1 or len(self.treatment.outcomes) == 1:
            return ""
        return " ".join(f"{part}." for part in told.pop() if part)

    @property
    def standstills(self) -> list[Outcome]:
        """The decisions that were stayed; what one must know before one reads them."""
        return [outcome for outcome in self.treatment.outcomes if outcome.standstill]

    @property
    def has_come(self) -> bool:
        """Whether it is the day of the meeting, or later."""
        return self.item.meeting.date <= today()

    @property
    def awaits_council(self) -> bool:
        """Whether a stay has no outcome yet."""
        return any(one.standstill and not one.standstill.outcome for one in self.treatment.outcomes)


def _neighbours(item: AgendaItem, viewer: Any) -> tuple[Neighbour | None, Neighbour | None]:
    """The items on either side that the viewer may see, in one query."""
    around: list[Neighbour | None] = [None]
    place = 0
    for one in AgendaItem.including_closed.visible_to(viewer).filter(meeting=item.meeting_id).order_by("position"):
        if one.pk == item.pk:
            place = len(around)
        around.append(Neighbour(f"{one.number.rstrip('.')}. {one.title}", one.get_absolute_url()))
    around.append(None)
    return around[place - 1], around[place + 1]


def _without_outcome(item: AgendaItem, viewer: Any) -> str:
    """What stands where a decision would: an outsider is not told whether there is one."""
    if reads_minutes(viewer, item.meeting):
        return "Beslutningen er ikke ført til protokol endnu."
    return "Referatet er ikke offentliggjort."


def _facts(item: AgendaItem, way: list[Routing], viewer: Any) -> list[Fact]:
    reads_notes = has_right(viewer, Right.READ_NOTES, item.meeting.committee)  # officials' names stay inside
    source = item.meeting.source_document
    known = [
        Fact("Sagsnr.", item.case_no),
        Fact("Sagstype", item.get_case_type_display()),
        Fact("Sagsgang", _route(item, way)),
        Fact("Begrundelse for lukning", item.closed_reason if item.is_closed else ""),
        Fact("Sagsbehandlere", join_words(item.case_officers) if reads_notes else ""),
    ]
    if source and readable_sources(viewer).filter(pk=source.pk).exists():
        known.append(Fact("Kilde", str(source), source.get_absolute_url()))
    return [fact for fact in known if fact.value]


def _route(item: AgendaItem, way: list[Routing]) -> str:
    """The bodies the case passes; where the crosses have lost their column, that is said and nothing guessed."""
    marked = [mark.abbreviation for mark in way if mark.is_marked]
    if item.unplaced_marks:
        bodies = ", ".join(mark.abbreviation for mark in way)
        return f"{item.unplaced_marks} kryds, men kolonnen kendes ikke (kolonnerne er {bodies})"
    return " → ".join(marked)

"""Punkterne på et papir: each item as the viewer may read it, a trace of the rest, and what came after the dispatch."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from kit.danish import join_words
from meetings.documents.changes import ItemChanges, changes_of
from meetings.documents.grouping import grouped
from meetings.documents.parts import Fact, Proposal
from meetings.documents.treatment import Points, Treatment, points_of, treatments
from meetings.models import (
    AgendaItem,
    Attachment,
    ItemSection,
    Meeting,
    Right,
    Routing,
    SectionKind,
    has_right,
)


@dataclass(frozen=True, slots=True)
class PaperItem:
    """Et punkt, in the order a paper has it: summary, indstilling, decision, the rest of the case, attachments."""

    is_trace: ClassVar[bool] = False
    position: int
    number: str
    title: str
    is_closed: bool
    facts: tuple[Fact, ...]
    summary: tuple[ItemSection, ...]
    proposal: Proposal
    treatment: Treatment | None  # None on an agenda: it is about what is to come
    sections: tuple[ItemSection, ...]
    attachments: tuple[str, ...]
    came_later: str  # for the committee's own people: what is not as it was sent out

    @property
    def anchor(self) -> str:
        """Where the contents list leads."""
        return f"punkt-{self.position}"

    @property
    def mark(self) -> str:
        """The number as it stands before the title; a number read from a document may bring its own full stop."""
        return f"{self.number.rstrip('.')}."

    @property
    def openness(self) -> str:
        """Åbent punkt."""
        return "Lukket punkt" if self.is_closed else "Åbent punkt"


@dataclass(frozen=True, slots=True)
class PaperTrace:
    """A closed item for everybody else. It has no title, so it can show none."""

    is_trace: ClassVar[bool] = True
    is_closed: ClassVar[bool] = True
    position: int
    number: str
    public_heading: str
    open_decision: str

    @property
    def anchor(self) -> str:
        """Where the contents list leads."""
        return f"punkt-{self.position}"

    @property
    def mark(self) -> str:
        """The number as it stands before the title; a number read from a document may bring its own full stop."""
        return f"{self.number.rstrip('.')}."

    @property
    def title(self) -> str:
        """Lukket punkt: Sag om enkeltperson."""
        return f"Lukket punkt: {self.public_heading}" if self.public_heading else "Lukket punkt"


@dataclass(frozen=True, slots=True)
class _Found:
    """All that hangs on the items of a meeting, asked for once, by the item's pk."""

    points: Points
    sections: defaultdict[int, list[ItemSection]]
    routing: defaultdict[int, list[Routing]]
    attachments: defaultdict[int, list[Attachment]]
    changes: dict[int, ItemChanges]
    treatments: dict[int, Treatment] | None
    names_officials: bool
    reads_inside: bool

    @classmethod
    def of(cls, meeting: Meeting, items: list[AgendaItem], *, viewer: Any, with_decisions: bool) -> Self:
        """Ask as many queries for thirty items as for one."""
        pks = [item.pk for item in items]
        points = points_of(items)
        return cls(
            points=points,
            sections=grouped(ItemSection.including_closed.filter(item__in=pks)),
            routing=grouped(Routing.including_closed.filter(item__in=pks)),
            attachments=grouped(
                Attachment.including_closed.visible_to(viewer).filter(item__in=pks).order_by("position", "pk")
            ),
            changes={} if with_decisions else changes_of(meeting, viewer=viewer),
            treatments=treatments(meeting, viewer=viewer, items=items, points=points) if with_decisions else None,
            names_officials=has_right(viewer, Right.READ_NOTES, meeting.committee),
            reads_inside=has_right(viewer, Right.READ_MEETINGS, meeting.committee),
        )


def paper_items(meeting: Meeting, *, viewer: Any, with_decisions: bool) -> tuple[PaperItem | PaperTrace, ...]:
    """Return the agenda as the viewer may read it, with what was decided or without."""
    every = AgendaItem.including_closed.filter(meeting=meeting)
    items = list(every.visible_to(viewer))
    found = _Found.of(meeting, items, viewer=viewer, with_decisions=with_decisions)
    traces = every.exclude(pk__in=[item.pk for item in items]).closed_traces()
    lines: list[PaperItem | PaperTrace] = [_item(item, found) for item in items]
    lines += [PaperTrace(**{**trace, "open_decision": trace["open_decision"] * with_decisions}) for trace in traces]
    return tuple(sorted(lines, key=lambda line: line.position))


def _item(item: AgendaItem, found: _Found) -> PaperItem:
    sections = found.sections[item.pk]
    return PaperItem(
        position=item.position,
        number=item.number,
        title=item.title,
        is_closed=item.is_closed,
        facts=tuple(_facts(item, found)),
        summary=tuple(one for one in sections if one.kind == SectionKind.SUMMARY),
        proposal=Proposal.of(found.points[item.pk]),
        treatment=None if found.treatments is None else found.treatments.get(item.pk, Treatment()),
        sections=tuple(one for one in sections if one.kind != SectionKind.SUMMARY),
        attachments=tuple(_attachment(one, found.reads_inside) for one in found.attachments[item.pk]),
        came_later=_later(found.changes.get(item.pk)),
    )


def _facts(item: AgendaItem, found: _Found) -> Iterable[Fact]:
    known = (
        Fact("Sagsnr.", item.case_no),
        Fact("Sagstype", item.get_case_type_display()),
        Fact("Sagsgang", _route(item, found.routing[item.pk])),
        Fact("Sagsbehandler", join_words(item.case_officers) if found.names_officials else ""),
        Fact("Lukket, fordi", item.closed_reason if item.is_closed else ""),
    )
    return (fact for fact in known if fact.value)


def _route(item: AgendaItem, marks: list[Routing]) -> str:
    """The bodies the case passes; where the crosses have lost their column there is nothing to print."""
    return "" if item.unplaced_marks else " → ".join(mark.abbreviation for mark in marks if mark.is_marked)


def _attachment(attachment: Attachment, reads_inside: bool) -> str:
    number = f" (doknr. {attachment.doc_no})" if attachment.doc_no else ""
    kept_inside = " – ikke offentligt" if reads_inside and not attachment.is_public else ""
    return f"{attachment.title}{number}{kept_inside}"


def _later(changes: ItemChanges | None) -> str:
    """In a sentence or two: that the item came with a tillægsdagsorden, or is not as it was sent."""
    told = (f"{changes.notice}." if changes and changes.notice else "", changes.moved if changes else "")
    return " ".join(part for part in told if part)

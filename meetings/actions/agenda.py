"""Dagsordenens punkter: added, rewritten until they are decided, and taken away again before anybody has the agenda."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models, transaction

from kit.danish import join_words
from kit.drafts import EditConflict
from kit.once import made_by
from meetings.actions.arranging import hand_out_places, numbers_for
from meetings.actions.protocol import open_protocol
from meetings.actions.publishing import note_accepted
from meetings.actions.refusals import AlreadyDecided, NotAllowed, NumberTaken
from meetings.models import (
    AgendaItem,
    Committee,
    Decision,
    DecisionDraft,
    Event,
    ItemSection,
    Meeting,
    Recommendation,
    Routing,
    is_sent_out,
    items_in_order,
)


class SectionText(NamedTuple):
    """What stands under one of the house's headings."""

    kind: str
    heading: str
    text: str


class RoutedBody(NamedTuple):
    """A body in the sagsgang: its abbreviation as written, and the committee where it is one of our own."""

    abbreviation: str
    committee: Committee | None = None


@transaction.atomic
def add_item(
    *,
    meeting: Meeting,
    nonce: UUID,
    by: Any,
    points: list[str],
    recommended_by: str,
    sections: Sequence[SectionText] = (),
    routing: Sequence[RoutedBody] | None = None,
    warnings_accepted: Sequence[str] = (),
    **fields: Any,
) -> AgendaItem:
    """Add an item at the end of the agenda. The same nonce gives the same item; raises MeetingClosed, NumberTaken."""
    open_protocol(meeting.pk)
    existing, nonce = made_by(AgendaItem.including_closed.all(), nonce, meeting=meeting, **fields)
    if existing:
        return existing
    items = AgendaItem.including_closed.filter(meeting=meeting)
    _refuse_taken_number(items, fields["number"])
    last = items.aggregate(last=models.Max("position"))["last"] or 0
    item = AgendaItem.including_closed.create(meeting=meeting, position=last + 1, nonce=nonce, edited_by=by, **fields)
    _replace_recommendations(item, points, recommended_by)
    _replace_sections(item, sections)
    if routing:
        _replace_routing(item, routing)
    Event.objects.record("item_added", item, by=by, meeting=meeting.pk)
    note_accepted(item, warnings_accepted, by=by)
    return item


@transaction.atomic
def edit_item(
    *,
    item: AgendaItem,
    expected: int,
    by: Any,
    points: list[str],
    recommended_by: str,
    sections: Sequence[SectionText] | None = None,
    routing: Sequence[RoutedBody] | None = None,
    warnings_accepted: Sequence[str] = (),
    **fields: Any,
) -> AgendaItem:
    """Change an item that has no decision yet; sections and routing that are None stay as they are. Raises EditConflict
    when somebody else changed it first, MeetingClosed and NumberTaken.
    """
    open_protocol(item.meeting_id)
    current = AgendaItem.including_closed.select_for_update().get(pk=item.pk)
    if decided := Decision.including_closed.filter(item=item).first():
        raise AlreadyDecided(decided)
    if current.revision != expected:  # before the numbers: it may be those that were handed out anew
        raise EditConflict(current)
    others = AgendaItem.including_closed.filter(meeting=item.meeting_id).exclude(pk=item.pk)
    _refuse_taken_number(others, fields.get("number", ""))
    if routing is not None:
        fields["unplaced_marks"] = 0
    changed = item.save_if_unchanged(expected=expected, by=by, **fields)
    _replace_recommendations(changed, points, recommended_by)
    if sections is not None:
        _replace_sections(changed, sections)
    if routing is not None:
        _replace_routing(changed, routing)
    Event.objects.record("item_changed", changed, by=by, fields=sorted(fields))
    note_accepted(changed, warnings_accepted, by=by)
    return changed


@transaction.atomic
def edit_public_trace(
    *,
    item: AgendaItem,
    expected: int,
    by: Any,
    public_heading: str,
    open_decision: str,
    warnings_accepted: Sequence[str] = (),
) -> AgendaItem:
    """Write what outsiders may know of a closed item, also after its decision; raises EditConflict."""
    changed = item.save_if_unchanged(
        expected=expected, by=by, public_heading=public_heading, open_decision=open_decision
    )
    Event.objects.record("item_changed", changed, by=by, fields=["open_decision", "public_heading"])
    note_accepted(changed, warnings_accepted, by=by)
    return changed


@transaction.atomic
def delete_item(*, item: AgendaItem, by: Any) -> None:
    """Take an item off an agenda that nobody has yet, with its text; the items after it move up. Raises MeetingClosed,
    and NotAllowed where the agenda has been sent out or something hangs on the item.
    """
    meeting = open_protocol(item.meeting_id)
    if is_sent_out(meeting):
        raise NotAllowed("Dagsordenen er sendt ud. Punktet kan flyttes til et senere møde, men ikke slettes.")
    before, pk = items_in_order(meeting), item.pk
    Event.objects.record("item_deleted", item, by=by, meeting=meeting.pk, number=item.number)
    try:
        with transaction.atomic():
            for part in (ItemSection, Recommendation, Routing):
                part.including_closed.filter(item=item).delete()
            DecisionDraft.including_closed.filter(item=item, text="").delete()
            item.delete()
    except models.ProtectedError as error:
        things = sorted({str(type(thing)._meta.verbose_name) for thing in error.protected_objects})
        raise NotAllowed(f"Punktet kan ikke slettes, for der hører {join_words(things)} til det.") from error
    rest = [one for one in before if one.pk != pk]
    hand_out_places(rest, numbers_for(meeting, rest, before), by=by)


def _refuse_taken_number(items: "models.QuerySet[AgendaItem]", number: str) -> None:
    if items.filter(number=number).exists():
        raise NumberTaken(number)


def _replace_sections(item: AgendaItem, sections: Sequence[SectionText]) -> None:
    """Keep the sections that say something, in the order given; a text that is unchanged keeps the structure it was
    read with.
    """
    before = list(ItemSection.including_closed.filter(item=item))
    as_read = {(row.kind, row.heading, as_typed(row.text)): row for row in before}
    after = []
    for section in sections:
        if row := as_read.get((section.kind, section.heading, as_typed(section.text))):
            after.append((SectionText(section.kind, section.heading, row.text), row.blocks))
        elif section.text.strip():
            after.append((section, paragraphs(section.text)))
    if [(row.kind, row.heading, row.text) for row in before] == [section for section, _ in after]:
        return
    ItemSection.including_closed.filter(item=item).delete()
    ItemSection.including_closed.bulk_create(
        ItemSection(item=item, position=n, blocks=blocks, **section._asdict())
        for n, (section, blocks) in enumerate(after, start=1)
    )


def as_typed(text: str) -> str:
    """A text as it comes back from a form."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def paragraphs(text: str) -> list[dict[str, str]]:
    """Return a typed text as blocks: an empty line divides paragraphs."""
    return [{"type": "paragraph", "text": part.strip("\n")} for part in text.split("\n\n") if part.strip()]


def _replace_recommendations(item: AgendaItem, points: list[str], by: str) -> None:
    """An indstilling is part of the draft agenda: it may be rewritten until the item is decided. Where several propose,
    a point whose text is unchanged stays its proposer's.
    """
    rows = list(Recommendation.including_closed.filter(item=item))
    leader = rows[0].by if rows else ""
    if points == as_lines(rows) and by == leader:
        return
    others = {row.text: row.by for row in rows if row.by != leader}
    Recommendation.including_closed.filter(item=item).delete()
    Recommendation.including_closed.bulk_create(
        Recommendation(item=item, number=n, by=others.get(text, by), text=text) for n, text in enumerate(points, 1)
    )


def as_lines(rows: Sequence[Recommendation]) -> list[str]:
    """Return at-points as a form shows them, one a line."""
    return [line.strip() for row in rows for line in row.text.split("\n") if line.strip()]


def _replace_routing(item: AgendaItem, bodies: Sequence[RoutedBody]) -> None:
    Routing.including_closed.filter(item=item).delete()
    Routing.including_closed.bulk_create(
        Routing(item=item, position=n, abbreviation=body.abbreviation, committee=body.committee, is_marked=True)
        for n, body in enumerate(bodies, start=1)
    )

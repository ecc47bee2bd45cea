"""Planning a meeting and its agenda, until it is closed."""

from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import models, transaction

from kit.once import made_by
from meetings.actions.refusals import AlreadyDecided, NumberTaken
from meetings.models import (
    AgendaItem,
    Committee,
    Decision,
    Event,
    ItemSection,
    Meeting,
    Recommendation,
)

PRESENTATION = "presentation"  # the section the secretary writes here; others come with imported documents


@transaction.atomic
def create_meeting(
    *,
    committee: Committee,
    date: date,
    starts_at: time | None,
    place: str,
    open_titles: list[str],
    closed_titles: list[str],
    nonce: UUID,
    by: Any,
    kind: str = Meeting.Kind.ORDINARY,
) -> Meeting:
    """Call a meeting with its agenda: open items first, then closed ones, numbered from 1. The same nonce gives the
    same meeting.
    """
    Committee.objects.select_for_update().get(pk=committee.pk)
    same = {"committee": committee, "date": date, "starts_at": starts_at}
    existing, nonce = made_by(Meeting.objects.all(), nonce, **same)
    if existing:
        return existing
    meeting = Meeting.objects.create(
        committee=committee, date=date, starts_at=starts_at, place=place, kind=kind, nonce=nonce
    )
    titles = [(title, False) for title in open_titles] + [(title, True) for title in closed_titles]
    AgendaItem.including_closed.bulk_create(
        AgendaItem(meeting=meeting, number=str(n), position=n, title=title, is_closed=is_closed, edited_by=by)
        for n, (title, is_closed) in enumerate(titles, start=1)
    )
    Event.objects.record("meeting_created", meeting, by=by, items=len(titles))
    return meeting


@transaction.atomic
def add_item(
    *,
    meeting: Meeting,
    nonce: UUID,
    by: Any,
    points: list[str],
    recommended_by: str,
    presentation: str = "",
    **fields: Any,
) -> AgendaItem:
    """Add an item at the end of the agenda. The same nonce gives the same item."""
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    existing, nonce = made_by(AgendaItem.including_closed.all(), nonce, meeting=meeting, **fields)
    if existing:
        return existing
    items = AgendaItem.including_closed.filter(meeting=meeting)
    _refuse_taken_number(items, fields["number"])
    last = items.aggregate(last=models.Max("position"))["last"] or 0
    item = AgendaItem.including_closed.create(meeting=meeting, position=last + 1, nonce=nonce, edited_by=by, **fields)
    _replace_recommendations(item, points, recommended_by)
    _replace_presentation(item, presentation)
    Event.objects.record("item_added", item, by=by, meeting=meeting.pk)
    return item


@transaction.atomic
def edit_item(
    *,
    item: AgendaItem,
    expected: int,
    by: Any,
    points: list[str],
    recommended_by: str,
    presentation: str | None = None,
    **fields: Any,
) -> AgendaItem:
    """Change an item that has no decision yet; raises EditConflict when somebody else changed it first."""
    Meeting.objects.select_for_update().get(pk=item.meeting_id)
    AgendaItem.including_closed.select_for_update().get(pk=item.pk)
    if decided := Decision.including_closed.filter(item=item).first():
        raise AlreadyDecided(decided)
    others = AgendaItem.including_closed.filter(meeting=item.meeting_id).exclude(pk=item.pk)
    _refuse_taken_number(others, fields.get("number", ""))
    changed = item.save_if_unchanged(expected=expected, by=by, **fields)
    _replace_recommendations(changed, points, recommended_by)
    if presentation is not None:
        _replace_presentation(changed, presentation)
    Event.objects.record("item_changed", changed, by=by, fields=sorted(fields))
    return changed


@transaction.atomic
def edit_public_trace(
    *, item: AgendaItem, expected: int, by: Any, public_heading: str, open_decision: str
) -> AgendaItem:
    """Write what outsiders may know of a closed item, also after its decision; raises EditConflict."""
    changed = item.save_if_unchanged(
        expected=expected, by=by, public_heading=public_heading, open_decision=open_decision
    )
    Event.objects.record("item_changed", changed, by=by, fields=["open_decision", "public_heading"])
    return changed


def _refuse_taken_number(items: "models.QuerySet[AgendaItem]", number: str) -> None:
    if items.filter(number=number).exists():
        raise NumberTaken(number)


def _replace_presentation(item: AgendaItem, text: str) -> None:
    """Keep the sagsfremstilling as one section of paragraphs; a text that is unchanged keeps the structure it was read
    with.
    """
    sections = ItemSection.including_closed.filter(item=item)
    section = sections.filter(kind=PRESENTATION).first()
    if text == (section.text if section else ""):
        return
    if section is None:
        last = sections.aggregate(last=models.Max("position"))["last"] or 0
        section = ItemSection(item=item, position=last + 1, kind=PRESENTATION, heading="Sagsfremstilling")
    section.text = text
    section.blocks = [{"type": "paragraph", "text": part} for part in text.split("\n\n") if part.strip()]
    section.save() if text else section.delete()


def _replace_recommendations(item: AgendaItem, points: list[str], by: str) -> None:
    """An indstilling is part of the draft agenda: it may be rewritten until the item is decided."""
    Recommendation.including_closed.filter(item=item).delete()
    Recommendation.including_closed.bulk_create(
        Recommendation(item=item, number=n, by=by, text=text) for n, text in enumerate(points, start=1)
    )

"""Dagsordenens rækkefølge: an item moved among the others, and the numbers handed out again."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from meetings.actions.protocol import open_protocol
from meetings.models import AgendaItem, Event, Meeting, items_in_order, keeps_numbers, order_fingerprint


class Step(StrEnum):
    """A way to move an item, by the word its button sends."""

    UP = "op"
    DOWN = "ned"
    TOP = "oeverst"
    BOTTOM = "nederst"


class OrderChanged(Exception):
    """Somebody else has arranged the agenda in between."""

    def __init__(self) -> None:
        super().__init__(
            "Dagsordenen er lagt om imens. Her er den, som den står nu; dit punkt er ikke flyttet. Flyt det igen."
        )


@transaction.atomic
def move_item(*, meeting: Meeting, item_pk: int, to: Step | int, seen: str, by: Any) -> AgendaItem:
    """Move an item a step, or to a place on the agenda, the first being 1. Raises MeetingClosed, OrderChanged when the
    order is no longer the one the person saw, and DoesNotExist.
    """
    meeting = open_protocol(meeting.pk)
    items = items_in_order(meeting)
    if order_fingerprint(items) != seen:
        raise OrderChanged
    moved = next((item for item in items if item.pk == item_pk), None)
    if moved is None:
        raise AgendaItem.DoesNotExist
    place = items.index(moved)
    rest = [item for item in items if item != moved]
    new = max(0, min(_place(to, place, len(rest)), len(rest)))
    if new != place:
        order = [*rest[:new], moved, *rest[new:]]
        hand_out_places(order, numbers_for(meeting, order, items), by=by)
        Event.objects.record("item_moved", moved, by=by, meeting=meeting.pk, place_before=place + 1, place=new + 1)
    return moved


def _place(to: Step | int, place: int, last: int) -> int:
    """The place an item goes to, counted from 0."""
    if isinstance(to, int):
        return to - 1
    return {Step.UP: place - 1, Step.DOWN: place + 1, Step.TOP: 0, Step.BOTTOM: last}[to]


def numbers_for(meeting: Meeting, order: Sequence[AgendaItem], before: Sequence[AgendaItem]) -> list[str]:
    """Return the numbers for a new order: those that were there before, handed out again by position, so that 1 to n
    stays 1 to n and 178 to 190 stays that; or each item's own where others go by the numbers already.
    """
    return [item.number for item in (order if keeps_numbers(meeting) else before)]


def hand_out_places(order: Sequence[AgendaItem], numbers: Sequence[str], *, by: Any) -> None:
    """Let the items stand in this order with these numbers, the meeting being locked. An item with a new number has
    been changed, so that who is writing it hears of that.
    """
    changed = []
    for position, (item, number) in enumerate(zip(order, numbers, strict=False), start=1):
        if (item.position, item.number) == (position, number):
            continue
        if item.number != number:
            item.revision, item.edited_at, item.edited_by = item.revision + 1, timezone.now(), by
        item.position, item.number = position, number
        changed.append(item)
    AgendaItem.including_closed.bulk_update(changed, ["position", "number", "revision", "edited_at", "edited_by"])

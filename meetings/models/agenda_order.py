"""Dagsordenens rækkefølge: in what order the items stand, and whether their numbers may still be handed out anew."""

from hashlib import sha256
from string import ascii_lowercase

from meetings.models.agenda_item import AgendaItem
from meetings.models.attendance import Attendance
from meetings.models.decision import Decision, DecisionDraft
from meetings.models.dispatch import Dispatch
from meetings.models.meeting import AGENDA, Meeting
from meetings.models.publication import Publication


def items_in_order(meeting: Meeting) -> list[AgendaItem]:
    """Return all items of a meeting as they stand; who may be shown which is the caller's to say."""
    return list(AgendaItem.including_closed.filter(meeting=meeting).order_by("position", "pk"))


def order_fingerprint(items: list[AgendaItem]) -> str:
    """Return a short name for an order of items, so that a form can say which one it was made over."""
    return sha256(",".join(str(item.pk) for item in items).encode()).hexdigest()[:16]


def is_sent_out(meeting: Meeting) -> bool:
    """Whether others hold the agenda: it has been sent to the members, or published."""
    if Dispatch.objects.filter(meeting=meeting).exists():
        return True
    acts = Publication.objects.filter(subject=AGENDA, subject_pk=meeting.pk).order_by("-pk")
    return acts.values_list("act", flat=True).first() == Publication.Act.PUBLISHED


def has_begun(meeting: Meeting) -> bool:
    """Whether somebody has begun to keep the protocol, where an item is known by its number."""
    return (
        Attendance.objects.filter(meeting=meeting).exists()
        or Decision.including_closed.filter(item__meeting=meeting).exists()
        or DecisionDraft.including_closed.filter(item__meeting=meeting).exists()
    )


def keeps_numbers(meeting: Meeting) -> bool:
    """Whether the items keep their numbers whatever order they come in: others go by them already."""
    return is_sent_out(meeting) or has_begun(meeting)


def next_number(items: list[AgendaItem]) -> str:
    """Return the number of an item that comes after all others."""
    return str(max((int(item.number) for item in items if item.number.isdecimal()), default=0) + 1)


def number_after(item: AgendaItem, items: list[AgendaItem]) -> str:
    """Return a number for an item that is put in after another whose number stays: 3a, 3b …"""
    taken = {one.number for one in items}
    letters = (f"{item.number[:11]}{letter}" for letter in ascii_lowercase)
    return next((number for number in letters if number not in taken), next_number(items))

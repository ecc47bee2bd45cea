"""Mødet på vej til at blive lukket: what stands in the way, each thing with the place where it is put right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from kit.clock import today
from kit.dates import format_date, format_datetime
from meetings.documents.parts import meeting_name
from meetings.models import AgendaItem, Closing, Decision, Meeting, Roll, Vote, VoteLine, lacks_decision

_MISCOUNTED = "Punkt {number}: der er ført {told} stemmer, men {able} kunne stemme."
_STRANGE = "Punkt {number}: der er ført en stemme for en, der ikke deltog i punktet."


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that must be in order before the meeting is closed; it names an item by its number only."""

    text: str
    number: str = ""
    is_undecided: bool = False
    is_attendance: bool = False


def obstacles(meeting: Meeting) -> tuple[Obstacle, ...]:
    """Say what stands in the way, as the trigger on `Closing` will ask. As many queries for twenty items as for one."""
    roll = Roll.of(meeting)
    return (*_about_the_meeting(meeting, roll), *_undecided(meeting), *_votes(meeting, roll))


def _about_the_meeting(meeting: Meeting, roll: Roll) -> Iterator[Obstacle]:
    if meeting.cancelled:
        yield Obstacle("Mødet er aflyst og har intet referat.")
    if meeting.date > today():
        yield Obstacle(f"Mødet holdes først {format_date(meeting.date)}.")
    if not roll.present:
        yield Obstacle("Fremmødet mangler: ingen er skrevet ind som til stede.", is_attendance=True)


def _undecided(meeting: Meeting) -> Iterator[Obstacle]:
    items = AgendaItem.including_closed.filter(meeting=meeting).filter(lacks_decision())
    for number in items.values_list("number", flat=True):
        yield Obstacle(f"Punkt {number} mangler beslutning.", number, is_undecided=True)


def _votes(meeting: Meeting, roll: Roll) -> Iterator[Obstacle]:
    lines = list(VoteLine.including_closed.filter(vote__item__meeting=meeting))
    votes = Vote.including_closed.filter(item__meeting=meeting).order_by("item__position", "pk")
    for vote, item, number in votes.values_list("pk", "item", "item__number"):
        able = {voter.person.pk for voter in roll.voters_on(item)}
        own = [line for line in lines if line.vote_id == vote]
        told = sum(line.count for line in own)
        if told != len(able):
            yield Obstacle(_MISCOUNTED.format(number=number, told=told, able=len(able)), number)
        elif any(line.person_id and line.person_id not in able for line in own):
            yield Obstacle(_STRANGE.format(number=number), number)


@dataclass(frozen=True, slots=True)
class UndecidedItem:
    """An item that lacks a decision, for one who may read it."""

    item: AgendaItem
    is_begun: bool  # some of its at-points are decided

    @property
    def url(self) -> str:
        """Where on the secretary's page it is decided."""
        return f"{reverse('recording', args=[self.item.meeting_id])}#punkt-{self.item.number}"


@dataclass(frozen=True, slots=True)
class ClosingDocument:
    """What is missing before the meeting can be closed; or nothing."""

    meeting: Meeting
    undecided: tuple[UndecidedItem, ...]
    others: tuple[Obstacle, ...]  # attendance and votes
    closed: str  # "Lukket 3. oktober 2022 kl. 19.10 af …", once it is

    @classmethod
    def for_meeting(cls, meeting: Meeting, *, viewer: Any) -> Self:
        """Ask what is missing; an undecided item has its title with it for one who may read that."""
        some = Decision.including_closed.filter(item=OuterRef("pk"))
        waiting = AgendaItem.including_closed.visible_to(viewer).filter(meeting=meeting).filter(lacks_decision())
        begun = set(waiting.filter(Exists(some)).values_list("pk", flat=True))
        undecided = tuple(UndecidedItem(item, item.pk in begun) for item in waiting)
        seen = {one.item.number for one in undecided}
        return cls(
            meeting,
            undecided,
            tuple(one for one in obstacles(meeting) if not one.is_undecided or one.number not in seen),
            _closed(Closing.objects.filter(meeting=meeting).select_related("closed_by").first()),
        )

    @property
    def eyebrow(self) -> str:
        """Whose meeting, and when."""
        return meeting_name(self.meeting)

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way."""
        return not (self.undecided or self.others)


def _closed(closing: Closing | None) -> str:
    if closing is None:
        return ""
    by = f" af {closing.closed_by}" if closing.closed_by else ""
    return f"Lukket {format_datetime(timezone.localtime(closing.closed_at))}{by}"

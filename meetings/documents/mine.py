"""Min side: the meetings, items and promises that concern one person, as far as that person may see them today."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db.models import QuerySet

from kit.dates import format_date
from meetings.documents.meeting_list import MeetingRow
from meetings.documents.minutes import minutes_to_sign
from meetings.documents.promise_lines import PromiseLine, promise_lines
from meetings.documents.promises import where_to_read
from meetings.documents.state import with_state
from meetings.models import (
    AgendaItem,
    Committee,
    Meeting,
    Membership,
    Person,
    Promise,
    ProtocolNote,
    Recusal,
    Right,
    Stay,
    VoteLine,
)

MEETINGS_SHOWN, ITEMS_SHOWN, PROMISES_SHOWN = 5, 20, 20
_STANCES = {
    VoteLine.Stance.FOR: "Stemte for",
    VoteLine.Stance.AGAINST: "Stemte imod",
    VoteLine.Stance.ABSTAINED: "Undlod at stemme",
}


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Et medlemskab with its dates."""

    text: str
    when: str
    url: str

    @classmethod
    def of(cls, seat: Membership) -> Self:
        """Tell a seat: the name is the one the committee bears, or bore when the seat ended."""
        role = "" if seat.seat == Membership.Seat.MEMBER else f", {seat.get_seat_display().lower()}"
        start = format_date(seat.valid_from)
        when = f"{start} – {format_date(seat.valid_to)}" if seat.valid_to else f"Siden {start}"
        name = seat.committee.name_on(seat.valid_to) if seat.valid_to else seat.committee.name
        return cls(f"{name}{role}", when, seat.committee.get_absolute_url())


@dataclass(frozen=True, slots=True)
class OwnItem:
    """Et punkt that one took a stand on, and how."""

    item: AgendaItem
    deeds: tuple[str, ...]

    @property
    def date_text(self) -> str:
        """The day of the meeting."""
        return format_date(self.item.meeting.date)


@dataclass(frozen=True, slots=True)
class OwnPromise:
    """Et løfte to one's committee, and where it was given."""

    line: PromiseLine
    committee: str
    url: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class MineDocument:
    """What concerns one person who is logged in."""

    to_sign: tuple[Meeting, ...]
    coming: tuple[MeetingRow, ...]
    latest: tuple[MeetingRow, ...]
    items: tuple[OwnItem, ...]
    promises: tuple[OwnPromise, ...]
    seats: tuple[SeatLine, ...]
    has_committees: bool
    is_head: bool  # approves common texts, as the centre's head
    follows_rounds: bool  # reads how far the evaluation rounds have come

    @classmethod
    def for_user(cls, user: Any, *, today: date) -> Self:
        """Gather it; what a person has taken part in and may no longer see is not there."""
        committees = set(Committee.objects.where(user, Right.READ_MEETINGS).values_list("pk", flat=True))
        meetings = with_state(Meeting.objects.visible_to(user).filter(committee__in=committees), viewer=user)
        named = meetings.select_related("committee__municipality").prefetch_related("committee__former_names")
        coming = named.filter(date__gte=today).order_by("date", "starts_at", "pk")[:MEETINGS_SHOWN]
        return cls(
            to_sign=tuple(minutes_to_sign(user)),
            coming=_rows(coming, today),
            latest=_rows(named.filter(date__lt=today)[:MEETINGS_SHOWN], today),
            items=tuple(_own_items(user)),
            promises=tuple(_promises(user, committees, today)),
            seats=tuple(_seats(user)),
            has_committees=bool(committees),
            is_head=bool(user.holds(Right.REVIEW)),
            follows_rounds=bool(user.holds(Right.READ_NOTES)),
        )


def _rows(meetings: "QuerySet[Meeting]", today: date) -> tuple[MeetingRow, ...]:
    return tuple(MeetingRow.of(one, with_municipality=False, today=today) for one in meetings)


def _seats(user: Any) -> Iterator[SeatLine]:
    seats = Membership.objects.filter(person__user=user).select_related("committee")
    for seat in seats.prefetch_related("committee__former_names").order_by("-valid_from", "pk"):
        yield SeatLine.of(seat)


def _own_items(user: Any) -> list[OwnItem]:
    """The items on which the person was disqualified, voted, noted something or stayed the decision; newest first."""
    person = Person.objects.filter(user=user).first()
    if person is None:
        return []
    deeds: dict[int, list[str]] = defaultdict(list)
    for item, deed in _deeds(user, person):
        deeds[item].append(deed)
    items = AgendaItem.including_closed.visible_to(user).filter(pk__in=deeds).select_related("meeting__committee")
    newest = items.prefetch_related("meeting__committee__former_names").order_by("-meeting__date", "position")
    return [OwnItem(item, tuple(dict.fromkeys(deeds[item.pk]))) for item in newest[:ITEMS_SHOWN]]


def _deeds(user: Any, person: Person) -> Iterator[tuple[int, str]]:
    recusals = Recusal.including_closed.visible_to(user).filter(person=person)
    for item, disqualified in recusals.values_list("item", "is_disqualified"):
        yield item, "Inhabil" if disqualified else "Fundet habil"
    votes = VoteLine.including_closed.visible_to(user).filter(person=person).order_by("pk")
    for item, stance in votes.values_list("vote__item", "stance"):
        yield item, _STANCES[VoteLine.Stance(stance)]
    notes = ProtocolNote.including_closed.visible_to(user).filter(by__icontains=person.name)
    for item, kind in notes.values_list("item", "kind"):
        yield item, ProtocolNote.Kind(kind).label
    stays = Stay.including_closed.visible_to(user).filter(declared_by=person)
    for item in stays.values_list("decision__item", flat=True):
        yield item, "Begærede sagen indbragt (§ 23)"


def _promises(user: Any, committees: set[int], today: date) -> Iterator[OwnPromise]:
    """The promises to one's committees that are not kept, the oldest first."""
    visible = Promise.including_closed.visible_to(user).given_in(committees)
    pks = list(visible.still_open().values_list("pk", flat=True)[:PROMISES_SHOWN])
    near = "item__meeting__committee"
    found = visible.filter(pk__in=pks).select_related(near, "committee")
    named = found.prefetch_related(f"{near}__former_names", "committee__former_names")
    lines = [pair for pairs in promise_lines(named, viewer=user).values() for pair in pairs]
    for promise, line in sorted(lines, key=lambda one: (one[0].due_on, one[0].pk)):
        yield OwnPromise(line, promise.held_by, where_to_read(promise), promise.due_on < today)

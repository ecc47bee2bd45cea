"""Mandtallet: who sits in the committee that day, who came, and who can vote on an item.

Says in Python what the SQL function `meetings_able_to_vote` says to the triggers: a page must know it first.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Self

from kit.danish import sort_key
from meetings.models.attendance import Attendance, ItemAbsence, Recusal
from meetings.models.committee import Membership, Person
from meetings.models.meeting import Meeting

_SEAT_ORDER = [Membership.Seat.CHAIR, Membership.Seat.VICE_CHAIR, Membership.Seat.MEMBER, Membership.Seat.SUBSTITUTE]


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who can vote on an item, and the party letter the voice counts for."""

    person: Person
    party: str


def seat_rank(seat: Membership) -> tuple[int, tuple[str, str]]:
    """Where a seat stands in a list: the chair first, then by name."""
    return _SEAT_ORDER.index(Membership.Seat(seat.seat)), sort_key(seat.person.name)


def seats_on_the_day(meeting: Meeting) -> list[Membership]:
    """Return the committee's seats on the day of the meeting, in order."""
    seats = Membership.objects.current(meeting.date).filter(committee=meeting.committee_id).select_related("person")
    return sorted(seats, key=seat_rank)


@dataclass(frozen=True, slots=True)
class Roll:
    """Mandtallet for et møde, asked in four queries: the seats, the attendance, and who was away from which item."""

    seats: tuple[Membership, ...]
    attendances: tuple[Attendance, ...]
    absences: dict[int, tuple[ItemAbsence, ...]]
    recusals: dict[int, tuple[Recusal, ...]]

    @classmethod
    def of(cls, meeting: Meeting) -> Self:
        """Ask for everything; who may be shown what of closed items is the caller's to say."""
        attendances = Attendance.objects.filter(meeting=meeting).select_related("person", "substitute_for")
        absences: dict[int, list[ItemAbsence]] = defaultdict(list)
        for absence in ItemAbsence.including_closed.filter(item__meeting=meeting).select_related("person"):
            absences[absence.item_id].append(absence)
        recusals: dict[int, list[Recusal]] = defaultdict(list)
        for recusal in Recusal.including_closed.filter(item__meeting=meeting).select_related("person", "substitute"):
            recusals[recusal.item_id].append(recusal)
        seats = seats_on_the_day(meeting)
        order = {seat.person_id: place for place, seat in enumerate(seats)}
        return cls(
            tuple(seats),
            tuple(sorted(attendances, key=lambda one: order.get(one.substitute_for_id or one.person_id, len(order)))),
            {item: tuple(found) for item, found in absences.items()},
            {item: tuple(found) for item, found in recusals.items()},
        )

    @property
    def present(self) -> tuple[Person, ...]:
        """Those who attend the meeting, substitutes among them, in the order of the seats."""
        return tuple(one.person for one in self.attendances if one.state == Attendance.State.PRESENT)

    def party_of(self, person: Person) -> str:
        """The letter somebody's voice counts for: their own, or that of the member whose place they take."""
        letters = {seat.person_id: seat.party for seat in self.seats}
        if person.pk in letters:
            return letters[person.pk]
        replaced = {one.person_id: one.substitute_for_id for one in self.attendances} | {
            one.substitute_id: one.person_id for found in self.recusals.values() for one in found if one.substitute_id
        }
        return letters.get(replaced.get(person.pk) or 0, "")

    def voters_on(self, item: int) -> tuple[Voter, ...]:
        """Return who can vote on an item: those present, without those out of the room and those disqualified, and
        with the latter's substitutes (styrelsesloven §§ 11, 14 and 28).
        """
        recusals = [one for one in self.recusals.get(item, ()) if one.is_disqualified]
        away = {one.person_id for one in self.absences.get(item, ())}
        disqualified = {one.person_id for one in recusals}
        there = [person for person in self.present if person.pk not in disqualified]
        there += [one.substitute for one in recusals if one.substitute]
        return tuple(Voter(person, self.party_of(person)) for person in dict.fromkeys(there) if person.pk not in away)

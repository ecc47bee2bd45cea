"""Hverv: who sits in a committee, written in one at a time or a whole committee at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from meetings.actions.organisation_rules import check_seat
from meetings.actions.refusals import NotAllowed
from meetings.models import Committee, Event, Membership, Municipality, Person


class Seated(NamedTuple):
    """Somebody who is to sit in a committee: a person, or a name as it is written on a line."""

    line: int
    name: str
    party: str
    seat: str
    person: Person | None = None


class LineRefused(NotAllowed):
    """A rule stands against one of several: which line it is."""

    def __init__(self, line: int, refused: NotAllowed) -> None:
        super().__init__(str(refused), field=refused.field or "")
        self.line = line


@transaction.atomic
def seat_members(
    *, committee: Committee, members: Sequence[Seated], valid_from: date, valid_to: date | None, by: Any
) -> list[Membership]:
    """Give people seats in a committee, all or none; a name the municipality does not know becomes a new person.

    Asks for seats and people once, however many sit down. Who has exactly this seat already, keeps it.
    """
    Municipality.objects.select_for_update().get(pk=committee.municipality_id)
    seats = list(Membership.objects.filter(committee=committee).select_related("person"))
    people = {person.name.casefold(): person for person in Person.objects.filter(municipality=committee.municipality)}
    seated = []
    for member in members:
        known = member.person or people.get(member.name.casefold())
        person = known or Person(name=member.name, municipality=committee.municipality)
        seat = Membership(
            committee=committee, person=person, seat=member.seat, party=member.party, valid_from=valid_from,
            valid_to=valid_to,
        )  # fmt: skip
        if any(_is_same(seat, other) for other in seats):
            continue
        try:
            check_seat(seat, seats)
        except NotAllowed as refused:
            raise LineRefused(member.line, refused) from refused
        if known is None:
            person.save()
            people[member.name.casefold()] = person
            Event.objects.record("person_added", person, by=by)
            seat.person = person
        seat.save()
        Event.objects.record("membership_added", seat, by=by)
        seats.append(seat)
        seated.append(seat)
    return seated


def _is_same(one: Membership, other: Membership) -> bool:
    names = ("person_id", "seat", "party", "valid_from", "valid_to")
    return all(getattr(one, name) == getattr(other, name) for name in names)

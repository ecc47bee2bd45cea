"""What already rests on who can vote on an item: a vote that adds up, and a stay by somebody who took part."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from meetings.actions.refusals import NotAllowed
from meetings.models import AgendaItem, Meeting, Person, Roll, Stay, Vote


class _Footing(NamedTuple):
    """Who could vote on the items where somebody did, and who has had a decision stayed."""

    numbers: dict[int, str]
    voters: dict[int, dict[Person, str]]  # item → who, and for which group
    stayers: dict[int, list[Person]]


@contextmanager
def voters_stand_firm(meeting: Meeting, *, field: str = "", by_person: bool = False) -> Iterator[None]:
    """Refuse (NotAllowed) a change of who can vote that pulls the ground from under a vote or a stay; the caller's
    transaction is rolled back. With `by_person` the field named is that of the first person it concerns.
    """
    before = _footing(meeting)
    yield
    after = _footing(meeting)
    for item, number in before.numbers.items():
        changed = dict(before.voters[item].items() ^ after.voters[item].items())
        for person in changed:
            named = f"{field}{person.pk}" if by_person else field
            if person in before.stayers.get(item, ()) and person not in after.voters[item]:
                raise NotAllowed(f"{person} har standset beslutningen på punkt {number} og deltog derfor.", field=named)
            if Vote.including_closed.filter(item=item).exists():
                raise NotAllowed(_about_the_vote(person, number, before.voters[item]), field=named)


def _about_the_vote(person: Person, number: str, voted: dict[Person, str]) -> str:
    told = f"{person} har stemt på punkt {number}." if person in voted else f"Der er stemt på punkt {number}."
    return f"{told} Slet afstemningen først."


def _footing(meeting: Meeting) -> _Footing:
    roll = Roll.of(meeting)
    stayers: dict[int, list[Person]] = {}
    for stay in Stay.including_closed.filter(decision__item__meeting=meeting).select_related("declared_by", "decision"):
        stayers.setdefault(stay.decision.item_id, []).append(stay.declared_by)
    voted = set(Vote.including_closed.filter(item__meeting=meeting).values_list("item_id", flat=True))
    items = AgendaItem.including_closed.filter(pk__in=voted | stayers.keys())
    numbers = dict(items.values_list("pk", "number"))
    voters = {item: {voter.person: voter.party for voter in roll.voters_on(item)} for item in numbers}
    return _Footing(numbers, voters, stayers)

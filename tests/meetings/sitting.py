"""A committee that has sat down: seven members of four groups, two substitutes, and everyone there."""

from datetime import date

from meetings.models import AgendaItem, Attendance, Closing, Decision, Meeting, Membership, Person, User
from tests.conftest import BEGINNING

PARTIES = {"Asta": "A", "Bo": "A", "Carla": "A", "Dan": "B", "Eva": "B", "Finn": "C", "Gro": "C"}


def seat(meeting: Meeting, name: str, party: str, *, kind: str = "member", until: date | None = None) -> Person:
    """Give somebody a seat in the meeting's committee."""
    committee = meeting.committee
    person = Person.objects.create(name=name, municipality=committee.municipality)
    Membership.objects.create(
        committee=committee, person=person, party=party, seat=kind, valid_from=BEGINNING, valid_to=until
    )
    return person


def sit_down(meeting: Meeting, *, attend: bool = True) -> dict[str, Person]:
    """Seat everyone, and write down that the members are there."""
    people = {name: seat(meeting, name, party) for name, party in PARTIES.items()}
    if attend:
        for person in people.values():
            Attendance.objects.create(meeting=meeting, person=person, state="present")
    people["Sofie"] = seat(meeting, "Sofie", "A", kind="substitute")
    people["Sune"] = seat(meeting, "Sune", "C", kind="substitute")
    return people


def proceedings_of(item: AgendaItem) -> str:
    """The address where the proceedings of an item are written."""
    return f"/moeder/{item.meeting_id}/punkter/{item.number}/forhandling/"


def close(meeting: Meeting) -> None:
    """Close a meeting of which everything is decided."""
    for item in AgendaItem.including_closed.filter(meeting=meeting, decisions__isnull=True):
        Decision.including_closed.create(
            item=item, category="not_treated", decided_on=meeting.date, recorded_by=User.objects.first()
        )
    Closing.objects.create(meeting=meeting, closed_by=User.objects.first())

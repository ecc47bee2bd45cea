"""Fremmødet: who was there, who was not, and who came instead; by the form and past it."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from meetings.actions import MeetingClosed, Presence, attendance_mark, record_attendance
from meetings.models import (
    AgendaItem,
    Attendance,
    Decision,
    Event,
    ItemAbsence,
    Meeting,
    Membership,
    Person,
    Stay,
    User,
    Vote,
    VoteLine,
)
from tests.conftest import Login
from tests.meetings.sitting import close, seat, sit_down

HTMX = {"HX-Request": "true"}


def address(meeting: Meeting) -> str:
    return f"/moeder/{meeting.pk}/fremmoede/"


def filled_in(meeting: Meeting, people: dict[str, Person], **states: str) -> dict[str, str]:
    """Everyone there, but for those named with another state, or a substitute ("Asta_instead")."""
    members = Membership.objects.filter(committee=meeting.committee).exclude(seat="substitute")
    data = {f"stand_{pk}": "present" for pk in members.values_list("person", flat=True)}
    for name, value in states.items():
        who, _, instead = name.partition("_")
        data[f"{'stedfortraeder' if instead else 'stand'}_{people[who].pk}"] = value
    return data | {"mark": attendance_mark(meeting)}


def told(meeting: Meeting) -> dict[str, str]:
    rows = Attendance.objects.filter(meeting=meeting).select_related("person", "substitute_for")
    return {str(row.person): f"for {row.substitute_for}" if row.substitute_for else row.state for row in rows}


def test_attendance_is_written_in_one_go(meeting: Meeting, secretary: User, as_user: Login) -> None:
    people = sit_down(meeting, attend=False)
    data = filled_in(meeting, people, Asta="excused", Asta_instead="Sofie (A)", Finn="absent")
    response = as_user(secretary).post(address(meeting), data)
    assert (response.status_code, response.headers["Location"]) == (303, f"/moeder/{meeting.pk}/beslutninger/")
    assert told(meeting) == {
        "Asta": "excused", "Bo": "present", "Carla": "present", "Dan": "present", "Eva": "present", "Finn": "absent",
        "Gro": "present", "Sofie": "for Asta",
    }  # fmt: skip
    assert Event.objects.get(action="attendance_recorded").changes == {"present": 6, "excused": 1, "absent": 1}


def test_attendance_lists_members_and_not_substitutes(meeting: Meeting, secretary: User, as_user: Login) -> None:
    sit_down(meeting, attend=False)
    page = as_user(secretary).get(address(meeting)).content.decode()
    assert [page.count(f"<legend>\n                {name} ") for name in ("Asta", "Gro", "Sofie")] == [1, 1, 0]
    assert '<option value="Sofie (A)">' in page


def test_attendance_answers_htmx_with_one_line(meeting: Meeting, secretary: User, as_user: Login) -> None:
    people = sit_down(meeting, attend=False)
    response = as_user(secretary).post(address(meeting), filled_in(meeting, people, Bo="excused"), headers=HTMX)
    page = response.content.decode()
    assert "Fremmøde: 6 til stede, 1 afbud (Bo (A))" in page
    assert "<form" not in page
    assert response.headers["HX-Trigger"] == '{"fremmoede": {}}'


def test_attendance_is_put_right_when_the_member_comes_after_all(
    meeting: Meeting, secretary: User, as_user: Login
) -> None:
    people, client = sit_down(meeting, attend=False), as_user(secretary)
    client.post(address(meeting), filled_in(meeting, people, Asta="excused", Asta_instead="Sofie"))
    client.post(address(meeting), filled_in(meeting, people, Asta="present", Asta_instead="Sofie (A)"))
    assert told(meeting) == dict.fromkeys(["Asta", "Bo", "Carla", "Dan", "Eva", "Finn", "Gro"], "present")


def test_attendance_sent_twice_is_written_once(meeting: Meeting, secretary: User, as_user: Login) -> None:
    people, client = sit_down(meeting, attend=False), as_user(secretary)
    data = filled_in(meeting, people, Asta="excused", Asta_instead="Ny Navnesen")
    assert [client.post(address(meeting), data).status_code for _ in range(2)] == [303, 303]
    assert Person.objects.filter(name="Ny Navnesen").count() == 1
    assert Event.objects.filter(action="attendance_recorded").count() == 1


def test_attendance_of_another_in_between_shows_both(
    meeting: Meeting, secretary: User, second_secretary: User, as_user: Login
) -> None:
    people = sit_down(meeting, attend=False)
    first, second = filled_in(meeting, people, Bo="excused"), filled_in(meeting, people, Bo="absent")
    as_user(second_secretary).post(address(meeting), first)
    client = as_user(secretary)
    response = client.post(address(meeting), second)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Søren Sekretær har gemt imens" in page
    assert "Bo: Afbud" in page
    assert "Bo: Fravær uden afbud" in page
    assert told(meeting)["Bo"] == "excused"
    assert client.post(address(meeting), second | {"mark": attendance_mark(meeting)}).status_code == 303
    assert told(meeting)["Bo"] == "absent"


def test_attendance_of_somebody_without_a_seat_is_refused(
    meeting: Meeting, other_member: User, secretary: User, as_user: Login
) -> None:
    people = sit_down(meeting, attend=False)
    data = filled_in(meeting, people) | {f"stand_{other_member.person.pk}": "present"}
    response = as_user(secretary).post(address(meeting), data)
    assert response.status_code == 422
    assert "Anders Andetmedlem er ikke medlem af udvalget den dag." in response.content.decode()
    assert told(meeting) == {}


@pytest.mark.parametrize("key", ["stand_0", "stand_x", "stand_" + "9" * 500, "stand_²"])
def test_attendance_of_nobody_is_refused(key: str, meeting: Meeting, secretary: User, as_user: Login) -> None:
    people = sit_down(meeting, attend=False)
    response = as_user(secretary).post(address(meeting), filled_in(meeting, people) | {key: "present"})
    assert response.status_code == 422


@pytest.mark.parametrize("until", ["before", "other committee"])
def test_attendance_without_a_seat_is_refused_by_the_database(until: str, meeting: Meeting, other_member: User) -> None:
    former = seat(meeting, "Gammel", "A", until=meeting.date.replace(month=9))
    person = former if until == "before" else other_member.person
    with pytest.raises(IntegrityError):
        Attendance.objects.create(meeting=meeting, person=person, state="present")


@pytest.mark.parametrize(
    ("substitute", "message"),
    [("Bo", "Bo sidder selv i udvalget."), ("Sofie", "Sofie er allerede stedfortræder for en anden.")],
)
def test_substitute_who_cannot_be_one_is_refused(
    substitute: str, message: str, meeting: Meeting, secretary: User, as_user: Login
) -> None:
    people = sit_down(meeting, attend=False)
    data = filled_in(
        meeting, people, Asta="excused", Asta_instead="Sofie", Gro="absent", Gro_instead=substitute
    )  # fmt: skip
    response = as_user(secretary).post(address(meeting), data)
    assert response.status_code == 422
    assert message in response.content.decode()


def test_one_who_has_voted_cannot_be_made_absent(
    meeting: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people = sit_down(meeting)
    vote = Vote.including_closed.create(item=open_item)
    for person in list(people.values())[:7]:
        VoteLine.including_closed.create(vote=vote, person=person, stance="for")
    response = as_user(secretary).post(address(meeting), filled_in(meeting, people, Bo="absent"))
    assert response.status_code == 422
    assert "Bo har stemt på punkt 1. Slet afstemningen først." in response.content.decode()
    assert told(meeting)["Bo"] == "present"


def test_one_who_has_stayed_a_decision_cannot_be_made_absent(
    meeting: Meeting, approval: Decision, secretary: User, as_user: Login
) -> None:
    people = sit_down(meeting)
    Stay.including_closed.create(decision=approval, declared_by=people["Bo"])
    response = as_user(secretary).post(address(meeting), filled_in(meeting, people, Bo="absent"))
    assert response.status_code == 422
    assert "Bo har standset beslutningen på punkt 1 og deltog derfor." in response.content.decode()


def test_one_who_is_out_of_the_room_cannot_be_made_absent(
    meeting: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people = sit_down(meeting)
    ItemAbsence.including_closed.create(item=open_item, person=people["Bo"])
    response = as_user(secretary).post(address(meeting), filled_in(meeting, people, Bo="excused"))
    assert response.status_code == 422
    assert "Bo er skrevet ude af lokalet eller inhabil på punkt 1." in response.content.decode()


def test_attendance_of_a_closed_meeting_stands(meeting: Meeting, secretary: User, as_user: Login) -> None:
    people = sit_down(meeting)
    close(meeting)
    client = as_user(secretary)
    response = client.post(address(meeting), filled_in(meeting, people, Bo="excused"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Mødet er lukket." in page
    assert 'value="excused"\n             checked' in page
    assert "Gem fremmødet" not in client.get(address(meeting)).content.decode()
    with pytest.raises(MeetingClosed):
        record_attendance(meeting=meeting, presences=[Presence(people["Bo"].pk, "absent")], expected="", by=secretary)
    with pytest.raises(IntegrityError):
        Attendance.objects.filter(person=people["Bo"]).update(state="excused")


def test_attendance_is_for_the_secretary(
    meeting: Meeting, secretary: User, member: User, other_member: User, anonymous: Client, as_user: Login
) -> None:
    assert anonymous.get(address(meeting)).status_code == 302
    assert as_user(other_member).get(address(meeting)).status_code == 404
    assert as_user(member).get(address(meeting)).status_code == 403
    assert as_user(secretary).get(address(meeting)).status_code == 200
    assert as_user(secretary).put(address(meeting)).status_code == 405


@pytest.mark.parametrize("seated", [1, 3])
def test_attendance_page_asks_as_much_for_three_as_for_one(
    seated: int, meeting: Meeting, secretary: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    for number in range(seated):
        person = seat(meeting, f"Medlem {number}", "A")
        Attendance.objects.create(meeting=meeting, person=person, state="present")
    client = as_user(secretary)
    client.get(address(meeting))
    with django_assert_num_queries(17):
        client.get(address(meeting))

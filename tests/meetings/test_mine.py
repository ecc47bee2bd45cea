"""/mit/: what concerns the one who is logged in, and only what that person may see today."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from meetings.models import (
    AgendaItem,
    Attendance,
    Closing,
    Committee,
    Decision,
    Meeting,
    Membership,
    Person,
    Promise,
    ProtocolNote,
    Recusal,
    Stay,
    User,
    Vote,
    VoteLine,
)
from tests.conftest import CANARY, Login, publish


@pytest.fixture(autouse=True)
def _a_day_in_november() -> Any:
    with time_machine.travel("2026-11-22T10:00:00+01:00", tick=False):
        yield


def mine(client: Client) -> Any:
    return client.get("/mit/").context["document"]


def attend(meeting: Meeting, user: User) -> Person:
    person = Person.objects.get(user=user)
    Attendance.objects.create(meeting=meeting, person=person, state="present")
    return person


def test_own_page_is_for_those_who_are_logged_in(
    anonymous: Client, citizen: User, member: User, as_user: Login
) -> None:
    clients = (anonymous, as_user(citizen), as_user(member))
    assert [client.get("/mit/").status_code for client in clients] == [302, 200, 200]
    assert as_user(member).post("/mit/").status_code == 405


def test_own_page_is_one_step_from_every_page(member: User, as_user: Login) -> None:
    page = as_user(member).get("/moeder/").content.decode()
    assert ("Mette Medlem</span>" in page, ">Min side</a>" in page) == (True, True)


def test_citizen_without_committees_is_told_so(citizen: User, meeting: Meeting, as_user: Login) -> None:
    assert "Her er ikke noget endnu" in as_user(citizen).get("/mit/").content.decode()


def test_own_page_shows_meetings_of_own_committees(
    meeting: Meeting, other_committee: Committee, member: User, as_user: Login
) -> None:
    for day in (date(2027, 1, 4), date(2026, 12, 7)):
        Meeting.objects.create(committee=meeting.committee, date=day)
    publish(Meeting.objects.create(committee=other_committee, date=date(2026, 12, 1)))
    document = mine(as_user(member))
    assert [row.date_text for row in document.coming] == ["7. december 2026", "4. januar 2027"]
    assert [row.date_text for row in document.latest] == ["3. oktober 2022"]


def test_own_page_lists_items_where_one_took_a_stand(
    meeting: Meeting, open_item: AgendaItem, closed_item: AgendaItem, approval: Decision, member: User,
    as_user: Login,
) -> None:  # fmt: skip
    person = attend(meeting, member)
    vote = Vote.including_closed.create(item=open_item)
    VoteLine.including_closed.create(vote=vote, person=person, stance="against", party="A")
    ProtocolNote.including_closed.create(item=open_item, kind="dissent", by="Mette Medlem (A)", text="Nej.")
    Stay.including_closed.create(decision=approval, declared_by=person)
    Recusal.including_closed.create(item=closed_item, person=person, ground="Nabo", is_disqualified=True)
    items = mine(as_user(member)).items
    assert [(own.item.number, own.deeds) for own in items] == [
        ("1", ("Stemte imod", "Afvigende mening", "Begærede sagen indbragt (§ 23)")), ("2", ("Inhabil",)),
    ]  # fmt: skip


def test_after_leaving_the_committee_only_what_is_public_is_left(
    meeting: Meeting, open_item: AgendaItem, closed_item: AgendaItem, approval: Decision, member: User,
    as_user: Login,
) -> None:  # fmt: skip
    person = attend(meeting, member)
    for item in (open_item, closed_item):
        Recusal.including_closed.create(item=item, person=person, ground="Nabo", is_disqualified=True)
        Promise.including_closed.create(item=item, text="Et svar", due_on=date(2027, 1, 1))
    Membership.objects.filter(person=person).update(valid_to=date(2025, 12, 31))
    document = mine(as_user(member))
    assert (document.items, document.promises, document.coming, document.latest) == ((), (), (), ())
    assert [seat.when for seat in document.seats] == ["1. januar 2022 – 31. december 2025"]
    publish(meeting)
    response = as_user(member).get("/mit/")
    assert [own.item.number for own in response.context["document"].items] == ["1"]
    assert CANARY not in response.content.decode()


def test_own_page_lists_promises_that_are_not_kept(
    open_item: AgendaItem, member: User, other_member: User, as_user: Login
) -> None:
    for text, due in (("Senere", date(2027, 1, 1)), ("Før", date(2026, 1, 1))):
        Promise.including_closed.create(item=open_item, text=text, due_on=due)
    Promise.including_closed.create(
        item=open_item, text="Sket", due_on=date(2026, 1, 1), settled_on=date(2026, 2, 1), settled_note="Mail"
    )
    publish(open_item.meeting)
    told = [(one.line.text, one.is_overdue) for one in mine(as_user(member)).promises]
    assert told == [("Før", True), ("Senere", False)]
    assert mine(as_user(other_member)).promises == ()


def test_minutes_wait_for_the_signature_of_who_was_there(
    meeting: Meeting, approval: Decision, closed_approval: Decision, member: User, secretary: User, as_user: Login
) -> None:
    attend(meeting, member)
    assert mine(as_user(member)).to_sign == ()
    Closing.objects.create(meeting=meeting)
    assert mine(as_user(member)).to_sign == (meeting,)
    assert mine(as_user(secretary)).to_sign == ()
    assert f'href="/moeder/{meeting.pk}/referat/"' in as_user(member).get("/mit/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_own_page_asks_the_same_number_of_queries_however_much_there_is(
    rows: int, meeting: Meeting, member: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    person = attend(meeting, member)
    for n in range(rows):
        item = AgendaItem.including_closed.create(meeting=meeting, number=f"9{n}", position=90 + n, title="Sag")
        Recusal.including_closed.create(item=item, person=person, ground="Nabo", is_disqualified=True)
        Promise.including_closed.create(item=item, text="Et svar", due_on=date(2027, 1, 1))
        Meeting.objects.create(committee=meeting.committee, date=date(2026, 12, 1 + n))
    client = as_user(member)
    client.get("/mit/")
    with django_assert_num_queries(24):
        client.get("/mit/")

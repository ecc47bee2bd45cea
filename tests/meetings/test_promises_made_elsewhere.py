"""A promise made elsewhere than on an item, at a dialogue meeting: read, put on the agenda and settled like others."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from kit.clock import today
from meetings.documents.promises import promises_for_agenda
from meetings.models import AgendaItem, Committee, ItemSection, Meeting, Promise, User
from tests.conftest import Login, decide, publish

TOLD = "På dialogmødet midtvejs 14. november 2023 blev der givet dette løfte til udvalget: “Tre eksempler”"


@pytest.fixture
def promise(committee: Committee) -> Promise:
    promise: Promise = Promise.including_closed.create(
        committee=committee, made_on=date(2023, 11, 14), made_at="Dialogmødet midtvejs", made_url="/dialogmoeder/1/",
        text="Tre eksempler", responsible="Karen i forvaltningen", due_on=date(2024, 3, 1),
    )  # fmt: skip
    return promise


@pytest.fixture
def next_meeting(committee: Committee) -> Meeting:
    return Meeting.objects.create(committee=committee, date=today() + timedelta(days=7), starts_at=time(17))


def rows(client: Client, query: str = "") -> list[Any]:
    return list(client.get(f"/loefter/{query}").context["document"].rows)


def test_it_is_read_by_the_committees_own_people_only(
    promise: Promise,
    committee: Committee,
    anonymous: Client,
    citizen: User,
    leader: User,
    other_member: User,
    member: User,
    consultant: User,
    as_user: Login,
) -> None:
    clients = [anonymous, *(as_user(one) for one in (citizen, leader, other_member, member, consultant))]
    assert [len(rows(client)) for client in clients] == [0, 0, 0, 0, 1, 1]
    assert ["Tre eksempler" in client.get(committee.get_absolute_url()).text for client in clients] == [
        False, False, False, False, True, True,
    ]  # fmt: skip


def test_ledger_tells_where_it_was_made(promise: Promise, committee: Committee, member: User, as_user: Login) -> None:
    client = as_user(member)
    (row,) = rows(client)
    assert (row.made, row.made_url, row.committee) == (
        "Dialogmødet midtvejs, 14. november 2023", "/dialogmoeder/1/", committee.name,
    )  # fmt: skip
    assert len(rows(client, f"?udvalg={committee.slug}")) == 1


def test_own_page_shows_it(promise: Promise, member: User, as_user: Login) -> None:
    (own,) = as_user(member).get(reverse("mine")).context["document"].promises
    assert (own.line.text, own.url) == ("Tre eksempler", "/dialogmoeder/1/")


@pytest.mark.parametrize(("sent", "is_closed"), [({}, True), ({"is_open": "1"}, False)])
def test_its_item_is_closed_unless_the_secretary_says_otherwise(
    sent: dict[str, str], is_closed: bool, promise: Promise, next_meeting: Meeting, secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(f"/loefter/{promise.pk}/dagsorden/", sent)
    item = AgendaItem.including_closed.get(meeting=next_meeting)
    assert (item.is_closed, bool(item.closed_reason)) == (is_closed, is_closed)
    assert ItemSection.including_closed.get(item=item).text == TOLD


def test_it_is_proposed_for_the_agenda_and_kept_there(
    promise: Promise, next_meeting: Meeting, secretary: User, as_user: Login
) -> None:
    assert [one.pk for one in promises_for_agenda(next_meeting, viewer=secretary)] == [promise.pk]
    client = as_user(secretary)
    assert "Punktet kan behandles åbent" in client.get(f"/moeder/{next_meeting.pk}/").text
    for _ in range(2):
        client.post(f"/loefter/{promise.pk}/dagsorden/", {"meeting": next_meeting.pk})
    item = AgendaItem.including_closed.get(meeting=next_meeting)
    assert promises_for_agenda(next_meeting, viewer=secretary) == ()
    decide(item, "noted", "Taget til efterretning.", by=secretary)
    assert rows(client) == []


def test_settling_it_is_for_the_secretary(
    promise: Promise, anonymous: Client, member: User, other_member: User, secretary: User, as_user: Login
) -> None:
    address = f"/loefter/{promise.pk}/"
    clients = [anonymous, as_user(other_member), as_user(member), as_user(secretary)]
    assert [client.get(address).status_code for client in clients] == [302, 404, 403, 200]
    early = {"on": "2023-11-01", "note": "Sendt"}
    assert "først givet 14. november 2023" in as_user(secretary).post(address, early).text
    done = as_user(secretary).post(address, {"on": "2024-02-01", "note": "Sendt til udvalget."})
    assert done.status_code == 303
    assert rows(as_user(secretary)) == []
    assert as_user(secretary).put(address).status_code == 405


def test_it_is_no_part_of_what_a_published_meeting_tells(promise: Promise, meeting: Meeting, anonymous: Client) -> None:
    publish(meeting)
    assert rows(anonymous) == []


def test_promise_is_made_in_one_place(promise: Promise, open_item: AgendaItem) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.including_closed.filter(pk=promise.pk).update(item=open_item)
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.including_closed.filter(pk=promise.pk).update(committee=None)

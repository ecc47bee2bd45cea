"""Promises: a ledger, oldest first, that puts an item on the agenda in time and closes when it has been treated."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kit.clock import today
from meetings.actions import MeetingClosed, NotAllowed, close_meeting, put_promise_on_agenda
from meetings.actions import publish as publish_record
from meetings.documents.promises import promises_for_agenda
from meetings.models import AGENDA, MINUTES, AgendaItem, Committee, Decision, Event, ItemSection, Meeting, Promise, User
from tests.conftest import CANARY, Login, decide, publish
from tests.meetings.test_recording_together import at_the_same_time


def promise_on(item: AgendaItem, text: str = "Et overblik over normeringerne", **fields: Any) -> Promise:
    promise: Promise = Promise.including_closed.create(
        item=item, text=text, **{"due_on": date(2022, 12, 5), "responsible": "Karen i forvaltningen"} | fields
    )
    return promise


@pytest.fixture
def promise(open_item: AgendaItem) -> Promise:
    return promise_on(open_item)


@pytest.fixture
def next_meeting(committee: Committee) -> Meeting:
    return Meeting.objects.create(committee=committee, date=today() + timedelta(days=7), starts_at=time(17))


def told(client: Client, query: str = "") -> list[str]:
    return [row.line.text for row in client.get(f"/loefter/{query}").context["document"].rows]


# --- The ledger


def test_ledger_has_the_oldest_first_and_says_what_is_overdue(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    promise_on(open_item, "Senere", due_on=today() + timedelta(days=3))
    promise_on(open_item, "Først", due_on=date(2022, 11, 1))
    rows = as_user(secretary).get("/loefter/").context["document"].rows
    assert [(row.line.text, row.is_overdue, row.deadline.split()[0]) for row in rows] == [
        ("Først", True, "Fristen"), ("Senere", False, "Senest"),
    ]  # fmt: skip


def test_ledger_shows_what_one_may_read(
    meeting: Meeting,
    promise: Promise,
    closed_item: AgendaItem,
    anonymous: Client,
    citizen: User,
    other_member: User,
    consultant: User,
    member: User,
    as_user: Login,
) -> None:
    promise_on(closed_item, f"{CANARY} lovet")
    clients = (anonymous, as_user(citizen), as_user(other_member), as_user(consultant), as_user(member))
    assert [len(told(client)) for client in clients] == [0, 0, 0, 1, 2]
    publish(meeting)
    assert [len(told(client)) for client in clients] == [1, 1, 1, 1, 2]
    assert anonymous.post("/loefter/").status_code == 405


def test_outsiders_are_not_told_which_official_follows_up(
    meeting: Meeting, promise: Promise, anonymous: Client, member: User, as_user: Login
) -> None:
    publish(meeting)
    assert promise.item
    for address in ("/loefter/", promise.item.get_absolute_url()):
        heard = ["Karen" in client.get(address).text for client in (anonymous, as_user(member))]
        assert heard == [False, True]


def test_ledger_is_of_one_committee_and_of_open_ones_unless_one_asks(
    promise: Promise, open_item: AgendaItem, other_committee: Committee, administrator: User, as_user: Login
) -> None:
    promise_on(open_item, "Indfriet", settled_on=date(2022, 11, 1), settled_note="Notat sendt.")
    other = Meeting.objects.create(committee=other_committee, date=date(2022, 10, 4))
    promise_on(
        AgendaItem.including_closed.create(meeting=other, number="1", position=1, title="Haller", is_closed=False),
        "Et overblik over hallerne",
    )
    client = as_user(administrator)
    assert told(client) == ["Et overblik over normeringerne", "Et overblik over hallerne"]
    assert told(client, f"?udvalg={other_committee.slug}") == ["Et overblik over hallerne"]
    assert told(client, f"?udvalg={open_item.meeting.committee.slug}&vis=alle") == [
        "Et overblik over normeringerne", "Indfriet",
    ]  # fmt: skip


@pytest.mark.parametrize("number", [1, 3, 120])
def test_ledger_asks_a_constant_number_of_queries(
    number: int,
    open_item: AgendaItem,
    next_meeting: Meeting,
    secretary: User,
    as_user: Login,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    Promise.including_closed.bulk_create(
        Promise(item=open_item, text=f"Løfte {n}", due_on=date(2022, 12, 5)) for n in range(number)
    )
    client = as_user(secretary)
    with django_assert_num_queries(16):
        assert len(client.get("/loefter/").context["document"].rows) == min(number, 50)


def test_ledger_is_read_page_by_page(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    Promise.including_closed.bulk_create(
        Promise(item=open_item, text=f"Løfte {n}", due_on=date(2022, 12, 5)) for n in range(60)
    )
    client = as_user(secretary)
    assert [len(told(client, f"?side={page}")) for page in ("1", "2", "sidste")] == [50, 10, 50]
    assert "?vis=alle&amp;side=2" in client.get("/loefter/?vis=alle").text


@pytest.mark.parametrize("number", [1, 3])
def test_committee_page_shows_its_open_promises(
    number: int,
    open_item: AgendaItem,
    secretary: User,
    as_user: Login,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    for n in range(number):
        promise_on(open_item, f"Løfte {n}")
    client = as_user(secretary)
    with django_assert_num_queries(25):
        page = client.get(open_item.meeting.committee.get_absolute_url())
    assert page.context["document"].promises.total == number
    assert "Løfte 0" in page.text


# --- Kept otherwise


def test_settling_is_for_who_keeps_the_protocol(
    promise: Promise, anonymous: Client, member: User, other_secretary: User, secretary: User, as_user: Login
) -> None:
    place, sent = f"/loefter/{promise.pk}/", {"on": "2022-11-20", "note": "Notat sendt til udvalget."}
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    assert [client.get(place).status_code for client in clients] == [302, 403, 404, 200]
    assert [client.post(place, sent).status_code for client in clients] == [302, 403, 404, 303]
    assert clients[-1].post(place, sent).status_code == 303
    assert clients[-1].delete(place).status_code == 405
    assert not Promise.objects.still_open().exists()
    assert Event.objects.filter(action="promise_settled").count() == 1


@pytest.mark.parametrize(
    ("on", "note", "field"),
    [("2022-10-02", "Notat.", "on"), ("2099-01-01", "Notat.", "on"), ("2022-11-20", "", "note")],
)
def test_settling_takes_a_possible_day_and_a_word_on_how(
    on: str, note: str, field: str, promise: Promise, secretary: User, as_user: Login
) -> None:
    refused = as_user(secretary).post(f"/loefter/{promise.pk}/", {"on": on, "note": note})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])


def test_note_that_is_public_at_once_is_looked_through(
    meeting: Meeting, promise: Promise, secretary: User, as_user: Login
) -> None:
    publish(meeting)
    refused = as_user(secretary).post(f"/loefter/{promise.pk}/", {"on": "2022-11-20", "note": "Ring 36393639"})
    assert (refused.status_code, Promise.objects.still_open().count()) == (422, 1)


def test_database_wants_to_know_how_a_promise_was_settled(promise: Promise) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.including_closed.filter(pk=promise.pk).update(settled_on=date(2022, 11, 1))


# --- On the agenda


def put(client: Client, promise: Promise, **values: Any) -> Any:
    return client.post(f"/loefter/{promise.pk}/dagsorden/", values)


def test_putting_on_the_agenda_is_for_who_writes_it(
    promise: Promise,
    next_meeting: Meeting,
    anonymous: Client,
    member: User,
    other_secretary: User,
    secretary: User,
    as_user: Login,
) -> None:
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    assert [put(client, promise).status_code for client in clients] == [302, 403, 404, 303]
    assert clients[-1].get(f"/loefter/{promise.pk}/dagsorden/").status_code == 405


def test_item_tells_what_was_promised_and_the_promise_knows_it(
    promise: Promise, next_meeting: Meeting, secretary: User, as_user: Login
) -> None:
    assert put(as_user(secretary), promise, tilbage="/loefter/").headers["Location"] == "/loefter/"
    item = AgendaItem.objects.get(meeting=next_meeting)
    assert (item.title, item.number, item.is_closed) == ("Opfølgning: Et overblik over normeringerne", "1", False)
    assert "punkt 1 på mødet 3. oktober 2022" in ItemSection.objects.get(item=item).text
    promise.refresh_from_db()
    assert promise.answer == item


def test_nobody_is_sent_elsewhere_by_the_button(
    promise: Promise, next_meeting: Meeting, secretary: User, as_user: Login
) -> None:
    answer = put(as_user(secretary), promise, tilbage="//ond.example/")
    assert answer.headers["Location"] == f"/moeder/{next_meeting.pk}/dagsorden/"


def test_promise_given_behind_closed_doors_is_followed_up_there(
    closed_item: AgendaItem, next_meeting: Meeting, secretary: User, anonymous: Client, as_user: Login
) -> None:
    put(as_user(secretary), promise_on(closed_item, f"{CANARY} lovet"))
    item = AgendaItem.including_closed.get(meeting=next_meeting)
    assert (item.is_closed, item.closed_reason) == (True, f"{CANARY} er begrundelsen")
    publish(next_meeting)
    assert CANARY not in anonymous.get(next_meeting.get_absolute_url()).text
    assert not Event.objects.filter(target__contains=CANARY).exists()


def test_meeting_the_promise_is_due_at_comes_before_the_next(
    open_item: AgendaItem, next_meeting: Meeting, committee: Committee, secretary: User, as_user: Login
) -> None:
    due = Meeting.objects.create(committee=committee, date=today() + timedelta(days=60))
    put(as_user(secretary), promise_on(open_item, due_meeting=due))
    assert Promise.objects.get().answer.meeting == due


def test_pressing_twice_puts_one_item_on(
    promise: Promise, next_meeting: Meeting, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    assert [put(client, promise, meeting=next_meeting.pk).status_code for _ in range(2)] == [303, 303]
    assert AgendaItem.objects.filter(meeting=next_meeting).count() == 1


def test_promise_that_waits_on_one_agenda_is_not_put_on_another_too(
    promise: Promise, next_meeting: Meeting, committee: Committee, secretary: User, as_user: Login
) -> None:
    put(as_user(secretary), promise)
    later = Meeting.objects.create(committee=committee, date=next_meeting.date + timedelta(days=30))
    assert put(as_user(secretary), promise, meeting=later.pk).status_code == 422
    promise.refresh_from_db()
    assert promise.answer is not None
    assert (promise.answer.meeting, later.items.count()) == (next_meeting, 0)


def test_without_a_coming_meeting_the_page_says_so(promise: Promise, secretary: User, as_user: Login) -> None:
    refused = put(as_user(secretary), promise)
    assert (refused.status_code, "intet kommende møde" in refused.text) == (422, True)


def test_promise_is_not_put_on_another_committee_s_agenda_or_a_closed_one(
    promise: Promise, other_committee: Committee, held_meeting: Meeting, secretary: User
) -> None:
    other = Meeting.objects.create(committee=other_committee, date=today())
    with pytest.raises(NotAllowed):
        put_promise_on_agenda(promise=promise, meeting=other, nonce=uuid4(), by=secretary)
    close_meeting(meeting=held_meeting, ends_at=None, nonce=uuid4(), by=secretary)
    with pytest.raises(MeetingClosed):
        put_promise_on_agenda(promise=promise, meeting=held_meeting, nonce=uuid4(), by=secretary)


def test_personal_data_is_not_put_on_a_public_agenda_with_one_press(
    open_item: AgendaItem, next_meeting: Meeting, secretary: User, as_user: Login
) -> None:
    publish(next_meeting)
    refused = put(as_user(secretary), promise_on(open_item, "Ringe til 36393639"))
    assert (refused.status_code, AgendaItem.objects.filter(meeting=next_meeting).count()) == (422, 0)


@pytest.mark.parametrize(("category", "is_kept"), [("noted", True), ("postponed", False), ("not_treated", False)])
def test_promise_is_kept_when_its_item_has_been_treated(
    category: str, is_kept: bool, promise: Promise, next_meeting: Meeting, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    put(client, promise)
    assert told(client) == ["Et overblik over normeringerne"]
    decide(AgendaItem.objects.get(meeting=next_meeting), category, "Behandlet.", by=secretary)
    assert (told(client) == []) == is_kept


def test_that_a_promise_was_kept_is_told_with_the_minutes_where_it_was(
    promise: Promise, next_meeting: Meeting, secretary: User, anonymous: Client, as_user: Login
) -> None:
    put(as_user(secretary), promise)
    decide(AgendaItem.objects.get(meeting=next_meeting), "noted", "Taget til efterretning.", by=secretary)
    assert promise.item
    publish(promise.item.meeting)
    publish_record(subject=AGENDA, record=next_meeting, by=None, warnings_accepted=[])

    def state_for(client: Client) -> str:
        [row] = client.get("/loefter/?vis=alle").context["document"].rows
        return str(row.line.state.split()[0])

    assert (state_for(as_user(secretary)), state_for(anonymous)) == ("Indfriet", "På")
    publish_record(subject=MINUTES, record=next_meeting, by=None, warnings_accepted=[])
    assert state_for(anonymous) == "Indfriet"


# --- Proposals


def test_agenda_is_proposed_what_is_due_in_time_and_not_put_on_yet(
    open_item: AgendaItem,
    next_meeting: Meeting,
    secretary: User,
    as_user: Login,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    soon = promise_on(open_item, "Snart", due_on=next_meeting.date + timedelta(days=14))
    promise_on(open_item, "Siden", due_on=next_meeting.date + timedelta(days=15))
    promise_on(open_item, "Indfriet", settled_on=date(2022, 11, 1), settled_note="Notat.")
    secretary.held_roles  # noqa: B018  (asked once per request)
    with django_assert_num_queries(1):
        assert [one.text for one in promises_for_agenda(next_meeting, viewer=secretary)] == ["Snart"]
    put(as_user(secretary), soon)
    assert promises_for_agenda(next_meeting, viewer=secretary) == ()


def test_promise_whose_item_was_put_off_is_proposed_again(
    promise: Promise, next_meeting: Meeting, committee: Committee, secretary: User, as_user: Login
) -> None:
    put(as_user(secretary), promise)
    decide(AgendaItem.objects.get(meeting=next_meeting), "postponed", "Udsat.", by=secretary)
    later = Meeting.objects.create(committee=committee, date=next_meeting.date + timedelta(days=30))
    assert [one.text for one in promises_for_agenda(later, viewer=secretary)] == [promise.text]


def test_closed_promises_are_not_proposed_to_outsiders(
    closed_item: AgendaItem, next_meeting: Meeting, consultant: User, secretary: User
) -> None:
    promise_on(closed_item, f"{CANARY} lovet")
    assert [len(promises_for_agenda(next_meeting, viewer=user)) for user in (consultant, secretary)] == [0, 1]


def test_two_presses_at_once_put_one_item_on(
    committed_db: str, promise: Promise, next_meeting: Meeting, secretary: User
) -> None:
    def press() -> AgendaItem:
        return put_promise_on_agenda(promise=promise, meeting=next_meeting, nonce=uuid4(), by=secretary)

    assert at_the_same_time(press, press) == ["done", "done"]
    assert AgendaItem.objects.filter(meeting=next_meeting).count() == 1


def test_what_was_promised_stands_when_the_meeting_is_closed(
    held_meeting: Meeting, open_item: AgendaItem, approval: Decision, secretary: User
) -> None:
    promise = promise_on(open_item)
    close_meeting(meeting=held_meeting, ends_at=None, nonce=uuid4(), by=secretary)
    rows = Promise.including_closed.filter(pk=promise.pk)
    assert rows.update(settled_on=date(2022, 11, 1), settled_note="Sendt på mail") == 1
    with pytest.raises(IntegrityError, match="the meeting is closed"), transaction.atomic():
        rows.update(text="Noget andet")

"""Closing a meeting: nothing is missing, and afterwards nothing changes."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from kit.clock import today
from meetings.actions import MeetingClosed, NotReady, close_meeting, leave_untreated, record_decision, record_points
from meetings.documents.closing import obstacles
from meetings.models import (
    AgendaItem,
    Attendance,
    Closing,
    Decision,
    DecisionDraft,
    Event,
    Meeting,
    Recommendation,
    SourceDocument,
    User,
    Vote,
    VoteLine,
)
from tests.conftest import CANARY, Login, decide, make_member
from tests.meetings.test_recording_together import at_the_same_time


def address(meeting: Meeting) -> str:
    return f"/moeder/{meeting.pk}/luk/"


def texts(meeting: Meeting) -> list[str]:
    return [one.text for one in obstacles(meeting)]


def check_now() -> None:
    """Ask what the database asks when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def vote_on(item: AgendaItem, *users: User) -> None:
    vote = Vote.including_closed.create(item=item)
    for user in users:
        VoteLine.including_closed.create(vote=vote, person=user.person, stance="for", party="A")
    check_now()


@pytest.fixture
def latecomer(held_meeting: Meeting, open_item: AgendaItem, member: User, second_member: User) -> User:
    """Somebody who is written down as present after the vote on item 1 was counted."""
    vote_on(open_item, member, second_member)
    user = make_member(held_meeting.committee, "medlem3", "Viggo Ventet")
    Attendance.objects.create(meeting=held_meeting, person=user.person, state="present")
    return user


def test_closing_is_for_who_keeps_the_protocol(
    held_meeting: Meeting,
    anonymous: Client,
    member: User,
    other_secretary: User,
    secretary: User,
    as_user: Login,
) -> None:
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    assert [client.get(address(held_meeting)).status_code for client in clients] == [302, 403, 404, 200]
    assert [client.post(address(held_meeting)).status_code for client in clients] == [302, 403, 404, 303]
    assert clients[3].delete(address(held_meeting)).status_code == 405


def test_closing_keeps_the_hour_and_writes_it_down(held_meeting: Meeting, secretary: User, as_user: Login) -> None:
    as_user(secretary).post(address(held_meeting), {"ends_at": "19:10"})
    held_meeting.refresh_from_db()
    assert (held_meeting.ends_at, held_meeting.closing.closed_by) == (time(19, 10), secretary)
    assert [event.action for event in Event.objects.filter(actor_pk=secretary.pk)] == ["meeting_closed"]


def test_closing_twice_is_closing_once(held_meeting: Meeting, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    assert [client.post(address(held_meeting), {"ends_at": ""}).status_code for _ in range(2)] == [303, 303]
    assert Closing.objects.count() == 1
    assert "Lukket" in client.get(address(held_meeting)).context["document"].closed


def test_meeting_cannot_end_before_it_began(held_meeting: Meeting, secretary: User, as_user: Login) -> None:
    refused = as_user(secretary).post(address(held_meeting), {"ends_at": "16:00"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["ends_at"])
    assert not Closing.objects.exists()
    assert as_user(secretary).post(address(held_meeting), {"ends_at": "00:30"}).status_code == 303  # past midnight


def test_page_says_what_is_missing_and_where_to_put_it_right(
    meeting: Meeting, approval: Decision, secretary: User, as_user: Login
) -> None:
    page = as_user(secretary).get(address(meeting))
    assert texts(meeting) == [
        "Fremmødet mangler: ingen er skrevet ind som til stede.",
        "Punkt 2 mangler beslutning.",
    ]
    assert [one.item.number for one in page.context["document"].undecided] == ["2"]
    assert f"/moeder/{meeting.pk}/beslutninger/#punkt-2" in page.text
    assert "Luk mødet</button>" not in page.text


def test_what_came_in_between_is_said_when_one_closes(
    meeting: Meeting, approval: Decision, secretary: User, as_user: Login
) -> None:
    refused = as_user(secretary).post(address(meeting))
    assert refused.status_code == 422
    assert "Mødet er ikke lukket" in refused.text
    assert not Closing.objects.exists()


def test_vote_that_does_not_add_up_is_named_by_its_item(
    held_meeting: Meeting, latecomer: User, secretary: User, as_user: Login
) -> None:
    assert texts(held_meeting) == ["Punkt 1: der er ført 2 stemmer, men 3 kunne stemme."]
    assert f"/moeder/{held_meeting.pk}/punkter/1/forhandling/" in as_user(secretary).get(address(held_meeting)).text


def test_meeting_that_is_not_held_yet_is_not_closed(held_meeting: Meeting) -> None:
    Meeting.objects.filter(pk=held_meeting.pk).update(date=today() + timedelta(days=1))
    held_meeting.refresh_from_db()
    assert [text.split(" først")[0] for text in texts(held_meeting)] == ["Mødet holdes"]


def test_cancelled_meeting_has_no_minutes_to_close(held_meeting: Meeting, secretary: User) -> None:
    Meeting.objects.filter(pk=held_meeting.pk).update(cancelled="sygdom")
    with pytest.raises(NotReady, match="aflyst"):
        close_meeting(meeting=held_meeting, ends_at=None, nonce=uuid4(), by=secretary)


def test_obstacles_are_asked_with_a_constant_number_of_queries(
    held_meeting: Meeting, member: User, second_member: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in (3, 4, 5):
        item = AgendaItem.including_closed.create(
            meeting=held_meeting, number=str(number), position=number, title="Punkt", is_closed=False
        )
        vote_on(item, member, second_member)
        with django_assert_num_queries(7):
            assert len(obstacles(held_meeting)) == number - 2


# --- Ikke behandlet


def press(client: Client, item: AgendaItem, **values: Any) -> Any:
    return client.post(f"/moeder/{item.meeting_id}/punkter/{item.number}/ikke-behandlet/", values)


def test_not_treated_is_for_who_keeps_the_protocol(
    closed_item: AgendaItem, anonymous: Client, member: User, other_secretary: User, secretary: User, as_user: Login
) -> None:
    clients = (anonymous, as_user(member), as_user(other_secretary))
    assert [press(client, closed_item).status_code for client in clients] == [302, 403, 404]
    assert as_user(secretary).get(f"/moeder/{closed_item.meeting_id}/punkter/2/ikke-behandlet/").status_code == 405
    assert not Decision.including_closed.exists()


def test_one_press_says_that_the_item_was_not_treated(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    nonce = uuid4()
    assert [press(as_user(secretary), open_item, nonce=nonce).status_code for _ in range(2)] == [303, 303]
    assert list(Decision.objects.values_list("category", "text")) == [("not_treated", "Ikke behandlet.")]


def test_of_an_item_that_is_begun_the_rest_is_not_treated(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    Recommendation.including_closed.create(item=open_item, number=2, by="Direktøren for Børn", text="at resten venter.")
    record_points(
        item=open_item, points=[1], category="approved", text="Godkendt.", expected=0, nonce=uuid4(), by=secretary
    )
    press(as_user(secretary), open_item)
    told = Decision.objects.order_by("recommendation__number").values_list("recommendation__number", "category")
    assert list(told) == [(1, "approved"), (2, "not_treated")]


def test_draft_that_somebody_writes_is_not_overtaken(closed_item: AgendaItem, secretary: User, as_user: Login) -> None:
    DecisionDraft.including_closed.filter(item=closed_item).update(revision=3)
    answer = press(as_user(secretary), closed_item, revision=0)
    assert (answer.status_code, "kladde til punkt 2" in answer.text) == (409, True)
    assert press(as_user(secretary), closed_item, revision=3).status_code == 303


def test_not_treated_after_closing_changes_nothing(closed_meeting: Meeting, secretary: User, as_user: Login) -> None:
    item = AgendaItem.including_closed.get(meeting=closed_meeting, number="1")
    with pytest.raises(MeetingClosed):
        leave_untreated(item=item, expected=0, nonce=uuid4(), by=secretary)
    assert press(as_user(secretary), item).status_code == 303
    assert Decision.including_closed.count() == 2


# --- Past the form


def refused() -> Any:
    """The database's own no."""
    return pytest.raises(IntegrityError)


def test_database_refuses_to_close_with_an_undecided_item(meeting: Meeting, approval: Decision, member: User) -> None:
    Attendance.objects.create(meeting=meeting, person=member.person, state="present")
    with refused(), transaction.atomic():
        Closing.objects.create(meeting=meeting)


def test_database_refuses_to_close_while_nobody_is_present(
    meeting: Meeting, approval: Decision, closed_approval: Decision
) -> None:
    with refused(), transaction.atomic():
        Closing.objects.create(meeting=meeting)


def test_database_refuses_to_close_while_a_vote_does_not_add_up(held_meeting: Meeting, latecomer: User) -> None:
    with refused(), transaction.atomic():
        Closing.objects.create(meeting=held_meeting)


def test_database_keeps_a_closed_meeting_as_it_was(closed_meeting: Meeting, member: User, secretary: User) -> None:
    item = AgendaItem.including_closed.get(meeting=closed_meeting, number="1")
    attempts: list[Callable[[], Any]] = [
        lambda: decide(item, "approved", "Igen.", by=secretary),
        lambda: Vote.including_closed.create(item=item),
        lambda: Attendance.objects.filter(meeting=closed_meeting).delete(),
        lambda: Attendance.objects.filter(meeting=closed_meeting).update(state="absent"),
        lambda: AgendaItem.including_closed.filter(pk=item.pk).update(title="En anden titel"),
        lambda: Meeting.objects.filter(pk=closed_meeting.pk).update(ends_at=time(23)),
        lambda: Recommendation.including_closed.filter(item=item).delete(),
    ]
    for attempt in attempts:
        with refused(), transaction.atomic():
            attempt()
            check_now()


def test_closing_beside_a_decision_lets_only_one_of_them_in_first(
    committed_db: str, held_meeting: Meeting, secretary: User, second_secretary: User
) -> None:
    late = AgendaItem.including_closed.create(
        meeting=held_meeting, number="3", position=3, title="Sent", is_closed=False
    )

    def record() -> Decision:
        return record_decision(
            item=late, category="approved", text="Godkendt.", expected=0, nonce=uuid4(), by=second_secretary
        )

    def close() -> Closing:
        return close_meeting(meeting=held_meeting, ends_at=None, nonce=uuid4(), by=secretary)

    # Either the decision came first and the meeting is closed with it, or the item was still missing one.
    assert at_the_same_time(record, close) in (["done", "done"], [NotReady.__name__, "done"])
    assert Decision.objects.filter(item=late).count() == 1


# --- Publishing


def test_minutes_are_published_when_the_meeting_is_closed(
    held_meeting: Meeting, secretary: User, as_user: Login
) -> None:
    client, place = as_user(secretary), f"/moeder/{held_meeting.pk}/offentliggoer/"
    assert client.post(place, {"del": "dagsorden"}).status_code == 303
    refused_page = client.post(place, {"del": "referat"})
    assert (refused_page.status_code, f"/moeder/{held_meeting.pk}/luk/" in refused_page.text) == (422, True)
    close_meeting(meeting=held_meeting, ends_at=None, nonce=uuid4(), by=secretary)
    assert client.post(place, {"del": "referat"}).status_code == 303


def test_minutes_read_from_a_document_need_no_closing(meeting: Meeting, secretary: User, as_user: Login) -> None:
    document = SourceDocument.objects.create(
        municipality=meeting.committee.municipality, kind="referat", file_name="r.txt", sha256="0" * 64, text="Referat"
    )
    Meeting.objects.filter(pk=meeting.pk).update(source_document=document)
    answer = as_user(secretary).post(f"/moeder/{meeting.pk}/offentliggoer/", {"del": "referat"})
    assert answer.status_code == 303


def test_closed_title_is_on_the_page_and_not_in_the_log(
    meeting: Meeting, approval: Decision, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    assert f"{CANARY} i titlen" in client.get(address(meeting)).text
    client.post(f"/moeder/{meeting.pk}/punkter/2/ikke-behandlet/", {"revision": "0"})
    assert date(2022, 10, 3) == Decision.including_closed.get(item__number="2").decided_on
    assert not Event.objects.filter(target__contains=CANARY).exists()

"""The agenda put in order: by steps, over the order one saw, with numbers handed out again or kept."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client

from meetings.actions import MeetingClosed, OrderChanged, Step, add_item, delete_item, move_item
from meetings.models import (
    AgendaItem,
    Attachment,
    Attendance,
    Closing,
    Decision,
    Dispatch,
    Event,
    Meeting,
    Promise,
    ProtocolNote,
    StoredFile,
    User,
    items_in_order,
    order_fingerprint,
)
from tests.conftest import CANARY, Login, decide
from tests.meetings.test_recording_together import at_the_same_time


@pytest.fixture
def agenda(committee: Any) -> Meeting:
    """A meeting of four items, the last of them closed."""
    meeting = Meeting.objects.create(committee=committee, date=date(2026, 3, 2))
    for position, title in enumerate(["A", "B", "C", CANARY], start=1):
        AgendaItem.including_closed.create(
            meeting=meeting, number=str(position), position=position, title=title, is_closed=title == CANARY
        )
    return meeting


def as_it_stands(meeting: Meeting) -> list[tuple[str, str]]:
    return [(item.number, item.title) for item in items_in_order(meeting)]


def item_of(meeting: Meeting, title: str) -> AgendaItem:
    return AgendaItem.including_closed.get(meeting=meeting, title=title)


def pressed(meeting: Meeting, title: str, step: str) -> dict[str, str]:
    return {"move": f"{item_of(meeting, title).pk}:{step}", "seen": order_fingerprint(items_in_order(meeting))}


def test_arranging_is_for_those_who_plan(
    agenda: Meeting, anonymous: Client, member: User, other_secretary: User, secretary: User, as_user: Login
) -> None:
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    page, move = f"/moeder/{agenda.pk}/dagsorden/", f"/moeder/{agenda.pk}/dagsorden/flyt/"
    assert [client.get(page).status_code for client in clients] == [302, 403, 404, 200]
    assert [client.post(move, pressed(agenda, "A", "ned")).status_code for client in clients] == [302, 403, 404, 303]
    assert (as_user(secretary).post(page).status_code, as_user(secretary).get(move).status_code) == (405, 405)


@pytest.mark.parametrize(
    ("title", "step", "order"),
    [
        ("A", "ned", ["B", "A", "C", CANARY]),
        ("C", "op", ["A", "C", "B", CANARY]),
        (CANARY, "oeverst", [CANARY, "A", "B", "C"]),
        ("A", "nederst", ["B", "C", CANARY, "A"]),
        ("A", "3", ["B", "C", "A", CANARY]),
        (CANARY, "2", ["A", CANARY, "B", "C"]),
        ("A", "op", ["A", "B", "C", CANARY]),
        ("A", "999999", ["B", "C", CANARY, "A"]),
    ],
)
def test_item_is_moved_and_numbers_follow_the_place(
    title: str, step: str, order: list[str], agenda: Meeting, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(f"/moeder/{agenda.pk}/dagsorden/flyt/", pressed(agenda, title, step))
    assert response.headers["Location"] == f"/moeder/{agenda.pk}/dagsorden/#punkt-{item_of(agenda, title).pk}"
    assert as_it_stands(agenda) == [(str(n), one) for n, one in enumerate(order, start=1)]


def test_running_numbers_stay_running(agenda: Meeting, secretary: User, as_user: Login) -> None:
    for position, item in enumerate(items_in_order(agenda)):
        AgendaItem.including_closed.filter(pk=item.pk).update(number=str(178 + position))
    as_user(secretary).post(f"/moeder/{agenda.pk}/dagsorden/flyt/", pressed(agenda, "C", "oeverst"))
    assert as_it_stands(agenda) == [("178", "C"), ("179", "A"), ("180", "B"), ("181", CANARY)]


@pytest.mark.parametrize("because", ["dispatched", "decided"])
def test_numbers_stay_when_others_go_by_them(because: str, agenda: Meeting, secretary: User, as_user: Login) -> None:
    if because == "dispatched":
        Dispatch.objects.create(meeting=agenda, sent_by=secretary)
    else:
        decide(item_of(agenda, "C"), "approved", "Godkendt.", by=secretary)
    client = as_user(secretary)
    client.post(f"/moeder/{agenda.pk}/dagsorden/flyt/", pressed(agenda, "B", "oeverst"))
    assert as_it_stands(agenda) == [("2", "B"), ("1", "A"), ("3", "C"), ("4", CANARY)]
    assert "beholder derfor deres numre" in client.get(f"/moeder/{agenda.pk}/dagsorden/").text


def test_htmx_gets_the_list_with_the_focus_on_the_moved_item(agenda: Meeting, secretary: User, as_user: Login) -> None:
    response = as_user(secretary).post(
        f"/moeder/{agenda.pk}/dagsorden/flyt/", pressed(agenda, "A", "ned"), headers={"HX-Request": "true"}
    )
    assert (response.status_code, "<html" in response.text) == (200, False)
    assert "Punktet står nu som nr. 2 af 4 og har nummer 2." in response.text
    moved = next(line for line in response.context["document"].lines if line.title == "A")
    assert (moved.focus, response.text.count("data-focus")) == ("ned", 1)


def test_second_secretary_meets_the_present_order(
    agenda: Meeting, secretary: User, second_secretary: User, as_user: Login
) -> None:
    seen = pressed(agenda, "C", "oeverst")
    as_user(second_secretary).post(f"/moeder/{agenda.pk}/dagsorden/flyt/", pressed(agenda, "A", "nederst"))
    response = as_user(secretary).post(f"/moeder/{agenda.pk}/dagsorden/flyt/", seen)
    assert (response.status_code, "Dagsordenen er lagt om imens." in response.text) == (409, True)
    assert [line.title for line in response.context["document"].lines] == ["B", "C", CANARY, "A"]
    assert [title for _, title in as_it_stands(agenda)] == ["B", "C", CANARY, "A"]


def test_two_moves_at_once_leave_one_and_tell_the_other(
    committed_db: str, agenda: Meeting, secretary: User, second_secretary: User
) -> None:
    seen = order_fingerprint(items_in_order(agenda))

    def move(by: User) -> Any:
        return lambda: move_item(meeting=agenda, item_pk=item_of(agenda, "A").pk, to=Step.DOWN, seen=seen, by=by)

    assert at_the_same_time(move(secretary), move(second_secretary)) == [OrderChanged.__name__, "done"]
    assert [number for number, _ in as_it_stands(agenda)] == ["1", "2", "3", "4"]


def test_who_writes_an_item_hears_of_its_new_number(
    agenda: Meeting, secretary: User, second_secretary: User, as_user: Login
) -> None:
    """The address of the form names another item by now; what was typed goes to the one it was typed for."""
    item = item_of(agenda, "A")
    as_user(second_secretary).post(f"/moeder/{agenda.pk}/dagsorden/flyt/", pressed(agenda, "A", "ned"))
    typed = {"item_pk": item.pk, "number": "1", "title": "A, rettet", "openness": "aaben", "revision": "0"}
    client = as_user(secretary)
    response = client.post(f"/moeder/{agenda.pk}/punkter/1/ret/", typed)
    assert (response.status_code, response.context["conflict"]["theirs"]) == (409, "Nummer: 2\nTitel: A")
    revision = response.context["form"]["revision"].value()
    client.post(f"/moeder/{agenda.pk}/punkter/1/ret/", typed | {"number": "2", "revision": revision})
    assert as_it_stands(agenda)[:2] == [("1", "B"), ("2", "A, rettet")]


@pytest.mark.parametrize("move", ["", "x", "1", "1:hjem", "9" * 30 + ":op"])
def test_garbled_move_is_refused(move: str, agenda: Meeting, secretary: User, as_user: Login) -> None:
    garbled = pressed(agenda, "A", "ned") | {"move": move}
    assert as_user(secretary).post(f"/moeder/{agenda.pk}/dagsorden/flyt/", garbled).status_code == 400


def test_item_of_another_meeting_is_not_moved(
    agenda: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    strange = pressed(agenda, "A", "ned") | {"move": f"{open_item.pk}:op"}
    assert as_user(secretary).post(f"/moeder/{agenda.pk}/dagsorden/flyt/", strange).status_code == 404


def test_one_number_cannot_be_used_twice_past_the_form(agenda: Meeting) -> None:
    AgendaItem.including_closed.filter(meeting=agenda, title="A").update(number="2")
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def close(meeting: Meeting, by: User) -> None:
    for item in items_in_order(meeting):
        decide(item, "noted", "Til efterretning.", by=by)
    member = meeting.committee.memberships.get()
    Attendance.objects.create(meeting=meeting, person=member.person, state="present")
    Closing.objects.create(meeting=meeting, closed_by=by)


def test_closed_meeting_keeps_its_order(agenda: Meeting, member: User, secretary: User, as_user: Login) -> None:
    close(agenda, secretary)
    client = as_user(secretary)
    response = client.post(f"/moeder/{agenda.pk}/dagsorden/flyt/", pressed(agenda, "A", "ned"))
    assert (response.status_code, "Mødet er lukket." in response.text) == (409, True)
    assert "data-step" not in client.get(f"/moeder/{agenda.pk}/dagsorden/").text
    with pytest.raises(MeetingClosed):
        delete_item(item=item_of(agenda, "A"), by=secretary)


def test_page_asks_as_much_for_one_item_as_for_many(
    agenda: Meeting, secretary: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    client = as_user(secretary)
    AgendaItem.including_closed.filter(meeting=agenda).exclude(title="A").delete()
    client.get("/moeder/")  # the session's first page keeps its CSRF number
    for title in ("", "B", "C"):
        if title:
            add_item(meeting=agenda, nonce=uuid4(), by=secretary, points=[], recommended_by="", title=title,
                     number=title, is_closed=False)  # fmt: skip
        with django_assert_num_queries(15):  # one of them asks for promises to put on
            client.get(f"/moeder/{agenda.pk}/dagsorden/")


# --- Taken off again ------------------------------------------------------------------------------


def test_item_is_deleted_after_a_page_that_says_what_goes(
    agenda: Meeting, anonymous: Client, member: User, other_secretary: User, secretary: User, as_user: Login
) -> None:
    item = item_of(agenda, "B")
    item.recommendations.create(number=1, text="at det godkendes.")
    address = f"{item.get_absolute_url()}slet/"
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    assert [client.get(address).status_code for client in clients] == [302, 403, 404, 200]
    assert "med 1 at-punkt." in " ".join(clients[3].get(address).text.split())
    answers = [clients[3].post(address, {"item_pk": item.pk}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert as_it_stands(agenda) == [("1", "A"), ("2", "C"), ("3", CANARY)]
    assert [CANARY in str(event.changes) + event.target for event in Event.objects.all()] == [False]
    assert clients[3].put(address).status_code == 405


def test_item_is_not_deleted_in_the_place_of_another(
    agenda: Meeting, secretary: User, second_secretary: User, as_user: Login
) -> None:
    meant = item_of(agenda, "B")
    as_user(second_secretary).post(f"/moeder/{agenda.pk}/dagsorden/flyt/", pressed(agenda, "B", "nederst"))
    response = as_user(secretary).post(f"/moeder/{agenda.pk}/punkter/2/slet/", {"item_pk": meant.pk})
    assert (response.status_code, len(as_it_stands(agenda))) == (409, 4)
    assert "Dagsordenen er lagt om imens." in response.text


@pytest.mark.parametrize("what", ["udsendt", "bilag", "løfte", "beslutning"])
def test_item_that_others_have_or_that_something_hangs_on_is_not_deleted(
    what: str, agenda: Meeting, secretary: User, as_user: Login
) -> None:
    item = item_of(agenda, CANARY)
    if what == "udsendt":
        Dispatch.objects.create(meeting=agenda, sent_by=secretary)
    elif what == "bilag":
        file = StoredFile.objects.create(sha256="1" * 64, content=b"x", size=1)
        Attachment.including_closed.create(item=item, position=1, title="Bilag", file=file, file_name="x.txt")
    elif what == "løfte":
        Promise.including_closed.create(item=item, text="Svar", due_on=date(2026, 5, 1))
    else:
        decide(item, "approved", "Godkendt.", by=secretary)
    response = as_user(secretary).post(f"{item.get_absolute_url()}slet/", {"item_pk": item.pk})
    sentence = {"udsendt": "Dagsordenen er sendt ud. Punktet kan flyttes til et senere møde, men ikke slettes."}.get(
        what, f"Punktet kan ikke slettes, for der hører {what} til det."
    )
    assert (response.status_code, response.context["refusal"]) == (409, sentence)
    assert len(as_it_stands(agenda)) == 4


# --- What is written while another arranges


def rearranged(agenda: Meeting, by: User) -> AgendaItem:
    """Swap A and B after the page was shown; A, which had number 1, has number 2 now."""
    seen = order_fingerprint(items_in_order(agenda))
    return move_item(meeting=agenda, item_pk=item_of(agenda, "A").pk, to=Step.DOWN, seen=seen, by=by)


@pytest.mark.parametrize("page", ["beslutning", "ikke-behandlet", "forhandling", "bilag/nyt"])
def test_what_is_written_on_one_item_is_not_entered_on_another(
    page: str, agenda: Meeting, secretary: User, second_secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    address = f"/moeder/{agenda.pk}/punkter/1/{page}/"
    shown = {
        "beslutning": f"/moeder/{agenda.pk}/beslutninger/", "ikke-behandlet": f"/moeder/{agenda.pk}/luk/",
    }.get(page, address)  # fmt: skip
    pk = item_of(agenda, "A").pk
    assert f'name="item_pk" value="{pk}"' in client.get(shown).content.decode()
    rearranged(agenda, second_secretary)
    typed: dict[str, Any] = {
        "item_pk": pk, "text": "Godkendt.", "category": "approved", "revision": 0, "nonce": str(uuid4()),
        "hvad": "bemaerkning", "kind": "note", "speaker": "Mette", "title": "Et bilag",
        "file": SimpleUploadedFile("notat.txt", b"Et notat."),
    }  # fmt: skip
    assert client.post(address, typed).status_code == 303
    things = {"forhandling": ProtocolNote, "bilag/nyt": Attachment}
    [written] = things.get(page, Decision).including_closed.all()  # type: ignore[attr-defined]
    assert written.item_id == pk


@pytest.mark.parametrize("pk", ["9" * 5000, "9" * 18, "x"])
def test_item_that_cannot_be_meant_is_no_fault(pk: str, agenda: Meeting, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    pages = ["beslutning", "ikke-behandlet", "forhandling", "bilag/nyt", "slet", "ret", "del", "videre"]
    answers = [client.post(f"/moeder/{agenda.pk}/punkter/1/{page}/", {"item_pk": pk}).status_code for page in pages]
    assert {status // 100 for status in answers} <= {3, 4}

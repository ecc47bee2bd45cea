"""The agenda sent out: once as a whole, later what is new, and frozen from then on."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from kit.append_only import AppendOnlyError
from meetings.documents.dispatch import DispatchDocument
from meetings.models import AgendaItem, Dispatch, DispatchedItem, Event, ItemSection, Meeting, Recommendation, User
from tests.conftest import CANARY, Login
from tests.meetings.test_attachments import attach, close


@pytest.fixture
def address(meeting: Meeting) -> str:
    return f"/moeder/{meeting.pk}/udsend/"


def send(client: Client, address: str, **changes: str) -> Any:
    """Look at the page and press the button."""
    form = client.get(address).context["form"]
    return client.post(address, {"nonce": form["nonce"].value(), "seen": form["seen"].value()} | changes)


def sendings() -> list[tuple[str, list[str]]]:
    return [
        (str(dispatch), [item.number for item in DispatchedItem.including_closed.filter(dispatch=dispatch)])
        for dispatch in Dispatch.objects.all()
    ]


def test_sending_out_is_for_those_who_write_the_agenda(
    published_meeting: Meeting, address: str, anonymous: Client, member: User, other_secretary: User, secretary: User,
    as_user: Login,
) -> None:  # fmt: skip
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    assert [client.get(address).status_code for client in clients] == [302, 403, 403, 200]
    assert [client.post(address).status_code for client in clients[:3]] == [302, 403, 403]
    assert as_user(secretary).delete(address).status_code == 405
    assert sendings() == []


def test_page_lists_what_would_be_sent_and_what_is_missing(
    meeting: Meeting, open_item: AgendaItem, address: str, secretary: User, as_user: Login
) -> None:
    attach(open_item)
    AgendaItem.including_closed.create(meeting=meeting, number="3", position=3, title="Eventuelt", is_closed=False)
    lines = as_user(secretary).get(address).context["document"].lines
    assert [(line.number, line.is_closed, line.attachments, line.missing) for line in lines] == [
        ("1", False, 1, "tekst"), ("2", True, 0, ""), ("3", False, 0, "tekst og indstilling"),
    ]  # fmt: skip


def test_first_sending_is_the_agenda_word_for_word(
    open_item: AgendaItem, meeting: Meeting, address: str, secretary: User, as_user: Login
) -> None:
    ItemSection.objects.create(item=open_item, position=1, kind="summary", heading="Sagsresume", text="Sagen.")
    attach(open_item, "Budget")
    response = send(as_user(secretary), address)
    assert (response.status_code, response.headers["Location"]) == (303, meeting.get_absolute_url())
    assert sendings() == [("Dagsorden", ["1", "2"])]
    assert DispatchedItem.objects.get().content == {
        "title": "Politiske pejlemærker 2022–2025", "is_closed": False, "case_no": "", "case_type": "",
        "recommended_by": "Direktøren for Børn", "points": ["at udvalget godkender pejlemærkerne."],
        "sections": [["Sagsresume", "Sagen."]], "attachments": ["Budget"],
    }  # fmt: skip


def test_double_click_sends_once(meeting: Meeting, address: str, secretary: User, as_user: Login) -> None:
    client, nonce = as_user(secretary), str(uuid4())
    seen = DispatchDocument.for_meeting(meeting).seen
    answers = [client.post(address, {"nonce": nonce, "seen": seen}).status_code for _ in range(2)]
    assert (answers, sendings()) == ([303, 303], [("Dagsorden", ["1", "2"])])


def test_later_sendings_bring_only_what_is_new(
    meeting: Meeting, open_item: AgendaItem, address: str, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    send(client, address)
    AgendaItem.including_closed.create(meeting=meeting, number="3", position=3, title="Budget", is_closed=False)
    send(client, address)
    Recommendation.objects.filter(item=open_item).update(text="at udvalget drøfter pejlemærkerne.")
    send(client, address)
    assert sendings() == [("Dagsorden", ["1", "2"]), ("Tillægsdagsorden", ["3"]), ("Tillægsdagsorden", ["1"])]


def test_nothing_new_is_said_and_not_sent(address: str, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    send(client, address)
    assert "Der er intet nyt at sende ud siden" in client.get(address).content.decode()
    response = client.post(address, {"nonce": str(uuid4()), "seen": "x"})
    assert (response.status_code, len(sendings())) == (422, 1)
    assert response.context["form"].non_field_errors()[0].startswith("Der er intet nyt at sende ud siden")


def test_empty_agenda_is_not_sent(committee: Any, secretary: User, as_user: Login) -> None:
    empty = Meeting.objects.create(committee=committee, date="2022-11-07")
    client = as_user(secretary)
    assert "Dagsordenen er tom" in client.get(f"/moeder/{empty.pk}/udsend/").content.decode()
    assert client.post(f"/moeder/{empty.pk}/udsend/", {"nonce": str(uuid4())}).status_code == 422


def test_agenda_that_changed_under_the_page_is_not_sent_unseen(
    open_item: AgendaItem, address: str, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    form = client.get(address).context["form"]
    AgendaItem.including_closed.filter(pk=open_item.pk).update(title="Ny titel")
    refused = client.post(address, {"nonce": form["nonce"].value(), "seen": form["seen"].value()})
    assert (refused.status_code, sendings()) == (422, [])
    again = refused.context["form"]
    assert client.post(address, {"nonce": again["nonce"].value(), "seen": again["seen"].value()}).status_code == 303


def test_closed_meeting_is_not_sent(meeting: Meeting, address: str, secretary: User, as_user: Login) -> None:
    close(meeting, by=secretary)
    client, seen = as_user(secretary), DispatchDocument.for_meeting(meeting).seen
    assert "<button" not in client.get(address).content.decode().split("<main")[1]
    assert client.post(address, {"nonce": str(uuid4()), "seen": seen}).status_code == 422
    assert sendings() == []


def test_sending_is_logged_without_titles(
    address: str, closed_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    send(as_user(secretary), address)
    event = Event.objects.get(action="agenda_dispatched")
    assert CANARY not in f"{event.target}{event.changes}"
    assert closed_item.pk in event.changes["items"]


def test_page_asks_as_much_for_three_items_as_for_one(
    meeting: Meeting, closed_item: AgendaItem, secretary: User, as_user: Login, django_assert_num_queries: Any,
    address: str,
) -> None:  # fmt: skip
    send(as_user(secretary), address)
    for count in (1, 3):
        for number in range(AgendaItem.objects.filter(meeting=meeting).count() - 1, count):
            AgendaItem.including_closed.create(
                meeting=meeting, number=f"{number + 3}", position=number + 3, title="Nyt", is_closed=False
            )
        with django_assert_num_queries(8):
            assert len(DispatchDocument.for_meeting(meeting).lines) == count


# --- The law: what was sent stands ----------------------------------------------------------------


@pytest.fixture
def copy(address: str, secretary: User, as_user: Login) -> DispatchedItem:
    send(as_user(secretary), address)
    found: DispatchedItem = DispatchedItem.objects.get()
    return found


def test_copy_is_refused_every_change_by_python(copy: DispatchedItem) -> None:
    for attempt in (copy.save, copy.delete, DispatchedItem.including_closed.all().delete, copy.dispatch.delete):
        with pytest.raises(AppendOnlyError):
            attempt()


@pytest.mark.parametrize("model", [Dispatch, DispatchedItem])
def test_copy_is_refused_every_change_by_the_database(model: Any, copy: DispatchedItem) -> None:
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(DatabaseError, match="append"), transaction.atomic():
            transaction.get_connection().cursor().execute(statement)


def test_agenda_is_sent_as_a_whole_only_once(copy: DispatchedItem, meeting: Meeting) -> None:
    with pytest.raises(IntegrityError, match="agenda_sent_once"):
        Dispatch.objects.create(meeting=meeting, is_supplementary=False)


def test_item_is_in_a_sending_once(copy: DispatchedItem) -> None:
    with pytest.raises(IntegrityError, match="item_dispatched_once"):
        DispatchedItem.including_closed.create(
            dispatch=copy.dispatch, item=copy.item, number="1", position=1, content={}
        )

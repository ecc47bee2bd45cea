"""Whoever is shown what stands behind closed doors is in the log: every route, as one who may read it."""

from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client

from meetings.models import AgendaItem, Event, User
from meetings.models.noticed import READ
from tests.conftest import CANARY, Login
from tests.house.test_canary import OUTSIDERS, everything_in
from tests.house.world import World, every_route


def readings() -> int:
    return Event.objects.filter(action=READ).count()


@pytest.mark.asvs("V16.3.3")
@pytest.mark.parametrize(
    "who", ["secretary", pytest.param("member", marks=pytest.mark.drill), pytest.param("head", marks=pytest.mark.drill)]
)
def test_every_answer_with_closed_material_in_it_is_logged(
    who: str, world: World, closed_item: AgendaItem, as_user: Login, request: pytest.FixtureRequest
) -> None:
    reader = request.getfixturevalue(who)
    client, heard, unlogged = as_user(reader), 0, []
    with patch("meetings.reading_log.SAME_READING", timedelta(0)):
        for route in every_route():
            for address in world.every_address(route):
                before = readings()
                if CANARY.lower() in everything_in(client.get(address)).lower():
                    heard += 1
                    if readings() == before:
                        unlogged.append(f"{route.name}: {address}")
    assert unlogged == []
    assert heard > 20
    read = Event.objects.filter(action=READ)
    assert set(read.values_list("target_type", "target_pk", "actor_pk")) == {
        ("meetings.agendaitem", closed_item.pk, reader.pk)
    }
    home = (closed_item.meeting.committee.municipality_id, closed_item.meeting.committee_id)
    assert set(read.values_list("municipality_pk", "committee_pk")) == {home}
    assert not any(CANARY in told for told in read.values_list("target", flat=True))


@pytest.mark.parametrize(
    "who", [one if one == "consultant" else pytest.param(one, marks=pytest.mark.drill) for one in OUTSIDERS]
)
def test_who_may_not_read_leaves_no_reading(
    who: str, world: World, as_user: Login, request: pytest.FixtureRequest
) -> None:
    client = Client() if who == "anonymous" else as_user(request.getfixturevalue(who))
    for route in every_route():
        for address in world.one_address(route):
            client.get(address)
    assert readings() == 0


@pytest.fixture
def page(closed_item: AgendaItem) -> str:
    return closed_item.get_absolute_url()


@pytest.mark.asvs("V16.2.1")
def test_reading_tells_who_what_and_where(closed_item: AgendaItem, page: str, member: User, as_user: Login) -> None:
    assert as_user(member).get(page).status_code == 200
    event = Event.objects.get(action=READ)
    assert (event.actor, event.actor_pk, event.target_pk) == (str(member), member.pk, closed_item.pk)
    assert event.target == "Lukket punkt 2, Børne- og Uddannelsesudvalget 2022-10-03"
    assert event.changes == {"where": page}


def test_open_item_alone_leaves_no_reading(open_item: AgendaItem, member: User, as_user: Login) -> None:
    AgendaItem.including_closed.update(is_closed=False)
    as_user(member).get(open_item.get_absolute_url())
    assert readings() == 0


def test_wrong_reader_leaves_none(page: str, other_member: User, anonymous: Client, as_user: Login) -> None:
    assert [client.get(page).status_code for client in (anonymous, as_user(other_member))] == [404, 404]
    assert readings() == 0


def test_same_reading_within_ten_minutes_is_one_row(page: str, member: User, secretary: User, as_user: Login) -> None:
    reader, counted = as_user(member), []
    with time_machine.travel("2026-03-02 10:00", tick=False) as clock:
        for minutes in (0, 9, 2, 9):
            clock.shift(timedelta(minutes=minutes))
            reader.get(page)
            counted.append(readings())
    assert counted == [1, 1, 2, 2]
    as_user(secretary).get(page)
    assert readings() == 3


def test_refused_reading_is_not_one(closed_item: AgendaItem, page: str, member: User, as_user: Login) -> None:
    """A member may see the item and not edit it: 403 shows nothing."""
    assert as_user(member).get(f"{page}ret/").status_code == 403
    assert readings() == 0


def test_form_sent_back_with_closed_material_is_logged(page: str, secretary: User, as_user: Login) -> None:
    assert as_user(secretary).post(f"{page}slet/", {"edition": "-1"}).status_code in (200, 409, 422)
    assert readings() == 1


@pytest.mark.asvs("V16.5.3")
def test_without_a_log_there_is_no_reading(page: str, member: User, as_user: Login) -> None:
    client = as_user(member)
    with patch("meetings.reading_log.write_down", side_effect=DatabaseError), pytest.raises(DatabaseError):
        client.get(page)

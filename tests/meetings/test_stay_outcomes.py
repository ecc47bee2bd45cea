"""What became of a stay (§ 23): a verdict with its day and place, and only a confirmed decision takes effect."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from meetings.actions import close_meeting, record_points
from meetings.models import (
    AgendaItem,
    Attendance,
    Committee,
    Decision,
    Meeting,
    Municipality,
    Recommendation,
    Stay,
    StayOutcome,
    User,
)
from tests.conftest import CANARY, Login, decide, publish


@pytest.fixture
def stay(held_meeting: Meeting, approval: Decision, member: User, secretary: User) -> Stay:
    """The decision on item 1, stayed; the meeting closed since."""
    stay: Stay = Stay.including_closed.create(decision=approval, declared_by=member.person)
    close_meeting(meeting=held_meeting, ends_at=None, nonce=uuid4(), by=secretary)
    return stay


@pytest.fixture
def council(municipality: Municipality) -> Committee:
    return Committee.objects.create(
        municipality=municipality, name="Kommunalbestyrelsen", slug="kommunalbestyrelsen", kind="council"
    )


def council_item(council: Committee, by: User, *, is_closed: bool = False) -> AgendaItem:
    """An item the council decided on 20 December, its minutes public."""
    meeting, _ = Meeting.objects.get_or_create(committee=council, date=date(2022, 12, 20))
    number = str(AgendaItem.including_closed.filter(meeting=meeting).count() + 1)
    item: AgendaItem = AgendaItem.including_closed.create(
        meeting=meeting, number=number, position=int(number), title=f"{CANARY if is_closed else 'Sag'} i rådet",
        is_closed=is_closed,
    )  # fmt: skip
    decide(item, "approved", "Godkendt.", by=by)
    publish(meeting)
    return item


def address(stay: Stay) -> str:
    return f"{stay.decision.item.get_absolute_url()}standsning/"


def values(**changed: Any) -> dict[str, Any]:
    return {"verdict": "confirmed", "decided_on": "2022-12-20", "note": "Mødet den 20. december, punkt 4"} | changed


def test_outcome_is_for_who_keeps_the_protocol(
    stay: Stay, anonymous: Client, member: User, other_secretary: User, secretary: User, as_user: Login
) -> None:
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    assert [client.get(address(stay)).status_code for client in clients] == [302, 403, 404, 200]
    assert [client.post(address(stay), values()).status_code for client in clients] == [302, 403, 404, 303]
    assert clients[-1].delete(address(stay)).status_code == 405


def test_item_without_a_stay_has_no_outcome(closed_meeting: Meeting, secretary: User, as_user: Login) -> None:
    assert as_user(secretary).get(f"/moeder/{closed_meeting.pk}/punkter/1/standsning/").status_code == 404


@pytest.mark.parametrize(("verdict", "is_in_force"), [("confirmed", True), ("changed", False), ("annulled", False)])
def test_only_a_confirmed_decision_takes_effect(
    stay: Stay, verdict: str, is_in_force: bool, secretary: User, as_user: Login
) -> None:
    assert not Decision.objects.approving().filter(pk=stay.decision_id).exists()
    as_user(secretary).post(address(stay), values(verdict=verdict))
    assert Decision.objects.approving().filter(pk=stay.decision_id).exists() == is_in_force


def test_outcome_sent_twice_is_one(stay: Stay, secretary: User, as_user: Login) -> None:
    client, sent = as_user(secretary), values(nonce=uuid4())
    assert [client.post(address(stay), sent).status_code for _ in range(2)] == [303, 303]
    assert StayOutcome.objects.count() == 1


def test_another_outcome_does_not_replace_the_first(stay: Stay, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    client.post(address(stay), values())
    refused = client.post(address(stay), values(verdict="changed"))
    assert (refused.status_code, "allerede skrevet ind: stadfæstet" in refused.text) == (422, True)
    assert [one.verdict for one in StayOutcome.objects.all()] == ["confirmed"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"decided_on": "2022-10-02"}, "decided_on"),
        ({"decided_on": "2099-01-01"}, "decided_on"),
        ({"note": ""}, "council_item"),
        ({"verdict": ""}, "verdict"),
    ],
)
def test_impossible_outcome_is_refused_by_its_field(
    stay: Stay, wrong: dict[str, str], field: str, secretary: User, as_user: Login
) -> None:
    refused = as_user(secretary).post(address(stay), values(**wrong))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    assert not StayOutcome.objects.exists()


def test_council_s_item_is_chosen_among_those_one_may_see(
    stay: Stay, council: Committee, secretary: User, as_user: Login
) -> None:
    seen, hidden = council_item(council, secretary), council_item(council, secretary, is_closed=True)
    client = as_user(secretary)
    page = client.get(address(stay))
    assert list(page.context["form"].fields["council_item"].queryset) == [seen]
    assert CANARY not in page.text
    assert client.post(address(stay), values(council_item=hidden.pk)).status_code == 422
    assert client.post(address(stay), values(council_item=seen.pk, note="")).status_code == 303
    assert StayOutcome.objects.get().council_item == seen


def test_day_is_that_of_the_council_s_item(stay: Stay, council: Committee, secretary: User, as_user: Login) -> None:
    item = council_item(council, secretary)
    refused = as_user(secretary).post(address(stay), values(council_item=item.pk, decided_on="2022-12-21"))
    assert refused.context["form"].errors["decided_on"] == ["Punktet blev behandlet 20. december 2022."]


def test_of_several_stays_the_at_point_is_chosen(
    meeting: Meeting, open_item: AgendaItem, member: User, secretary: User, as_user: Login
) -> None:
    Recommendation.including_closed.create(item=open_item, number=2, by="Direktøren for Børn", text="at resten venter.")
    Attendance.objects.create(meeting=meeting, person=member.person, state="present")
    for decision in record_points(
        item=open_item, points=[1, 2], category="approved", text="Godkendt.", expected=0, nonce=uuid4(), by=secretary
    ):
        Stay.including_closed.create(decision=decision, declared_by=member.person)
    client, place = as_user(secretary), f"{open_item.get_absolute_url()}standsning/"
    assert client.get(place).context["form"] is None
    assert client.post(place, values()).status_code == 422
    sent = values(nonce=uuid4())
    assert [client.post(f"{place}?punkt=2", sent).status_code for _ in range(2)] == [303, 303]
    assert StayOutcome.objects.get().stay.decision.recommendation.number == 2
    assert client.get(place).context["document"].point == "1"


def test_database_wants_to_know_where_the_council_s_verdict_stands(stay: Stay) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StayOutcome.including_closed.create(stay=stay, verdict="confirmed", decided_on=date(2022, 12, 20))


def test_database_takes_one_outcome_of_a_stay(stay: Stay) -> None:
    StayOutcome.including_closed.create(stay=stay, verdict="annulled", decided_on=date(2022, 12, 20))
    with pytest.raises(IntegrityError), transaction.atomic():
        StayOutcome.including_closed.create(stay=stay, verdict="changed", decided_on=date(2022, 12, 20), note="x")


def test_database_settles_a_stay_only_on_a_councils_item_and_not_before_the_decision(
    stay: Stay, council: Committee, secretary: User
) -> None:
    item, decided_on = stay.decision.item, stay.decision.decided_on
    for message, fields in (
        ("not of a council", {"council_item": item, "decided_on": decided_on}),
        ("settled before", {"council_item": council_item(council, secretary), "decided_on": date(2022, 10, 2)}),
    ):
        with pytest.raises(IntegrityError, match=message), transaction.atomic():
            StayOutcome.including_closed.create(stay=stay, verdict="confirmed", **fields)

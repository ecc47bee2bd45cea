"""Requests for an addition: written down as they were asked, and followed to their end."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from kit.clock import today
from meetings.models import AgendaItem, Decision, Event, User
from pejlemaerker.actions import put_in_force
from pejlemaerker.documents.requests import requests_of
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    AsOf,
    FollowUpPlan,
    Goal,
    GoalSet,
    GoalVersion,
    RequestSettlement,
)
from tests.conftest import CANARY, Login, publish

NEXT_MONTH = (today() + timedelta(days=31)).isoformat()


@pytest.fixture
def goal(goal_set: GoalSet, adoption: Adoption) -> Goal:
    return goal_set.goals.get(number=2)


def asked(about: Goal, /, **changes: Any) -> dict[str, Any]:
    return {
        "about": "wording", "goal": about.pk, "text": "Nævn også fritiden.", "requested_by": "", "item": "",
        "requested_on": "2022-09-05", "nonce": str(uuid4()), **changes,
    }  # fmt: skip


def address(goal_set: GoalSet) -> str:
    return f"/saet/{goal_set.pk}/oensker/nyt/"


def wish(of: Goal, /, **fields: Any) -> AdditionRequest:
    told = {"goal": of, "about": "wording", "requested_on": date(2022, 9, 5), "text": "Nævn også fritiden."} | fields
    return AdditionRequest.objects.create(goal_set=of.goal_set, **told)


def lines(goal_set: GoalSet, viewer: object, at: AsOf | None = None) -> list[tuple[str, list[str]]]:
    found = requests_of(viewer=viewer, at=at or AsOf.now(), goal_set=goal_set)
    return [(line.tag, [answer.text for answer in line.answers]) for line in found]


# --- Written down ----------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_requests_are_written_down_by_those_who_may(
    method: str, goal_set: GoalSet, anonymous: Client, other_member: User, member: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member)]
    assert [getattr(client, method)(address(goal_set)).status_code for client in clients] == [302, 404, 403]


@pytest.mark.parametrize("who", ["consultant", "secretary"])
def test_request_is_written_down_once(
    who: str, goal: Goal, goal_set: GoalSet, as_user: Login, request: pytest.FixtureRequest
) -> None:
    client, form = as_user(request.getfixturevalue(who)), asked(goal)
    assert client.get(address(goal_set)).status_code == 200
    assert [client.post(address(goal_set), form).status_code for _ in range(2)] == [303, 303]
    found = AdditionRequest.objects.get()
    assert (found.goal, found.text, found.requested_on) == (goal, "Nævn også fritiden.", date(2022, 9, 5))
    assert Event.objects.filter(action="request_recorded").count() == 1
    assert as_user(request.getfixturevalue(who)).delete(address(goal_set)).status_code == 405


def test_request_on_an_item_has_the_day_of_its_meeting(
    goal: Goal, goal_set: GoalSet, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(address(goal_set), asked(goal, item=open_item.pk, requested_on=""))
    found = AdditionRequest.objects.get()
    assert (found.item, found.requested_on) == (open_item, open_item.meeting.date)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"text": ""}, "Skriv, hvad der blev ønsket."),
        ({"goal": ""}, "Vælg pejlemærket."),
        ({"requested_on": ""}, "Skriv datoen, eller vælg punktet."),
        ({"requested_on": NEXT_MONTH}, "når det er fremsat"),
        ({"item": "99999"}, "Punktet er ikke et, du kan vælge."),
        ({"about": "andet"}, "andet"),
    ],
    ids=["text", "goal", "day", "to come", "item", "about"],
)
def test_request_lacks_nothing(
    changes: dict[str, str], error: str, goal: Goal, goal_set: GoalSet, secretary: User, as_user: Login
) -> None:
    answer = as_user(secretary).post(address(goal_set), asked(goal, **changes))
    assert (answer.status_code, error in answer.content.decode()) == (422, True)
    assert not AdditionRequest.objects.exists()


def test_request_about_the_plan_is_about_no_goal(
    goal: Goal, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    as_user(consultant).post(address(goal_set), asked(goal, about="plan"))
    assert AdditionRequest.objects.get().goal is None


# --- Followed to the end ----------------------------------------


def test_request_is_open_then_answered_then_met(
    goal: Goal, goal_set: GoalSet, approval: Decision, secretary: User
) -> None:
    one = wish(goal)
    assert lines(goal_set, secretary) == [("Åbent", [])]
    version = GoalVersion.objects.create(
        goal=goal, number=2, text="Vi gør det.", answers=one, worded_on=date(2022, 9, 8)
    )
    answered = "Besvaret 8. september 2022 med ordlyd 2."
    assert lines(goal_set, secretary) == [("Besvaret, ikke besluttet", [answered, "Ordlyd 2 venter på en beslutning."])]
    put_in_force(versions=[version], decision=approval, in_force_from=approval.decided_on, by=secretary)
    assert lines(goal_set, secretary) == [
        ("Imødekommet", [answered, "Ordlyd 2 er besluttet og gælder fra 3. oktober 2022."])
    ]
    assert lines(goal_set, secretary, AsOf.day(date(2022, 9, 6))) == [("Åbent", [])]
    assert lines(goal_set, secretary, AsOf.day(date(2022, 9, 4))) == []


def test_request_about_the_plan_is_met_by_a_plan(goal: Goal, goal_set: GoalSet, secretary: User) -> None:
    one = wish(goal, goal=None, about="plan")
    FollowUpPlan.objects.create(goal_set=goal_set, number=2, agreed_on=date(2022, 9, 8), answers=one)
    assert lines(goal_set, secretary) == [
        ("Imødekommet", ["Besvaret 8. september 2022 med en ændret opfølgningsplan (udgave 2)."])
    ]


def test_request_is_told_on_the_pages_of_goal_and_set(
    goal: Goal, published_goal_set: GoalSet, anonymous: Client, consultant: User, as_user: Login
) -> None:
    wish(goal)
    for page in (goal.goal_set.get_absolute_url(), f"/pejlemaerker/{goal.pk}/ordlyd/"):
        told = [client.get(page).content.decode() for client in (anonymous, as_user(consultant))]
        assert ["Nævn også fritiden." in one for one in told] == [True, True]
        assert ["Skriv, hvad der blev af ønsket" in one for one in told] == [False, True]


def test_request_on_a_closed_item_keeps_its_words_and_its_item_to_itself(
    goal: Goal, goal_set: GoalSet, closed_item: AgendaItem, consultant: User, secretary: User, as_user: Login
) -> None:
    one = wish(goal, text=f"{CANARY} skal nævnes.", item=closed_item)
    publish(goal_set)
    publish(closed_item.meeting)
    for viewer, expected in ((AnonymousUser(), ""), (consultant, ""), (secretary, f"{CANARY} skal nævnes.")):
        line = requests_of(viewer=viewer, at=AsOf.now(), goal_set=goal_set)[0]
        assert (line.text, line.item is None) == (expected, not expected)
    for page in (f"/oensker/{one.pk}/", f"/pejlemaerker/{goal.pk}/ordlyd/", goal.get_absolute_url()):
        assert CANARY not in as_user(consultant).get(page).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_requests_are_followed_in_as_many_queries_however_many_there_are(
    count: int, goal: Goal, goal_set: GoalSet, open_item: AgendaItem, secretary: User, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        one = wish(goal, item=open_item)
        GoalVersion.objects.create(goal=goal, number=2 + number, text="Vi gør det.", answers=one)
    with django_assert_num_queries(9):
        assert len(requests_of(viewer=secretary, at=AsOf.now(), goal_set=goal_set)) == count


# --- Settled ----------------------------------------


def settled(**changes: Any) -> dict[str, Any]:
    return {"kind": "declined", "settled_on": "2022-10-03", "note": "Fritiden er nævnt i pejlemærke 1.", **changes}


@pytest.mark.parametrize("method", ["get", "post"])
def test_settling_is_for_those_who_may(
    method: str, goal: Goal, anonymous: Client, other_member: User, member: User, consultant: User, as_user: Login
) -> None:
    page = f"/oensker/{wish(goal).pk}/"
    clients = [anonymous, as_user(other_member), as_user(member)]
    assert [getattr(client, method)(page).status_code for client in clients] == [302, 404, 403]
    assert as_user(consultant).get(page).status_code == 200
    assert as_user(consultant).delete(page).status_code == 405


def test_request_is_settled_once(goal: Goal, goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    page = f"/oensker/{wish(goal).pk}/"
    client = as_user(consultant)
    assert [client.post(page, settled()).status_code for _ in range(2)] == [303, 303]
    assert client.post(page, settled(kind="withdrawn")).status_code == 422
    assert RequestSettlement.objects.count() == 1
    assert lines(goal_set, consultant) == [
        ("Ikke imødekommet", ["Ikke imødekommet 3. oktober 2022: Fritiden er nævnt i pejlemærke 1."])
    ]


def test_answered_request_is_not_settled_otherwise(goal: Goal, consultant: User, as_user: Login) -> None:
    one = wish(goal)
    GoalVersion.objects.create(goal=goal, number=2, text="Vi gør det.", answers=one)
    answer = as_user(consultant).post(f"/oensker/{one.pk}/", settled())
    assert (answer.status_code, "besvaret eller afklaret imens" in answer.content.decode()) == (422, True)
    assert not RequestSettlement.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"note": ""}, "Skriv en forklaring."),
        ({"kind": ""}, "Vælg, hvad der blev af ønsket."),
        ({"settled_on": "2022-09-04"}, "Ønsket blev fremsat senere."),
        ({"settled_on": NEXT_MONTH}, "Skriv en dag, der har været."),
    ],
    ids=["note", "kind", "before", "to come"],
)
def test_settlement_lacks_nothing(
    changes: dict[str, str], error: str, goal: Goal, consultant: User, as_user: Login
) -> None:
    answer = as_user(consultant).post(f"/oensker/{wish(goal).pk}/", settled(**changes))
    assert (answer.status_code, error in answer.content.decode()) == (422, True)
    assert not RequestSettlement.objects.exists()

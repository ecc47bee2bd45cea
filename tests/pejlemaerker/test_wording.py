"""Writing a new wording: it waits for a decision, is never lost, and never overwrites another's."""

from typing import Any

import pytest
from django.test import Client

from meetings.models import User
from pejlemaerker.models import Adoption, Goal, GoalSet, GoalVersion
from tests.conftest import Login

NEW = "Vi arbejder med systematisk inddragelse af barnet, den unge, familien og netværket."


@pytest.fixture
def goal(goal_set: GoalSet, adoption: Adoption) -> Goal:
    return goal_set.goals.get(number=1)


def written(text: str = NEW, *, expected: int = 1, **more: Any) -> dict[str, Any]:
    return {"text": text, "change_kind": "addition", "worded_on": "2023-01-09", "expected": expected, **more}


def address(goal: Goal) -> str:
    return f"/pejlemaerker/{goal.pk}/ordlyd/ny/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_writing_is_for_those_who_may(
    method: str, goal: Goal, anonymous: Client, other_member: User, member: User, consultant: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member)]
    assert [getattr(client, method)(address(goal)).status_code for client in clients] == [302, 404, 403]
    assert as_user(consultant).get(address(goal)).status_code == 200


def test_new_wording_waits_and_the_old_one_holds(goal: Goal, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    assert client.post(address(goal), written()).status_code == 303
    assert [v.text for v in GoalVersion.objects.awaiting_decision().filter(goal=goal)] == [NEW]
    page = client.get(goal.get_absolute_url()).content.decode()
    assert ("En ny ordlyd venter på beslutning" in page, NEW in page) == (True, True)
    assert Adoption.objects.filter(version__goal=goal).get().version.number == 1


def test_double_submit_writes_one_wording(goal: Goal, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    assert [client.post(address(goal), written()).status_code for _ in range(2)] == [303, 303]
    assert goal.versions.count() == 2


def test_two_writers_see_each_others_text(goal: Goal, consultant: User, secretary: User, as_user: Login) -> None:
    as_user(secretary).post(address(goal), written("Vi hører barnet."))
    answer = as_user(consultant).post(address(goal), written())
    page = answer.content.decode()
    assert (answer.status_code, "Vi hører barnet." in page, NEW in page) == (409, True, True)
    assert goal.versions.count() == 2
    assert as_user(consultant).post(address(goal), written(expected=2)).status_code == 303
    assert [version.text for version in goal.versions.order_by("number")][1:] == ["Vi hører barnet.", NEW]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        (written(""), "Skriv ordlyden."),
        (written("Vi arbejder med systematisk inddragelse af barnet, den unge og familien."), "den samme som"),
        (written(worded_on="0226-01-01"), "Er året 226 rigtigt?"),
        (written(change_kind="x"), "x"),
    ],
    ids=["empty", "unchanged", "year", "kind"],
)
def test_bad_input_is_told_and_kept(
    form: dict[str, Any], error: str, goal: Goal, consultant: User, as_user: Login
) -> None:
    answer = as_user(consultant).post(address(goal), form)
    assert (answer.status_code, error in answer.content.decode()) == (422, True)
    assert goal.versions.count() == 1

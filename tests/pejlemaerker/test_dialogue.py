"""A dialogue meeting: its summary may become public, its notes never do."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.models import LeaderGroup, User
from pejlemaerker.actions import create_dialogue
from pejlemaerker.models import Dialogue, GoalSet
from tests.conftest import Login, publish

NOTES = "Formanden var i tvivl."


@pytest.fixture
def dialogue(goal_set: GoalSet, consultant: User) -> Dialogue:
    return create_dialogue(
        goal_set=goal_set, leader_groups=LeaderGroup.objects.all(), goals=goal_set.goals.all(), nonce=uuid4(),
        by=consultant, kind="formulating", held_on=date(2022, 5, 30), step=None,
        public_summary="Der blev talt om børnene.", internal_notes=NOTES,
    )  # fmt: skip


def filled_in(goal_set: GoalSet, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    return {
        "kind": "midterm", "held_on": "2023-11-20", "step": "", "nonce": str(uuid4()),
        "leader_groups": [group.pk for group in LeaderGroup.objects.all()],
        "goals": [goal.pk for goal in goal_set.goals.all()],
        "public_summary": "Lederne fortalte.", "internal_notes": NOTES, **changes,
    }  # fmt: skip


# --- Reading ----------------------------------------


def test_dialogue_is_for_the_committee_until_it_is_published(
    dialogue: Dialogue, anonymous: Client, other_member: User, member: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member)]
    before = [client.get(dialogue.get_absolute_url()).status_code for client in clients]
    publish(dialogue)
    assert before == [404, 404, 200]
    assert [client.get(dialogue.get_absolute_url()).status_code for client in clients] == [200, 200, 200]
    assert anonymous.post(dialogue.get_absolute_url()).status_code == 405


def test_notes_are_read_only_by_the_administration(
    dialogue: Dialogue, anonymous: Client, member: User, leader: User, consultant: User, secretary: User, as_user: Login
) -> None:
    publish(dialogue)
    clients = [anonymous, as_user(member), as_user(leader), as_user(consultant), as_user(secretary)]
    assert [NOTES in client.get(dialogue.get_absolute_url()).content.decode() for client in clients] == [
        False, False, False, True, True,
    ]  # fmt: skip


def test_published_dialogue_tells_nothing_of_an_unpublished_set(dialogue: Dialogue, anonymous: Client) -> None:
    publish(dialogue)
    page = anonymous.get(dialogue.get_absolute_url()).content.decode()
    assert ("Der blev talt om børnene." in page, "systematisk inddragelse" in page) == (True, False)


# --- Writing ----------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_writing_is_for_those_who_follow_up(
    method: str,
    dialogue: Dialogue,
    goal_set: GoalSet,
    anonymous: Client,
    other_member: User,
    member: User,
    as_user: Login,
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member)]
    for address in (f"/saet/{goal_set.pk}/dialogmoeder/nyt/", f"{dialogue.get_absolute_url()}ret/"):
        assert [getattr(client, method)(address).status_code for client in clients] == [302, 404, 403]


def test_new_dialogue_is_written_once(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    client, form = as_user(consultant), filled_in(goal_set)
    places = {client.post(f"/saet/{goal_set.pk}/dialogmoeder/nyt/", form).headers["Location"] for _ in range(2)}
    dialogue = Dialogue.objects.get()
    assert places == {dialogue.get_absolute_url()}
    assert [goal.number for goal in dialogue.goals.order_by("number")] == [1, 2]


def test_new_dialogue_begins_with_the_sets_goals_and_leaders(
    goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    page = as_user(consultant).get(f"/saet/{goal_set.pk}/dialogmoeder/nyt/").content.decode()
    assert page.count("checked") == 3


def test_new_dialogue_needs_a_leader_group(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    response = as_user(consultant).post(f"/saet/{goal_set.pk}/dialogmoeder/nyt/", filled_in(goal_set, leader_groups=[]))
    assert (response.status_code, "Vælg mindst én lederkreds" in response.content.decode()) == (422, True)


def test_dialogue_is_changed(dialogue: Dialogue, goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    form = filled_in(goal_set, revision=0, goals=[goal_set.goals.get(number=2).pk])
    assert as_user(consultant).post(f"{dialogue.get_absolute_url()}ret/", form).status_code == 303
    dialogue.refresh_from_db()
    assert (dialogue.held_on, dialogue.public_summary) == (date(2023, 11, 20), "Lederne fortalte.")
    assert [goal.number for goal in dialogue.goals.all()] == [2]


def test_two_who_change_at_once_see_both_texts(
    dialogue: Dialogue, goal_set: GoalSet, consultant: User, secretary: User, as_user: Login
) -> None:
    address = f"{dialogue.get_absolute_url()}ret/"
    as_user(secretary).post(address, filled_in(goal_set, revision=0, public_summary="Sekretærens."))
    response = as_user(consultant).post(address, filled_in(goal_set, revision=0, public_summary="Konsulentens."))
    page = response.content.decode()
    assert (response.status_code, "Sekretærens." in page, "Konsulentens." in page) == (409, True, True)
    dialogue.refresh_from_db()
    assert dialogue.public_summary == "Sekretærens."
    assert 'name="revision" value="1"' in page  # now that both are seen, the next save may replace

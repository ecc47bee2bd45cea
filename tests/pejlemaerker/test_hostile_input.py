"""What somebody types wrong, pastes whole or sends twice: refused beside the field, and nothing is changed."""

import time
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from kit.precheck import find_personal_data
from meetings.models import Decision, User
from pejlemaerker.actions import StatusText, hand_in_statuses, open_evaluation
from pejlemaerker.models import Adoption, Dialogue, EvaluationRound, GoalSet, GoalVersion, StatusEntry
from tests.conftest import Login

FAR_OFF = ["9999-12-31", "0001-01-01", "1922-10-03"]


@pytest.mark.asvs("V2.2.1")
@pytest.mark.parametrize("day", FAR_OFF)
def test_wording_cannot_hold_from_a_day_of_another_time(
    day: str, goal_set: GoalSet, approval: Decision, secretary: User, as_user: Login
) -> None:
    version = GoalVersion.objects.get(goal__goal_set=goal_set, goal__number=1)
    filled_in = {"decision": approval.pk, "versions": version.pk, "in_force_from": day}
    response = as_user(secretary).post(f"/saet/{goal_set.pk}/ikraft/", filled_in)
    assert response.status_code == 422
    assert "Er året" in response.content.decode()
    assert not Adoption.objects.exists()


@pytest.mark.parametrize("day", FAR_OFF)
def test_evaluation_of_another_time_is_refused(day: str, goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    filled_in = {"kind": "midterm", "held_on": day, "nonce": str(uuid4())}
    assert as_user(consultant).post(f"/saet/{goal_set.pk}/evalueringer/ny/", filled_in).status_code == 422
    assert not EvaluationRound.objects.exists()


def test_text_longer_than_a_paper_is_refused_and_kept_in_the_form(
    goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    summary = "Lederne fortalte om arbejdet." * 2000
    filled_in = {
        "kind": "midterm", "held_on": "2024-01-01", "leader_groups": goal_set.leader_group_id,
        "public_summary": summary,
    }  # fmt: skip
    response = as_user(consultant).post(f"/saet/{goal_set.pk}/dialogmoeder/nyt/", filled_in)
    assert response.status_code == 422
    assert summary in response.content.decode()
    assert not Dialogue.objects.exists()


def test_status_with_the_nonce_of_another_evaluation_is_kept(goal_set: GoalSet, consultant: User) -> None:
    nonce = uuid4()
    for kind in ("midterm", "final"):
        evaluation = open_evaluation(
            goal_set=goal_set, kind=kind, held_on=date(2024, 1, 1), step=None, nonce=uuid4(), by=consultant
        )
        status = StatusText(goal_set.goals.get(number=1), "Godt i gang.", "", 0)
        hand_in_statuses(evaluation=evaluation, statuses=[status], nonce=nonce, by=consultant)
    assert StatusEntry.objects.count() == 2


def test_address_puts_no_words_into_the_public_note(
    published_goal_set: GoalSet, anonymous: Client, consultant: User, as_user: Login
) -> None:
    address = f"/saet/{published_goal_set.pk}/notat.html?doknr=Ring+12345678&udgave=offentlig"
    papers = [client.get(address).content.decode() for client in (anonymous, as_user(consultant))]
    assert ["Ring 12345678" in paper for paper in papers] == [False, True]


def test_looking_for_personal_data_in_a_long_word_is_quick() -> None:
    began = time.process_time()
    assert list(find_personal_data("a" * 200_000)) == []
    assert time.process_time() - began < 5

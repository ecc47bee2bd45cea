"""Publishing a set, an evaluation and a dialogue meeting: an act, with a look at personal data, and with a trace."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.models import Publication, User
from pejlemaerker.actions import StatusText, create_dialogue, hand_in_statuses, open_evaluation
from pejlemaerker.models import Adoption, GoalSet
from tests.conftest import Login, present, publish

CPR = "Barnet 010190-1234 trives."


@pytest.fixture(params=["goal_set", "evaluation_round", "dialogue"])
def record(request: pytest.FixtureRequest, goal_set: GoalSet, adoption: Adoption, secretary: User) -> Any:
    """Each thing that can be published, one at a time."""
    if request.param == "goal_set":
        return goal_set
    if request.param == "evaluation_round":
        publish(goal_set)  # an evaluation is never more public than its set
        evaluation = open_evaluation(
            goal_set=goal_set, kind="midterm", held_on=date(2023, 11, 14), step=None, nonce=uuid4(), by=secretary
        )
        present(evaluation)
        return evaluation
    return dialogue_of(goal_set, secretary, "Der blev talt om børnene.")


def dialogue_of(goal_set: GoalSet, by: User, summary: str) -> Any:
    """A dialogue meeting with this summary, and a phone number in its notes."""
    return create_dialogue(
        goal_set=goal_set, leader_groups=[], goals=goal_set.goals.all(), nonce=uuid4(), by=by, kind="midterm",
        held_on=date(2023, 11, 20), step=None, public_summary=summary, internal_notes="Ring 22 33 44 55.",
    )  # fmt: skip


def acts(record: Any) -> list[str]:
    """What has been done to a record, in order."""
    about = Publication.objects.filter(subject=type(record).objects.all().subject, subject_pk=record.pk)
    return list(about.order_by("pk").values_list("act", flat=True))


@pytest.mark.parametrize("method", ["get", "post"])
def test_publishing_is_for_those_who_may(
    method: str, record: Any, anonymous: Client, other_member: User, member: User, consultant: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    address = f"{record.get_absolute_url()}offentliggoer/"
    assert [getattr(client, method)(address).status_code for client in clients] == [302, 404, 403, 403]
    assert acts(record) == []


def test_publishing_and_withdrawing_leave_a_trace(
    record: Any, anonymous: Client, secretary: User, as_user: Login
) -> None:
    client, address = as_user(secretary), f"{record.get_absolute_url()}offentliggoer/"
    seen = []
    for form in ({}, {}, {"handling": "traek-tilbage"}):
        assert client.post(address, form).status_code == 303
        seen.append(anonymous.get(record.get_absolute_url()).status_code)
    assert (seen, acts(record)) == ([200, 200, 404], ["published", "withdrawn"])
    assert "Trukket tilbage" in client.get(address).content.decode()


def test_looking_at_the_page_publishes_nothing(record: Any, secretary: User, as_user: Login) -> None:
    assert as_user(secretary).get(f"{record.get_absolute_url()}offentliggoer/").status_code == 200
    assert acts(record) == []


def test_personal_data_has_to_be_seen_and_accepted(goal_set: GoalSet, secretary: User, as_user: Login) -> None:
    dialogue = dialogue_of(goal_set, secretary, CPR)
    client, address = as_user(secretary), f"{dialogue.get_absolute_url()}offentliggoer/"
    refused = client.post(address, {})
    page = refused.content.decode()
    assert (refused.status_code, "Resumé: CPR-nummer 010190-••••" in page, "22 33" in page) == (422, True, False)
    seen = refused.context["part"].seen
    assert client.post(address, {"confirmed": "on", "seen": seen}).status_code == 303
    assert Publication.objects.get().warnings_accepted == ["Resumé: CPR-nummer 010190-••••"]


def test_evaluation_is_looked_through_before_it_is_published(
    goal_set: GoalSet, adoption: Adoption, secretary: User, as_user: Login
) -> None:
    evaluation = open_evaluation(
        goal_set=goal_set, kind="extra", held_on=date(2023, 11, 14), step=None, nonce=uuid4(), by=secretary
    )
    statuses = [StatusText(goal_set.goals.get(number=2), "Skriv til a@b.dk.", "", 0)]
    hand_in_statuses(evaluation=evaluation, statuses=statuses, nonce=uuid4(), by=secretary)
    present(evaluation)
    response = as_user(secretary).post(f"{evaluation.get_absolute_url()}offentliggoer/", {})
    assert (response.status_code, "Pejlemærke 2: E-mailadresse" in response.content.decode()) == (422, True)


def test_set_page_tells_whether_it_is_public(goal_set: GoalSet, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    before = "Ikke offentliggjort." in client.get(goal_set.get_absolute_url()).content.decode()
    publish(goal_set)
    assert (before, "Ikke offentliggjort." in client.get(goal_set.get_absolute_url()).content.decode()) == (True, False)

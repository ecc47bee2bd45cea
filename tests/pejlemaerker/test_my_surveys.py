"""Evalueringsrunder i gang: the rounds one follows are found from Min side."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from meetings.models import User
from pejlemaerker.models import Adoption, GoalSet
from tests.conftest import Login
from tests.pejlemaerker.surveys import a_survey

MINE = "/runder/"


def test_my_rounds_are_for_those_who_follow_them(
    goal_set: GoalSet, adoption: Adoption, anonymous: Client, member: User, consultant: User, other_secretary: User,
    as_user: Login,
) -> None:  # fmt: skip
    survey = a_survey(goal_set, by=consultant)
    clients = [anonymous, *(as_user(one) for one in (member, consultant, other_secretary))]
    found = [client.get(MINE) for client in clients]
    assert [page.status_code for page in found] == [302, 403, 200, 200]
    assert [survey.get_absolute_url() in page.content.decode() for page in found[2:]] == [True, False]
    assert as_user(consultant).post(MINE).status_code == 405


def test_min_side_leads_to_the_rounds(consultant: User, member: User, as_user: Login) -> None:
    pages = [as_user(one).get("/mit/").content.decode() for one in (consultant, member)]
    assert [f'hx-get="{MINE}"' in page for page in pages] == [True, False]


def test_round_is_under_way_until_its_text_is_presented(
    goal_set: GoalSet, adoption: Adoption, consultant: User, head: User, as_user: Login
) -> None:
    draft = a_survey(goal_set, by=consultant, opened=False)
    closed = a_survey(goal_set, by=consultant)
    closed.closed_at = timezone.now()
    closed.save(update_fields=["closed_at"])
    page = as_user(consultant).get(MINE).content.decode()
    assert (f"/runder/{draft.pk}/ret/" in page, f'"/runder/{closed.pk}/"' in page) == (True, True)
    to_head = as_user(head).get(MINE).content.decode()
    assert (f"/runder/{draft.pk}/ret/" in to_head, f'"/runder/{draft.pk}/"' in to_head) == (False, True)
    closed.evaluations.all().delete()
    assert f'"/runder/{closed.pk}/"' not in as_user(consultant).get(MINE).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_my_rounds_take_the_same_queries_however_many(
    count: int, goal_set: GoalSet, adoption: Adoption, consultant: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        a_survey(goal_set, by=consultant)
    client = as_user(consultant)
    client.get(MINE)
    with django_assert_num_queries(10):
        client.get(MINE, headers={"HX-Request": "true"})

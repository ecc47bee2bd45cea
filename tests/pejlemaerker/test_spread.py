"""How answers were spread: counts only, everyone counted, and in public nothing that tells of a few."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kit.clock import today
from meetings.models import User
from pejlemaerker.documents.spread import Spread, spreads_by_goal
from pejlemaerker.models import Adoption, Assessment, EvaluationRound, Goal, GoalSet
from tests.conftest import Login, present, publish
from tests.pejlemaerker.answering import an_answer
from tests.pejlemaerker.surveys import a_survey


@pytest.fixture
def goal(goal_set: GoalSet, adoption: Adoption) -> Goal:
    return goal_set.goals.get(number=1)


def assessed(goal: Goal, by: User, *counts: int, silent: int = 0, asked: int, **fields: Any) -> EvaluationRound:
    """A round in which so many found it in good progress, under way and in need of attention, and so many skipped the
    question.
    """
    survey = a_survey(goal.goal_set, by=by, leaders=asked, **fields)
    values = [value for value, count in zip(Assessment.values[1:], counts, strict=True) for _ in range(count)]
    for invitee, value in zip(survey.invitees.order_by("pk"), [*values, *[""] * silent], strict=False):
        judged: dict[tuple[str, Goal | None], str] = {("assessment", goal): value} if value else {}
        an_answer(invitee, {("text", goal): "Det går.", ("choice", None): "Ja", **judged})
    found: EvaluationRound = survey.evaluations.get()
    return found


def spread(evaluation: EvaluationRound, goal: Goal, *, is_open: bool) -> Spread:
    found = spreads_by_goal(evaluation, is_open=is_open)
    return found[goal.pk][0]


def counts(told: Spread) -> list[tuple[str, int | None]]:
    return [(bar.label, bar.count) for bar in told.bars]


def test_everyone_is_counted_also_who_did_not_answer(goal: Goal, consultant: User) -> None:
    told = spread(assessed(goal, consultant, 2, 0, 1, silent=1, asked=6), goal, is_open=True)
    assert counts(told) == [
        ("I god gang", 2), ("På vej", 0), ("Kræver opmærksomhed", 1), ("Ikke vurderet", 1), ("Har ikke svaret", 2),
    ]  # fmt: skip
    assert told.description == (
        "I god gang: 2, På vej: 0, Kræver opmærksomhed: 1, Ikke vurderet: 1 og Har ikke svaret: 2."
    )


def test_choices_are_counted_in_their_own_order(goal: Goal, consultant: User) -> None:
    evaluation = assessed(goal, consultant, 1, 1, 0, asked=3)
    told = spreads_by_goal(evaluation, is_open=True)[None][0]
    assert counts(told) == [
        ("Ja", 2), ("Nej", 0), ("Ved ikke", 0), ("Sprang spørgsmålet over", 0), ("Har ikke svaret", 1),
    ]  # fmt: skip


def test_newest_answer_is_the_one_that_is_counted(goal: Goal, consultant: User) -> None:
    evaluation = assessed(goal, consultant, 1, 0, 0, asked=1)
    assert evaluation.survey
    an_answer(evaluation.survey.invitees.get(), {("assessment", goal): "needs_attention"})
    assert [count for _, count in counts(spread(evaluation, goal, is_open=True))] == [0, 0, 1, 0, 0]


def test_who_is_no_longer_asked_is_not_missed(goal: Goal, consultant: User) -> None:
    evaluation = assessed(goal, consultant, 1, 0, 0, asked=3)
    assert evaluation.survey
    gone = evaluation.survey.invitees.latest("pk")
    type(gone).objects.filter(pk=gone.pk).update(withdrawn_at=evaluation.recorded_at)
    assert counts(spread(evaluation, goal, is_open=True))[-1] == ("Har ikke svaret", 1)


@pytest.mark.parametrize(
    ("given", "silent", "asked", "told"),
    [
        ((6, 5, 7), 5, 28, [6, 5, 7, 5, 5]),  # nobody is few
        ((8, 7, 2), 3, 20, [8, 7, None]),  # two are few: those who did not answer are left out too
        ((9, 9, 0), 0, 18, None),  # what is hidden is so few that it would be known
        ((2, 1, 1), 0, 4, None),
    ],
)
def test_public_sees_no_few(
    given: tuple[int, int, int], silent: int, asked: int, told: list[int | None] | None, goal: Goal, consultant: User
) -> None:
    found = spread(assessed(goal, consultant, *given, silent=silent, asked=asked), goal, is_open=False)
    assert (found.is_withheld, [bar.count for bar in found.bars]) == (told is None, told or [])
    assert found.is_drawn == (bool(told) and None not in (told or []))


def test_spread_on_the_page_is_a_drawing_and_a_table(goal: Goal, consultant: User, as_user: Login) -> None:
    evaluation = assessed(goal, consultant, 2, 1, 1, asked=5)
    page = as_user(consultant).get(f"/evalueringsrunder/{evaluation.pk}/samling/1/").content.decode()
    assert ('role="img"' in page, "I god gang: 2, På vej: 1" in page) == (True, True)
    assert '<th scope="row">I god gang</th>' in page
    assert "ennemsnit" not in page


@pytest.fixture
def two_rounds(goal: Goal, consultant: User) -> list[EvaluationRound]:
    days = [today() - timedelta(days=400), today()]
    return [
        assessed(goal, consultant, *given, silent=4, asked=25, held_on=day)
        for day, given in zip(days, [(8, 7, 2), (11, 6, 1)], strict=True)
    ]


def test_two_rounds_stand_side_by_side(two_rounds: list[EvaluationRound], consultant: User, as_user: Login) -> None:
    client, address = as_user(consultant), f"/evalueringsrunder/{two_rounds[1].pk}/"
    page = client.get(f"{address}sammenlign/").content.decode()
    assert ("Kræver opmærksomhed: 2," in page, "Kræver opmærksomhed: 1," in page) == (True, True)
    links = [client.get(f"{address}{part}").content.decode() for part in ("", "samling/")]
    assert all(f"{address}sammenlign/" in link for link in links)


def test_public_compares_only_what_is_public(
    two_rounds: list[EvaluationRound], goal: Goal, member: User, anonymous: Client, as_user: Login
) -> None:
    address = f"/evalueringsrunder/{two_rounds[1].pk}/sammenlign/"
    secret = anonymous.get(address).status_code
    inside = as_user(member).get(address).content.decode()
    for evaluation in two_rounds:
        present(evaluation)
    publish(goal.goal_set)
    publish(two_rounds[1])
    alone = anonymous.get(address).content.decode()
    publish(two_rounds[0])
    both = anonymous.get(address).content.decode()
    assert (secret, "Hvordan går det?" in inside) == (404, False)
    assert ("ikke noget at sammenligne med" in alone, "færre end 5" in both) == (True, True)
    assert not [words for words in ("Kræver opmærksomhed: 2", "Kræver opmærksomhed: 1", "Har ikke") if words in both]
    assert anonymous.post(address).status_code == 405


@pytest.mark.parametrize("leaders", [3, 40])
def test_evaluation_page_asks_the_same_however_many_answered(
    leaders: int, goal: Goal, consultant: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    evaluation = assessed(goal, consultant, leaders - 2, 1, 1, asked=leaders)
    client = as_user(consultant)
    client.get(evaluation.get_absolute_url())
    with django_assert_num_queries(18):
        client.get(evaluation.get_absolute_url())
    with django_assert_num_queries(17):
        client.get(f"{evaluation.get_absolute_url()}sammenlign/")

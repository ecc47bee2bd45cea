"""What is lacking: computed and told, never a verdict; and only to those it concerns."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from kit.clock import today
from meetings.models import OrgUnit, User
from pejlemaerker.actions import StatusText, hand_in_statuses, open_evaluation
from pejlemaerker.documents.care import months_between
from pejlemaerker.documents.goal import GoalDocument
from pejlemaerker.documents.goal_set import GoalSetDocument
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    AsOf,
    EvaluationRound,
    FollowUpPlan,
    Goal,
    GoalClosing,
    GoalSet,
    GoalVersion,
    Placement,
    RequestSettlement,
    SetClosing,
)
from tests.conftest import Login, publish

NOW = AsOf.hindsight(date(2024, 6, 1))


@pytest.fixture
def goal(goal_set: GoalSet, adoption: Adoption) -> Goal:
    """Pejlemærke 1, in force."""
    return goal_set.goals.get(number=1)


def evaluate(goal_set: GoalSet, on: date, by: User) -> EvaluationRound:
    """Hold an evaluation with a status for every pejlemærke."""
    evaluation = open_evaluation(goal_set=goal_set, kind="midterm", held_on=on, step=None, nonce=uuid4(), by=by)
    statuses = [StatusText(goal, "Det går.", "", 0) for goal in goal_set.goals.all()]
    hand_in_statuses(evaluation=evaluation, statuses=statuses, nonce=uuid4(), by=by)
    return evaluation


def lacks(goal: Goal, viewer: Any, at: AsOf = NOW) -> list[str]:
    return [lack.text for lack in GoalDocument.for_goal(goal, viewer=viewer, at=at).lacks]


def lacks_of_set(goal_set: GoalSet, viewer: Any, at: AsOf = NOW) -> list[str]:
    return [lack.text for lack in GoalSetDocument.for_set(goal_set, viewer=viewer, at=at).lacks]


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2023, 4, 1), date(2024, 6, 1), 14), (date(2023, 4, 2), date(2024, 6, 1), 13),
        (date(2024, 1, 31), date(2024, 2, 29), 0), (date(2024, 6, 1), date(2024, 6, 1), 0),
    ],
)  # fmt: skip
def test_months_are_whole(since: date, until: date, months: int) -> None:
    assert months_between(since, until) == months


def test_goal_without_a_status_says_so(goal: Goal, member: User) -> None:
    assert lacks(goal, member) == ["Ingen status endnu"]


def test_status_of_a_year_is_told_to_be_old(goal: Goal, member: User, consultant: User) -> None:
    evaluate(goal.goal_set, date(2023, 4, 1), consultant)
    told = [lacks(goal, member, AsOf.hindsight(day)) for day in (date(2024, 3, 31), date(2024, 4, 1), date(2024, 6, 1))]
    assert told == [[], ["Seneste status er 12 måneder gammel"], ["Seneste status er 14 måneder gammel"]]


def test_status_is_not_asked_for_after_the_period(goal: Goal, member: User) -> None:
    assert lacks(goal, member, AsOf.hindsight(date(2026, 1, 1))) == []


def test_public_hears_only_of_status_and_decision(
    goal_set: GoalSet, goal: Goal, member: User, consultant: User
) -> None:
    AdditionRequest.objects.create(goal_set=goal_set, goal=goal, about="wording", requested_on=date(2022, 9, 5))
    evaluation = evaluate(goal_set, date(2023, 4, 1), consultant)
    publish(goal_set)
    before = lacks(goal, AnonymousUser())
    publish(evaluation)
    assert (before, lacks(goal, AnonymousUser())) == (
        ["Ingen offentliggjort status endnu"], ["Seneste offentliggjorte status er 14 måneder gammel"],
    )  # fmt: skip
    assert lacks(goal, member) == [
        "Seneste status er 14 måneder gammel", "Ønsket om en tilføjelse 5. september 2022 er ikke besvaret",
    ]  # fmt: skip
    assert lacks(goal_set.goals.get(number=2), AnonymousUser())[0] == "Ordlyden mangler en beslutning"


def test_request_is_unanswered_until_the_day_it_was_answered(goal_set: GoalSet, goal: Goal, member: User) -> None:
    request = AdditionRequest.objects.create(
        goal_set=goal_set, goal=goal, about="wording", requested_on=date(2022, 10, 5)
    )
    RequestSettlement.objects.create(request=request, kind="declined", settled_on=date(2023, 2, 1), note="Nej.")
    asked = "Ønsket om en tilføjelse 5. oktober 2022 er ikke besvaret"
    told = [
        asked in lacks(goal, member, AsOf.hindsight(day))
        for day in (date(2022, 10, 4), date(2022, 10, 5), date(2023, 1, 31), date(2023, 2, 1))
    ]
    assert told == [False, True, True, False]


def test_wording_in_answer_answers_the_request(goal_set: GoalSet, goal: Goal, member: User) -> None:
    request = AdditionRequest.objects.create(
        goal_set=goal_set, goal=goal, about="wording", requested_on=date(2022, 9, 5)
    )
    GoalVersion.objects.create(goal=goal, number=2, text="Vi vil mere.", worded_on=date(2023, 3, 1), answers=request)
    assert [len(lacks(goal, member, AsOf.hindsight(day))) for day in (date(2023, 2, 28), date(2023, 3, 1))] == [2, 1]


def test_responsible_is_asked_for_today_only(goal: Goal, member: User) -> None:
    is_told = ["Ingen ansvarlig" in lacks(goal, member, at) for at in (AsOf.now(), NOW)]
    unit = OrgUnit.objects.create(municipality=goal.goal_set.period.committee.municipality, name="C", kind="centre")
    Goal.objects.filter(pk=goal.pk).update(responsible=unit)
    goal.refresh_from_db()
    assert (is_told, "Ingen ansvarlig" in lacks(goal, member, AsOf.now())) == ([True, False], False)


def test_goal_outside_the_numbering_says_so(goal: Goal, member: User) -> None:
    Placement.objects.create(
        goal=goal, goal_set=goal.goal_set, number=None, placed_from=date(2024, 1, 1), reason="Flyttes."
    )
    assert "Står uden for nummereringen" in lacks(goal, member)
    assert "Står uden for nummereringen" not in lacks(goal, member, AsOf.hindsight(date(2023, 12, 31)))


def test_nothing_is_asked_of_a_goal_that_has_ended(goal: Goal, member: User) -> None:
    GoalClosing.objects.create(goal=goal, kind="dropped", ended_on=date(2024, 5, 1), reason="Det er nået.")
    assert lacks(goal, member) == []


def test_set_tells_once_what_its_goals_lack_alike(goal_set: GoalSet, goal: Goal, member: User) -> None:
    assert lacks_of_set(goal_set, member) == [
        "Ingen opfølgningsplan",
        "Ingen evaluering endnu, og perioden er mere end halvt gået",
        "Pejlemærke 1 og 2: ingen status endnu",
        "Pejlemærke 2: ordlyden mangler en beslutning",
    ]


def test_set_asks_for_no_evaluation_before_the_middle_of_the_period(goal_set: GoalSet, member: User) -> None:
    FollowUpPlan.objects.create(goal_set=goal_set, number=1)
    asked = [
        [text for text in lacks_of_set(goal_set, member, AsOf.hindsight(day)) if "evaluering" in text]
        for day in (date(2024, 1, 1), date(2024, 1, 2))
    ]
    assert [len(one) for one in asked] == [0, 1]


def test_nothing_is_asked_of_a_set_that_was_handed_over(goal_set: GoalSet, goal: Goal, member: User) -> None:
    SetClosing.objects.create(goal_set=goal_set, closed_on=date(2024, 5, 31))
    assert (lacks_of_set(goal_set, member), lacks(goal, member)) == ([], [])
    assert lacks_of_set(goal_set, member, AsOf.hindsight(date(2024, 5, 30))) != []


def test_lack_is_linked_to_where_it_is_mended_for_those_who_may(
    goal_set: GoalSet, goal: Goal, member: User, consultant: User, secretary: User, as_user: Login
) -> None:
    period = goal_set.period
    type(period).objects.filter(pk=period.pk).update(ends_on=today() + timedelta(days=200))
    evaluation, in_force = (f"/saet/{goal_set.pk}/{end}/" for end in ("evalueringer/ny", "ikraft"))

    def linked(user: User, query: str = "") -> list[bool]:
        page = as_user(user).get(goal_set.get_absolute_url() + query).content.decode()
        listed = page.split('id="mangler"')[1].split("</section>")[0]
        return [f'href="{address}"' in listed for address in (evaluation, in_force)]

    assert [linked(user) for user in (member, consultant, secretary)] == [
        [False, False], [True, False], [True, True],
    ]  # fmt: skip
    assert linked(secretary, "?dato=2024-06-01&viden=nu") == [False, False]


def test_assessment_is_said_to_be_set_by_people(
    goal_set: GoalSet, goal: Goal, consultant: User, as_user: Login
) -> None:
    evaluation = open_evaluation(
        goal_set=goal_set, kind="midterm", held_on=date(2023, 11, 14), step=None, nonce=uuid4(), by=consultant
    )
    hand_in_statuses(
        evaluation=evaluation, statuses=[StatusText(goal, "Godt.", "under_way", 0)], nonce=uuid4(), by=consultant
    )
    publish(goal_set)
    publish(evaluation)
    pages = [client.get(goal.get_absolute_url()).content.decode() for client in (as_user(consultant), Client())]
    assert ["vurderet ved midtvejsevaluering 14. november 2023" in page for page in pages] == [True, True]
    assert ["Vurderingen »På vej« er sat af mennesker" in page for page in pages] == [True, True]
    assert ["Afgivet af Karen Konsulent" in page for page in pages] == [True, False]

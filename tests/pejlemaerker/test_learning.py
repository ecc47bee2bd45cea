"""Learning: written down when it is learned, with where it was learned, and carried to the handover untyped."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from kit.clock import today
from meetings.models import LeaderGroup, User
from pejlemaerker.actions import SetIsClosed, create_dialogue
from pejlemaerker.actions.learning import record_learning
from pejlemaerker.documents.handover import HandoverDocument
from pejlemaerker.documents.notes.choices import SectionKey
from pejlemaerker.models import AsOf, Dialogue, Goal, GoalSet, Learning, SetClosing
from tests.conftest import Login, publish
from tests.pejlemaerker.telling import told_in

TEXT = "Forældrene kommer, når de selv vælger emnet."


@pytest.fixture
def goal(goal_set: GoalSet) -> Goal:
    return goal_set.goals.order_by("number")[0]


@pytest.fixture
def dialogue(goal_set: GoalSet, consultant: User) -> Dialogue:
    return create_dialogue(
        goal_set=goal_set, leader_groups=LeaderGroup.objects.all(), goals=goal_set.goals.all(), nonce=uuid4(),
        by=consultant, kind="midterm", held_on=date(2023, 11, 14), step=None, public_summary="", internal_notes="",
    )  # fmt: skip


def learn(goal_set: GoalSet, by: User, goal: Goal | None = None, **more: Any) -> Learning:
    said: dict[str, Any] = {
        "text": TEXT, "carry_on": "Spørg dem først.", "addressed_to": "Det nye udvalg",
        "learned_on": date(2023, 11, 14), "evaluation": None, "dialogue": None, "nonce": uuid4(),
    }  # fmt: skip
    return record_learning(goal_set=goal_set, goal=goal, by=by, **said | more)


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "goal": "", "text": TEXT, "carry_on": "", "addressed_to": "", "learned_on": "2023-11-14", "evaluation": "",
        "dialogue": "", "nonce": str(uuid4()), **changes,
    }  # fmt: skip


def test_writing_learning_is_for_those_who_follow_up(
    goal_set: GoalSet,
    anonymous: Client,
    other_member: User,
    member: User,
    consultant: User,
    as_user: Login,
) -> None:
    where = reverse("learning_new", args=[goal_set.pk])
    clients = [anonymous, *(as_user(one) for one in (other_member, member, consultant))]
    assert [client.get(where).status_code for client in clients] == [302, 404, 403, 200]
    assert [client.post(where, sent()).status_code for client in clients] == [302, 404, 403, 303]
    assert as_user(consultant).put(where).status_code == 405


def test_learning_begins_with_where_it_was_learned(
    goal_set: GoalSet, goal: Goal, dialogue: Dialogue, consultant: User, as_user: Login
) -> None:
    client, where = as_user(consultant), reverse("learning_new", args=[goal_set.pk])
    initial = client.get(f"{where}?dialog={dialogue.pk}&pejlemaerke={goal.pk}").context["form"].initial
    assert (initial["goal"], initial["dialogue"], initial["learned_on"]) == (goal, dialogue, dialogue.held_on)
    form = sent(goal=goal.pk, dialogue=dialogue.pk)
    for _ in range(2):
        answer = client.post(where, form)
    assert answer["Location"] == dialogue.get_absolute_url()
    assert [(one.goal, one.dialogue) for one in Learning.objects.all()] == [(goal, dialogue)]
    assert TEXT in client.get(dialogue.get_absolute_url()).text
    assert client.post(where, sent(learned_on="2099-01-01")).status_code == 422


def test_where_it_was_learned_is_told_to_those_who_may_see_that(
    goal_set: GoalSet, goal: Goal, dialogue: Dialogue, consultant: User, anonymous: Client, member: User, as_user: Login
) -> None:
    learn(goal_set, consultant, goal, dialogue=dialogue)
    learn(goal_set, consultant, None, text="Evalueringen kom for sent.")
    publish(goal_set)
    for page in (reverse("learnings", args=[goal_set.pk]), goal.get_absolute_url()):
        told = [client.get(page).text for client in (anonymous, as_user(member))]
        assert [(TEXT in text, "Se dialogmødet" in text or "Dialogmøde midtvejs, 14." in text) for text in told] == [
            (True, False), (True, True),
        ]  # fmt: skip
    page = anonymous.get(reverse("learnings", args=[goal_set.pk])).text
    assert "Evalueringen kom for sent." in page
    assert anonymous.post(reverse("learnings", args=[goal_set.pk])).status_code == 405


def test_learning_of_an_unpublished_set_is_not_there(
    goal_set: GoalSet, consultant: User, anonymous: Client, other_member: User, as_user: Login
) -> None:
    learn(goal_set, consultant)
    where = reverse("learnings", args=[goal_set.pk])
    assert [client.get(where).status_code for client in (anonymous, as_user(other_member))] == [404, 404]


def test_learning_that_is_public_at_once_is_looked_through(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    publish(goal_set)
    page = as_user(consultant).post(reverse("learning_new", args=[goal_set.pk]), sent(text="Ring på 24 48 12 16."))
    assert (page.status_code, Learning.objects.count()) == (422, 0)


def test_closed_set_takes_no_more_learning(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    SetClosing.objects.create(goal_set=goal_set, closed_on=date(2025, 12, 31))
    with pytest.raises(SetIsClosed):
        learn(goal_set, consultant)
    assert as_user(consultant).get(reverse("learning_new", args=[goal_set.pk])).status_code == 403


def test_learning_is_never_rewritten(goal_set: GoalSet, consultant: User) -> None:
    learning = learn(goal_set, consultant)
    with pytest.raises(Error), transaction.atomic():
        Learning.objects.filter(pk=learning.pk)._raw_delete("default")


def test_what_was_learned_on_the_way_is_not_typed_again_at_the_handover(
    goal_set: GoalSet, goal: Goal, consultant: User, secretary: User, as_user: Login
) -> None:
    def lacks() -> list[bool]:
        goals = HandoverDocument.for_set(goal_set, viewer=secretary).goals
        return ["Skriv, hvad I har lært." in one.missing for one in goals if one.goal == goal]

    assert lacks() == [True]
    learn(goal_set, consultant, goal)
    learn(goal_set, consultant, None, text="Evalueringen kom for sent.")
    assert lacks() == [False]
    client = as_user(secretary)
    assert TEXT in client.get(reverse("handover_goal", args=[goal.pk])).text
    assert "Evalueringen kom for sent." in client.get(reverse("handover", args=[goal_set.pk])).text


def test_learning_stands_in_the_note_of_its_day(goal_set: GoalSet, goal: Goal, secretary: User) -> None:
    learn(goal_set, secretary, goal, learned_on=today())
    assert told_in(goal_set, SectionKey.LEARNING, AsOf.now())[:2] == ["Pejlemærke 1", TEXT]


@pytest.mark.parametrize("count", [1, 3])
def test_learnings_page_costs_the_same_however_much_was_learned(
    count: int,
    goal_set: GoalSet,
    goal: Goal,
    dialogue: Dialogue,
    consultant: User,
    as_user: Login,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(count):
        learn(goal_set, consultant, goal, dialogue=dialogue)
    client = as_user(consultant)
    with django_assert_num_queries(17):
        client.get(reverse("learnings", args=[goal_set.pk]))

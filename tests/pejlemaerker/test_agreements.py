"""Agreements from a dialogue meeting: written down, promised to the committee, put into the plan, and followed."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from meetings.actions import NotAllowed
from meetings.models import LeaderGroup, Promise, User
from pejlemaerker.actions import PlannedStep, SetIsClosed, amend_plan, create_dialogue, note_outcome
from pejlemaerker.actions.agreements import Agreed, HangsTogether, record_agreement, remove_agreement
from pejlemaerker.documents.agreements import agreements_of
from pejlemaerker.models import Agreement, Dialogue, FollowUpStep, Goal, GoalSet, SetClosing
from tests.conftest import Login, publish

DUE = date(2024, 3, 1)


@pytest.fixture
def goal(goal_set: GoalSet) -> Goal:
    return goal_set.goals.order_by("number")[0]


@pytest.fixture
def dialogue(goal_set: GoalSet, consultant: User) -> Dialogue:
    return create_dialogue(
        goal_set=goal_set, leader_groups=LeaderGroup.objects.all(), goals=goal_set.goals.all(), nonce=uuid4(),
        by=consultant, kind="midterm", held_on=date(2023, 11, 14), step=None, public_summary="", internal_notes="",
    )  # fmt: skip


@pytest.fixture
def planned(goal_set: GoalSet, consultant: User) -> GoalSet:
    steps = [PlannedStep("midterm_dialogue", when_text="november 2023"), PlannedStep("learning", when_text="maj 2025")]
    amend_plan(goal_set=goal_set, expected=0, agreed_on=date(2022, 9, 8), reason="", steps=steps, by=consultant)
    return goal_set


def agree(dialogue: Dialogue, goal: Goal | None, by: User, **more: Any) -> Agreement:
    agreed = Agreed(text="Tre eksempler til udvalget", goal=goal, responsible="Lederne", **{"due_on": DUE} | more)
    return record_agreement(dialogue=dialogue, agreed=agreed, nonce=uuid4(), by=by)


def filled_in(key: object, **changes: Any) -> dict[str, Any]:
    """The part of the notes page that holds an agreement."""
    said = {
        "text": "Tre eksempler til udvalget", "responsible": "Lederne", "due_on": "2024-03-01", "when": "",
        "nonce": str(uuid4()), **changes,
    }  # fmt: skip
    return {f"aftale-{key}-{name}": value for name, value in said.items()}


def stands(dialogue: Dialogue, viewer: User) -> list[str]:
    return [stand.text for line in agreements_of(dialogue, viewer=viewer) for stand in line.stands]


def test_agreement_is_written_down_beside_the_notes_once(
    dialogue: Dialogue, goal: Goal, planned: GoalSet, consultant: User, member: User, as_user: Login
) -> None:
    dialogue.programme.create(position=1, title="Pejlemærke 1", goal=goal)
    key = dialogue.programme.get().pk
    client, where = as_user(consultant), reverse("dialogue_notes", args=[dialogue.pk])
    sent = filled_in(key, is_promise="on", in_plan="on") | {"handling": f"aftale-{key}"}
    for _ in range(2):
        answer = client.post(where, sent, headers={"HX-Request": "true"})
    assert "Aftalen er skrevet ned." in answer.text
    agreement, promise = Agreement.objects.get(), Promise.including_closed.get()
    assert (agreement.goal, agreement.promise, promise.due_on) == (goal, promise, DUE)
    assert (promise.made_at, promise.made_on, promise.made_url) == (
        "Dialogmødet midtvejs", dialogue.held_on, dialogue.get_absolute_url(),
    )  # fmt: skip
    plan = planned.plans.order_by("number").last()
    assert plan
    assert (plan.number, plan.agreed_on) == (2, dialogue.held_on)
    assert [(step.kind, step.trail == agreement.step_trail) for step in plan.steps.order_by("position")] == [
        ("midterm_dialogue", False), ("agreement", True), ("learning", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "", "when": "snart"}, "text"), ({"responsible": ""}, "responsible"),
        ({"due_on": "", "is_promise": "on"}, "due_on"), ({"due_on": "2023-11-13"}, "due_on"),
    ],
)  # fmt: skip
def test_agreement_tells_what_is_missing_and_keeps_the_notes(
    changes: dict[str, str], field: str, dialogue: Dialogue, consultant: User, as_user: Login
) -> None:
    where = reverse("dialogue_notes", args=[dialogue.pk])
    sent = filled_in("faelles", **changes) | {"punkt-0-notes": "Noter", "handling": "aftale-faelles"}
    page = as_user(consultant).post(where, sent)
    assert page.status_code == 422
    assert field in page.context["page"].common.agreement.errors
    assert (dialogue.programme.get().notes, Agreement.objects.count()) == ("Noter", 0)


def test_promise_and_step_come_with_the_agreement_or_not_at_all(
    dialogue: Dialogue, goal: Goal, planned: GoalSet, consultant: User
) -> None:
    SetClosing.objects.create(goal_set=planned, closed_on=date(2025, 12, 31))
    with pytest.raises(SetIsClosed):
        agree(dialogue, goal, consultant, is_promise=True, in_plan=True)
    with pytest.raises(NotAllowed):
        agree(dialogue, goal, consultant, is_promise=True, due_on=None)
    assert (Agreement.objects.count(), Promise.including_closed.count(), planned.plans.count()) == (0, 0, 1)


def test_agreement_tells_how_it_stands(
    dialogue: Dialogue, goal: Goal, planned: GoalSet, consultant: User, secretary: User, leader: User
) -> None:
    agreement = agree(dialogue, goal, consultant, is_promise=True, in_plan=True)
    assert stands(dialogue, secretary) == ["Løfte til udvalget: ikke indfriet endnu", "Står i opfølgningsplanen"]
    assert agreement.step_trail
    step = FollowUpStep.objects.get(trail=agreement.step_trail)
    note_outcome(
        step=step, occurred_on=date(2024, 2, 1), is_cancelled=False, text="", nonce=uuid4(), by=consultant
    )  # fmt: skip
    Promise.including_closed.update(settled_on=date(2024, 2, 2), settled_note="Sendt")
    assert stands(dialogue, secretary) == [
        "Løfte til udvalget: indfriet 2. februar 2024: Sendt", "Gennemført 1. februar 2024",
    ]  # fmt: skip
    assert stands(dialogue, leader)[0] == "Løfte til udvalget"  # the ledger is not for the leaders


def test_agreement_is_changed_and_removed_only_while_nothing_hangs_on_it(
    dialogue: Dialogue, goal: Goal, planned: GoalSet, consultant: User, as_user: Login
) -> None:
    client, free = as_user(consultant), agree(dialogue, goal, consultant)
    where = reverse("agreement", args=[free.pk])
    sent = {"text": "To eksempler", "goal": goal.pk, "responsible": "Lederne", "due_on": "", "when": "til foråret"}
    assert client.post(where, sent).status_code == 303
    free.refresh_from_db()
    assert (free.text, free.due_on, free.when) == ("To eksempler", None, "til foråret")
    assert client.post(where, {"fjern": "1"}).status_code == 303
    bound = agree(dialogue, goal, consultant, in_plan=True)
    where = reverse("agreement", args=[bound.pk])
    assert "<textarea" not in client.get(where).text
    assert client.post(where, sent).status_code == 422
    client.post(where, {"fjern": "1"})
    with pytest.raises(HangsTogether):
        remove_agreement(agreement=bound, by=consultant)
    assert list(Agreement.objects.values_list("text", flat=True)) == ["Tre eksempler til udvalget"]


def test_agreements_are_internal(
    dialogue: Dialogue,
    goal: Goal,
    anonymous: Client,
    other_member: User,
    member: User,
    leader: User,
    consultant: User,
    as_user: Login,
) -> None:
    agreement = agree(dialogue, goal, consultant)
    for record in (dialogue, goal.goal_set):
        publish(record)
    clients = [anonymous, *(as_user(one) for one in (other_member, member, leader, consultant))]
    for page in (dialogue.get_absolute_url(), goal.get_absolute_url()):
        assert ["Tre eksempler" in client.get(page).text for client in clients] == [False, False, True, True, True]
    where = reverse("agreement", args=[agreement.pk])
    assert [client.get(where).status_code for client in clients] == [302, 404, 403, 403, 200]
    assert [client.post(where).status_code for client in clients[:4]] == [302, 404, 403, 403]
    assert as_user(consultant).put(where).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_agreements_cost_the_same_however_many(
    count: int, dialogue: Dialogue, goal: Goal, planned: GoalSet, consultant: User, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        agree(dialogue, goal, consultant, is_promise=True, in_plan=True)
    assert consultant.held_roles
    with django_assert_num_queries(6):
        agreements_of(dialogue, viewer=consultant)


def test_promised_agreement_has_a_day(dialogue: Dialogue, goal: Goal, consultant: User) -> None:
    agreement = agree(dialogue, goal, consultant, is_promise=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(due_on=None)

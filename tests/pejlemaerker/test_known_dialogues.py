"""A dialogue meeting that was put right: pages of the days before still tell it as it was known then."""

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from kit.clock import today
from meetings.models import LeaderGroup, User
from pejlemaerker.actions import create_dialogue, edit_dialogue
from pejlemaerker.documents.committee import CommitteeDocument
from pejlemaerker.documents.goal import GoalDocument
from pejlemaerker.documents.goal_set import GoalSetDocument
from pejlemaerker.documents.plan import PlanDocument
from pejlemaerker.documents.year_wheel import YearWheelDocument
from pejlemaerker.models import AsOf, Dialogue, FollowUpPlan, FollowUpStep, GoalSet

WRITTEN, THEN, PUT_RIGHT = date(2022, 12, 2), date(2023, 1, 10), date(2023, 6, 1)
HELD, REALLY_HELD = date(2022, 12, 1), date(2022, 11, 1)


def standing_on(day: date) -> Any:
    return time_machine.travel(datetime.combine(day, time(12), timezone.get_current_timezone()), tick=False)


@pytest.fixture
def plan(goal_set: GoalSet) -> FollowUpPlan:
    plan = FollowUpPlan.objects.create(goal_set=goal_set, number=1)
    FollowUpStep.objects.create(plan=plan, position=1, kind="midterm_dialogue")
    return plan


@pytest.fixture
def groups(plan: FollowUpPlan) -> list[LeaderGroup]:
    municipality = plan.goal_set.period.committee.municipality
    return [LeaderGroup.objects.create(name=name, municipality=municipality) for name in ("Skoleledere", "Husledere")]


@pytest.fixture(params=["midterm_dialogue"])
def dialogue(request: Any, plan: FollowUpPlan, groups: list[LeaderGroup], consultant: User) -> Dialogue:
    """Written down as a midterm dialogue about the first pejlemærke, put right in June to a final one about the
    second, on another day, with other leaders, and for no step.
    """
    first, second = plan.goal_set.goals.order_by("number")
    step = plan.steps.filter(kind=request.param).first()
    told: dict[str, Any] = {"by": consultant, "public_summary": "", "internal_notes": ""}
    with standing_on(WRITTEN):
        dialogue = create_dialogue(
            goal_set=plan.goal_set, leader_groups=groups[:1], goals=[first], nonce=uuid4(), kind="midterm",
            held_on=HELD, step=step, **told,
        )  # fmt: skip
    with standing_on(PUT_RIGHT):
        return edit_dialogue(
            dialogue=dialogue, expected=dialogue.revision, leader_groups=groups[1:], goals=[second], kind="final",
            held_on=REALLY_HELD, step=None, **told,
        )  # fmt: skip


def test_story_tells_a_dialogue_as_it_was_known(dialogue: Dialogue, plan: FollowUpPlan, consultant: User) -> None:
    def told(number: int, on: date) -> list[tuple[date, str]]:
        goal = plan.goal_set.goals.get(number=number)
        document = GoalDocument.for_goal(goal, viewer=consultant, at=AsOf.day(on))
        return [(one.on, one.text) for one in document.story if one.url == dialogue.get_absolute_url()]

    assert (told(1, THEN), told(2, THEN)) == (
        [(HELD, "Udvalget drøftede status midtvejs på et dialogmøde med skoleledere.")], [],
    )  # fmt: skip
    assert (told(1, today()), told(2, today())) == (
        [], [(REALLY_HELD, "Udvalget drøftede status og læring på et afsluttende dialogmøde med husledere.")],
    )  # fmt: skip


def test_committee_page_tells_a_dialogue_as_it_was_known(dialogue: Dialogue, consultant: User) -> None:
    def told(on: date) -> list[tuple[str, tuple[str, ...]]]:
        document = CommitteeDocument.for_committee(dialogue.committee, viewer=consultant, at=AsOf.day(on))
        return [(str(one.dialogue), one.leaders) for one in document.dialogues]

    assert told(THEN) == [("Dialogmøde midtvejs, 1. december 2022", ("Skoleledere",))]
    assert told(today()) == [("Afsluttende dialogmøde, 1. november 2022", ("Husledere",))]


@pytest.mark.parametrize("dialogue", ["midterm_dialogue", "none"], indirect=True)
def test_year_wheel_tells_a_dialogue_as_it_was_known(dialogue: Dialogue, consultant: User) -> None:
    """Both where the plan's step tells of it, and where it stands by itself."""

    def told(on: date) -> list[date]:
        document = YearWheelDocument.for_committee(
            dialogue.committee, viewer=consultant, year=2022, at=AsOf.day(on), today=today()
        )
        return [one.starts for one in document.entries if one.url == dialogue.get_absolute_url()]

    assert (told(THEN), told(today())) == ([HELD], [REALLY_HELD])


def test_plan_tells_the_step_a_dialogue_was_known_to_carry_out(
    dialogue: Dialogue, plan: FollowUpPlan, consultant: User
) -> None:
    def told(on: date) -> tuple[list[str], list[str]]:
        at = AsOf.day(on)
        course = GoalSetDocument.for_set(plan.goal_set, viewer=consultant, at=at).course
        held = [str(one.happened_on) for one in course.steps if one.url == dialogue.get_absolute_url()]
        told_plan = PlanDocument.for_set(plan.goal_set, viewer=consultant, at=at)
        steps = told_plan.steps if told_plan else ()
        return held, [one.text for step in steps for one in step.held if one.url == dialogue.get_absolute_url()]

    assert told(THEN) == ([str(HELD)], ["Dialogmøde midtvejs, 1. december 2022"])
    assert told(today()) == ([], [])


@pytest.mark.parametrize("rows", [1, 3])
def test_dialogues_of_a_past_day_take_the_same_number_of_queries(
    rows: int, dialogue: Dialogue, plan: FollowUpPlan, groups: list[LeaderGroup], consultant: User,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for n in range(rows - 1):
        with standing_on(WRITTEN):
            create_dialogue(
                goal_set=plan.goal_set, leader_groups=groups, goals=plan.goal_set.goals.all(), nonce=uuid4(),
                kind="other", held_on=date(2022, 12, 1 + n), step=None, by=consultant, public_summary="",
                internal_notes="",
            )  # fmt: skip
    with django_assert_num_queries(11):
        CommitteeDocument.for_committee(dialogue.committee, viewer=consultant, at=AsOf.day(THEN))


@pytest.mark.parametrize("rows", [1, 3])
def test_goal_page_asks_once_for_all_its_dialogues(
    rows: int, plan: FollowUpPlan, groups: list[LeaderGroup], consultant: User, django_assert_num_queries: Any
) -> None:
    """Those of the story and those of the plan's steps come together."""
    goal = plan.goal_set.goals.get(number=1)
    for n in range(rows):
        create_dialogue(
            goal_set=plan.goal_set, leader_groups=groups, goals=[goal], nonce=uuid4(), kind="other",
            held_on=date(2022, 12, 1 + n), step=plan.steps.first(), by=consultant, public_summary="", internal_notes="",
        )  # fmt: skip
    GoalDocument.for_goal(goal, viewer=consultant, at=AsOf.now())  # what the viewer may do is asked for once
    with django_assert_num_queries(21) as asked:
        document = GoalDocument.for_goal(goal, viewer=consultant, at=AsOf.now())
    assert sum(one.link_text == "Se dialogmødet" for one in document.story) == rows
    assert sum(' FROM "pejlemaerker_dialogue" ' in query["sql"] for query in asked.captured_queries) == 1

"""A set's status page: where it stands in its plan, and what comes next."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from meetings.models import SourceDocument, User
from pejlemaerker.actions import open_evaluation
from pejlemaerker.documents.course import courses
from pejlemaerker.forms.evaluation import EvaluationForm
from pejlemaerker.models import Adoption, AsOf, FollowUpPlan, FollowUpStep, Goal, GoalSet, GoalVersion
from tests.conftest import Login, publish

STEPS: list[dict[str, Any]] = [
    {"kind": "formulating_dialogue", "when_text": "30. maj 2022", "occurred_on": date(2022, 5, 30)},
    {
        "kind": "midterm_evaluation", "when_text": "efteråret 2023", "precision": "season",
        "earliest": date(2023, 9, 1), "latest": date(2023, 11, 30),
    },
    {"kind": "midterm_dialogue", "when_text": "i forlængelse heraf"},
    {
        "kind": "final_dialogue", "when_text": "", "precision": "day",
        "earliest": date(2025, 5, 5), "latest": date(2025, 5, 5),
    },
    {"kind": "annual_event", "title": "Årligt seminar", "is_recurring": True},
]  # fmt: skip


@pytest.fixture
def plan(goal_set: GoalSet) -> FollowUpPlan:
    plan = FollowUpPlan.objects.create(goal_set=goal_set, number=1)
    for position, step in enumerate(STEPS, start=1):
        FollowUpStep.objects.create(plan=plan, position=position, **step)
    return plan


def states(goal_set: GoalSet, viewer: object, on: date) -> list[tuple[str, str]]:
    """The steps of the course as states and times."""
    return [
        (step.state, step.when)
        for step in courses([goal_set.pk], viewer=viewer, at=AsOf.hindsight(on))[goal_set.pk].steps
    ]


def evaluate(plan: FollowUpPlan, by: User) -> Any:
    """Carry out the plan's midway evaluation."""
    step = plan.steps.get(kind="midterm_evaluation")
    return open_evaluation(
        goal_set=plan.goal_set, kind="midterm", held_on=date(2023, 11, 14), step=step, nonce=uuid4(), by=by
    )


def test_set_is_there_for_those_who_may_see_it(
    goal_set: GoalSet, anonymous: Client, other_member: User, leader: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(leader)]
    assert [client.get(goal_set.get_absolute_url()).status_code for client in clients] == [404, 404, 200]
    publish(goal_set)
    assert [client.get(goal_set.get_absolute_url()).status_code for client in clients] == [200, 200, 200]


def test_set_is_only_read(published_goal_set: GoalSet, anonymous: Client) -> None:
    assert anonymous.post(published_goal_set.get_absolute_url()).status_code == 405


def test_set_offers_writing_only_to_those_who_may(
    published_goal_set: GoalSet, anonymous: Client, member: User, consultant: User, secretary: User, as_user: Login
) -> None:
    def offers(client: Client) -> list[str]:
        page = client.get(published_goal_set.get_absolute_url()).content.decode()
        return [word for word in ("Sæt ordlyd i kraft", "Skriv en evaluering ind", "Træk tilbage") if word in page]

    assert [offers(client) for client in (anonymous, as_user(member), as_user(consultant), as_user(secretary))] == [
        [], [], ["Skriv en evaluering ind"], ["Sæt ordlyd i kraft", "Skriv en evaluering ind", "Træk tilbage"],
    ]  # fmt: skip


def test_course_waits_for_the_step_after_the_last_that_happened(plan: FollowUpPlan, member: User) -> None:
    assert states(plan.goal_set, member, date(2023, 1, 1)) == [
        ("done", "30. maj 2022"),
        ("next", "efteråret 2023"),
        ("future", "i forlængelse heraf"),
        ("future", "5. maj 2025"),
    ]


def test_course_is_under_way_within_the_span_of_a_vague_date(plan: FollowUpPlan, member: User) -> None:
    assert states(plan.goal_set, member, date(2023, 10, 1))[1] == ("current", "efteråret 2023")


def test_course_is_never_late_for_a_season(plan: FollowUpPlan, member: User) -> None:
    assert states(plan.goal_set, member, date(2024, 6, 1))[1] == ("next", "efteråret 2023")


def test_course_is_late_for_a_firm_date(plan: FollowUpPlan, member: User) -> None:
    assert states(plan.goal_set, member, date(2025, 5, 6))[3] == ("future", "5. maj 2025 (datoen er overskredet)")


def test_course_goes_on_when_the_step_was_carried_out(plan: FollowUpPlan, consultant: User) -> None:
    evaluate(plan, consultant)
    assert states(plan.goal_set, consultant, date(2024, 1, 1))[1:3] == [
        ("done", "14. november 2023"),
        ("next", "i forlængelse heraf"),
    ]


def test_course_does_not_tell_outsiders_of_an_unpublished_evaluation(plan: FollowUpPlan, consultant: User) -> None:
    evaluation = evaluate(plan, consultant)
    publish(plan.goal_set)
    before = states(plan.goal_set, AnonymousUser(), date(2024, 1, 1))[1]
    publish(evaluation)
    after = states(plan.goal_set, AnonymousUser(), date(2024, 1, 1))[1]
    assert (before, after) == (("next", "efteråret 2023"), ("done", "14. november 2023"))


def test_course_remembers_what_was_done_under_an_earlier_plan(plan: FollowUpPlan, consultant: User) -> None:
    evaluate(plan, consultant)
    newer = FollowUpPlan.objects.create(goal_set=plan.goal_set, number=2, agreed_on=date(2023, 12, 1))
    trail = plan.steps.get(kind="midterm_evaluation").trail
    FollowUpStep.objects.create(
        plan=newer, position=1, trail=trail, kind="midterm_evaluation", when_text="efteråret 2023"
    )
    assert states(plan.goal_set, consultant, date(2024, 1, 1)) == [("done", "14. november 2023")]


def test_course_marks_a_step_that_was_passed_by(plan: FollowUpPlan, consultant: User) -> None:
    step = plan.steps.get(kind="midterm_dialogue")
    open_evaluation(
        goal_set=plan.goal_set, kind="extra", held_on=date(2023, 12, 1), step=step, nonce=uuid4(), by=consultant
    )
    assert [state for state, _ in states(plan.goal_set, consultant, date(2024, 1, 1))] == [
        "done",
        "missed",
        "done",
        "next",
    ]


def test_set_sets_recurring_steps_apart(plan: FollowUpPlan, member: User, as_user: Login) -> None:
    course = courses([plan.goal_set_id], viewer=member, at=AsOf.hindsight(date(2023, 1, 1)))[plan.goal_set_id]
    assert [str(step) for step in course.recurring] == ["Årligt seminar"]
    assert "Årligt seminar" in as_user(member).get(plan.goal_set.get_absolute_url()).content.decode()


def test_set_names_its_source_and_links_it_only_for_those_who_may_read_it(
    goal_set: GoalSet, anonymous: Client, consultant: User, as_user: Login
) -> None:
    document = SourceDocument.objects.create(
        municipality=goal_set.period.committee.municipality, kind="notat", case_no="22/9628", doc_no="175905/22",
        date=date(2022, 9, 8), author="Hemmelig Forfatter", file_name="notat.txt", sha256="0" * 64, text="x",
    )  # fmt: skip
    goal = Goal.objects.create(goal_set=goal_set, number=3)
    GoalVersion.objects.create(goal=goal, number=1, text="Vi vil.", source_document=document)
    publish(goal_set)
    pages = [client.get(goal_set.get_absolute_url()).content.decode() for client in (anonymous, as_user(consultant))]
    assert ["Notat af 8. september 2022" in page and "sagsnr. 22/9628" in page for page in pages] == [True, True]
    assert [document.get_absolute_url() in page for page in pages] == [False, True]
    assert ["Hemmelig Forfatter" in page for page in pages] == [False, False]


@pytest.mark.parametrize("count", [1, 3])
def test_set_asks_the_same_number_of_questions(
    count: int, adoption: Adoption, plan: FollowUpPlan, member: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    for number in range(3, 3 + count):
        goal = Goal.objects.create(goal_set=plan.goal_set, number=number)
        GoalVersion.objects.create(goal=goal, number=1, text=f"Vi vil {number}.")
    client = as_user(member)
    client.get(plan.goal_set.get_absolute_url())  # the first look of a session also writes its token
    with django_assert_num_queries(30):
        client.get(plan.goal_set.get_absolute_url())


def test_new_evaluation_suggests_the_midterm_step_until_it_is_begun(plan: FollowUpPlan, consultant: User) -> None:
    step = plan.steps.filter(kind="midterm_evaluation").get()
    assert EvaluationForm(goal_set=plan.goal_set, user=consultant)["step"].initial == step
    open_evaluation(
        goal_set=plan.goal_set, kind="midterm", held_on=date(2023, 11, 14), step=step, nonce=uuid4(), by=consultant
    )
    assert EvaluationForm(goal_set=plan.goal_set, user=consultant)["step"].initial is None

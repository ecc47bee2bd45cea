"""Deadlines: counted back from the committee's own meetings, on working days, and told to those who do the work."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from kit.clock import today
from kit.dates import ImpreciseDate, format_date
from kit.working_days import is_working_day, working_day_by
from meetings.models import Committee, DispatchRule, Meeting, User
from pejlemaerker.documents.deadlines import Deadline, deadlines_for
from pejlemaerker.models import AsOf, FollowUpPlan, FollowUpStep, GoalPeriod, GoalSet, PolicyArea, StepOutcome
from tests.conftest import Login, publish


def plan_of(goal_set: GoalSet, *steps: tuple[str, str], number: int = 1) -> FollowUpPlan:
    plan = FollowUpPlan.objects.create(goal_set=goal_set, number=number)
    for position, (kind, words) in enumerate(steps, start=1):
        when = ImpreciseDate.read(words)
        FollowUpStep.objects.create(
            plan=plan, position=position, kind=kind, when_text=words, earliest=when.earliest, latest=when.latest,
            precision=when.precision, is_recurring=words == "løbende",
        )  # fmt: skip
    return plan


@pytest.fixture
def autumn(goal_set: GoalSet) -> GoalSet:
    plan_of(goal_set, ("midterm_evaluation", "efteråret 2023"))
    return goal_set


def meet(committee: Committee, *days: date, **values: Any) -> list[Meeting]:
    return [Meeting.objects.create(committee=committee, date=day, **values) for day in days]


def deadlines(goal_set: GoalSet, viewer: Any, on: date) -> tuple[Deadline, ...]:
    return deadlines_for([goal_set.pk], viewer=viewer, at=AsOf.hindsight(on))[goal_set.pk]


def told(goal_set: GoalSet, viewer: Any, on: date) -> list[tuple[str, str]]:
    return [(one.text, one.warning) for one in deadlines(goal_set, viewer, on)]


def aims(goal_set: GoalSet, viewer: Any, on: date) -> list[date | None]:
    return [one.aim.meeting.date if one.aim else None for one in deadlines(goal_set, viewer, on)]


# --- Counting back ----------------------------------------


def test_deadlines_are_counted_back_from_the_committees_meeting(
    autumn: GoalSet, committee: Committee, member: User
) -> None:
    meet(committee, date(2023, 10, 4))
    assert told(autumn, member, date(2023, 8, 1)) == [
        (
            "For at nå mødet 4. oktober 2023 skal teksten være hos sekretariatet senest 12. september 2023, så lederne "
            "svarer senest 29. august 2023.",
            "",
        )
    ]


def test_deadlines_follow_the_committees_own_rule_before_the_municipalitys(
    autumn: GoalSet, committee: Committee, member: User
) -> None:
    meet(committee, date(2023, 10, 4))
    DispatchRule.objects.create(
        municipality=committee.municipality, sent_days=5, secretariat_days=9, answer_days=1
    )  # fmt: skip
    of_house = deadlines(autumn, member, date(2023, 8, 1))[0].aim
    DispatchRule.objects.create(
        municipality=committee.municipality, committee=committee, sent_days=2, secretariat_days=6, answer_days=7
    )
    own = deadlines(autumn, member, date(2023, 8, 1))[0].aim
    assert of_house
    assert (of_house.sent_on, of_house.secretariat_by, of_house.answers_by) == (
        date(2023, 9, 29), date(2023, 9, 25), date(2023, 9, 22),
    )  # fmt: skip
    assert own
    assert (own.sent_on, own.secretariat_by, own.answers_by) == (
        date(2023, 10, 2), date(2023, 9, 28), date(2023, 9, 21),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "falls_on"),
    [
        (date(2023, 9, 12), date(2023, 9, 12)),
        (date(2023, 9, 16), date(2023, 9, 15)),  # a Saturday
        (date(2023, 5, 5), date(2023, 5, 4)),  # store bededag, the last time
        (date(2024, 4, 26), date(2024, 4, 26)),  # which it no longer is
        (date(2024, 4, 1), date(2024, 3, 27)),  # all of Easter
        (date(2023, 6, 5), date(2023, 6, 2)),  # grundlovsdag
        (date(2024, 12, 24), date(2024, 12, 23)),
        (date(2024, 12, 31), date(2024, 12, 30)),
        (date(2027, 1, 1), date(2026, 12, 30)),  # over the turn of the year
    ],
)
def test_deadline_falls_on_the_working_day_before(day: date, falls_on: date) -> None:
    assert (working_day_by(day), is_working_day(falls_on)) == (falls_on, True)


# --- Which meeting ----------------------------------------


def test_step_aims_at_the_first_meeting_that_can_still_be_reached(
    autumn: GoalSet, committee: Committee, member: User
) -> None:
    meet(committee, date(2023, 8, 30), date(2023, 10, 4), date(2023, 11, 1), date(2023, 12, 6))
    days = [date(2023, 9, 12), date(2023, 9, 13), date(2023, 10, 11)]
    assert [aims(autumn, member, day) for day in days] == [
        [date(2023, 10, 4)], [date(2023, 11, 1)], [date(2023, 12, 6)],
    ]  # fmt: skip
    assert deadlines(autumn, member, days[2])[0].note == (
        "Det er for sent at nå et møde i efteråret 2023. Trinnet kan nå det næste."
    )


def test_step_says_so_when_only_the_text_can_still_be_in_time(
    autumn: GoalSet, committee: Committee, member: User
) -> None:
    meet(committee, date(2023, 10, 4))
    assert told(autumn, member, date(2023, 9, 1)) == [
        (
            "For at nå mødet 4. oktober 2023 skal teksten være hos sekretariatet senest 12. september 2023. Ledernes "
            "svar skulle være kommet senest 29. august 2023.",
            "",
        )
    ]


@pytest.mark.parametrize("on", [date(2025, 12, 1), date(2025, 12, 31), date(2026, 5, 1)])
def test_step_that_can_reach_no_meeting_is_warned_of(
    on: date, autumn: GoalSet, committee: Committee, member: User
) -> None:
    meet(committee, date(2023, 10, 4), date(2025, 12, 10))
    assert told(autumn, member, on) == [("", "Trinnet kan ikke længere nå noget møde i perioden.")]


def test_meeting_after_the_period_is_no_help(autumn: GoalSet, committee: Committee, member: User) -> None:
    meet(committee, date(2023, 10, 4), date(2026, 1, 14))
    assert told(autumn, member, date(2025, 12, 1)) == [("", "Trinnet kan ikke længere nå noget møde i perioden.")]


def test_calendar_without_meetings_is_told(autumn: GoalSet, committee: Committee, member: User) -> None:
    meet(committee, date(2023, 6, 7), date(2024, 1, 10))
    meet(committee, date(2023, 10, 4), cancelled="Ingen sager")
    assert told(autumn, member, date(2023, 5, 1)) == [("", "Der er ikke planlagt møder i efteråret 2023 endnu.")]
    assert aims(autumn, member, date(2023, 11, 20)) == [date(2024, 1, 10)]


def test_vague_step_is_never_called_late(autumn: GoalSet, committee: Committee, member: User) -> None:
    meet(committee, date(2024, 6, 5))
    found = deadlines(autumn, member, date(2024, 3, 1))[0]
    assert "overskredet" not in f"{found.text}{found.warning}{found.note}"


@pytest.mark.parametrize(
    ("words", "warning"),
    [
        ("4. oktober 2023", "Der er ikke planlagt et møde den 4. oktober 2023."),
        ("i løbet af 2023", "Der er ikke planlagt møder i løbet af 2023 endnu."),
        ("Aftales, men i efteråret 2023", "Der er ikke planlagt møder i september–november 2023 endnu."),
    ],
)
def test_times_are_said_as_one_says_them(words: str, warning: str, goal_set: GoalSet, member: User) -> None:
    plan_of(goal_set, ("midterm_evaluation", words))
    assert told(goal_set, member, date(2023, 2, 1)) == [("", warning)]


def test_steps_that_wait_for_no_meeting_have_no_deadline(goal_set: GoalSet, committee: Committee, member: User) -> None:
    plan = plan_of(
        goal_set,
        ("committee_decision", "foråret 2023"),
        ("ongoing_leader_meetings", "løbende"),
        ("annual_event", "foråret 2023"),
        ("midterm_evaluation", "når der er tid"),
        ("final_dialogue", "foråret 2025"),
    )
    meet(committee, date(2023, 4, 12), date(2025, 4, 9))
    StepOutcome.objects.create(step=plan.steps.get(position=1), occurred_on=date(2023, 1, 11))
    assert [one.title for one in deadlines(goal_set, member, date(2023, 2, 1))] == ["Afsluttende dialogmøde"]


def test_step_in_continuation_follows_the_one_before(goal_set: GoalSet, committee: Committee, member: User) -> None:
    plan_of(goal_set, ("midterm_evaluation", "efteråret 2023"), ("midterm_dialogue", "i forlængelse heraf"))
    meet(committee, date(2023, 6, 7), date(2024, 1, 10))
    assert aims(goal_set, member, date(2023, 2, 1)) == [None, date(2024, 1, 10)]


def test_joint_set_aims_at_the_meetings_of_both_committees(
    autumn: GoalSet, committee: Committee, other_committee: Committee, consultant: User
) -> None:
    meet(committee, date(2023, 11, 1))
    meet(other_committee, date(2023, 10, 4))
    alone = aims(autumn, consultant, date(2023, 8, 1))
    autumn.partners.add(other_committee)
    joint = deadlines(autumn, consultant, date(2023, 8, 1))[0]
    assert (alone, joint.aim and joint.aim.meeting_text) == (
        [date(2023, 11, 1)], "mødet 4. oktober 2023 i Kultur- og Fritidsudvalget",
    )  # fmt: skip


# --- Who is told ----------------------------------------


def test_public_sees_only_a_public_meeting_and_never_a_warning(
    autumn: GoalSet, committee: Committee, citizen: User, other_member: User
) -> None:
    publish(autumn)
    outsiders = [AnonymousUser(), citizen, other_member]
    assert [told(autumn, viewer, date(2023, 8, 1)) for viewer in outsiders] == [[], [], []]
    (meeting,) = meet(committee, date(2023, 10, 4))
    assert [told(autumn, viewer, date(2023, 8, 1)) for viewer in outsiders] == [[], [], []]
    publish(meeting)
    assert [told(autumn, viewer, date(2023, 8, 1)) for viewer in outsiders] == [
        [("Trinnet kan komme med på mødet 4. oktober 2023.", "")]
    ] * 3


@pytest.fixture
def ahead(committee: Committee) -> GoalSet:
    """A set of this year, whose next step leads to a meeting in sixty days."""
    day = today()
    period = GoalPeriod.objects.create(
        committee=committee, starts_on=date(day.year, 1, 1), ends_on=date(day.year + 3, 12, 31)
    )
    area = PolicyArea.objects.create(committee=committee, name="Skole")
    goal_set = GoalSet.objects.create(period=period, area=area)
    meet(committee, day + timedelta(days=60))
    step = f"{format_date(day + timedelta(days=60))}"
    plan_of(goal_set, ("midterm_dialogue", step))
    return goal_set


def test_next_deadline_stands_on_the_sets_page_today_only(
    ahead: GoalSet, member: User, anonymous: Client, as_user: Login
) -> None:
    publish(ahead)
    page = ahead.get_absolute_url()
    yesterday = f"{page}?dato={today() - timedelta(days=1)}&viden=nu"
    client = as_user(member)
    shown = ["skal teksten være hos sekretariatet" in one.content.decode() for one in (
        client.get(page), client.get(f"{page}plan/"), client.get(yesterday), anonymous.get(page),
        anonymous.get(f"{page}plan/"),
    )]  # fmt: skip
    assert shown == [True, True, False, False, False]


@pytest.mark.parametrize("count", [1, 3])
def test_deadlines_are_counted_in_a_constant_number_of_queries(
    count: int, committee: Committee, other_committee: Committee, consultant: User, django_assert_num_queries: Any
) -> None:
    period = GoalPeriod.objects.create(committee=committee, starts_on=date(2022, 1, 1), ends_on=date(2025, 12, 31))
    sets = []
    for n in range(count):
        area = PolicyArea.objects.create(committee=committee, name=f"Område {n}")
        goal_set = GoalSet.objects.create(period=period, area=area)
        goal_set.partners.add(other_committee)
        plan_of(goal_set, *[("midterm_evaluation", "efteråret 2023")] * (n + 1))
        sets.append(goal_set.pk)
    meet(committee, *[date(2023, 10, day) for day in range(2, 2 + count)])
    consultant = User.objects.get(pk=consultant.pk)
    with django_assert_num_queries(13):
        deadlines_for(sets, viewer=consultant, at=AsOf.hindsight(date(2023, 8, 1)))

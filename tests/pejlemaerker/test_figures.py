"""Mål and nøgletal: what a reader sees of them on a day, and that few people are never counted in public."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from meetings.models import Committee, Decision, User
from pejlemaerker.actions import Measured, create_indicator, record_measurements, write_target
from pejlemaerker.documents.figures import figures_of, later, public_value
from pejlemaerker.models import Adoption, AsOf, Goal, GoalSet, Indicator, IndicatorDefinition, Measurement, Target
from tests.conftest import CANARY, Login, publish

NOBODY = AnonymousUser()


@pytest.fixture
def goal(published_goal_set: GoalSet) -> Goal:
    return published_goal_set.goals.get(number=1)


def follow(goal: Goal, by: User, **definition: Any) -> Indicator:
    """A nøgletal as somebody would define it."""
    told = {
        "name": "Høj trivsel", "unit": "%", "source": "Trivselsmålingen", "frequency": "yearly", "direction": "up",
        "target_value": None, "target_by": None, "counts_people": False, **definition,
    }  # fmt: skip
    return create_indicator(goal=goal, nonce=uuid4(), by=by, **told)


def measure(indicator: Indicator, by: User, values: dict[date, str | None], **told: str) -> None:
    """Measurements as somebody would write them, over whatever stands there."""
    standing = {row.measured_on: row.pk for row in Measurement.objects.filter(indicator=indicator).order_by("pk")}
    record_measurements(
        indicator=indicator,
        measured=[
            Measured(
                day,
                None if value is None else Decimal(value),
                told.get("source", ""),
                told.get("note", ""),
                standing.get(day),
            )
            for day, value in values.items()
        ],
        by=by,
    )


def page_of(client: Client, goal: Goal, query: str = "") -> str:
    return client.get(f"/pejlemaerker/{goal.pk}/tal/{query}").content.decode()


def test_page_tells_the_latest_value_with_its_day(goal: Goal, consultant: User, anonymous: Client) -> None:
    indicator = follow(goal, consultant, target_value=Decimal(80), target_by=date(2025, 12, 31))
    measure(indicator, consultant, {date(2022, 12, 31): "62.5", date(2023, 12, 31): "71"})
    page = page_of(anonymous, goal)
    for told in (
        "71\u00a0%",
        "31. december 2023",
        "62,5\u00a0%",
        "Måles i % hvert år. Højere er bedre.",
        "80\u00a0% senest 31. december 2025",
    ):
        assert told in page
    assert "Karen Konsulent" not in page


# --- Mål ----------------------------------------


def test_target_is_told_with_the_decision_that_approved_it(
    goal: Goal, approval: Decision, consultant: User, anonymous: Client
) -> None:
    write_target(
        goal=goal,
        text="Alle taler med familien.",
        set_on=approval.decided_on,
        decision=approval,
        nonce=uuid4(),
        by=consultant,
    )
    write_target(
        goal=goal, text="Halvdelen skriver med.", set_on=date(2023, 1, 1), decision=None, nonce=uuid4(), by=consultant
    )
    lines = figures_of([goal], viewer=NOBODY, at=AsOf.now())[goal.pk].targets
    assert [(line.text, line.approval) for line in lines] == [
        ("Alle taler med familien.", "Godkendt 3. oktober 2022 af Børne- og Uddannelsesudvalget."),
        ("Halvdelen skriver med.", "Fra 1. januar 2023. Ikke godkendt endnu."),
    ]
    assert "Alle taler med familien." in page_of(anonymous, goal)


def test_target_approved_on_a_closed_item_names_nothing_of_it(
    goal: Goal, closed_approval: Decision, consultant: User, secretary: User
) -> None:
    write_target(
        goal=goal,
        text="Et mål.",
        set_on=closed_approval.decided_on,
        decision=closed_approval,
        nonce=uuid4(),
        by=consultant,
    )
    told = {
        viewer: figures_of([goal], viewer=viewer, at=AsOf.now())[goal.pk].targets[0] for viewer in (NOBODY, secretary)
    }
    assert (told[NOBODY].approval, told[NOBODY].url) == (
        "Godkendt 3. oktober 2022 af Børne- og Uddannelsesudvalget.", "",
    )  # fmt: skip
    assert (CANARY in str(told[NOBODY].ground), "punkt 2" in told[secretary].approval) == (False, True)


def test_approved_target_stands_until_another_is_approved(goal: Goal, approval: Decision, consultant: User) -> None:
    def write(text: str, day: date, decision: Decision | None, replaces: Target | None) -> Target:
        return write_target(
            goal=goal, text=text, set_on=day, decision=decision, replaces=replaces, nonce=uuid4(), by=consultant
        )

    def told(day: date) -> list[tuple[str, str]]:
        return [
            (one.text, one.waiting)
            for one in figures_of([goal], viewer=NOBODY, at=AsOf.hindsight(day))[goal.pk].targets
        ]

    first = write("Først.", date(2022, 10, 3), approval, None)
    second = write("Siden.", date(2023, 1, 1), None, first)
    third = write("Siden.", date(2023, 6, 1), approval, second)
    write("", date(2024, 1, 1), approval, third)
    assert told(date(2022, 12, 31)) == [("Først.", "")]
    assert told(date(2023, 3, 1)) == [("Først.", "Foreslået ændret 1. januar 2023 til: »Siden.«. Ikke godkendt endnu.")]
    assert told(date(2023, 7, 1)) == [("Siden.", "")]
    assert told(date(2024, 2, 1)) == []


# --- Nøgletal as of a day ----------------------------------------


def test_figure_tells_only_what_was_measured_by_that_day(goal: Goal, consultant: User) -> None:
    indicator = follow(goal, consultant)
    measure(indicator, consultant, {date(2022, 12, 31): "62", date(2023, 12, 31): "71"})
    (figure,) = figures_of([goal], viewer=NOBODY, at=AsOf.hindsight(date(2023, 6, 1)))[goal.pk].followed
    assert [value.text for value in figure.values] == ["62\u00a0%"]
    assert figures_of([goal], viewer=NOBODY, at=AsOf.day(date(2023, 6, 1)))[goal.pk].followed[0].latest is not None


def test_figure_put_right_says_so_to_insiders_only(goal: Goal, consultant: User, member: User) -> None:
    indicator = follow(goal, consultant)
    measure(indicator, consultant, {date(2022, 12, 31): "62"})
    measure(indicator, consultant, {date(2022, 12, 31): "64"})
    latest = {
        viewer: figures_of([goal], viewer=viewer, at=AsOf.now())[goal.pk].followed[0].latest
        for viewer in (NOBODY, member)
    }
    told = {viewer: (value.text, value.before, bool(value.entered)) for viewer, value in latest.items() if value}
    assert told == {NOBODY: ("64\u00a0%", "", False), member: ("64\u00a0%", "62\u00a0%", True)}


def test_withdrawn_measurement_is_gone_from_the_page(goal: Goal, consultant: User) -> None:
    indicator = follow(goal, consultant)
    measure(indicator, consultant, {date(2022, 12, 31): "62"})
    measure(indicator, consultant, {date(2022, 12, 31): None})
    (figure,) = figures_of([goal], viewer=consultant, at=AsOf.now())[goal.pk].followed
    assert (figure.values, figure.chart, figure.latest_text) == ((), None, "Ikke målt endnu")


@pytest.mark.parametrize(
    ("frequency", "day", "told"),
    [
        ("quarterly", date(2024, 6, 1), ""),
        ("quarterly", date(2024, 6, 2), "Sidst målt 1. marts 2024; skulle måles hvert kvartal."),
        ("yearly", date(2025, 3, 2), "Sidst målt 1. marts 2024; skulle måles hvert år."),
        ("once", date(2026, 1, 1), ""),
    ],
)
def test_figure_is_stale_by_its_own_frequency(
    frequency: str, day: date, told: str, goal: Goal, consultant: User
) -> None:
    measure(follow(goal, consultant, frequency=frequency), consultant, {date(2024, 3, 1): "1"})
    (figure,) = figures_of([goal], viewer=NOBODY, at=AsOf.hindsight(day))[goal.pk].followed
    assert figure.stale_text == told


def test_months_later_keeps_the_end_of_a_month() -> None:
    assert [later(date(2023, 12, 31), 3), later(date(2024, 2, 29), 12), later(date(2023, 5, 15), 6)] == [
        date(2024, 3, 31), date(2025, 2, 28), date(2023, 11, 15),
    ]  # fmt: skip


def test_figures_are_asked_for_in_the_same_number_of_queries(
    published_goal_set: GoalSet, consultant: User, django_assert_num_queries: Any
) -> None:
    goals = list(published_goal_set.goals.all())
    measure(follow(goals[0], consultant), consultant, {date(2022, 12, 31): "1"})
    with django_assert_num_queries(4):
        figures_of(goals, viewer=NOBODY, at=AsOf.now())
    for goal in goals:
        measure(follow(goal, consultant), consultant, {date(year, 12, 31): "1" for year in (2022, 2023, 2024)})
    with django_assert_num_queries(4):
        figures_of(goals, viewer=NOBODY, at=AsOf.now())


# --- Few people ----------------------------------------


def test_few_people_are_told_to_nobody_outside(
    goal: Goal, consultant: User, citizen: User, other_member: User, member: User, anonymous: Client, as_user: Login
) -> None:
    indicator = follow(goal, consultant, name="Anbragte", unit="kanariebørn", counts_people=True)
    days = [date(year, 12, 31) for year in (2021, 2022, 2023)]
    measure(indicator, consultant, dict(zip(days, ["12", "3", "9"], strict=True)))
    measure(indicator, consultant, {days[1]: "4"}, note="Faldt fra 12 til 4 kanariebørn")
    outsiders = [anonymous, as_user(citizen), as_user(other_member)]
    for page in [page_of(client, goal, query) for client in outsiders for query in ("", "?dato=2022-12-31&viden=nu")]:
        assert "færre end 5" in page
        for small in ("3\u00a0kanariebørn", "4\u00a0kanariebørn", "fra 12 til 4", ">3<", ">4<"):
            assert small not in page
    assert "4\u00a0kanariebørn" in page_of(as_user(member), goal)


def test_few_people_are_told_to_a_committee_that_shares_the_set(
    goal: Goal, consultant: User, other_member: User, as_user: Login
) -> None:
    measure(follow(goal, consultant, unit="børn", counts_people=True), consultant, {date(2022, 12, 31): "4"})
    assert "færre end 5" in page_of(as_user(other_member), goal)
    goal.goal_set.partners.add(Committee.objects.get(memberships__person__user=other_member))
    assert "4\u00a0børn" in page_of(as_user(other_member), goal)


def test_chart_of_few_people_is_the_same_whatever_their_number(goal: Goal, consultant: User) -> None:
    charts = []
    for small in ("0", "4"):
        indicator = follow(goal, consultant, counts_people=True)
        measure(indicator, consultant, {date(2021, 12, 31): "7", date(2022, 12, 31): small, date(2023, 12, 31): "9"})
        figure = figures_of([goal], viewer=NOBODY, at=AsOf.now())[goal.pk].followed[-1]
        assert figure.chart is not None
        charts.append(
            (figure.values, figure.chart.title, figure.chart.description, figure.chart.notes, *figure.chart.drawings)
        )
    assert charts[0] == charts[1]
    assert (len(charts[0][4].hidden), charts[0][4].strokes) == (1, ())


def test_few_people_are_not_told_as_of_a_day_when_nobody_had_thought_of_it(goal: Goal, consultant: User) -> None:
    indicator = follow(goal, consultant)
    measure(indicator, consultant, {date(2022, 12, 31): "3"})
    newest = indicator.definitions.get()
    fields = {field: getattr(newest, field) for field in ("name", "unit", "source", "frequency", "direction")}
    IndicatorDefinition.objects.create(
        indicator=indicator, number=2, counts_people=True, recorded_at=datetime(2030, 1, 1, tzinfo=UTC), **fields
    )
    (figure,) = figures_of([goal], viewer=NOBODY, at=AsOf.now())[goal.pk].followed
    assert (figure.definition.number, figure.latest_text) == (1, "færre end 5, målt 31. december 2022")


def test_public_value_is_for_whoever_exports() -> None:
    assert [public_value(Decimal(value), "børn", counts_people=True) for value in (4, 5)] == [
        "færre end 5",
        "5\u00a0børn",
    ]
    assert public_value(Decimal(4), "%", counts_people=False) == "4\u00a0%"


# --- Access, and other pages ----------------------------------------


def test_figures_are_read_by_those_who_read_the_goal(
    goal_set: GoalSet, adoption: Adoption, anonymous: Client, other_member: User, member: User, as_user: Login
) -> None:
    address = f"/pejlemaerker/{goal_set.goals.get(number=1).pk}/tal/"
    clients = [anonymous, as_user(other_member), as_user(member)]
    assert [client.get(address).status_code for client in clients] == [404, 404, 200]
    publish(goal_set)
    assert (anonymous.get(address).status_code, anonymous.post(address).status_code) == (200, 405)
    assert anonymous.get(f"{address}?dato=2022-02-31").status_code == 404


def test_writing_is_offered_today_only(goal: Goal, consultant: User, member: User, as_user: Login) -> None:
    measure(follow(goal, consultant), consultant, {date(2022, 12, 31): "3"})
    pages = [
        page_of(as_user(consultant), goal),
        page_of(as_user(consultant), goal, "?dato=2023-06-01"),
        page_of(as_user(member), goal),
    ]
    assert ["Skriv en måling ind" in page for page in pages] == [True, False, False]

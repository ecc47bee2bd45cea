"""Everything the viewer may see, as data: the same rows as JSON and CSV, and nothing from behind closed doors."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client

from meetings.models import AgendaItem, Decision, Meeting, User
from pejlemaerker.actions import StatusText, hand_in_statuses, open_evaluation, put_in_force
from pejlemaerker.documents.export import ExportDocument
from pejlemaerker.documents.export_tables import TABLES
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    AsOf,
    FollowUpPlan,
    FollowUpStep,
    Goal,
    GoalClosing,
    GoalSet,
    GoalVersion,
    Indicator,
    IndicatorDefinition,
    Learning,
    Measurement,
)
from tests.conftest import CANARY, Login, publish

HEAD = ["as_of", "known", "audience", "licence"]


@pytest.fixture
def full(goal_set: GoalSet, adoption: Adoption, closed_item: AgendaItem, consultant: User) -> GoalSet:
    """A published set with a row in nearly every table, some of it for insiders only."""
    goal = goal_set.goals.get(number=1)
    AdditionRequest.objects.create(
        goal_set=goal_set, goal=goal, about="wording", requested_on=date(2022, 9, 5), item=closed_item,
        text=f"{CANARY} ønskes",
    )  # fmt: skip
    plan = FollowUpPlan.objects.create(goal_set=goal_set, number=1, agreed_on=date(2022, 9, 8))
    FollowUpStep.objects.create(
        plan=plan, position=1, kind="midterm_evaluation", when_text="efteråret 2023", responsible="Hemmelig Holm"
    )
    evaluation = open_evaluation(
        goal_set=goal_set, kind="midterm", held_on=date(2023, 11, 14), step=None, nonce=uuid4(), by=consultant
    )
    statuses = [StatusText(goal, "=HYPERLINK(1); vi er »på vej«\ni år", "under_way", 0)]
    hand_in_statuses(evaluation=evaluation, statuses=statuses, nonce=uuid4(), by=consultant)
    Learning.objects.create(goal_set=goal_set, goal=goal, text="Intern læring.", learned_on=date(2023, 12, 1))
    measure(goal, "Anbragte børn", [(date(2023, 1, 1), "3"), (date(2023, 12, 31), "-12.5")], counts_people=False)
    measure(goal, "Små grupper", [(date(2023, 1, 1), "3"), (date(2023, 12, 31), "7")], counts_people=True)
    publish(goal_set)
    publish(evaluation)
    return goal_set


def measure(goal: Goal, name: str, values: list[tuple[date, str]], *, counts_people: bool) -> None:
    """Follow a nøgletal."""
    indicator = Indicator.objects.create(goal=goal, nonce=uuid4())
    IndicatorDefinition.objects.create(
        indicator=indicator, number=1, name=name, unit="børn", source="Eget system", frequency="yearly",
        counts_people=counts_people,
    )  # fmt: skip
    for day, value in values:
        Measurement.objects.create(indicator=indicator, measured_on=day, value=Decimal(value))


def as_json(client: Client, query: str = "") -> dict[str, Any]:
    document: dict[str, Any] = json.loads(client.get(f"/eksport.json{query}").content)
    return document


def as_csv(client: Client, query: str = "") -> dict[str, list[dict[str, str]]]:
    """The tables of the ZIP file, as a spreadsheet reads them."""
    with zipfile.ZipFile(io.BytesIO(client.get(f"/eksport.zip{query}").content)) as archive:
        texts = {name: archive.read(name) for name in archive.namelist() if name.endswith(".csv")}
    assert all(text.startswith(b"\xef\xbb\xbf") for text in texts.values())
    return {
        name.removesuffix(".csv"): list(
            csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=";")
        )
        for name, text in texts.items()
    }


def column(rows: list[dict[str, Any]], key: str) -> list[Any]:
    return [row[key] for row in rows]


# --- What is in it ----------------------------------------


def test_export_holds_every_table_with_the_documented_fields(full: GoalSet, secretary: User) -> None:
    document = ExportDocument.for_viewer(secretary, at=AsOf.hindsight(date(2024, 6, 1)))
    assert list(document.tables) == [table.key for table in TABLES]
    for table in TABLES:
        for row in document.tables[table.key]:
            assert list(row) == [field.key for field in table.fields]
    empty = {name for name, rows in document.tables.items() if not rows}
    assert empty == {"derivations", "annulments", "targets", "endings"}


def test_export_is_the_same_in_both_forms(full: GoalSet, anonymous: Client) -> None:
    document, tables = as_json(anonymous), as_csv(anonymous)
    assert [*HEAD, *tables] == list(document)
    assert {name: len(rows) for name, rows in tables.items()} == {name: len(document[name]) for name in tables}
    assert column(tables["goals"], "wording") == column(document["goals"], "wording")


def test_export_tells_what_holds_and_why(full: GoalSet, anonymous: Client) -> None:
    first, second = as_json(anonymous)["goals"]
    assert (first["state"], first["in_force_since"], first["ground"]) == (
        "in_force", "2022-10-03", "besluttet af Børne- og Uddannelsesudvalget",
    )  # fmt: skip
    assert (second["state"], second["wording_number"]) == ("undecided", 1)


def test_export_as_of_a_day_knows_nothing_later(full: GoalSet, anonymous: Client) -> None:
    GoalClosing.objects.create(goal=full.goals.get(number=1), kind="dropped", ended_on=date(2024, 5, 1), reason="Nået.")
    day, now = as_json(anonymous, "?dato=2023-06-01&viden=nu"), as_json(anonymous)
    assert (day["as_of"], len(day["statuses"]), len(day["measurements"]), len(day["endings"])) == (
        "2023-06-01",
        0,
        2,
        0,
    )
    assert (len(now["statuses"]), len(now["measurements"]), len(now["endings"])) == (1, 4, 1)
    assert anonymous.get("/eksport.json?dato=2023-02-30").status_code == 404


def test_export_of_one_committee_holds_no_other(full: GoalSet, anonymous: Client) -> None:
    ours = as_json(anonymous, "?udvalg=boerne-og-uddannelsesudvalget")
    other = as_json(anonymous, "?udvalg=kultur-og-fritidsudvalget")
    assert (len(ours["goals"]), [len(other[table.key]) for table in TABLES]) == (2, [0] * len(TABLES))


# --- Who may see what ----------------------------------------


def test_public_export_leaves_out_what_is_internal(full: GoalSet, anonymous: Client) -> None:
    document = as_json(anonymous)
    assert document["audience"] == "public"
    assert (document["learnings"], column(document["plan_steps"], "responsible")) == ([], [""])
    assert "Hemmelig Holm" not in json.dumps(document)
    assert [(one["value"], one["is_suppressed"]) for one in document["measurements"]] == [
        (3, False), (-12.5, False), (None, True), (7, False),
    ]  # fmt: skip


def test_insider_gets_it_all(full: GoalSet, consultant: User, as_user: Login) -> None:
    document = as_json(as_user(consultant))
    assert document["audience"] == "internal"
    assert (column(document["learnings"], "text"), column(document["plan_steps"], "responsible")) == (
        ["Intern læring."], ["Hemmelig Holm"],
    )  # fmt: skip
    assert column(document["measurements"], "is_suppressed") == [False] * 4


def test_unpublished_set_is_only_in_the_export_of_its_own(
    goal_set: GoalSet, anonymous: Client, other_member: User, member: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member)]
    assert [len(as_json(client)["goals"]) for client in clients] == [0, 0, 2]


def test_export_keeps_closed_doors_closed(
    full: GoalSet,
    published_meeting: Meeting,
    closed_approval: Decision,
    secretary: User,
    member: User,
    consultant: User,
    as_user: Login,
) -> None:
    versions = GoalVersion.objects.filter(goal=full.goals.get(number=2))
    put_in_force(versions=versions, decision=closed_approval, in_force_from=date(2022, 10, 3), by=secretary)
    outsiders = [Client(), as_user(consultant)]
    assert [CANARY in json.dumps(as_json(client)) for client in (*outsiders, as_user(member))] == [False, False, True]
    assert [CANARY in str(as_csv(client)) for client in outsiders] == [False, False]
    adoption = as_json(outsiders[0])["adoptions"][1]
    assert (adoption["decided_by"], adoption["decided_on"], adoption["decision_url"]) == (
        "Børne- og Uddannelsesudvalget", "2022-10-03", "",
    )  # fmt: skip


# --- The files ----------------------------------------


def test_text_that_looks_like_a_formula_is_disarmed(full: GoalSet, anonymous: Client) -> None:
    tables = as_csv(anonymous)
    assert column(tables["statuses"], "text") == ["'=HYPERLINK(1); vi er »på vej«\ni år"]
    assert column(tables["measurements"], "value") == ["3", "-12,5", "", "7"]


def test_export_carries_its_licence(full: GoalSet, anonymous: Client, settings: LazySettings) -> None:
    settings.DATA_LICENCE = "Prøvelicens 1.0"
    assert as_json(anonymous)["licence"]["name"] == "Prøvelicens 1.0"
    with zipfile.ZipFile(io.BytesIO(anonymous.get("/eksport.zip").content)) as archive:
        assert "Prøvelicens 1.0" in archive.read("LICENS.txt").decode("utf-8-sig")
    assert "Prøvelicens 1.0" in anonymous.get("/om-data/").content.decode()


def test_export_of_a_day_is_the_same_file_every_time(full: GoalSet, anonymous: Client) -> None:
    for address in ("/eksport.json?dato=2024-01-01", "/eksport.zip?dato=2024-01-01"):
        first, second = anonymous.get(address), anonymous.get(address)
        assert first.content == second.content
        assert (first.headers["Cache-Control"], first.headers["Vary"]) == ("private, no-cache", "Cookie")


def test_every_field_is_explained(anonymous: Client) -> None:
    page = anonymous.get("/om-data/").content.decode()
    assert [table.key for table in TABLES if f'id="{table.key}"' not in page] == []
    assert page.count("<dt>") == sum(len(table.fields) for table in TABLES)


@pytest.mark.parametrize("address", ["/eksport.json", "/eksport.zip", "/om-data/"])
def test_export_is_only_read(address: str, anonymous: Client) -> None:
    assert (anonymous.get(address).status_code, anonymous.post(address).status_code) == (200, 405)


@pytest.mark.parametrize("count", [1, 3])
def test_export_asks_the_same_number_of_questions(
    count: int, full: GoalSet, consultant: User, django_assert_num_queries: Any
) -> None:
    for number in range(3, 2 + count):
        goal = Goal.objects.create(goal_set=full, number=number)
        GoalVersion.objects.create(goal=goal, number=1, text="Vi vil.", worded_on=date(2022, 9, 8))
        measure(goal, "Antal", [(date(2023, 1, 1), "3")], counts_people=False)
        Learning.objects.create(goal_set=full, goal=goal, text="Mere.", learned_on=date(2023, 12, 1))
    consultant.holds  # noqa: B018
    with django_assert_num_queries(38):
        ExportDocument.for_viewer(consultant, at=AsOf.hindsight(date(2024, 6, 1)))

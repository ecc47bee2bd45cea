"""Writing mål and nøgletal: nothing is replaced unasked, nothing stored unseen, and an import is all or nothing."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from meetings.models import AgendaItem, Decision, User
from pejlemaerker.actions import CannotApprove, write_target
from pejlemaerker.models import Goal, GoalSet, Indicator, Measurement, Target
from tests.conftest import Login, decide
from tests.pejlemaerker.importing.test_measurements import workbook
from tests.pejlemaerker.test_figures import follow, measure

END_OF_2023 = date(2023, 12, 31)


@pytest.fixture
def goal(published_goal_set: GoalSet) -> Goal:
    return published_goal_set.goals.get(number=1)


@pytest.fixture
def indicator(goal: Goal, consultant: User) -> Indicator:
    return follow(goal, consultant)


@pytest.fixture
def writer(consultant: User, as_user: Login) -> Client:
    return as_user(consultant)


def stored(indicator: Indicator) -> list[tuple[date, Decimal | None]]:
    rows = Measurement.objects.filter(indicator=indicator).order_by("pk")
    return [(row.measured_on, row.value) for row in rows]


def seen(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


@pytest.mark.parametrize("method", ["get", "post"])
def test_writing_is_for_those_who_write_the_goal(
    method: str, goal: Goal, indicator: Indicator, consultant: User, anonymous: Client, member: User, as_user: Login
) -> None:
    target = write_target(goal=goal, text="Et mål.", set_on=END_OF_2023, decision=None, nonce=uuid4(), by=consultant)
    for address in (
        f"/pejlemaerker/{goal.pk}/maal/nyt/", f"/maal/{target.pk}/", f"/pejlemaerker/{goal.pk}/noegletal/nyt/",
        f"/noegletal/{indicator.pk}/ret/", f"/noegletal/{indicator.pk}/maalinger/ny/",
        f"/noegletal/{indicator.pk}/indlaes/",
    ):  # fmt: skip
        assert getattr(anonymous, method)(address).status_code == 302
        assert getattr(as_user(member), method)(address).status_code == 403
        assert as_user(consultant).get(address).status_code == 200
        assert as_user(consultant).put(address).status_code == 405


# --- Mål ----------------------------------------


def test_target_is_written_once(goal: Goal, approval: Decision, writer: Client) -> None:
    form = {"text": "Et mål.", "decision": approval.pk, "set_on": "2022-10-03", "nonce": str(uuid4())}
    assert [writer.post(f"/pejlemaerker/{goal.pk}/maal/nyt/", form).status_code for _ in range(2)] == [303, 303]
    (target,) = Target.objects.all()
    assert (target.text, target.decision_id) == ("Et mål.", approval.pk)


def test_target_is_approved_by_the_committees_own_approval_only(
    goal: Goal, approval: Decision, closed_item: AgendaItem, consultant: User, writer: Client
) -> None:
    early = {"text": "Et mål.", "decision": approval.pk, "set_on": "2022-10-02", "nonce": str(uuid4())}
    response = writer.post(f"/pejlemaerker/{goal.pk}/maal/nyt/", early)
    assert (response.status_code, "Målet kan tidligst gælde fra beslutningen" in response.content.decode()) == (
        422,
        True,
    )
    item = AgendaItem.including_closed.create(meeting=closed_item.meeting, number="3", position=3, title="X")
    postponed = decide(item, "postponed", "Udsat.", by=consultant)
    with pytest.raises(CannotApprove):
        write_target(goal=goal, text="X", set_on=END_OF_2023, decision=postponed, nonce=uuid4(), by=consultant)
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(goal=goal, text="X", set_on=END_OF_2023, decision=postponed)


def test_target_is_replaced_or_taken_away_by_a_new_one(goal: Goal, consultant: User, writer: Client) -> None:
    first = write_target(goal=goal, text="Først.", set_on=END_OF_2023, decision=None, nonce=uuid4(), by=consultant)
    form = {"text": "Siden.", "decision": "", "set_on": "2024-01-01"}
    assert writer.post(f"/maal/{first.pk}/", form).status_code == 303
    late = writer.post(f"/maal/{first.pk}/", {**form, "text": "For sent."})
    assert (late.status_code, "Nu står der: »Siden.«" in late.content.decode()) == (409, True)
    second = Target.objects.get(replaces=first)
    assert writer.post(f"/maal/{second.pk}/", {**form, "withdraw": "1"}).status_code == 303
    assert [one.text for one in Target.objects.order_by("pk")] == ["Først.", "Siden.", ""]


# --- Nøgletal ----------------------------------------

DEFINITION = {
    "name": "Trivsel", "unit": "%", "source": "Måling", "frequency": "yearly", "direction": "up",
    "target_value": "82,5", "target_by": "2030-12-31",
}  # fmt: skip


def test_indicator_is_created_once_and_defined_anew(goal: Goal, writer: Client) -> None:
    form = {**DEFINITION, "nonce": str(uuid4())}
    for _ in range(2):
        assert writer.post(f"/pejlemaerker/{goal.pk}/noegletal/nyt/", form).status_code == 303
    (indicator,) = Indicator.objects.all()
    assert indicator.definitions.get().target_value == Decimal("82.5")
    address = f"/noegletal/{indicator.pk}/ret/"
    assert writer.post(address, {**DEFINITION, "expected": 1}).status_code == 303  # nothing new
    assert writer.post(address, {**DEFINITION, "unit": "point", "expected": 1}).status_code == 303
    conflict = writer.post(address, {**DEFINITION, "unit": "skala", "expected": 1})
    page = conflict.content.decode()
    assert (conflict.status_code, "Enhed: skala" in page, "Enhed: point" in page) == (409, True, True)
    assert [one.unit for one in indicator.definitions.order_by("number")] == ["%", "point"]


def test_indicator_needs_a_value_to_reach_by_a_day(goal: Goal, writer: Client) -> None:
    response = writer.post(f"/pejlemaerker/{goal.pk}/noegletal/nyt/", {**DEFINITION, "target_value": ""})
    assert (response.status_code, "Skriv den værdi, der skal nås" in response.content.decode()) == (422, True)


# --- One measurement ----------------------------------------


def test_measurement_is_written_with_danish_numbers(indicator: Indicator, writer: Client) -> None:
    form = {"day": "4. kvartal 2023", "value": "1.234,5"}
    for _ in range(2):
        assert writer.post(f"/noegletal/{indicator.pk}/maalinger/ny/", form).status_code == 303
    assert stored(indicator) == [(END_OF_2023, Decimal("1234.5"))]


def test_measurement_asks_before_it_replaces(indicator: Indicator, consultant: User, writer: Client) -> None:
    measure(indicator, consultant, {END_OF_2023: "12"})
    address = f"/noegletal/{indicator.pk}/maalinger/ny/"
    asked = writer.post(address, {"day": "2023", "value": "13"})
    page = asked.content.decode()
    assert (asked.status_code, "31. december 2023 ændres fra 12\u00a0% til 13\u00a0%." in page) == (409, True)
    assert [value for _, value in stored(indicator)] == [12]
    first = Measurement.objects.get()
    assert f'name="replaces" value="{first.pk}"' in page
    assert writer.post(address, {"day": "2023", "value": "13", "replaces": first.pk}).status_code == 303
    assert [value for _, value in stored(indicator)] == [12, 13]


def test_measurement_is_withdrawn(indicator: Indicator, consultant: User, writer: Client) -> None:
    measure(indicator, consultant, {END_OF_2023: "12"})
    address = f"/noegletal/{indicator.pk}/maalinger/ny/"
    assert "Træk målingen tilbage" in writer.get(f"{address}?dag=2023-12-31").content.decode()
    form = {"day": "31. december 2023", "value": "12", "replaces": Measurement.objects.get().pk, "withdraw": "1"}
    assert writer.post(address, form).status_code == 303
    assert [value for _, value in stored(indicator)] == [12, None]


@pytest.mark.parametrize("wrong", [{"value": "12.5"}, {"day": "i går"}, {"day": "31.12.2099"}, {"value": ""}])
def test_measurement_that_cannot_be_read_is_refused(
    wrong: dict[str, str], indicator: Indicator, writer: Client
) -> None:
    form = {"day": "2023", "value": "12", **wrong}
    assert writer.post(f"/noegletal/{indicator.pk}/maalinger/ny/", form).status_code == 422
    assert stored(indicator) == []


def test_people_are_counted_whole(goal: Goal, consultant: User, writer: Client) -> None:
    people = follow(goal, consultant, counts_people=True)
    assert writer.post(f"/noegletal/{people.pk}/maalinger/ny/", {"day": "2023", "value": "1,5"}).status_code == 422
    assert writer.post(f"/noegletal/{people.pk}/indlaes/", {"text": "2023;1,5"}).status_code == 422


# --- Import ----------------------------------------


def test_import_shows_what_changes_before_it_stores_it(indicator: Indicator, consultant: User, writer: Client) -> None:
    measure(indicator, consultant, {date(2021, 12, 31): "60", date(2022, 12, 31): "62"})
    address, text = f"/noegletal/{indicator.pk}/indlaes/", "År\tVærdi\n2021\t60\n2022\t64,5\n2023\t71"
    page = writer.post(address, {"text": text}).content.decode()
    assert "1 ny, 1 ændres, 1 uændret" in page
    assert "Ændres fra 62\u00a0% til 64,5\u00a0%" in page
    assert len(stored(indicator)) == 2
    for _ in range(2):
        assert writer.post(address, {"text": text, "seen": seen(page), "confirm": "1"}).status_code == 303
    assert stored(indicator)[2:] == [(date(2022, 12, 31), Decimal("64.5")), (END_OF_2023, Decimal(71))]


def test_import_stores_nothing_that_was_not_shown(indicator: Indicator, consultant: User, writer: Client) -> None:
    address, text = f"/noegletal/{indicator.pk}/indlaes/", "2023;71"
    shown = seen(writer.post(address, {"text": text}).content.decode())
    assert writer.post(address, {"text": text, "confirm": "1"}).status_code == 409
    assert writer.post(address, {"text": "2023;72", "seen": shown, "confirm": "1"}).status_code == 409
    measure(indicator, consultant, {END_OF_2023: "70"})
    again = writer.post(address, {"text": text, "seen": shown, "confirm": "1"})
    assert (again.status_code, "Ændres fra 70" in again.content.decode()) == (409, True)
    assert [value for _, value in stored(indicator)] == [70]


def test_import_with_a_fault_stores_nothing_and_keeps_what_was_pasted(indicator: Indicator, writer: Client) -> None:
    text = "2022;62\n2023;mange"
    response = writer.post(f"/noegletal/{indicator.pk}/indlaes/", {"text": text, "confirm": "1"})
    page = response.content.decode()
    assert (response.status_code, stored(indicator)) == (422, [])
    assert ("2022;62\n2023;mange" in page, "»mange« er ikke et tal" in page) == (True, True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tal.xlsx", workbook([["Dato", "Værdi", "Kilde"], [END_OF_2023, 71.5, "Børneafdelingen"]])),
        ("tal.csv", "Dato;Værdi;Kilde\r\n31.12.2023;71,5;Børneafdelingen\r\n".encode("cp1252")),
    ],
)
def test_file_is_shown_as_lines_and_stored(name: str, content: bytes, indicator: Indicator, writer: Client) -> None:
    address = f"/noegletal/{indicator.pk}/indlaes/"
    response = writer.post(address, {"file": SimpleUploadedFile(name, content)})
    page, text = response.content.decode(), str(response.context["form"].data["text"])
    assert (response.status_code, "1 ny" in page, "Børneafdelingen" in page) == (200, True, True)
    assert writer.post(address, {"text": text, "seen": seen(page), "confirm": "1"}).status_code == 303
    assert stored(indicator) == [(END_OF_2023, Decimal("71.5"))]


def test_unreadable_file_is_refused_in_words(indicator: Indicator, writer: Client) -> None:
    file = SimpleUploadedFile("tal.xlsx", b"PK ikke et regneark")
    response = writer.post(f"/noegletal/{indicator.pk}/indlaes/", {"file": file, "text": "2023;1"})
    assert (response.status_code, "Filen kan ikke læses" in response.content.decode()) == (422, True)

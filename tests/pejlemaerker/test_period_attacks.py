"""A period under attack: sets nobody may know of, days gone by that somebody writes over, forms filled in by a machine,
and rows that no form would insert.
"""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from kit.clock import today
from meetings.models import AgendaItem, Decision, Meeting, SourceDocument, User
from pejlemaerker.actions import create_dialogue, edit_dialogue, edit_goal, move_goal
from pejlemaerker.actions.sets import shown_of_goal
from pejlemaerker.documents.learning import learned_of_set
from pejlemaerker.documents.notes.choices import SectionKey
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.documents.requests import requests_of
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    Annulment,
    AsOf,
    Derivation,
    Goal,
    GoalClosing,
    GoalSet,
    GoalVersion,
    Learning,
    Placement,
    PolicyArea,
    SetClosing,
    Target,
)
from tests.conftest import Login, decide, publish
from tests.house.world import World, build, every_route
from tests.pejlemaerker.telling import told_in

KEPT_SINCE = date(2022, 8, 1)
BEFORE = date(2023, 1, 1)
HIDDEN = "Det skjulte område"


@pytest.fixture
def kept_set(goal_set: GoalSet, adoption: Adoption) -> GoalSet:
    """The standard set, kept here since before it all began, as everything in it."""
    GoalSet.objects.filter(pk=goal_set.pk).update(kept_since=KEPT_SINCE)
    Goal.objects.filter(goal_set=goal_set).update(kept_since=KEPT_SINCE)
    return GoalSet.objects.select_related("period__committee__municipality", "area").get(pk=goal_set.pk)


@pytest.fixture
def hidden_set(kept_set: GoalSet) -> GoalSet:
    """Another set of the same committee, which is not published."""
    area = PolicyArea.objects.create(committee=kept_set.period.committee, name=HIDDEN, position=2)
    return GoalSet.objects.create(period=kept_set.period, area=area, kept_since=KEPT_SINCE)


def on(day: date) -> Any:
    """Let it be noon of a day."""
    return time_machine.travel(f"{day.isoformat()}T12:00:00+00:00", tick=True)


# --- What nobody outside may know of ----------------------------------------


@pytest.mark.parametrize("days", [0, 1, 400])
def test_goal_moved_out_of_an_unpublished_set_names_it_nowhere(
    days: int, kept_set: GoalSet, hidden_set: GoalSet, secretary: User, anonymous: Client
) -> None:
    publish(kept_set)
    goal = Goal.objects.create(goal_set=hidden_set, number=1, kept_since=KEPT_SINCE)
    version = GoalVersion.objects.create(goal=goal, number=1, text="Vi flytter.", worded_on=date(2022, 9, 8))
    Derivation.objects.create(version=version, source=kept_set.goals.get(number=1), kind="split")
    Placement.objects.create(
        goal=goal, goal_set=hidden_set, number=7, placed_from=today() - timedelta(days=2), reason=f"{HIDDEN} ordnes."
    )
    move_goal(goal=goal, seen=hidden_set.pk, to_set=kept_set, placed_from=today(), reason="Flyttet.", by=secretary)
    goals, day = [goal, *kept_set.goals.all()], today() - timedelta(days=days)
    pages = [reverse(name, args=[one.pk]) for one in goals for name in ("goal", "wordings", "figures")]
    pages += [reverse(name, args=[kept_set.pk]) for name in ("goal_set", "plan")]
    pages += [reverse(name) for name in ("export_json", "goals", "overview")]
    told = {page: anonymous.get(f"{page}?dato={day}") for page in pages}
    assert {answer.status_code for answer in told.values()} == {200}
    assert [page for page, answer in told.items() if HIDDEN in answer.content.decode()] == []


# --- What was told stays told ----------------------------------------


def test_past_day_tells_the_numbers_of_that_day(kept_set: GoalSet, secretary: User) -> None:
    goal = kept_set.goals.get(number=2)
    with on(BEFORE):
        AdditionRequest.objects.create(goal_set=kept_set, goal=goal, about="wording", requested_on=BEFORE)
        Learning.objects.create(goal_set=kept_set, goal=goal, text="Vi lærte det.", learned_on=BEFORE)
    with on(date(2023, 6, 1)):
        Placement.objects.create(goal=goal, goal_set=kept_set, number=9, placed_from=date(2023, 6, 1))
    kept_set.refresh_from_db()

    def told(at: AsOf) -> tuple[str, str]:
        (request,) = requests_of(viewer=secretary, at=at, goal_set=kept_set)
        (learned,) = learned_of_set(kept_set, at=at, with_goals=True)
        return request.subject, learned.about

    assert told(AsOf.day(BEFORE)) == ("en tilføjelse til ordlyden af pejlemærke 2", "Pejlemærke 2")
    assert told(AsOf.now()) == ("en tilføjelse til ordlyden af pejlemærke 9", "Pejlemærke 9")


def test_note_of_a_past_day_keeps_its_case_and_sources(kept_set: GoalSet, secretary: User) -> None:
    def head(day: date) -> tuple[str | None, list[str]]:
        at = AsOf.day(day)
        facts = paper_of(Subject.of_set(kept_set), audience="internal", at=at).letterhead.facts
        return dict(facts).get("Sagsnr."), told_in(kept_set, SectionKey.SOURCES, at)

    before = head(BEFORE)
    committee = kept_set.period.committee
    document = SourceDocument.objects.create(
        municipality=committee.municipality, committee=committee, kind="notat", file_name="n.txt", sha256="3" * 64,
        case_no="25/1", date=date(2022, 9, 1),
    )  # fmt: skip
    GoalVersion.objects.create(
        goal=kept_set.goals.get(number=1), number=2, text="Vi kom til.", worded_on=today(), source_document=document
    )
    assert (head(BEFORE), head(today())[0]) == (before, "25/1")


def test_dialogue_put_right_leaves_earlier_notes_as_they_were(kept_set: GoalSet, consultant: User) -> None:
    first, second = kept_set.goals.order_by("number")
    group = kept_set.leader_group
    with on(BEFORE):
        dialogue = create_dialogue(
            goal_set=kept_set, leader_groups=[group] if group else [], goals=[first], nonce=uuid4(), by=consultant,
            kind="midterm", held_on=date(2022, 12, 1), step=None, public_summary="Alle talte.", internal_notes="",
        )  # fmt: skip
    other = GoalSet.objects.create(
        period=kept_set.period,
        area=PolicyArea.objects.create(committee=kept_set.period.committee, name="Andet", position=3),
    )
    moved_to = Goal.objects.create(goal_set=other, number=1)
    with on(date(2023, 6, 1)):
        edit_dialogue(
            dialogue=dialogue, expected=dialogue.revision, leader_groups=[group] if group else [], goals=[moved_to],
            by=consultant, kind="final", held_on=date(2023, 5, 1), step=None, public_summary="Alle talte.",
            internal_notes="",
        )  # fmt: skip

    def told(goal_set: GoalSet, day: date) -> list[str]:
        return told_in(goal_set, SectionKey.DIALOGUES, AsOf.day(day))

    assert told(kept_set, BEFORE) == ["Dialogmøde midtvejs, 1. december 2022", "Om pejlemærke 1.", "Alle talte."]
    assert (told(kept_set, date(2023, 6, 2)), told(other, BEFORE)) == ([], [])
    assert second.dialogues.count() == 0


def test_export_of_a_past_day_refers_to_what_was_known(kept_set: GoalSet, secretary: User, as_user: Login) -> None:
    goal = kept_set.goals.get(number=1)
    edit_goal(goal=goal, shown=shown_of_goal(goal), refers_to="Den nye strategi", responsible=None, by=secretary)
    client = as_user(secretary)
    told = [client.get(f"/eksport.json?dato={day}").content.decode() for day in (BEFORE, today())]
    assert ["Den nye strategi" in one for one in told] == [False, True]


# --- Forms filled in by a machine ----------------------------------------

HOSTILE = ["a\x00b", "\ud800", "\u202e\u2066Vi", "9" * 40, "0001-01-01", "9999-12-31", "²", "x" * 70_000]
WRITING = [
    "set_new", "set_edit", "goal_new", "goal_edit", "goals_arrange", "goal_move", "goal_close", "goals_merge",
    "goal_split", "wording_new", "wording_annul", "request_new", "request_settle", "target_new", "target_edit",
    "indicator_new", "indicator_edit", "measurement_new", "measurements_import", "plan_edit", "step_outcome",
    "dispatch_rules", "handover", "handover_goal", "handover_close", "put_in_force",
]  # fmt: skip


@pytest.fixture
def world(meeting: Meeting, goal_set: GoalSet, approval: Decision, closed_approval: Decision, secretary: User) -> World:
    return build(meeting, goal_set, closed_approval, approval, secretary)


def names_in(page: str) -> set[str]:
    """The fields a form would send."""
    return set(re.findall(r'name="([^"]+)"', page)) - {"csrfmiddlewaretoken"}


@pytest.mark.asvs("V1.2.4", "V2.2.1")
@pytest.mark.parametrize(
    "value", [HOSTILE[0], *(pytest.param(value, marks=pytest.mark.drill) for value in HOSTILE[1:])]
)
def test_form_filled_in_by_a_machine_is_answered(
    value: str, world: World, secretary: User, administrator: User, as_user: Login
) -> None:
    routes = {one.name: one for one in every_route()}
    clients = {True: as_user(administrator), False: as_user(secretary)}
    for name in WRITING:
        client, address = clients[name == "dispatch_rules"], world.addresses(routes[name])[0]
        names = names_in(client.get(address).content.decode())
        assert names or name == "handover_close"
        names |= {"decision", "nonce", "seen", "expected", "revision"}
        sent = urlencode(dict.fromkeys(names, value), errors="surrogatepass")
        answer = client.post(address, sent, content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500, name


ASKED = {
    "goal": ["dato", "viden"], "goal_set": ["dato"],
    "goals": ["side", "udvalg", "periode", "omraade", "status", "punkt"],
    "committee": ["dato"], "overview": ["dato"], "wordings": ["dato", "fra", "til", "vis"], "wording": ["dato", "vis"],
    "figures": ["dato"], "plan": ["dato", "version"], "year_wheel": ["aar", "dato"],
    "year_wheel_of": ["kommune", "aar"],
    "steps_ics": ["udvalg"], "export_json": ["dato", "udvalg"], "compare": ["foer", "efter"],
    "request_new": ["pejlemaerke", "punkt"], "wording_new": ["punkt", "oenske"], "measurement_new": ["dag"],
    "put_in_force": ["beslutning"], "dispatch_rules": ["udvalg"], "wording_annul": ["beslutning"],
    "goal_close": ["beslutning"], "target_new": ["beslutning"],
}  # fmt: skip


@pytest.mark.asvs("V1.1.1", "V1.2.4")
@pytest.mark.drill
def test_address_that_asks_nonsense_is_answered(
    world: World, secretary: User, administrator: User, as_user: Login
) -> None:
    routes = {one.name: one for one in every_route()}
    clients = {True: as_user(administrator), False: as_user(secretary)}
    answers = {
        (name, asked, value[:40]): clients[name == "dispatch_rules"]
        .get(f"{world.addresses(routes[name])[0]}?{urlencode({asked: value[:2000]}, errors='surrogatepass')}")
        .status_code
        for name, own in ASKED.items()
        for asked in own
        for value in HOSTILE
    }
    assert {what: status for what, status in answers.items() if status >= 500} == {}


# --- Rows that no form would insert ----------------------------------------


@pytest.fixture
def noted(closed_item: AgendaItem, secretary: User) -> Decision:
    """A decision that only took note."""
    return decide(closed_item, "noted", "Taget til efterretning.", by=secretary)


def refuses() -> Any:
    """Nothing of the kind can be stored."""
    return pytest.raises(IntegrityError)


def test_number_stands_once_in_a_set_whatever_inserts_it(kept_set: GoalSet) -> None:
    first, second = kept_set.goals.order_by("number")
    with refuses(), transaction.atomic():
        Goal.objects.create(goal_set=kept_set, number=1)
        connection.check_constraints()
    with refuses(), transaction.atomic():
        Placement.objects.create(goal=second, goal_set=kept_set, number=first.number, placed_from=today())
        connection.check_constraints()
    with refuses(), transaction.atomic():
        Goal.objects.filter(pk=first.pk).update(number=8)


def test_decision_that_does_not_approve_changes_nothing_whatever_inserts_it(
    kept_set: GoalSet, noted: Decision, adoption: Adoption
) -> None:
    goal = kept_set.goals.get(number=2)
    facts: list[Any] = [
        Adoption(version=goal.versions.get(), decision=noted, in_force_from=noted.decided_on),
        Annulment(adoption=adoption, decision=noted, annulled_from=noted.decided_on, reason="x"),
        GoalClosing(goal=goal, kind="dropped", decision=noted, ended_on=noted.decided_on, reason="x"),
        Target(goal=goal, text="x", decision=noted, set_on=noted.decided_on),
    ]
    for fact in facts:
        with refuses(), transaction.atomic():
            fact.save()


def test_set_is_closed_once_whatever_inserts_it(kept_set: GoalSet) -> None:
    SetClosing.objects.create(goal_set=kept_set, closed_on=today())
    with refuses(), transaction.atomic():
        SetClosing.objects.create(goal_set=kept_set, closed_on=today())

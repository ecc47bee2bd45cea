"""A set that has been closed is read: no action writes in it, whichever way it is asked, and forms say why."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from inspect import isfunction
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client

from meetings.models import AgendaItem, Decision, Event, User
from meetings.models.noticed import READ
from pejlemaerker import actions, permissions
from pejlemaerker.actions import Measured, PlannedStep, SetIsClosed, WordingText
from pejlemaerker.actions.places import fingerprint, numbers_in
from pejlemaerker.actions.sets import Days, NewGoal, shown_of_goal, shown_of_set
from pejlemaerker.models import AdditionRequest, Adoption, GoalSet, GoalVersion, PolicyArea, SetClosing
from tests.conftest import Login

DAY = date(2023, 5, 2)
CLOSED = "er afsluttet. Det kan læses, men ikke længere ændres."


@pytest.fixture
def kept(
    goal_set: GoalSet, adoption: Adoption, approval: Decision, open_item: AgendaItem, secretary: User
) -> SimpleNamespace:
    """A set with one of everything, still open, and another set beside it."""
    first, second = goal_set.goals.order_by("number")
    area = PolicyArea.objects.create(committee=goal_set.period.committee, name="Dagtilbudsområdet", position=2)
    own: dict[str, Any] = {"nonce": uuid4(), "by": secretary}
    plan = actions.amend_plan(
        goal_set=goal_set,
        expected=0,
        agreed_on=DAY,
        reason="",
        steps=[PlannedStep("formulating_dialogue")],
        by=secretary,
    )
    return SimpleNamespace(
        goal_set=goal_set, goal=first, second=second, decision=approval, item=open_item, by=secretary,
        beside=GoalSet.objects.create(period=goal_set.period, area=area), version=first.versions.get(),
        waiting=second.versions.get(), plan=plan, step=plan.steps.get(),
        request=AdditionRequest.objects.create(
            goal_set=goal_set, goal=first, about="wording", requested_on=DAY, text="Nævn fritiden."
        ),
        target=actions.write_target(goal=first, text="Et mål.", set_on=DAY, decision=None, **own),
        indicator=actions.create_indicator(
            goal=first, name="Trivsel", unit="%", source="Måling", frequency="yearly", direction="up", **own
        ),
    )  # fmt: skip


@pytest.fixture
def closed(kept: SimpleNamespace) -> SimpleNamespace:
    """The same, closed since."""
    SetClosing.objects.create(goal_set=kept.goal_set, closed_on=date(2025, 12, 31))
    return kept


# --- Past the forms ----------------------------------------

WRITTEN = WordingText("Vi leger ude.", "change", "Det er sundt.", DAY)
PROPOSED = {"reason": "Det samme.", "worded_on": DAY}

REFUSED: dict[str, Callable[[Any], dict[str, Any]]] = {
    "amend_plan": lambda it: {
        "goal_set": it.goal_set, "expected": 1, "agreed_on": DAY, "reason": "x",
        "steps": [PlannedStep("midterm_evaluation")],
    },
    "annul_wording": lambda it: {
        "version": it.version, "decision": None, "delegation_note": "Formanden.", "annulled_from": DAY, "reason": "x",
        "nonce": uuid4(),
    },
    "arrange_goals": lambda it: {
        "goal_set": it.goal_set, "numbers": {it.goal.pk: 2, it.second.pk: 1},
        "seen": fingerprint(numbers_in(it.goal_set)), "placed_from": DAY, "reason": "x",
    },
    "close_goal": lambda it: {
        "goal": it.goal, "kind": "completed", "ended_on": DAY, "reason": "x", "decision": None, "delegation_note": "",
        "gives_up_number": True, "nonce": uuid4(),
    },
    "create_goal": lambda it: {
        "goal_set": it.goal_set, "text": "Vi leger.", "worded_on": DAY, "refers_to": "", "responsible": None,
        "nonce": uuid4(),
    },
    "create_goals": lambda it: {
        "goal_set": it.goal_set, "goals": [NewGoal("Vi leger.", "", uuid4())], "worded_on": DAY, "responsible": None,
        "dialogue": None,
    },
    "create_indicator": lambda it: {
        "goal": it.goal, "name": "Fravær", "unit": "%", "source": "x", "frequency": "yearly", "direction": "down",
        "nonce": uuid4(),
    },
    "define_indicator": lambda it: {"indicator": it.indicator, "expected": 1, "unit": "point"},
    "edit_goal": lambda it: {
        "goal": it.goal, "shown": shown_of_goal(it.goal), "refers_to": "Børnestrategien", "responsible": None,
    },
    "edit_set": lambda it: {
        "goal_set": it.goal_set, "shown": shown_of_set(it.goal_set), "leader_group": None, "partners": [],
        "days": Days(it.goal_set.period.starts_on, it.goal_set.period.ends_on), "area_name": it.goal_set.area.name,
    },
    "merge_goals": lambda it: {
        "goal_set": it.goal_set, "goals": [it.goal, it.second], "into": None, "text": "Vi leger.",
        "expected": {it.goal.pk: 1, it.second.pk: 1}, "nonce": uuid4(), **PROPOSED,
    },
    "move_goal": lambda it: {
        "goal": it.goal, "seen": it.goal_set.pk, "to_set": it.beside, "placed_from": DAY, "reason": "x",
    },
    "note_outcome": lambda it: {
        "step": it.step, "occurred_on": DAY, "is_cancelled": False, "text": "Holdt.", "nonce": uuid4(),
    },
    "put_before_committee": lambda it: {"version": it.waiting, "item": it.item},
    "record_measurements": lambda it: {
        "indicator": it.indicator, "measured": [Measured(DAY, Decimal(80), "", "", None)],
    },
    "record_request": lambda it: {
        "goal_set": it.goal_set, "about": "plan", "text": "Flere møder.", "requested_on": DAY, "nonce": uuid4(),
    },
    "save_goal_handover": lambda it: {"goal": it.goal, "expected": 0, "learning": "For sent."},
    "save_handover": lambda it: {"goal_set": it.goal_set, "expected": 0, "learning": "For sent."},
    "save_wording_draft": lambda it: {"goal": it.goal, "written": WRITTEN, "expected": 0},
    "send_wording": lambda it: {"goal": it.goal, "written": WRITTEN, "expected": 1, "revision": 0, "item": None},
    "settle_request": lambda it: {"request": it.request, "kind": "declined", "settled_on": DAY, "note": "Nej."},
    "split_goal": lambda it: {
        "goal": it.goal, "texts": ["Vi leger.", "Vi løber."], "first_stays": True, "expected": 1, "nonce": uuid4(),
        **PROPOSED,
    },
    "write_target": lambda it: {
        "goal": it.goal, "text": "Et andet mål.", "set_on": DAY, "decision": None, "replaces": it.target,
        "nonce": uuid4(),
    },
    "write_wording": lambda it: {
        "goal": it.goal, "expected": 1, "text": "Vi leger.", "change_kind": "change", **PROPOSED,
    },
}  # fmt: skip


def rows() -> dict[str, list[Any]]:
    """All that is kept of the pejlemærker, and of what was done; not who was shown what."""
    kept = {model.__name__: model._base_manager.all() for model in apps.get_app_config("pejlemaerker").get_models()}
    kept["Event"] = Event.objects.exclude(action=READ)
    return {name: list(found.order_by("pk").values()) for name, found in kept.items()}


@pytest.mark.parametrize("name", REFUSED)
def test_closed_set_refuses_the_action_and_changes_no_row(name: str, closed: SimpleNamespace) -> None:
    before = rows()
    with pytest.raises(SetIsClosed, match=CLOSED):
        getattr(actions, name)(**REFUSED[name](closed), by=closed.by)
    assert rows() == before


@pytest.mark.parametrize("name", REFUSED)
def test_open_set_takes_the_same_action(name: str, kept: SimpleNamespace) -> None:
    before = rows()
    getattr(actions, name)(**REFUSED[name](kept), by=kept.by)
    assert rows() != before


def test_pejlemaerke_is_not_moved_into_a_closed_set(closed: SimpleNamespace) -> None:
    moved = actions.create_goal(
        goal_set=closed.beside, text="Vi leger.", worded_on=DAY, refers_to="", responsible=None, nonce=uuid4(),
        by=closed.by,
    )  # fmt: skip
    with pytest.raises(SetIsClosed, match="Børne- og Familieområdet"):
        actions.move_goal(
            goal=moved, seen=closed.beside.pk, to_set=closed.goal_set, placed_from=DAY, reason="x", by=closed.by
        )


def test_pejlemaerke_moved_into_a_closed_set_in_between_is_refused(kept: SimpleNamespace) -> None:
    told = REFUSED["write_wording"](kept)
    actions.move_goal(**REFUSED["move_goal"](kept), by=kept.by)
    SetClosing.objects.create(goal_set=kept.beside, closed_on=date(2025, 12, 31))
    with pytest.raises(SetIsClosed, match="Dagtilbudsområdet"):
        actions.write_wording(**told, by=kept.by)


# What is still done when the set is closed, because it is of the past or of another set (actions/open_set.py).
AFTERWARDS = {
    "close_set", "create_dialogue", "create_set", "edit_dialogue", "hand_in_statuses", "open_evaluation",
    "put_in_force", "save_status_draft",
}  # fmt: skip
READING = {"earliest_day", "standing_adoptions"}


def test_every_action_that_writes_in_a_set_is_tried_here() -> None:
    """A new action on a set, a pejlemærke or what hangs on it takes its set from open_set, or says why not."""
    writing = {name for name in actions.__all__ if isfunction(getattr(actions, name))} - READING
    in_sets = {name for name in writing - AFTERWARDS if "goal" in name or "set" in name or name in REFUSED}
    assert in_sets == set(REFUSED)


def test_decision_may_still_be_pointed_at_a_wording_of_a_closed_set(closed: SimpleNamespace, as_user: Login) -> None:
    client, address = as_user(closed.by), f"/saet/{closed.goal_set.pk}/ikraft/"
    assert address in client.get(closed.goal_set.get_absolute_url()).content.decode()
    form = {"decision": closed.decision.pk, "versions": [closed.waiting.pk], "in_force_from": ""}
    assert client.post(address, form).status_code == 303
    assert Adoption.objects.filter(version=closed.waiting).exists()


# --- Through the forms: the set is closed after the page was opened ----------------------------------------

NEW = "Vi arbejder med leg."
SENT: dict[str, tuple[Callable[[Any], str], dict[str, Any]]] = {
    "wording": (
        lambda it: f"/pejlemaerker/{it.goal.pk}/ordlyd/ny/",
        {"text": NEW, "change_kind": "change", "reason": "x", "worded_on": "2023-05-02", "expected": 1, "send": "1"},
    ),
    "request": (
        lambda it: f"/saet/{it.goal_set.pk}/oensker/nyt/",
        {"about": "plan", "text": NEW, "requested_on": "2023-05-02"},
    ),
    "settlement": (
        lambda it: f"/oensker/{it.request.pk}/", {"kind": "declined", "settled_on": "2023-05-02", "note": NEW},
    ),
    "target": (lambda it: f"/pejlemaerker/{it.goal.pk}/maal/nyt/", {"text": NEW, "set_on": "2023-05-02"}),
    "replaced target": (lambda it: f"/maal/{it.target.pk}/", {"text": NEW, "set_on": "2023-05-02"}),
    "indicator": (
        lambda it: f"/pejlemaerker/{it.goal.pk}/noegletal/nyt/",
        {"name": NEW, "unit": "%", "source": "x", "frequency": "yearly", "direction": "up"},
    ),
    "definition": (
        lambda it: f"/noegletal/{it.indicator.pk}/ret/",
        {"name": NEW, "unit": "%", "source": "x", "frequency": "yearly", "direction": "up", "expected": 1},
    ),
    "measurement": (
        lambda it: f"/noegletal/{it.indicator.pk}/maalinger/ny/", {"day": "2.5.2023", "value": "80", "note": NEW},
    ),
    "outcome": (
        lambda it: f"/saet/{it.goal_set.pk}/plan/{it.step.pk}/udfald/",
        {"occurred_on": "2023-05-02", "what": "holdt", "text": NEW},
    ),
    "annulment": (
        lambda it: f"/pejlemaerker/{it.goal.pk}/ordlyd/1/ophaev/",
        {"delegation_note": "Formanden.", "annulled_from": "2023-05-02", "reason": NEW},
    ),
    "handover": (lambda it: f"/saet/{it.goal_set.pk}/overlevering/", {"learning": NEW, "revision": 0}),
}  # fmt: skip


@pytest.fixture
def unaware(closed: SimpleNamespace, as_user: Login, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody whose submit passed the guard of the page before the set was closed."""
    monkeypatch.setattr(permissions, "is_closed", lambda _goal_set: False)
    monkeypatch.setattr("pejlemaerker.views.handover.is_closed", lambda _goal_set: False)
    return as_user(closed.by)


@pytest.mark.parametrize("name", SENT)
def test_form_says_that_the_set_was_closed_and_keeps_what_was_typed(
    name: str, closed: SimpleNamespace, unaware: Client
) -> None:
    address, form = SENT[name]
    before = rows()
    answer = unaware.post(address(closed), form)
    page = answer.content.decode()
    assert (answer.status_code, CLOSED in page, NEW in page) == (422, True, True)
    assert rows() == before


def test_text_that_is_saved_as_one_types_is_said_not_to_be_kept(closed: SimpleNamespace, unaware: Client) -> None:
    for name in ("wording", "handover"):
        address, form = SENT[name]
        form = {field: value for field, value in form.items() if field != "send"}
        answer = unaware.post(address(closed), form, headers={"HX-Request": "true"})
        page = " ".join(answer.content.decode().split())
        assert (answer.status_code, "Ikke gemt: Sættet" in page, CLOSED in page) == (422, True, True)


def test_plan_says_that_the_set_was_closed(closed: SimpleNamespace, unaware: Client) -> None:
    steps = {
        "trin-TOTAL_FORMS": 1, "trin-INITIAL_FORMS": 0, "trin-0-kind": "midterm_evaluation", "trin-0-when_text": NEW,
        "trin-0-ORDER": 1,
    }  # fmt: skip
    form = {"agreed_on": "2023-06-01", "reason": "x", "expected": 1, **steps}
    answer = unaware.post(f"/saet/{closed.goal_set.pk}/plan/ret/", form)
    assert (answer.status_code, CLOSED in answer.content.decode()) == (422, True)


def test_import_says_that_the_set_was_closed(closed: SimpleNamespace, unaware: Client) -> None:
    address, form = f"/noegletal/{closed.indicator.pk}/indlaes/", {"text": "2.5.2023\t80"}
    seen = unaware.post(address, form).content.decode().partition('name="seen" value="')[2].partition('"')[0]
    answer = unaware.post(address, {**form, "seen": seen, "confirm": "1"})
    assert (answer.status_code, CLOSED in answer.content.decode()) == (422, True)


def test_wording_is_not_put_before_the_committee_of_a_closed_set(closed: SimpleNamespace, unaware: Client) -> None:
    answer = unaware.post(f"/pejlemaerker/{closed.second.pk}/ordlyd/1/", {"item": closed.item.pk})
    assert (answer.status_code, CLOSED in answer.content.decode()) == (422, True)
    assert not GoalVersion.objects.filter(submissions__isnull=False).exists()


def test_view_that_catches_nothing_answers_in_danish(
    closed: SimpleNamespace, unaware: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pejlemaerker.views.requests.saved", lambda form: form.is_valid() and form.save())
    address, form = SENT["request"]
    answer = unaware.post(address(closed), form)
    page = answer.content.decode()
    assert (answer.status_code, "Intet er gemt" in page, CLOSED in page) == (403, True, True)

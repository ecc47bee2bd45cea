"""The demo: made once, refused outside the demo, and with something to show on every page."""

from datetime import date
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from pytest_django import Settings

from meetings.models import Event, Meeting, User
from pejlemaerker.demo.logins import LOGINS, PASSWORD
from pejlemaerker.documents.note import NoteDocument
from pejlemaerker.models import Adoption, Dialogue, EvaluationRound, GoalSet, GoalVersion, StatusEntry


def make_demo() -> str:
    out = StringIO()
    call_command("demo_data", stdout=out)
    return out.getvalue()


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.DEMO = True
    make_demo()


def test_demo_is_refused_elsewhere(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        make_demo()
    assert User.objects.count() == 0


def test_demo_is_made_once(demo: None) -> None:
    before = Event.objects.count()
    assert "Intet er ændret" in make_demo()
    assert Event.objects.count() == before


def test_demo_logins_work(demo: None, client: object) -> None:
    assert [User.objects.get(username=one.username).check_password(PASSWORD) for one in LOGINS] == [True] * 7


def test_real_wordings_are_in_force_to_the_end_of_the_period(demo: None) -> None:
    real = Adoption.objects.in_force(date(2025, 12, 31)).filter(version__goal__goal_set__is_demo=False)
    assert [adoption.version.source_document is not None for adoption in real] == [True] * 7


def test_real_wordings_wait_for_a_decision_until_there_is_one(demo: None) -> None:
    assert list(Adoption.objects.in_force(date(2022, 10, 2))) == []


def test_one_invented_wording_waits_for_a_decision(demo: None) -> None:
    waiting = GoalVersion.objects.awaiting_decision()
    assert [(version.goal.goal_set.is_demo, version.goal.number) for version in waiting] == [(True, 3)]


def test_everything_invented_is_marked(demo: None) -> None:
    assert [row.source_document is not None for row in Meeting.objects.filter(is_demo=False)] == [True]
    assert [row.source_document is not None for row in Dialogue.objects.filter(is_demo=False)] == [True, True]
    assert EvaluationRound.objects.filter(is_demo=False).count() == 0


def test_every_real_pejlemaerke_has_statuses(demo: None) -> None:
    assert StatusEntry.objects.count() == 2 * 7
    assert GoalSet.objects.count() == 3


def test_finished_period_has_nothing_left_in_its_plan(demo: None) -> None:
    finished = GoalSet.objects.get(area__name="Børne- og Familieområdet")
    note = NoteDocument.for_set(finished, viewer=AnonymousUser(), on=date(2026, 11, 22))
    assert (note.next_steps, {step.state_label for step in note.steps}) == ((), {"Gennemført", "Løbende"})

"""The demo: made once, refused outside the demo, and with something to show on every page."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from meetings.documents.changes import changes_of
from meetings.documents.minutes import MinutesDocument
from meetings.models import (
    AgendaItem,
    Attachment,
    Attendance,
    Decision,
    Dispatch,
    Event,
    FormerName,
    ItemAbsence,
    Meeting,
    Promise,
    ProtocolNote,
    Recusal,
    Seal,
    StayOutcome,
    User,
    Vote,
)
from pejlemaerker.demo.logins import LOGINS, PASSWORD
from pejlemaerker.documents.notes.choices import SectionKey
from pejlemaerker.models import Adoption, AsOf, Dialogue, EvaluationRound, GoalSet, GoalVersion, StatusEntry
from tests.pejlemaerker.telling import told_in


def make_demo() -> str:
    out = StringIO()
    call_command("demo_data", stdout=out)
    return out.getvalue()


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
    assert [User.objects.get(username=one.username).check_password(PASSWORD) for one in LOGINS] == [True] * len(LOGINS)


def test_real_wordings_are_in_force_to_the_end_of_the_period(demo: None) -> None:
    real = Adoption.objects.in_force(AsOf.hindsight(date(2025, 12, 31))).filter(version__goal__goal_set__is_demo=False)
    assert [adoption.version.source_document is not None for adoption in real] == [True] * 7


def test_real_wordings_wait_for_a_decision_until_there_is_one(demo: None) -> None:
    assert list(Adoption.objects.in_force(AsOf.hindsight(date(2022, 10, 2)))) == []


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
    at = AsOf.hindsight(date(2026, 11, 22))
    assert told_in(finished, SectionKey.NEXT, at, audience="public") == ["Der er ikke planlagt flere trin."]
    told = told_in(finished, SectionKey.PLAN, at, audience="public")
    steps = told[told.index("Hvad er sket") + 1 : told.index("Det, der vender tilbage:")]
    assert [came_of.partition(".")[0] for came_of in steps[2::3]] == ["Gennemført"] * 7


def test_demo_has_something_to_show_of_everything_a_meeting_can_hold(demo: None) -> None:
    rows = (
        Attachment.objects.filter(is_public=True), Attachment.objects.filter(is_public=False), Recusal.objects.all(),
        ItemAbsence.objects.all(), ProtocolNote.objects.filter(kind="dissent"), Vote.objects.filter(lines__person=None),
        Vote.objects.filter(lines__person__isnull=False), Decision.objects.filter(recommendation__isnull=False),
        Decision.objects.departing(), Attendance.objects.filter(substitute_for__isnull=False), FormerName.objects.all(),
        StayOutcome.objects.filter(verdict="confirmed"), Dispatch.objects.filter(is_supplementary=True),
        AgendaItem.including_closed.exclude(open_decision=""),
    )  # fmt: skip
    assert [type(found.first()).__name__ for found in rows] == [
        "Attachment", "Attachment", "Recusal", "ItemAbsence", "ProtocolNote", "Vote", "Vote", "Decision", "Decision",
        "Attendance", "FormerName", "StayOutcome", "Dispatch", "AgendaItem",
    ]  # fmt: skip


def test_one_demo_case_goes_through_three_bodies(demo: None) -> None:
    garden = AgendaItem.objects.filter(title="Naturgruppe i Børnehuset Engen (demo)").order_by("meeting__date")
    assert list(garden.values_list("meeting__committee__abbreviation", "decisions__category")) == [
        ("BUU", "recommended"), ("ØU", "recommended"), ("KB", "approved"),
    ]  # fmt: skip
    assert garden.values("trail").distinct().count() == 1


def test_demo_promises_are_kept_overdue_and_due(demo: None) -> None:
    today = date(2026, 11, 22)
    still_open = list(Promise.objects.all().still_open().values_list("due_on", flat=True))
    assert ([due < today for due in still_open], Promise.objects.count()) == ([True, False], 3)


def test_demo_minutes_that_everybody_signed_are_sealed(demo: None) -> None:
    meeting = Seal.objects.get().meeting
    told = MinutesDocument.for_meeting(meeting, viewer=User.objects.get(username="sekretaer"))
    assert (meeting.date, told.is_intact, told.missing, told.is_public) == (date(2022, 10, 3), True, (), True)


def test_demo_agenda_shows_what_was_changed_after_it_was_sent(demo: None) -> None:
    coming = Meeting.objects.filter(dispatches__is_supplementary=True).get()
    told = changes_of(coming, viewer=User.objects.get(username="medlem"))
    assert sorted(change.short for change in told.values()) == ["Tillægsdagsorden", "Ændret efter udsendelsen"]


def test_demo_tells_the_past_with_its_own_dates(settings: Settings) -> None:
    settings.DEMO = True
    make_demo()
    decisions = Decision.objects.filter(item__meeting__is_demo=True)
    assert [one for one in decisions if timezone.localdate(one.recorded_at) != one.decided_on] == []
    assert Meeting().edited_at > timezone.now() - timedelta(minutes=1)  # the clock runs again

"""Letters to leaders and the day's overview: who gets what, once, with nothing of what is closed."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kit.clock import today
from meetings.models import ROLES, AgendaItem, Letter, Promise, ReminderStop, Role, User
from pejlemaerker.documents.reminder_kinds import KINDS_OF_ROLE, ReminderKind
from pejlemaerker.documents.reminders import Digest
from pejlemaerker.documents.reminding import remindings
from pejlemaerker.letters import signed_for_stopping, wrapped
from pejlemaerker.models import AnswerDraft, AnswerSheet, GoalSet, Invitee, PersonalLink, ReviewAct, Survey
from pejlemaerker.tasks import daily, send_digest, send_invitation, send_receipt, send_reminder
from tests.conftest import CANARY, Login, grant, make_user, run_tasks
from tests.pejlemaerker.surveys import a_survey

HERE = ZoneInfo("Europe/Copenhagen")
MONDAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Monday morning, 2 November 2026; `clock.move_to(at(day))` lets time pass."""
    with time_machine.travel(at(MONDAY), tick=False) as traveller:
        yield traveller


def at(day: date, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=HERE)


@pytest.fixture
def survey(goal_set: GoalSet, consultant: User) -> Survey:
    """Opened today, due Monday in two weeks; 2 leaders."""
    consultant.email = "konsulent@eksempel.dk"
    consultant.save()
    return a_survey(goal_set, by=consultant)


@pytest.fixture
def invitee(survey: Survey) -> Invitee:
    return survey.invitees.order_by("pk")[0]


@pytest.fixture
def head(goal_set: GoalSet) -> User:
    return with_mail(grant(make_user("centerchef", "Chris Chef"), Role.HEAD, goal_set.period.committee.municipality))


def with_mail(user: User) -> User:
    user.email = f"{user.username}@eksempel.dk"
    user.save(update_fields=["email"])
    return user


def hand_in(invitee: Invitee) -> AnswerSheet:
    return AnswerSheet.objects.create(invitee=invitee, answered_by=invitee.name)


def receivers() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


def a_day_passes(clock: Any, day: date) -> list[str]:
    """What the morning's work sends, and to whom."""
    clock.move_to(at(day))
    mail.outbox.clear()
    daily.enqueue(day.isoformat())
    run_tasks()
    return receivers()


# --- To leaders
# -----------------------------------------------------------------------------------------------------------


def test_invitation_says_what_it_is_and_carries_a_link_that_opens_the_answer(invitee: Invitee) -> None:
    send_invitation.enqueue(invitee.pk, occasion="aabnet")
    run_tasks()
    (letter,) = mail.outbox
    body = str(letter.body)
    for part in ["Vi beder dig svare", "mandag den 16. november 2026", "ti minutter", "Børnehus 1", "Politikere"]:
        assert part in body
    (token,) = set(re.findall(r"http://127.0.0.1:8000/evaluering/([\w-]+)/$", body, re.MULTILINE))
    assert PersonalLink.objects.opened_by(token).get().invitee == invitee
    assert letter.extra_headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000/evaluering/{token}/paamindelser/>"
    assert letter.reply_to == ["konsulent@eksempel.dk"]


def test_token_is_kept_nowhere_but_in_the_letter(invitee: Invitee) -> None:
    send_invitation.enqueue(invitee.pk, occasion="aabnet")
    run_tasks()
    (token,) = set(re.findall(r"/evaluering/([\w-]+)/", str(mail.outbox[0].body)))
    rows = [*Letter.objects.values_list(), *DBTaskResult.objects.values_list(), *PersonalLink.objects.values_list()]
    assert rows
    assert token not in str(rows)


def test_same_task_twice_sends_one_letter(invitee: Invitee) -> None:
    for _ in range(2):
        send_invitation.enqueue(invitee.pk, occasion="aabnet")
    run_tasks()
    assert (len(mail.outbox), PersonalLink.objects.count()) == (1, 1)


@pytest.mark.parametrize("reason", ["withdrawn", "no e-mail", "closed", "handed in", "wants no more"])
def test_nobody_is_written_to_who_should_not_be(reason: str, survey: Survey, invitee: Invitee) -> None:
    if reason == "withdrawn":
        Invitee.objects.filter(pk=invitee.pk).update(withdrawn_at=timezone.now())
    elif reason == "no e-mail":
        Invitee.objects.filter(pk=invitee.pk).update(email="")
    elif reason == "closed":
        Survey.objects.filter(pk=survey.pk).update(closed_at=timezone.now())
    elif reason == "handed in":
        hand_in(invitee)
    else:
        Invitee.objects.filter(pk=invitee.pk).update(no_reminders_at=timezone.now())
    send_reminder.enqueue(invitee.pk, occasion="paamindelse-1")
    if reason in {"withdrawn", "no e-mail", "closed"}:
        send_invitation.enqueue(invitee.pk, occasion="aabnet")
    run_tasks()
    assert (mail.outbox, PersonalLink.objects.count()) == ([], 0)


def test_reminder_tells_the_one_who_has_begun_that_it_is_kept(survey: Survey, invitee: Invitee) -> None:
    AnswerDraft.objects.create(invitee=invitee, question=survey.questions.all()[4], text="Halvt", revision=1)
    for one in survey.invitees.all():
        send_reminder.enqueue(one.pk, occasion="paamindelse-1")
    run_tasks()
    assert ["er gemt" in str(message.body) for message in mail.outbox] == [True, False]


def test_receipt_has_the_text_as_pdf_and_a_link_until_the_deadline(clock: Any, invitee: Invitee) -> None:
    sheet = hand_in(invitee)
    send_receipt.enqueue(sheet.pk)
    run_tasks()
    (receipt,) = mail.outbox
    name, content, mimetype = receipt.attachments[0]
    assert (name, content[:5], mimetype) == ("besvarelse.pdf", b"%PDF-", "application/pdf")
    assert "/evaluering/" in str(receipt.body)
    clock.move_to(at(date(2026, 11, 17)))
    send_receipt.enqueue(hand_in(invitee).pk)
    run_tasks()
    assert "/evaluering/" not in str(mail.outbox[1].body)


def test_lines_are_broken_but_never_an_address() -> None:
    address = f"https://pejlemaerker.eksempel.dk/evaluering/{'x' * 60}/"
    text = wrapped(f"{'ord ' * 40}\n{address}\n\n\n\n- {'punkt ' * 20}\n")
    lines = text.splitlines()
    assert address in lines
    assert max(len(line) for line in lines if line != address) <= 72
    assert "\n\n\n" not in text
    assert lines[-1].startswith("  punkt")


# --- The day's work
# -----------------------------------------------------------------------------------------------------------


def test_leaders_are_reminded_before_the_deadline_and_once_after_it(
    clock: Any, survey: Survey, invitee: Invitee
) -> None:
    User.objects.update(email="")
    sent = {day: a_day_passes(clock, day) for day in (MONDAY + timedelta(days=n) for n in range(1, 31))}
    both = ["leder1@eksempel.dk", "leder2@eksempel.dk"]
    assert {day: who for day, who in sent.items() if who} == {date(2026, 11, 9): both, date(2026, 11, 17): both}
    assert Letter.objects.count() == 4


def test_only_those_missing_are_reminded(clock: Any, survey: Survey, invitee: Invitee) -> None:
    hand_in(invitee)
    assert a_day_passes(clock, date(2026, 11, 9)) == ["konsulent@eksempel.dk", "leder2@eksempel.dk"]


def test_reminder_of_a_day_off_goes_the_working_day_before(survey: Survey) -> None:
    Survey.objects.update(due_on=date(2026, 11, 15), remind_days_before=1)  # a Sunday; the day before is a Saturday
    assert [bool(remindings(date(2026, 11, day))) for day in (12, 13)] == [False, True]


def test_reminder_is_made_up_for_after_days_without_a_worker(clock: Any, survey: Survey) -> None:
    assert "leder1@eksempel.dk" in a_day_passes(clock, date(2026, 11, 12))


def test_one_who_was_written_to_yesterday_is_left_in_peace(clock: Any, invitee: Invitee) -> None:
    clock.move_to(at(date(2026, 11, 8)))
    send_reminder.enqueue(invitee.pk, occasion="paamindelse-2026-11-08")
    run_tasks()
    assert a_day_passes(clock, date(2026, 11, 9)) == ["konsulent@eksempel.dk", "leder2@eksempel.dk"]
    assert "leder1@eksempel.dk" in a_day_passes(clock, date(2026, 11, 10))


def test_deadline_that_is_moved_gives_a_new_reminder(clock: Any, survey: Survey) -> None:
    a_day_passes(clock, date(2026, 11, 9))
    Survey.objects.update(due_on=date(2026, 11, 30))
    assert a_day_passes(clock, date(2026, 11, 16)) == []
    assert "leder1@eksempel.dk" in a_day_passes(clock, date(2026, 11, 23))


def test_round_without_reminders_reminds_nobody(survey: Survey) -> None:
    Survey.objects.update(remind_days_before=0)
    assert [remindings(survey.due_on + timedelta(days=n)) for n in (-1, 1)] == [[], []]


def test_nothing_is_sent_on_days_off(clock: Any, survey: Survey) -> None:
    assert a_day_passes(clock, date(2026, 11, 14)) == []


# --- The overview
# -----------------------------------------------------------------------------------------------------------


def test_every_role_stands_in_the_table() -> None:
    assert set(KINDS_OF_ROLE) == set(ROLES)


def digest_of(user: User, *, since: datetime | None = None) -> dict[str, list[str]]:
    fresh = User.objects.get(pk=user.pk)
    return {
        part.kind.value: [line.text for line in part.lines]
        for part in Digest.for_user(fresh, on=today(), since=since).parts
    }


def test_consultant_is_told_of_deadline_and_answers(clock: Any, survey: Survey, invitee: Invitee) -> None:
    hand_in(invitee)
    clock.move_to(at(date(2026, 11, 17)))
    committee = survey.committee
    assert digest_of(survey.edited_by or User()) == {
        "due": [f"Midtvejsevaluering i {committee}: svarfristen var 16. november 2026, og 1 af 2 mangler at svare."],
        "answers": [f"Midtvejsevaluering i {committee}: 1 leder har svaret."],
    }


def test_consultant_is_told_of_letters_that_did_not_arrive(survey: Survey, invitee: Invitee) -> None:
    send_invitation.enqueue(invitee.pk, occasion="aabnet")
    run_tasks()
    Letter.objects.update(returned_at=timezone.now())
    consultant = survey.edited_by or User()
    assert digest_of(consultant)["due"] == [f"Midtvejsevaluering i {survey.committee}: 1 brev nåede ikke frem."]
    assert digest_of(consultant, since=timezone.now()) == {}


def test_politicians_and_leaders_hear_that_it_begins_and_not_who_answers(
    survey: Survey, invitee: Invitee, member: User, leader: User, other_member: User
) -> None:
    hand_in(invitee)
    line = "Midtvejsevaluering af Børne- og Familieområdet 2022–2025: lederne svarer senest 16. november 2026."
    assert [digest_of(user) for user in (member, leader, other_member)] == [{"opened": [line]}, {"opened": [line]}, {}]


def test_head_is_told_what_waits_and_the_writer_what_became_of_it(survey: Survey, head: User) -> None:
    consultant, evaluation = survey.edited_by or User(), survey.evaluations.get()
    name = "Midtvejsevaluering af Børne- og Familieområdet 2022–2025"
    ReviewAct.objects.create(evaluation=evaluation, act="requested", acted_by=consultant)
    assert digest_of(head)["review"] == [f"{name}: den fælles tekst venter på din godkendelse."]
    assert "review" not in digest_of(consultant)
    ReviewAct.objects.create(evaluation=evaluation, act="sent_back", remark="Mere om forældre", acted_by=head)
    assert digest_of(consultant)["review"] == [f"{name}: den fælles tekst er sendt tilbage med en bemærkning."]
    assert "review" not in digest_of(head)


def promise(item: AgendaItem | None, due_on: date, **fields: Any) -> Promise:
    made: Promise = Promise.including_closed.create(
        item=item, text=f"{CANARY} lovet" if item and item.is_closed else "Et notat om trivsel", due_on=due_on, **fields
    )
    return made


def test_promises_are_told_two_weeks_before_and_never_those_on_closed_items(
    open_item: AgendaItem, closed_item: AgendaItem, member: User, other_member: User, secretary: User
) -> None:
    soon = MONDAY + timedelta(days=14)
    promise(open_item, soon)
    promise(closed_item, soon)
    promise(open_item, soon + timedelta(days=1))
    promise(open_item, soon, settled_on=MONDAY, settled_note="Sendt")
    promise(None, MONDAY, committee=open_item.meeting.committee, made_on=MONDAY, made_at="Dialogmødet")
    lines = [
        "Til udvalget, senest 2. november 2026: Et notat om trivsel",
        "Til udvalget, senest 16. november 2026: Et notat om trivsel",
    ]
    assert [digest_of(user) for user in (member, secretary, other_member)] == [{"promises": lines}] * 2 + [{}]


def test_overview_goes_only_when_something_is_new(clock: Any, open_item: AgendaItem, member: User) -> None:
    with_mail(member)
    promise(open_item, date(2026, 11, 20))
    days = [MONDAY + timedelta(days=n) for n in range(60)]
    told = [day for day in days if a_day_passes(clock, day)]
    # two weeks before; the working day after it was due; four weeks after that
    assert told == [date(2026, 11, 6), date(2026, 11, 23), date(2026, 12, 21)]


def test_overview_is_one_letter_a_day(clock: Any, open_item: AgendaItem, member: User) -> None:
    with_mail(member)
    promise(open_item, date(2026, 11, 10))
    for _ in range(2):
        send_digest.enqueue(member.pk, MONDAY.isoformat())
    run_tasks()
    promise(open_item, date(2026, 11, 11))
    send_digest.enqueue(member.pk, MONDAY.isoformat())
    send_digest.enqueue(member.pk, (MONDAY - timedelta(days=1)).isoformat())
    run_tasks()
    assert receivers() == ["medlem@eksempel.dk"]
    letter = mail.outbox[0]
    assert "højst ét om dagen" in " ".join(str(letter.body).split())
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_overview_needs_an_address_and_an_active_user(open_item: AgendaItem, member: User, secretary: User) -> None:
    promise(open_item, MONDAY)
    with_mail(secretary)
    User.objects.filter(pk=secretary.pk).update(is_active=False)
    daily.enqueue(MONDAY.isoformat())
    run_tasks()
    assert mail.outbox == []


@pytest.mark.parametrize("rounds", [1, 3])
def test_overview_asks_the_same_of_the_database_however_much_there_is(
    rounds: int, goal_set: GoalSet, open_item: AgendaItem, secretary: User, head: User
) -> None:
    for _ in range(rounds):
        survey = a_survey(goal_set, by=secretary, due_on=MONDAY)
        for one in survey.invitees.all():
            hand_in(one)
        ReviewAct.objects.create(evaluation=survey.evaluations.get(), act="requested", acted_by=secretary)
        promise(open_item, MONDAY)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        lines = digest_of(head)
    assert {kind: len(found) for kind, found in lines.items()} == dict.fromkeys(
        ["opened", "due", "review", "promises"], rounds
    )
    assert len(asked) == 10


# --- Choosing and stopping
# -----------------------------------------------------------------------------------------------------------

MINE = "/mit/paamindelser/"


def test_own_reminders_for_the_four(anonymous: Client, as_user: Login, citizen: User, consultant: User) -> None:
    assert anonymous.get(MINE).status_code == 302
    assert "Du får ingen påmindelser" in as_user(citizen).get(MINE).content.decode()
    page = as_user(consultant).get(MINE).content.decode()
    assert "som fagkonsulent i Hvidovre Kommune" in page
    assert as_user(consultant).delete(MINE).status_code == 405


def test_kind_is_stopped_and_wanted_again(as_user: Login, consultant: User, survey: Survey, invitee: Invitee) -> None:
    hand_in(invitee)
    client = as_user(consultant)
    assert client.post(MINE, {"due": "on", "review": "on", "promises": "on"}).status_code == 303
    assert list(ReminderStop.objects.values_list("user", "kind")) == [(consultant.pk, "answers")]
    assert digest_of(consultant) == {}
    client.post(MINE, {"due": "on", "review": "on", "promises": "on", "answers": "on", "opened": "on"})
    assert list(ReminderStop.objects.all()) == []
    assert list(digest_of(consultant)) == ["answers"]


def test_link_in_the_letter_stops_without_a_login(anonymous: Client, member: User, secretary: User) -> None:
    address = f"/paamindelser/{signed_for_stopping(member)}/"
    page = anonymous.get(address).content.decode()
    assert "Vil du stoppe" in page
    assert member.display_name not in page
    assert ReminderStop.objects.count() == 0
    assert anonymous.post(address, {"art": "promises"}).status_code == 303
    assert list(ReminderStop.objects.values_list("user", "kind")) == [(member.pk, "promises")]
    assert "Løfter" not in anonymous.get(address).content.decode()


def test_mail_program_stops_all_with_one_click(member: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    address = f"/paamindelser/{signed_for_stopping(member)}/"
    for _ in range(2):
        assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 303
    assert sorted(ReminderStop.objects.values_list("kind", flat=True)) == ["opened", "promises"]
    assert "Du får ikke flere" in strict.get(address).content.decode()


@pytest.mark.parametrize("altered", ["1:x", "x", "%00", "99999999999999999999:abc", "1:" + "æ" * 300])
def test_altered_link_is_a_kind_page_that_tells_nothing(altered: str, anonymous: Client, member: User) -> None:
    for answer in (anonymous.get(f"/paamindelser/{altered}/"), anonymous.post(f"/paamindelser/{altered}/")):
        assert answer.status_code == 404
        assert "Linket virker ikke" in answer.content.decode()
    assert ReminderStop.objects.count() == 0


def test_another_users_number_with_ones_own_signature_stops_nothing(
    anonymous: Client, member: User, secretary: User
) -> None:
    _, _, signature = signed_for_stopping(member).partition(":")
    assert anonymous.post(f"/paamindelser/{secretary.pk}:{signature}/").status_code == 404
    assert ReminderStop.objects.count() == 0


def test_kind_that_no_role_brings_is_not_stopped(as_user: Login, member: User) -> None:
    as_user(member).post(MINE, {})
    assert set(ReminderStop.objects.values_list("kind", flat=True)) == set(KINDS_OF_ROLE[Role.MEMBER])
    assert ReminderKind.REVIEW not in KINDS_OF_ROLE[Role.MEMBER]

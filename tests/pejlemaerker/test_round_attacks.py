"""Attacks on rounds and dialogue meetings: what must not be read, written or sent, tried past the pages too."""

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from email import message_from_bytes, policy
from logging import makeLogRecord
from threading import Event as Signal
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from kit.clock import today
from kit.logs import HideTokens
from meetings.actions import NotAllowed
from meetings.models import AgendaItem, Committee, Event, Letter, Meeting, Municipality, Publication, Role, User
from pejlemaerker.actions import (
    AnswerText,
    StatusText,
    hand_in_answers,
    hand_in_statuses,
    open_evaluation,
    reopen_answer,
    review,
)
from pejlemaerker.actions.following import close_survey, remind_missing
from pejlemaerker.actions.invitees import correct_invitee, withdraw_invitee
from pejlemaerker.actions.surveys import appearance, open_survey
from pejlemaerker.documents.answering import AnsweringDocument
from pejlemaerker.documents.spread import spreads_by_goal
from pejlemaerker.letters import signed_for_stopping
from pejlemaerker.models import (
    Adoption,
    Answer,
    AnswerDraft,
    AnswerSheet,
    Dialogue,
    DialogueTreatment,
    EvaluationRound,
    Goal,
    GoalPeriod,
    GoalSet,
    Invitee,
    Participant,
    PersonalLink,
    PolicyArea,
    ProgrammePoint,
    Reopening,
    ReviewAct,
    SetClosing,
    Survey,
    SurveyQuestion,
    Theme,
)
from pejlemaerker.tasks import send_dialogue_invitation, send_invitation
from tests.conftest import CANARY, Login, grant, make_user, present, publish, run_tasks
from tests.pejlemaerker.answering import all_answer, an_answer
from tests.pejlemaerker.surveys import a_survey, a_token


@pytest.fixture(autouse=True)
def _nobody_has_guessed() -> None:
    cache.clear()


@pytest.fixture
def survey(goal_set: GoalSet, adoption: Adoption, consultant: User) -> Survey:
    return a_survey(goal_set, by=consultant)


@pytest.fixture
def invitee(survey: Survey) -> Invitee:
    return survey.invitees.order_by("pk")[0]


@pytest.fixture
def goal(goal_set: GoalSet) -> Goal:
    return goal_set.goals.get(number=1)


@pytest.fixture
def evaluation(survey: Survey) -> EvaluationRound:
    found: EvaluationRound = survey.evaluations.get()
    return found


def first_key(invitee: Invitee) -> str:
    return next(iter(AnsweringDocument.for_invitee(invitee))).key


def give(invitee: Invitee, text: str = "Vi taler med børnene.") -> AnswerSheet:
    first = next(iter(AnsweringDocument.for_invitee(invitee)))
    answers = [AnswerText(first.question, first.goal, text)]
    return hand_in_answers(invitee=invitee, answers=answers, answered_by=invitee.name, nonce=uuid.uuid4())


def at_once(*jobs: Callable[[], Any]) -> list[str]:
    """Do all of it at the same time, each on a connection of its own; tells the name of what was raised, or "ok"."""

    def one(job: Callable[[], Any]) -> str:
        try:
            job()
        except Exception as refused:
            return type(refused).__name__
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))


# --- What is sent through a personal link -----------------------------------------------------------------------------


PARTS = ["text", "revision", "choice", "seen"]
NONSENSE = [b"%00", b"%ED%A0%80", b"%FF%FE", b"a%00b", b"k99999999999", b"9" * 5000]


@pytest.mark.asvs("V1.4.2", "V15.3.5")
@pytest.mark.parametrize(
    ("part", "nonsense"),
    [
        pytest.param(part, nonsense, marks=[] if PARTS[place % 4] == part else pytest.mark.drill)
        for part in PARTS
        for place, nonsense in enumerate(NONSENSE)
    ],
)
def test_nonsense_in_a_hidden_field_loses_nothing(part: str, nonsense: bytes, invitee: Invitee) -> None:
    key, path = first_key(invitee), f"/evaluering/{a_token(invitee)}/"
    other = f"svar-{list(AnsweringDocument.for_invitee(invitee))[-1].key}-text"
    body = f"{other}=Behold+mig&svar-{key}-{part}=".encode() + nonsense
    response = Client().post(path, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    assert AnswerDraft.objects.filter(invitee=invitee, text="Behold mig").exists()


@pytest.mark.parametrize("name", ["answered_by", "nonce", "advaret", "hand_in"])
def test_nonsense_about_the_writer_is_no_error(name: str, invitee: Invitee) -> None:
    body = {f"svar-{first_key(invitee)}-text": "Vi læser.", "hand_in": "1", "answered_by": "Leder", name: "\x00x"}
    response = Client().post(f"/evaluering/{a_token(invitee)}/", body)
    assert response.status_code in (303, 422)


@pytest.mark.asvs("V15.3.3")
def test_what_is_not_asked_is_not_kept(invitee: Invitee, survey: Survey, goal_set: GoalSet, consultant: User) -> None:
    other = a_survey(goal_set, by=consultant, opened=False)
    question, unasked = survey.questions.earliest("position"), goal_set.goals.get(number=2)
    foreign = other.questions.earliest("position")
    fields = {
        f"svar-{foreign.pk}-{unasked.pk}-text": "fremmed", f"svar-{question.pk}-{unasked.pk}-text": "ikke stillet",
        f"svar-{question.pk}-text": "uden pejlemærke", f"svar-{first_key(invitee)}-text": "mit", "hand_in": "1",
        "answered_by": "Leder",
    }  # fmt: skip
    Client().post(f"/evaluering/{a_token(invitee)}/", fields)
    assert list(AnswerDraft.objects.values_list("text", flat=True)) == ["mit"]
    assert list(Answer.objects.values_list("text", flat=True)) == ["mit"]


@pytest.mark.asvs("V15.3.7")
def test_fields_sent_twice_count_once(invitee: Invitee) -> None:
    name = f"svar-{first_key(invitee)}-text"
    Client().post(f"/evaluering/{a_token(invitee)}/", {name: ["første", "sidste"]})
    assert list(AnswerDraft.objects.values_list("text", flat=True)) == ["sidste"]


def test_a_long_page_of_questions_can_be_sent(invitee: Invitee) -> None:
    fields = {f"felt-{number}": "x" for number in range(2500)} | {f"svar-{first_key(invitee)}-text": "med"}
    assert Client().post(f"/evaluering/{a_token(invitee)}/", fields).status_code == 303
    assert AnswerDraft.objects.get().text == "med"


@pytest.mark.asvs("V2.3.2")
@pytest.mark.parametrize("body", [b"x=" + b"a" * 7_000_000, b"&".join(b"f%d=1" % n for n in range(60_000))])
def test_too_much_is_refused_kindly_and_the_address_stays_secret(body: bytes, invitee: Invitee) -> None:
    token = a_token(invitee)
    response = Client(raise_request_exception=False).post(
        f"/evaluering/{token}/", body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code in (400, 413)
    assert token not in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_error_of_a_personal_page_is_kept_by_nobody(invitee: Invitee) -> None:
    response = Client().get(f"/evaluering/{a_token(invitee)}/besvarelse.pdf")
    assert (response.status_code, response["Referrer-Policy"]) == (404, "no-referrer")
    assert "no-store" in response["Cache-Control"]


def test_looking_by_any_safe_method_writes_nothing(invitee: Invitee) -> None:
    path = f"/evaluering/{a_token(invitee)}/"
    rows: list[Any] = [Event, AnswerDraft, AnswerSheet, Letter, DBTaskResult, PersonalLink]
    before = [model.objects.count() for model in rows]
    for method in ("get", "head", "options"):
        for page in ("", "paamindelser/", "besvarelse.pdf", "aabn/"):
            getattr(Client(), method)(f"{path}{page}?hand_in=1&save=1")
    assert [model.objects.count() for model in rows] == before
    invitee.refresh_from_db()
    assert invitee.no_reminders_at is None


@pytest.mark.parametrize("address", ["/evaluering/{}/", "/evaluering/{}/besvarelse.pdf", "/paamindelser/{}/"])
def test_what_opens_by_itself_stands_in_no_log(address: str, citizen: User) -> None:
    key = signed_for_stopping(citizen)
    record = makeLogRecord({"msg": "Not Found: %s", "args": (address.format(key),)})
    HideTokens().filter(record)
    assert key not in record.getMessage()


# --- Who may still answer ---------------------------------------------------------------------------------------------


def test_round_that_is_not_open_takes_no_answer_past_the_page(
    goal_set: GoalSet, adoption: Adoption, consultant: User
) -> None:
    prepared = a_survey(goal_set, by=consultant, opened=False)
    with pytest.raises(NotAllowed):
        give(prepared.invitees.earliest("pk"))


def test_one_who_was_let_go_meanwhile_hands_nothing_in(invitee: Invitee, consultant: User) -> None:
    page = Invitee.objects.select_related("survey").get(pk=invitee.pk)  # opened before, sent after
    withdraw_invitee(invitee=invitee, by=consultant)
    with pytest.raises(NotAllowed):
        give(page)
    assert not AnswerSheet.objects.exists()


def test_round_that_is_closing_takes_nothing_in_behind_it(
    committed_db: str, invitee: Invitee, survey: Survey, consultant: User
) -> None:
    """Whoever hands in while the round is being closed waits, and is told."""
    closed, started = Signal(), Signal()

    def close() -> None:
        with transaction.atomic():
            close_survey(survey=survey, by=consultant)
            started.set()
            closed.wait(1)

    def answer() -> None:
        started.wait(5)
        give(invitee)

    assert at_once(close, answer) == ["ok", "NotAllowed"]
    assert not AnswerSheet.objects.exists()


@pytest.mark.asvs("V2.3.4")
def test_handing_in_twice_at_once_is_one_answer(committed_db: str, invitee: Invitee) -> None:
    assert at_once(*[lambda: give(invitee)] * 5) == ["ok"] * 5
    assert AnswerSheet.objects.count() == 1
    assert DBTaskResult.objects.count() == 1


def test_reopening_five_times_at_once_is_one_reopening(committed_db: str, invitee: Invitee) -> None:
    give(invitee)
    assert at_once(*[lambda: reopen_answer(invitee=invitee)] * 5) == ["ok"] * 5
    assert Reopening.objects.count() == 1


def test_reminding_five_times_at_once_reminds_each_once(committed_db: str, survey: Survey, consultant: User) -> None:
    assert at_once(*[lambda: remind_missing(survey=survey, by=consultant)] * 5) == ["ok"] * 5
    assert DBTaskResult.objects.count() == 2


def test_opening_five_times_at_once_writes_to_each_once(
    committed_db: str, goal_set: GoalSet, adoption: Adoption, consultant: User
) -> None:
    prepared = a_survey(goal_set, by=consultant, opened=False)
    seen = appearance(prepared)
    assert at_once(*[lambda: open_survey(survey=prepared, seen=seen, by=consultant)] * 5) == ["ok"] * 5
    assert (EvaluationRound.objects.count(), DBTaskResult.objects.count()) == (1, 2)


def test_earlier_answer_of_another_unit_is_not_shown_as_this_ones(
    goal_set: GoalSet, adoption: Adoption, goal: Goal, consultant: User
) -> None:
    """One leader of two units, with one address: each unit has its own answer from last time."""
    before = a_survey(goal_set, by=consultant, held_on=today() - timedelta(days=300))
    first, second = before.invitees.order_by("pk")
    Invitee.objects.filter(pk=second.pk).update(email=first.email)
    for one in (first, second):
        an_answer(one, {("text", goal): f"Fra {one.unit_name}."})
    now = a_survey(goal_set, by=consultant, leaders=1)
    page = Client().get(f"/evaluering/{a_token(now.invitees.get())}/").content.decode()
    assert ("Fra Børnehus 1." in page, "Fra Børnehus 2." in page) == (True, False)


def test_few_are_not_worked_out_from_how_many_did_not_answer(goal: Goal, consultant: User) -> None:
    """Another question of the same round may tell how many that was."""
    survey = a_survey(goal.goal_set, by=consultant, leaders=19)
    for place, one in enumerate(survey.invitees.order_by("pk")[:13]):
        an_answer(one, {("assessment", goal): "good_progress" if place < 9 else "under_way"})
    (told,) = spreads_by_goal(survey.evaluations.get(), is_open=False)[goal.pk]
    assert told.is_withheld


# --- Facts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [AnswerSheet, Answer, Reopening, ReviewAct])
def test_facts_stand_past_the_models_too(model: Any, survey: Survey, goal: Goal, evaluation: EvaluationRound) -> None:
    all_answer(survey, goal, leaders=1)
    Reopening.objects.create(invitee=survey.invitees.earliest("pk"))
    present(evaluation)
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_questions_stand_past_the_forms_once_the_round_is_open(survey: Survey) -> None:
    for change in (
        lambda: SurveyQuestion.objects.filter(survey=survey).update(text="Noget andet?"),
        lambda: survey.questions.all().delete(),
        lambda: SurveyQuestion.objects.create(survey=survey, position=9, text="En til?"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.asvs("V2.3.1")
def test_nothing_is_public_before_it_was_presented_however_it_is_asked(
    evaluation: EvaluationRound, secretary: User, anonymous: Client, as_user: Login
) -> None:
    page, client = f"/evalueringsrunder/{evaluation.pk}/", as_user(secretary)
    publish(evaluation.goal_set)
    for sent in ({}, {"act": "published"}, {"accept": "1", "accepted": "on", "part": "evaluation_round"}):
        assert client.post(f"{page}offentliggoer/", sent).status_code == 422
    client.post(f"/saet/{evaluation.goal_set_id}/offentliggoer/", {"accept": "on"})
    assert not Publication.objects.filter(subject="evaluation_round").exists()
    assert anonymous.get(page).status_code == 404


# --- Who reads it -----------------------------------------------------------------------------------------------------

SECRET = "Kvalmkanin"


@pytest.fixture
def told(survey: Survey, goal: Goal, consultant: User) -> Survey:
    """A round where everything one leader is and says has a mark."""
    invitee = survey.invitees.order_by("pk")[0]
    Invitee.objects.filter(pk=invitee.pk).update(
        name=f"{SECRET} Leder", email=f"{SECRET}@eksempel.dk".lower(), unit_name=f"{SECRET}huset"
    )
    invitee.refresh_from_db()
    an_answer(invitee, {("text", goal): f"{SECRET} sagde det.", ("text", None): f"{SECRET} igen."})
    AnswerDraft.objects.create(
        invitee=invitee, question=survey.questions.earliest("position"), goal=goal, text=f"{SECRET} kladde", revision=1
    )
    return survey


def readable(survey: Survey) -> list[str]:
    evaluation = survey.evaluations.get()
    committee, goal_set = survey.committee, evaluation.goal_set
    one = survey.invitees.earliest("pk")
    goal = goal_set.goals.get(number=1)
    return [
        f"/evalueringsrunder/{evaluation.pk}/", f"/evalueringsrunder/{evaluation.pk}/samling/",
        f"/evalueringsrunder/{evaluation.pk}/samling/1/", f"/evalueringsrunder/{evaluation.pk}/sammenlign/",
        f"/evalueringsrunder/{evaluation.pk}/godkendelse/", f"/evalueringsrunder/{evaluation.pk}/fremlaeg/",
        f"/evalueringsrunder/{evaluation.pk}/skriv/", f"/runder/{survey.pk}/", f"/runder/{survey.pk}/vis/?som=leder",
        f"/runder/{survey.pk}/vis/", f"/runder/{survey.pk}/ret/", f"/runder/{survey.pk}/adspurgte/",
        f"/runder/{survey.pk}/spoergsmaal/", f"/runder/{survey.pk}/adspurgte/{one.pk}/",
        f"/runder/{survey.pk}/adspurgte/{one.pk}/mundtligt/", f"/runder/{survey.pk}/adspurgte/{one.pk}/ret/",
        f"/udvalg/{committee.slug}/runder/", f"/udvalg/{committee.slug}/", f"/saet/{goal_set.pk}/",
        f"/saet/{goal_set.pk}/notat.pdf", f"/saet/{goal_set.pk}/plan/", f"/saet/{goal_set.pk}/laering/",
        f"/saet/{goal_set.pk}/ikke-hoert/", f"/saet/{goal_set.pk}/overlevering/", f"/pejlemaerker/{goal.pk}/",
        f"/pejlemaerker/{goal.pk}/overlevering/", f"/pejlemaerker/{goal.pk}/ordlyd/", "/eksport.json", "/eksport.zip",
        "/aarshjul.ics", "/kalender.ics", "/nyt.atom", "/mit/", "/", "/godkendelser/", "/mit/paamindelser/",
        f"/udvalg/{committee.slug}/aarshjul/", f"/udvalg/{committee.slug}/laeseliste/",
    ]  # fmt: skip


def body_of(response: Any) -> str:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    return str(raw.decode("utf-8", "replace"))


STRANGERS = ["anonymous", "member", "leader", "other_secretary", "neighbour", "partner", "receiver", "citizen"]
NEAREST = {("anonymous", True), ("member", False), ("partner", True), ("leader", True)}  # every day


@pytest.fixture
def neighbour(municipality: Municipality, other_committee: Committee) -> User:
    return grant(make_user("nabo", "Nabo"), Role.CONSULTANT, municipality, other_committee)


@pytest.fixture
def partner(neighbour: User, goal_set: GoalSet, other_committee: Committee) -> User:
    """A consultant of a committee that shares the set."""
    goal_set.partners.add(other_committee)
    return neighbour


@pytest.fixture
def receiver(neighbour: User, goal_set: GoalSet, other_committee: Committee) -> User:
    """A consultant of the committee that the set was handed over to."""
    period = GoalPeriod.objects.create(
        committee=other_committee, starts_on=date(2026, 1, 1), ends_on=date(2029, 12, 31)
    )
    area = PolicyArea.objects.create(committee=other_committee, name="Børneområdet")
    to_set = GoalSet.objects.create(period=period, area=area, leader_group=goal_set.leader_group)
    SetClosing.objects.create(goal_set=goal_set, closed_on=date(2025, 12, 31), to_set=to_set)
    return neighbour


@pytest.mark.asvs("V8.2.3")
@pytest.mark.parametrize(
    ("who", "is_approved"),
    [
        pytest.param(*one, marks=[] if one in NEAREST else pytest.mark.drill)
        for one in [*((who, True) for who in STRANGERS), ("anonymous", False), ("member", False)]
    ],
)
def test_what_a_leader_says_is_read_by_nobody_else(
    who: str, is_approved: bool, told: Survey, request: pytest.FixtureRequest, as_user: Login
) -> None:
    """Not even when the text is done and public, as long as nothing of it was quoted."""
    evaluation = told.evaluations.get()
    publish(evaluation.goal_set)
    if is_approved:
        present(evaluation)
        publish(evaluation)
    client = Client() if who == "anonymous" else as_user(request.getfixturevalue(who))
    for path in readable(told):
        response = client.get(path)
        assert response.status_code in (200, 302, 403, 404), path
        assert SECRET.lower() not in body_of(response).lower(), path


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_act_on_no_round(who: str, told: Survey, request: pytest.FixtureRequest, as_user: Login) -> None:
    client = Client() if who == "anonymous" else as_user(request.getfixturevalue(who))
    one, evaluation = told.invitees.earliest("pk"), told.evaluations.get()
    before = Event.objects.count(), DBTaskResult.objects.count()
    parts = ["genaabn", "mundtligt", "links", "retur", "udgaar", "ret"]
    pages = [f"/runder/{told.pk}/adspurgte/{one.pk}/{part}/" for part in parts]
    pages += [f"/runder/{told.pk}/{part}/" for part in ("mind", "luk", "genaabn", "aabn", "ret", "spoergsmaal")]
    pages += [f"/runder/{told.pk}/adspurgte/", f"/runder/{told.pk}/adspurgte/ny/"]
    pages += [f"/evalueringsrunder/{evaluation.pk}/{part}/" for part in ("samling/1/skriv", "godkendelse", "fremlaeg")]
    pages += [f"/evalueringsrunder/{evaluation.pk}/{part}/" for part in ("godkendelse/send", "offentliggoer", "skriv")]
    for page in pages:
        status = client.post(page, {"step": "send", "name": "X", "email": "x@eksempel.dk", "hand_in": "1"}).status_code
        assert status in (302, 403, 404), page
    assert (Event.objects.count(), DBTaskResult.objects.count()) == before


def test_mark_is_seen_by_the_administration(told: Survey, consultant: User, as_user: Login) -> None:
    seen = [path for path in readable(told) if SECRET in body_of(as_user(consultant).get(path))]
    assert f"/runder/{told.pk}/" in seen
    assert not {"/eksport.json", "/eksport.zip", "/mit/", "/nyt.atom"} & set(seen)


# --- Letters ----------------------------------------------------------------------------------------------------------


def test_letter_that_waited_goes_to_the_corrected_address(invitee: Invitee, consultant: User) -> None:
    """Its link would open the answer for whoever had the address that was wrong."""
    old = invitee.email
    Letter.objects.create(
        key=f"indbydelse:{invitee.pk}:aabnet", kind="indbydelse", about=f"adspurgt:{invitee.pk}", to=old, subject="Emne"
    )
    correct_invitee(
        invitee=invitee, seen=(invitee.name, old), name=invitee.name, email="rettet@eksempel.dk", by=consultant
    )
    send_invitation.enqueue(invitee.pk, occasion="aabnet")
    run_tasks()
    assert {address for letter in mail.outbox for address in letter.to} == {"rettet@eksempel.dk"}


@pytest.mark.asvs("V1.3.11")
def test_line_breaks_make_no_header(survey: Survey, consultant: User) -> None:
    evil = "x\r\nBcc: alle@eksempel.dk"
    Survey.objects.filter(pk=survey.pk).update(subject=f"Emne{evil}")
    Invitee.objects.filter(survey=survey).update(name=f"Leder{evil}", unit_name=f"Hus{evil}")
    send_invitation.enqueue(survey.invitees.earliest("pk").pk, occasion="aabnet")
    run_tasks()
    (letter,) = mail.outbox
    assert message_from_bytes(letter.message().as_bytes(), policy=policy.default)["Bcc"] is None
    assert letter.recipients() == letter.to


def test_two_units_with_one_address_get_a_link_each(survey: Survey) -> None:
    one, two = survey.invitees.order_by("pk")
    Invitee.objects.filter(pk=two.pk).update(email=one.email)
    for invitee in (one, two):
        send_invitation.enqueue(invitee.pk, occasion="aabnet")
    run_tasks()
    tokens = {re.findall(r"/evaluering/([\w-]+)/", str(letter.body))[0] for letter in mail.outbox}
    assert {PersonalLink.objects.opened_by(token).get().invitee_id for token in tokens} == {one.pk, two.pk}


# --- Dialogue meetings ------------------------------------------------------------------------------------------------


@pytest.fixture
def planned(goal_set: GoalSet, closed_item: AgendaItem, goal: Goal) -> Dialogue:
    """A dialogue meeting ahead, with something internal in every corner."""
    dialogue = Dialogue.objects.create(
        committee=goal_set.period.committee, kind="midterm", held_on=today() + timedelta(days=20),
        invitation="Velkommen.", internal_notes=f"{SECRET} noter",
    )  # fmt: skip
    dialogue.goals.add(goal)
    ProgrammePoint.objects.create(dialogue=dialogue, position=1, title="Velkomst", notes=f"{SECRET} i punktet")
    Theme.objects.create(dialogue=dialogue, text=f"{SECRET} tema")
    DialogueTreatment.objects.create(dialogue=dialogue, item=closed_item, when="before")
    Participant.objects.create(
        dialogue=dialogue, side="leaders", name=f"{SECRET} Deltager", email=f"{SECRET}@eksempel.dk".lower()
    )
    return dialogue


def test_notes_of_a_planned_meeting_leave_the_house_by_no_way(planned: Dialogue, leader: User, as_user: Login) -> None:
    guest = Participant.objects.create(dialogue=planned, side="guests", name="Gæst", email="gaest@eksempel.dk")
    send_dialogue_invitation.enqueue(guest.pk, occasion="1")
    run_tasks()
    (letter,) = mail.outbox
    sent = letter.message().as_bytes().decode() + str(letter.body) + "".join(str(one) for one in letter.attachments)
    paths = [f"/dialogmoeder/{planned.pk}/{part}" for part in ("invitation.ics", "program.pdf")]
    for text in [sent, *(body_of(as_user(leader).get(path)) for path in paths)]:
        assert SECRET.lower() not in text.lower()
        assert CANARY not in text


@pytest.mark.parametrize("who", ["anonymous", "other_secretary", "citizen", "leader", "consultant"])
def test_closed_item_behind_a_dialogue_meeting_is_not_told(
    who: str, planned: Dialogue, request: pytest.FixtureRequest, as_user: Login
) -> None:
    publish(planned)
    client = Client() if who == "anonymous" else as_user(request.getfixturevalue(who))
    for part in ("", "behandling/", "program/", "noter/", "deltagere/", "program.pdf", "invitation.ics", "ret/"):
        page = body_of(client.get(f"/dialogmoeder/{planned.pk}/{part}"))
        assert CANARY not in page, part
        if who in ("anonymous", "other_secretary", "citizen"):
            assert SECRET.lower() not in page.lower(), part


@pytest.mark.asvs("V2.2.3")
@pytest.mark.parametrize(
    ("fields", "why"), [({"held_on": date(2099, 1, 1)}, "ikke holdt"), ({"cancelled": "Sne"}, "aflyst")]
)
def test_dialogue_that_was_not_held_is_not_published(
    fields: dict[str, Any], why: str, goal_set: GoalSet, secretary: User, as_user: Login
) -> None:
    values = {"kind": "midterm", "held_on": date(2023, 11, 20), "edited_by": secretary} | fields
    dialogue = Dialogue.objects.create(committee=goal_set.period.committee, **values)
    address = reverse("dialogue_publish", args=[dialogue.pk])
    answer = as_user(secretary).post(address, {"del": "dialogue"})
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert Client().get(dialogue.get_absolute_url()).status_code == 404


@pytest.mark.asvs("V2.2.3")
def test_evaluation_is_not_presented_at_another_committees_meeting(
    goal_set: GoalSet, other_committee: Committee, consultant: User
) -> None:
    meeting = Meeting.objects.create(committee=other_committee, date=today())
    evaluation = open_evaluation(
        goal_set=goal_set, kind="midterm", held_on=today(), step=None, nonce=uuid.uuid4(), by=consultant
    )
    statuses = [StatusText(goal, "Vi er i gang.", "", 0) for goal in goal_set.goals.all()]
    hand_in_statuses(evaluation=evaluation, statuses=statuses, nonce=uuid.uuid4(), by=consultant)
    with pytest.raises(NotAllowed, match="et andet udvalg"):
        review.present(
            evaluation=evaluation,
            meeting=meeting,
            dialogue=None,
            presented_on=today(),
            nonce=uuid.uuid4(),
            by=consultant,
        )  # fmt: skip

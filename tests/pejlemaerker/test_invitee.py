"""One who is asked: what was handed in is read, and what the house does leaves a trace."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from kit.clock import today
from meetings.actions import NotAllowed
from meetings.models import Event, Role, User
from pejlemaerker.actions import AnswerText
from pejlemaerker.actions.following import close_survey
from pejlemaerker.actions.invitees import (
    add_invitee,
    ask_again,
    correct_invitee,
    note_returned,
    record_oral_answer,
    reopen_for_leader,
    revoke_links,
    send_new_link,
    withdraw_invitee,
)
from pejlemaerker.models import (
    Adoption,
    Answer,
    AnswerDraft,
    AnswerSheet,
    GoalSet,
    Invitee,
    PersonalLink,
    Reopening,
    Survey,
)
from tests.conftest import Login, grant, make_user
from tests.pejlemaerker.surveys import a_survey, a_token
from tests.pejlemaerker.test_following import SECRET, answered, begun, enqueued, written_to


@pytest.fixture
def survey(goal_set: GoalSet, adoption: Adoption, consultant: User) -> Survey:
    return a_survey(goal_set, by=consultant)


@pytest.fixture
def invitee(survey: Survey) -> Invitee:
    return survey.invitees.earliest("pk")


def address(invitee: Invitee, act: str = "") -> str:
    return f"/runder/{invitee.survey_id}/adspurgte/{invitee.pk}/{f'{act}/' if act else ''}"


def page_of(invitee: Invitee, client: Client, query: str = "") -> str:
    return client.get(f"{address(invitee)}{query}").content.decode()


def as_told(invitee: Invitee, **changes: Any) -> dict[str, Any]:
    """The form for an oral answer as a browser sends it."""
    done, whole = (invitee.survey.questions.get(position=position) for position in (1, 5))
    goal = invitee.survey.goal_sets.get().goals.get(number=1)
    return {
        "answered_by": invitee.name, "nonce": str(uuid4()), "told_on": today().isoformat(),
        f"svar-{done.pk}-{goal.pk}-text": "Vi spørger børnene.", f"svar-{whole.pk}-text": "Ikke mere.", **changes,
    }  # fmt: skip


# --- Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["ret", "genaabn", "mundtligt"])
def test_pages_are_for_those_who_run_the_round(
    act: str, invitee: Invitee, anonymous: Client, member: User, consultant: User, as_user: Login
) -> None:
    head = grant(make_user("chef", "Cecilie Chef"), Role.HEAD, invitee.survey.committee.municipality)
    clients = [anonymous, as_user(member), as_user(head), as_user(consultant)]
    assert [client.get(address(invitee, act)).status_code for client in clients] == [302, 404, 403, 200]
    assert [client.put(address(invitee, act)).status_code for client in clients] == [302, 404, 403, 405]


@pytest.mark.parametrize("act", ["links", "retur", "udgaar"])
def test_presses_are_for_those_who_run_the_round(
    act: str, invitee: Invitee, anonymous: Client, member: User, consultant: User, as_user: Login
) -> None:
    written_to(invitee)
    head = grant(make_user("chef", "Cecilie Chef"), Role.HEAD, invitee.survey.committee.municipality)
    clients = [anonymous, as_user(member), as_user(head), as_user(consultant)]
    form = {"act": {"links": "send", "udgaar": "udgaar"}.get(act, "")}
    assert [client.post(address(invitee, act), form).status_code for client in clients] == [302, 404, 403, 303]
    assert as_user(consultant).get(address(invitee, act)).status_code == 405


def test_one_asked_in_another_round_is_not_here(
    invitee: Invitee, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    other = a_survey(goal_set, by=consultant, leaders=0)
    assert as_user(consultant).get(f"/runder/{other.pk}/adspurgte/{invitee.pk}/").status_code == 404


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_answer_stands_with_the_wording_it_was_about(
    invitee: Invitee, adoption: Adoption, consultant: User, as_user: Login
) -> None:
    sheet = answered(invitee, answered_by="Kim Kollega")
    Answer.objects.create(
        sheet=sheet, question=invitee.survey.questions.get(position=1), goal=adoption.version.goal,
        version=adoption.version, text="Vi har spurgt børnene.",
    )  # fmt: skip
    page = page_of(invitee, as_user(consultant))
    for words in ("af Kim Kollega", "Vi har spurgt børnene.", adoption.version.text, "Hvad har I gjort?"):
        assert words in page


def test_earlier_answers_are_kept_and_read(invitee: Invitee, consultant: User, as_user: Login) -> None:
    answered(invitee, "Det første svar.")
    answered(invitee, "Det andet svar.")
    client = as_user(consultant)
    shown = [[text in page_of(invitee, client, query) for text in ("første svar", "andet svar")]
             for query in ("", "?udgave=1", "?udgave=2", "?udgave=sludder")]  # fmt: skip
    assert shown == [[False, True], [True, False], [False, True], [False, True]]


def test_letters_and_links_are_told(invitee: Invitee, consultant: User, as_user: Login) -> None:
    written_to(invitee)
    written_to(invitee, returned_at=timezone.now(), returned_why="Adressen findes ikke")
    written_to(invitee, sent_at=None)
    written_to(invitee, sent_at=None, claimed_at=None)
    token = a_token(invitee)
    page = page_of(invitee, as_user(consultant))
    for words in ("Sendt kl. ", "Kom retur", "Adressen findes ikke", "Uvist", "Venter", "Virker til og med"):
        assert words in page
    assert token not in page


# --- Reopening -------------------------------------------------------------------------------------------------------


def test_answer_is_reopened_by_the_house_once(invitee: Invitee, consultant: User, as_user: Login) -> None:
    answered(invitee)
    client, until = as_user(consultant), today() + timedelta(days=5)
    for _ in range(2):
        form = {"until": until.isoformat(), "reason": "Byttet om"}
        assert client.post(address(invitee, "genaabn"), form).status_code == 303
    reopening = Reopening.objects.get()
    assert (reopening.until, reopening.reason, reopening.reopened_by) == (until, "Byttet om", consultant)
    page = page_of(invitee, client)
    assert ("Genåbnet til" in page, "(Byttet om), af Karen Konsulent." in page) == (True, True)


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "Dagen er gået."), (45, "virker højst til og med")], ids=["gone", "after the link"]
)
def test_reopening_is_refused_for_a_day_that_does_not_work(
    days: int, words: str, invitee: Invitee, consultant: User, as_user: Login
) -> None:
    answered(invitee)
    form = {"until": (today() + timedelta(days=days)).isoformat(), "reason": "Byttet om"}
    response = as_user(consultant).post(address(invitee, "genaabn"), form)
    assert (response.status_code, words in response.content.decode()) == (422, True)
    assert not Reopening.objects.exists()


def test_nothing_to_reopen_where_nothing_was_handed_in(invitee: Invitee, consultant: User) -> None:
    with pytest.raises(NotAllowed, match="intet svar at genåbne"):
        reopen_for_leader(invitee=invitee, until=today(), reason="x", by=consultant)


# --- Links and letters -----------------------------------------------------------------------------------------------


def test_new_link_is_sent_once(invitee: Invitee, consultant: User, as_user: Login) -> None:
    nonce = str(uuid4())
    for _ in range(2):
        as_user(consultant).post(address(invitee, "links"), {"act": "send", "nonce": nonce})
    assert enqueued() == [("send_invitation", invitee.pk, f"nyt-link-{nonce}")]
    assert Event.objects.filter(action="invitee_written_to").count() == 1


def test_links_are_revoked_and_open_nothing(invitee: Invitee, consultant: User, as_user: Login) -> None:
    tokens = [a_token(invitee), a_token(invitee)]
    for _ in range(2):
        assert as_user(consultant).post(address(invitee, "links"), {"act": "traek"}).status_code == 303
    assert [PersonalLink.objects.opened_by(token).exists() for token in tokens] == [False, False]
    assert Event.objects.get(action="invitee_links_revoked").changes == {"links": 2}
    assert "Trukket tilbage kl. " in page_of(invitee, as_user(consultant))


def test_links_are_revoked_in_a_closed_round_too(invitee: Invitee, consultant: User) -> None:
    token = a_token(invitee)
    close_survey(survey=invitee.survey, by=consultant)
    assert revoke_links(invitee=invitee, by=consultant) == 1
    assert not PersonalLink.objects.opened_by(token).exists()


def test_mail_is_noted_as_returned_once(invitee: Invitee, consultant: User, as_user: Login) -> None:
    letter = written_to(invitee)
    for why in ("Adressen findes ikke", "Noget andet"):
        assert as_user(consultant).post(address(invitee, "retur"), {"why": why}).status_code == 303
    letter.refresh_from_db()
    assert (letter.returned_at is not None, letter.returned_why) == (True, "Adressen findes ikke")
    assert Event.objects.filter(action="invitee_mail_returned").count() == 1


def test_mail_that_was_never_sent_cannot_come_back(invitee: Invitee, consultant: User, as_user: Login) -> None:
    response = as_user(consultant).post(address(invitee, "retur"), {"why": "x"})
    assert (response.status_code, "Der er ikke sendt noget til Leder 1." in response.content.decode()) == (422, True)


def test_corrected_email_gets_a_new_link_and_the_old_ones_close(
    invitee: Invitee, consultant: User, as_user: Login
) -> None:
    token = a_token(invitee)
    form = {"name": "Lene Leder", "email": "lene@eksempel.dk", "seen_name": "Leder 1", "seen_email": invitee.email}
    for _ in range(2):
        assert as_user(consultant).post(address(invitee, "ret"), form).status_code == 303
    invitee.refresh_from_db()
    assert (invitee.name, invitee.email) == ("Lene Leder", "lene@eksempel.dk")
    assert not PersonalLink.objects.opened_by(token).exists()
    assert [(task, pk) for task, pk, _ in enqueued()] == [("send_invitation", invitee.pk)]
    changes = Event.objects.get(action="invitee_corrected").changes
    assert changes["email"] == ["leder1@eksempel.dk", "lene@eksempel.dk"]


def test_corrected_name_sends_nothing(invitee: Invitee, consultant: User) -> None:
    token = a_token(invitee)
    seen = (invitee.name, invitee.email)
    correct_invitee(invitee=invitee, seen=seen, name="Lene Leder", email=invitee.email, by=consultant)
    assert (enqueued(), PersonalLink.objects.opened_by(token).exists()) == ([], True)


def test_correction_over_anothers_is_refused(invitee: Invitee, consultant: User, secretary: User) -> None:
    seen = (invitee.name, invitee.email)
    correct_invitee(invitee=invitee, seen=seen, name="Lene Leder", email=invitee.email, by=secretary)
    with pytest.raises(NotAllowed, match="En anden har rettet det imens: Lene Leder"):
        correct_invitee(invitee=invitee, seen=seen, name="Lone Leder", email=invitee.email, by=consultant)


# --- Asking no longer, and asking one more ---------------------------------------------------------------------------


def test_one_is_asked_no_longer_and_again(invitee: Invitee, consultant: User, as_user: Login) -> None:
    token, client = a_token(invitee), as_user(consultant)
    opens = []
    for act in ("udgaar", "udgaar", "igen", "igen"):
        assert client.post(address(invitee, "udgaar"), {"act": act}).status_code == 303
        opens.append(PersonalLink.objects.opened_by(token).exists())
    assert opens == [False, False, True, True]
    assert [event.action for event in Event.objects.filter(target_pk=invitee.pk).order_by("pk")] == [
        "invitee_withdrawn", "invitee_asked_again",
    ]  # fmt: skip


def test_one_who_has_answered_is_not_withdrawn(invitee: Invitee, consultant: User) -> None:
    answered(invitee)
    with pytest.raises(NotAllowed, match="svaret bliver stående"):
        withdraw_invitee(invitee=invitee, by=consultant)


def test_forgotten_leader_is_asked_at_once(survey: Survey, consultant: User, as_user: Login) -> None:
    group = survey.goal_sets.get().leader_group
    assert group
    form = {"name": "Gerda Glemt", "email": "gerda@eksempel.dk", "unit": "", "leader_group": group.pk}
    places = {as_user(consultant).post(f"/runder/{survey.pk}/adspurgte/ny/", form).headers["Location"] for _ in "ab"}
    gerda = survey.invitees.get(name="Gerda Glemt")
    assert (places, gerda.leader_group) == ({address(gerda)}, group)
    assert enqueued() == [("send_invitation", gerda.pk, "aabnet")]
    assert "Gerda Glemt" in as_user(consultant).get(survey.get_absolute_url()).content.decode()


def test_another_municipalitys_unit_is_not_offered(survey: Survey, consultant: User, as_user: Login) -> None:
    form = {"name": "Gerda Glemt", "email": "gerda@eksempel.dk", "unit": "999999", "leader_group": ""}
    assert as_user(consultant).post(f"/runder/{survey.pk}/adspurgte/ny/", form).status_code == 422


# --- Told orally -----------------------------------------------------------------------------------------------------


def test_oral_answer_is_written_down_once_and_marked(invitee: Invitee, consultant: User, as_user: Login) -> None:
    client, form = as_user(consultant), as_told(invitee, answered_by="Kim Kollega")
    for _ in range(2):
        assert client.post(address(invitee, "mundtligt"), form).status_code == 303
    sheet = AnswerSheet.objects.get()
    assert (sheet.recorded_by, sheet.reported_orally_on, sheet.answered_by) == (consultant, today(), "Kim Kollega")
    assert sorted(sheet.answers.values_list("text", flat=True)) == ["Ikke mere.", "Vi spørger børnene."]
    assert sheet.answers.get(text="Vi spørger børnene.").version is not None
    pages = page_of(invitee, client), client.get(invitee.survey.get_absolute_url()).content.decode()
    assert ["Svaret mundtligt" in page and "Karen Konsulent" in page for page in pages] == [True, True]


def test_oral_answer_leaves_what_the_leader_has_under_way(invitee: Invitee, consultant: User, as_user: Login) -> None:
    draft = begun(invitee)
    response = as_user(consultant).post(address(invitee, "mundtligt"), as_told(invitee))
    assert response.status_code == 303
    draft.refresh_from_db()
    assert (draft.text, draft.edited_by) == (SECRET, None)
    assert "Ikke mere." in AnswerSheet.objects.get().answers.values_list("text", flat=True)


def test_oral_answer_to_what_must_be_answered_is_asked_for(invitee: Invitee, consultant: User, as_user: Login) -> None:
    form = {key: "" if key.startswith("svar-") else value for key, value in as_told(invitee, told_on="").items()}
    response = as_user(consultant).post(address(invitee, "mundtligt"), form)
    page = response.content.decode()
    assert (response.status_code, "Svar på spørgsmålet" in page, "Skriv datoen." in page) == (422, True, True)
    assert not AnswerDraft.objects.exists()


def test_oral_answer_of_tomorrow_is_refused(invitee: Invitee, consultant: User, as_user: Login) -> None:
    form = as_told(invitee, told_on=(today() + timedelta(days=1)).isoformat())
    response = as_user(consultant).post(address(invitee, "mundtligt"), form)
    assert (response.status_code, "Dagen er ikke kommet endnu." in response.content.decode()) == (422, True)


def test_oral_answer_waits_until_an_answer_is_reopened(invitee: Invitee, consultant: User, as_user: Login) -> None:
    answered(invitee)
    client = as_user(consultant)
    response = client.post(address(invitee, "mundtligt"), as_told(invitee))
    assert (response.status_code, "Der er allerede svaret." in response.content.decode()) == (422, True)
    reopen_for_leader(invitee=invitee, until=today(), reason="Ringede", by=consultant)
    page = client.get(address(invitee, "mundtligt")).content.decode()
    assert "Vi har talt om det." in page  # what was handed in is where one begins
    assert client.post(address(invitee, "mundtligt"), as_told(invitee)).status_code == 303
    assert invitee.sheets.count() == 2


# --- Refused kindly --------------------------------------------------------------------------------------------------


def _oral(invitee: Invitee, by: Any) -> None:
    question = invitee.survey.questions.get(position=5)
    record_oral_answer(
        invitee=invitee, answers=[AnswerText(question, None, "Ja.")], answered_by="A", told_on=today(), nonce=uuid4(),
        by=by,
    )  # fmt: skip


ACTS: dict[str, Any] = {
    "add": lambda one, by: add_invitee(
        survey=one.survey, name="G", email="g@eksempel.dk", unit=None, leader_group=None, by=by
    ),
    "correct": lambda one, by: correct_invitee(
        invitee=one, seen=(one.name, one.email), name="G", email="g@eksempel.dk", by=by
    ),
    "reopen": lambda one, by: reopen_for_leader(invitee=one, until=today(), reason="x", by=by),
    "send": lambda one, by: send_new_link(invitee=one, nonce=uuid4(), by=by),
    "returned": lambda one, by: note_returned(invitee=one, why="", by=by),
    "withdraw": lambda one, by: withdraw_invitee(invitee=one, by=by),
    "again": lambda one, by: ask_again(invitee=one, by=by),
    "oral": _oral,
}


@pytest.mark.parametrize("act", ACTS)
def test_act_is_refused_where_the_round_is_closed_or_not_open_yet(
    act: str, invitee: Invitee, goal_set: GoalSet, consultant: User
) -> None:
    draft = a_survey(goal_set, by=consultant, opened=False)
    close_survey(survey=invitee.survey, by=consultant)
    events = Event.objects.count()
    for one, words in [(invitee, "Runden er lukket"), (draft.invitees.earliest("pk"), "ikke åbnet endnu")]:
        with pytest.raises(NotAllowed, match=words):
            ACTS[act](one, consultant)
    assert (Event.objects.count(), enqueued()) == (events, [])


def test_closed_round_says_so_instead_of_offering(invitee: Invitee, consultant: User, as_user: Login) -> None:
    close_survey(survey=invitee.survey, by=consultant)
    client = as_user(consultant)
    page = page_of(invitee, client)
    assert ("Runden er lukket." in page, "Send et nyt link" in page) == (True, False)
    response = client.post(address(invitee, "links"), {"act": "send"})
    assert (response.status_code, "Genåbn den først." in response.content.decode()) == (422, True)

"""Following an evaluation round: who has answered, who is reminded, and what a round is closed with."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries

from kit.clock import today
from meetings.actions import NotAllowed
from meetings.models import Event, Letter, Role, User
from pejlemaerker.actions.following import close_survey, remind_missing, reopen_survey
from pejlemaerker.models import Answer, AnswerDraft, AnswerSheet, GoalSet, Invitee, Reopening, Survey
from tests.conftest import Login, grant, make_user
from tests.pejlemaerker.surveys import a_survey, an_invitee

SECRET = "Vi er ikke færdige med at tænke."


@pytest.fixture
def survey(goal_set: GoalSet, consultant: User) -> Survey:
    return a_survey(goal_set, by=consultant, leaders=3)


def answered(invitee: Invitee, text: str = "Vi har talt om det.", **fields: Any) -> AnswerSheet:
    """The leader has handed in one answer."""
    sheet = AnswerSheet.objects.create(**{"invitee": invitee, "answered_by": invitee.name} | fields)
    Answer.objects.create(sheet=sheet, question=invitee.survey.questions.get(position=5), text=text)
    return sheet


def begun(invitee: Invitee) -> AnswerDraft:
    """The leader has written something and not handed in."""
    question = invitee.survey.questions.get(position=5)
    return AnswerDraft.objects.create(invitee=invitee, question=question, text=SECRET, revision=1)


def written_to(invitee: Invitee, **fields: Any) -> Letter:
    """A letter has been sent to the leader."""
    now = timezone.now()
    values = {"claimed_at": now, "sent_at": now, "to": invitee.email, "kind": "invitation", "subject": "Midtvejs"}
    key = f"indbydelse:{invitee.pk}:{Letter.objects.count()}"
    return Letter.objects.create(key=key, about=f"adspurgt:{invitee.pk}", **values | fields)


def page_of(survey: Survey, client: Client, query: str = "") -> str:
    return client.get(f"{survey.get_absolute_url()}{query}").content.decode()


def enqueued() -> list[tuple[str, Any, Any]]:
    """What waits in the queue: task, invitee, occasion."""
    return [
        (task.task_path.rpartition(".")[2], task.args_kwargs["args"][0], task.args_kwargs["kwargs"].get("occasion"))
        for task in DBTaskResult.objects.order_by("enqueued_at")
    ]


def leaders(survey: Survey) -> list[Invitee]:
    return list(survey.invitees.order_by("pk"))


# --- Who may ---------------------------------------------------------------------------------------------------------


def test_round_is_read_by_the_administration_alone(
    survey: Survey, anonymous: Client, citizen: User, leader: User, member: User, other_secretary: User,
    consultant: User, secretary: User, as_user: Login,
) -> None:  # fmt: skip
    head = grant(make_user("chef", "Cecilie Chef"), Role.HEAD, survey.committee.municipality)
    clients = [anonymous, *map(as_user, [citizen, leader, member, other_secretary, consultant, secretary, head])]
    addresses = [survey.get_absolute_url(), f"{survey.get_absolute_url()}adspurgte/{leaders(survey)[0].pk}/"]
    for address in addresses:
        assert [client.get(address).status_code for client in clients] == [302, 404, 404, 404, 404, 200, 200, 200]
        assert as_user(consultant).post(address).status_code == 405


def test_round_is_followed_by_those_who_run_it(
    survey: Survey, anonymous: Client, member: User, consultant: User, as_user: Login
) -> None:
    head = grant(make_user("chef", "Cecilie Chef"), Role.HEAD, survey.committee.municipality)
    clients = [anonymous, as_user(member), as_user(head), as_user(consultant)]
    for act in ("mind", "luk", "genaabn"):
        address = f"{survey.get_absolute_url()}{act}/"
        assert [client.post(address).status_code for client in clients] == [302, 404, 403, 303]
        assert as_user(consultant).get(address).status_code == 405


def test_head_sees_no_buttons(survey: Survey, as_user: Login) -> None:
    head = grant(make_user("chef", "Cecilie Chef"), Role.HEAD, survey.committee.municipality)
    page = page_of(survey, as_user(head))
    assert ("Leder 1" in page, "Mind 3 om det" in page, "Luk runden" in page) == (True, False, False)


# --- Where it stands -------------------------------------------------------------------------------------------------


def test_states_are_told_in_words(survey: Survey, consultant: User, as_user: Login) -> None:
    one, two, three = leaders(survey)
    four, five, six = (an_invitee(survey, number) for number in (4, 5, 6))
    answered(one, answered_by="Kim Kollega")
    begun(two)
    written_to(three, returned_at=timezone.now(), returned_why="Adressen findes ikke")
    answered(four, recorded_by=consultant, reported_orally_on=today())
    Invitee.objects.filter(pk=five.pk).update(withdrawn_at=timezone.now())
    answered(six)
    Reopening.objects.create(invitee=six, until=today() + timedelta(days=3), reason="Byttet om", reopened_by=consultant)
    page = page_of(survey, as_user(consultant))
    for words in (
        "3 af 5 har svaret", "svaret af Kim Kollega", "Begyndt", "Mailen kom retur", "Svaret mundtligt",
        "skrevet ned af Karen Konsulent", "Spørges ikke længere", "Genåbnet til", "1 er begyndt · 1 fik mailen retur",
    ):  # fmt: skip
        assert words in page
    assert '<progress class="progress" max="5" value="3"' in " ".join(page.split())


def test_what_is_under_way_is_the_leaders_own(survey: Survey, consultant: User, as_user: Login) -> None:
    invitee = leaders(survey)[0]
    begun(invitee)
    client = as_user(consultant)
    address = f"{survey.get_absolute_url()}adspurgte/{invitee.pk}/"
    pages = page_of(survey, client) + "".join(
        client.get(one).content.decode() for one in (address, f"{address}mundtligt/")
    )
    assert ("Begyndt" in pages, SECRET in pages) == (True, False)


def test_nobody_is_ranked(survey: Survey, consultant: User, as_user: Login) -> None:
    for number, name in enumerate(["Åse", "Ane", "Ærø", "Zita", "Øjvind"], start=10):
        an_invitee(survey, number, name=name)
    answered(survey.invitees.get(name="Zita"))
    page = page_of(survey, as_user(consultant))
    names = ["Ane", "Leder 1", "Leder 2", "Leder 3", "Zita", "Ærø", "Øjvind", "Åse"]
    assert sorted(names, key=lambda name: page.index(f">{name}</a>")) == names


def test_missing_are_shown_alone(survey: Survey, consultant: User, as_user: Login) -> None:
    answered(leaders(survey)[0])
    page = page_of(survey, as_user(consultant), "?vis=mangler")
    assert [f">Leder {number}</a>" in page for number in (1, 2, 3)] == [False, True, True]


def test_late_answer_is_told_as_late(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    due_on = today() - timedelta(days=2)
    survey = a_survey(goal_set, by=consultant, held_on=due_on, due_on=due_on)
    answered(leaders(survey)[0])
    page = page_of(survey, as_user(consultant))
    assert ("efter fristen" in page, "Der kan svares, til runden lukkes." in page) == (True, True)


def test_draft_says_what_to_do_first(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    survey = a_survey(goal_set, by=consultant, opened=False)
    page = page_of(survey, as_user(consultant))
    assert ("Runden er ikke åbnet endnu" in page, f"/runder/{survey.pk}/ret/" in page, "Luk runden" in page) == (
        True, True, False,
    )  # fmt: skip


def test_common_texts_are_one_step_away(survey: Survey, consultant: User, as_user: Login) -> None:
    evaluation = survey.evaluations.get()
    assert f'href="/evalueringsrunder/{evaluation.pk}/samling/"' in page_of(survey, as_user(consultant))


@pytest.mark.parametrize("count", [3, 30])
def test_page_costs_the_same_for_few_and_many(
    count: int, goal_set: GoalSet, consultant: User, as_user: Login, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    survey = a_survey(goal_set, by=consultant, leaders=count)
    for invitee in leaders(survey)[::2]:
        answered(invitee)
        written_to(invitee)
        Reopening.objects.create(invitee=invitee)
    remind_missing(survey=survey, by=consultant)
    client = as_user(consultant)
    client.get(survey.get_absolute_url())  # the session is written anew once
    with django_assert_num_queries(12):
        client.get(survey.get_absolute_url())


# --- Reminding -------------------------------------------------------------------------------------------------------


def test_reminder_goes_to_those_missing_once_a_day(survey: Survey, consultant: User, as_user: Login) -> None:
    one, two, three = leaders(survey)
    answered(one)
    client = as_user(consultant)
    for _ in range(2):
        assert client.post(f"{survey.get_absolute_url()}mind/").status_code == 303
    occasion = f"paamindelse-{today().isoformat()}"
    assert enqueued() == [("send_reminder", two.pk, occasion), ("send_reminder", three.pk, occasion)]
    assert Event.objects.filter(action="survey_reminded").count() == 1
    assert "er allerede mindet om det i dag" in page_of(survey, client)


def test_reminder_goes_again_the_next_day(survey: Survey, consultant: User, monkeypatch: pytest.MonkeyPatch) -> None:
    remind_missing(survey=survey, by=consultant)
    tomorrow = today() + timedelta(days=1)
    monkeypatch.setattr("pejlemaerker.actions.following.today", lambda: tomorrow)
    assert len(remind_missing(survey=survey, by=consultant).to) == 3
    assert len(enqueued()) == 6


def test_reminder_names_those_it_does_not_reach(survey: Survey, consultant: User, as_user: Login) -> None:
    one, two, three = leaders(survey)
    written_to(one, returned_at=timezone.now())
    Invitee.objects.filter(pk=two.pk).update(email="")
    Invitee.objects.filter(pk=three.pk).update(no_reminders_at=timezone.now())
    four = an_invitee(survey, 4)
    client = as_user(consultant)
    page = client.post(f"{survey.get_absolute_url()}mind/", follow=True).content.decode()
    assert [invitee for _, invitee, _ in enqueued()] == [four.pk]
    assert (
        "En påmindelse er på vej til Leder 4. Ingen påmindelse til Leder 1 (mailen kom retur), "
        "Leder 2 (har ingen e-mail) og Leder 3 (vil ikke mindes om det)."
    ) in page


def test_mail_to_an_address_that_was_corrected_came_not_back(survey: Survey, consultant: User) -> None:
    one = leaders(survey)[0]
    written_to(one, returned_at=timezone.now(), to="forkert@eksempel.dk")
    assert one.pk in [each.invitee.pk for each in remind_missing(survey=survey, by=consultant).to]


@pytest.mark.parametrize("act", ["mind"])
def test_closed_round_refuses_kindly(act: str, survey: Survey, consultant: User, as_user: Login) -> None:
    close_survey(survey=survey, by=consultant)
    response = as_user(consultant).post(f"{survey.get_absolute_url()}{act}/")
    assert (response.status_code, "Runden er lukket. Genåbn den først." in response.content.decode()) == (422, True)
    assert enqueued() == []


@pytest.mark.parametrize("act", [remind_missing, close_survey])
def test_round_that_is_not_opened_is_not_followed(act: Any, goal_set: GoalSet, consultant: User) -> None:
    survey = a_survey(goal_set, by=consultant, opened=False)
    with pytest.raises(NotAllowed, match="ikke åbnet"):
        act(survey=survey, by=consultant)


def test_no_reminder_with_a_link_that_has_expired(goal_set: GoalSet, consultant: User) -> None:
    survey = a_survey(goal_set, by=consultant, due_on=today() - timedelta(days=31))
    with pytest.raises(NotAllowed, match="Forlæng fristen"):
        remind_missing(survey=survey, by=consultant)


# --- Closing ---------------------------------------------------------------------------------------------------------


def test_round_is_closed_once_with_the_missing_named(survey: Survey, consultant: User, as_user: Login) -> None:
    answered(leaders(survey)[0])
    client = as_user(consultant)
    page = page_of(survey, client)
    assert "Leder 2 (Børnehus 2) og Leder 3 (Børnehus 3) har ikke svaret." in page
    for _ in range(2):
        assert client.post(f"{survey.get_absolute_url()}luk/").status_code == 303
    event = Event.objects.get(action="survey_closed")
    assert (event.actor, event.changes) == (
        "Karen Konsulent", {"missing": ["Leder 2, Børnehus 2", "Leder 3, Børnehus 3"]},
    )  # fmt: skip
    page = page_of(survey, client)
    assert ("Runden blev lukket" in page, "Mind 2 om det" in page, "Genåbn runden" in page) == (True, False, True)


def test_common_text_is_the_next_step_when_the_answers_are_in(survey: Survey, consultant: User, as_user: Login) -> None:
    client, button = as_user(consultant), "button button-primary"
    asked_today = page_of(survey, client)
    Survey.objects.filter(pk=survey.pk).update(opened_at=timezone.now() - timedelta(days=2))
    later = page_of(survey, client)
    client.post(f"{survey.get_absolute_url()}luk/")
    closed = page_of(survey, client)
    assert [button in page for page in (asked_today, later, closed)] == [False, True, True]
    assert ["Mind 3 om det" in page for page in (asked_today, later, closed)] == [True, True, False]
    evaluation = survey.evaluations.get()
    assert f'class="{button}" href="/evalueringsrunder/{evaluation.pk}/samling/"' in " ".join(closed.split())


def test_round_is_opened_again_once(survey: Survey, consultant: User, as_user: Login) -> None:
    close_survey(survey=survey, by=consultant)
    for _ in range(2):
        as_user(consultant).post(f"{survey.get_absolute_url()}genaabn/")
    survey.refresh_from_db()
    assert survey.is_open
    assert Event.objects.filter(action="survey_reopened").count() == 1
    assert "Runden blev genåbnet, af Karen Konsulent." in page_of(survey, as_user(consultant))


def test_closed_round_remembers_when_it_was_closed(survey: Survey, consultant: User, secretary: User) -> None:
    first = close_survey(survey=survey, by=consultant).closed_at
    assert close_survey(survey=survey, by=secretary).closed_at == first
    reopen_survey(survey=survey, by=secretary)
    assert Survey.objects.get().closed_at is None


def test_year_is_told_where_it_is_another(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    survey = a_survey(goal_set, by=consultant, held_on=date(2025, 11, 1), due_on=date(2025, 12, 1))
    answered(leaders(survey)[0])
    assert f"Svaret {today().day}. " in page_of(survey, as_user(consultant))

"""The leader's page: opened by a personal link, kept while it is written, handed in, opened again."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import page
import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kit.clock import today
from kit.logs import HideTokens
from meetings.actions import NotAllowed
from meetings.models import Event, User
from pejlemaerker.actions import AnswerText, hand_in_answers, reopen_answer, save_answers
from pejlemaerker.documents.answering import AnsweringDocument
from pejlemaerker.models import (
    Adoption,
    Answer,
    AnswerDraft,
    AnswerSheet,
    GoalSet,
    GoalVersion,
    Invitee,
    PersonalLink,
    Reopening,
    Survey,
)
from pejlemaerker.papers import answer_sheet_pdf
from pejlemaerker.settings import LOGGING
from tests.conftest import Login
from tests.kit.test_pdf import failures
from tests.pejlemaerker.surveys import a_survey, a_token, an_invitee

HTMX = {"HX-Request": "true"}


@pytest.fixture
def survey(goal_set: GoalSet, adoption: Adoption, consultant: User) -> Survey:
    return a_survey(goal_set, by=consultant)


@pytest.fixture
def invitee(survey: Survey) -> Invitee:
    return survey.invitees.order_by("pk")[0]


@pytest.fixture
def address(invitee: Invitee) -> str:
    return f"/evaluering/{a_token(invitee)}/"


@pytest.fixture(autouse=True)
def _nobody_has_guessed() -> None:
    cache.clear()


def asked(invitee: Invitee) -> list[Any]:
    """The questions on the page, in order: three about pejlemærke 1, two about the whole."""
    return list(AnsweringDocument.for_invitee(invitee))


def written(invitee: Invitee, *texts: str, **more: str) -> dict[str, str]:
    """The page as a browser sends it, when nothing stood there before."""
    form = {"nonce": str(uuid4()), "answered_by": invitee.name}
    for one, text in zip(asked(invitee), [*texts, "", "", "", "", ""], strict=False):
        form |= {f"svar-{one.key}-text": text, f"svar-{one.key}-revision": ""}
    return form | more


def handed_in(invitee: Invitee, *texts: str, **more: str) -> dict[str, str]:
    """The same, with the button that hands in."""
    return written(invitee, *texts, hand_in="1", **more)


def drafts(invitee: Invitee) -> list[str]:
    """What is kept, in the order of the questions."""
    return list(AnswerDraft.objects.filter(invitee=invitee).order_by("question", "goal").values_list("text", flat=True))


def give(invitee: Invitee, text: str = "Vi taler med børnene.") -> AnswerSheet:
    """Hand in an answer to the first question."""
    first = asked(invitee)[0]
    answers = [AnswerText(first.question, first.goal, text)]
    return hand_in_answers(invitee=invitee, answers=answers, answered_by=invitee.name, nonce=uuid4())


# --- Opening ----------------------------------------------------------------------------------------------------------


def test_page_tells_whom_it_asks_about_what(address: str, adoption: Adoption, anonymous: Client) -> None:
    page = anonymous.get(address).content.decode()
    for told in (
        "Kære Leder 1.", "Du svarer for Børnehus 1.", "Svarfristen er", adoption.version.text, "Hvad har I gjort?",
        "Skriv ikke navne på børn",
    ):  # fmt: skip
        assert told in page


def test_page_tells_how_much_is_asked(
    address: str, goal_set: GoalSet, adoption: Adoption, consultant: User, anonymous: Client
) -> None:
    page = anonymous.get(address).content.decode()
    draft = a_survey(goal_set, by=consultant, opened=False).invitees.all()[0]
    draft.survey.questions.filter(is_per_goal=False).update(is_required=True)
    more = AnsweringDocument.for_invitee(draft).effort_text
    draft.survey.questions.update(is_required=False)
    none = AnsweringDocument.for_invitee(draft).effort_text
    assert "Du spørges om et pejlemærke. Kun ét spørgsmål skal besvares; resten er frivilligt." in page
    assert "Spørgsmål, der ikke skal besvares, er mærket frivillige." in more
    assert "Svar på det, du kan; intet skal udfyldes." in none


def test_pejlemaerke_without_a_wording_that_day_is_not_asked_about(invitee: Invitee) -> None:
    document = AnsweringDocument.for_invitee(invitee)
    assert [goal.number for goal in document.goals] == [1]


def test_wording_is_the_one_in_force_on_the_day_of_the_round(
    goal_set: GoalSet, adoption: Adoption, consultant: User
) -> None:
    later = GoalVersion.objects.create(goal=adoption.version.goal, number=2, text="Vi har fået en ny ordlyd.")
    Adoption.objects.create(version=later, decision=adoption.decision, in_force_from=date(2024, 1, 1))
    texts = [
        AnsweringDocument.for_invitee(a_survey(goal_set, by=consultant, held_on=day).invitees.all()[0]).goals[0].wording
        for day in (date(2023, 12, 31), date(2024, 1, 1))
    ]
    assert texts == [adoption.version.text, later.text]


def test_page_needs_no_cookie_and_is_kept_by_nobody(address: str, anonymous: Client) -> None:
    response = anonymous.get(address)
    headers = {name: response.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")}
    assert headers == {
        "Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow",
    }  # fmt: skip
    assert list(anonymous.cookies) == []
    assert address.split("/")[2] not in response.content.decode().partition("</title>")[0]


def test_looking_changes_nothing(address: str, anonymous: Client) -> None:
    anonymous.get(address)
    assert (AnswerDraft.objects.count(), AnswerSheet.objects.count()) == (0, 0)


@pytest.mark.parametrize("tail", ["", "aabn/", "besvarelse.pdf", "paamindelser/"])
@pytest.mark.parametrize("wrong", ["altered", "revoked", "expired", "withdrawn", "not opened", "unknown"])
def test_every_wrong_link_gets_the_same_kind_page(wrong: str, tail: str, invitee: Invitee, anonymous: Client) -> None:
    token = a_token(invitee)
    links = PersonalLink.objects.filter(invitee=invitee)
    if wrong == "altered":
        token = token[:-1] + ("a" if token[-1] != "a" else "b")
    elif wrong == "revoked":
        links.update(revoked_at=timezone.now())
    elif wrong == "expired":
        links.update(expires_at=timezone.now())
    elif wrong == "withdrawn":
        Invitee.objects.update(withdrawn_at=timezone.now())
    elif wrong == "not opened":
        Survey.objects.update(opened_at=None)
    else:
        token = "findes-ikke"
    ask = anonymous.post if tail == "aabn/" else anonymous.get
    response = ask(f"/evaluering/{token}/{tail}")
    page = response.content.decode()
    assert response.status_code == 404
    assert "Linket virker ikke" in page
    assert [told for told in ("Leder 1", "Børnehus", token) if told in page] == []


def test_only_its_own_methods_are_answered(address: str, anonymous: Client) -> None:
    assert anonymous.put(address).status_code == 405
    assert anonymous.get(f"{address}aabn/").status_code == 405
    assert anonymous.post(f"{address}besvarelse.pdf").status_code == 405


def test_who_guesses_has_to_wait_and_the_right_link_opens_all_the_same(
    early_in_the_hour: None, address: str, anonymous: Client
) -> None:
    statuses = [anonymous.get(f"/evaluering/gaet-{n}/").status_code for n in range(21)]
    slowed = anonymous.get("/evaluering/gaet/")
    assert statuses == [404] * 20 + [429]
    assert 0 < int(slowed.headers["Retry-After"]) <= 600
    assert anonymous.get(address).status_code == 200


def test_token_is_not_logged(address: str, anonymous: Client, caplog: pytest.LogCaptureFixture) -> None:
    token = address.split("/")[2]
    caplog.handler.addFilter(HideTokens())  # as on the handler of the settings
    with caplog.at_level("INFO"):
        anonymous.put(address)
        anonymous.get(f"/evaluering/{token}x/")
    assert "/evaluering/…" in caplog.text
    assert token not in caplog.text
    assert LOGGING["handlers"]["stdout"]["filters"] == ["tokens"]  # type: ignore[index]


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_answer_is_kept_as_one_writes(address: str, invitee: Invitee, anonymous: Client) -> None:
    with time_machine.travel("2026-11-22T14:32:00+01:00", tick=False):
        response = anonymous.post(address, written(invitee, "Vi taler med børnene."), headers=HTMX)
    fragment = response.content.decode()
    assert (response.status_code, drafts(invitee)) == (200, ["Vi taler med børnene."])
    assert "Gemt kl. 14.32" in fragment or "Gemt 22. november 2026 kl. 14.32" in fragment
    assert "<html" not in fragment


def test_answer_is_kept_by_the_button_without_javascript(address: str, invitee: Invitee, anonymous: Client) -> None:
    response = anonymous.post(address, written(invitee, "Vi taler.", "good_progress", "12", "Ja", "Tak."))
    assert (response.status_code, response.headers["Location"]) == (303, address)
    assert drafts(invitee) == ["Vi taler.", "good_progress", "12", "Ja", "Tak."]
    page = anonymous.get(address).content.decode()
    assert "Vi taler." in page
    assert page.count("checked") == 2
    assert AnswerSheet.objects.count() == 0


def test_first_button_does_not_hand_in(address: str, anonymous: Client) -> None:
    form = anonymous.get(address).content.decode().partition('<form id="besvarelse"')[2]
    first = form[form.index('<button type="submit"') :].partition(">")[0]
    assert "name=" not in first


def test_pasting_twenty_pages_loses_nothing(address: str, invitee: Invitee, anonymous: Client) -> None:
    page = "“Vi er godt på vej” – og børnene er med 😀 …\n- punkt ét\n- punkt to\n\n" + "ordene står her. " * 180
    text = (page * 20).strip()
    word = (
        text.replace("\n- ", "\n•\t")
        .replace("\n", "\r\n")
        .replace("på vej", "på\u00a0vej")
        .replace("børn", "bør\u00adn")
    )
    assert len(text) > 60_000
    anonymous.post(address, written(invitee, word + "\x00\x07"), headers=HTMX)
    assert drafts(invitee) == [text]


def test_no_field_cuts_what_is_pasted(address: str, anonymous: Client) -> None:
    assert "maxlength" not in anonymous.get(address).content.decode()


def test_answer_that_is_too_long_is_kept_and_not_handed_in(address: str, invitee: Invitee, anonymous: Client) -> None:
    text = "x" * 200_001
    response = anonymous.post(address, handed_in(invitee, text))
    page = response.content.decode()
    assert (response.status_code, drafts(invitee), AnswerSheet.objects.count()) == (422, [text], 0)
    assert "højst være på 200000" in page
    assert text in page


def test_choice_that_cannot_be_chosen_is_not_kept(address: str, invitee: Invitee, anonymous: Client) -> None:
    anonymous.post(address, written(invitee, "", "fremragende", "", "Måske"))
    assert drafts(invitee) == []


def test_post_needs_no_session(address: str, invitee: Invitee) -> None:
    browser = Client(enforce_csrf_checks=True)  # fresh, or its session has expired, or it refuses cookies
    assert browser.post(address, written(invitee, "Første."), headers=HTMX).status_code == 200
    assert drafts(invitee) == ["Første."]


def test_warning_stands_beside_what_may_name_somebody(address: str, invitee: Invitee, anonymous: Client) -> None:
    fragment = anonymous.post(address, written(invitee, "Ring på 36 39 36 39."), headers=HTMX).content.decode()
    assert "Telefonnummer •• •• •• 39" in fragment


def test_asked_takes_the_same_queries_for_one_and_three_pejlemaerker(
    goal_set: GoalSet, adoption: Adoption, consultant: User, anonymous: Client, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        while goal_set.goals.count() < count + 1:
            number = goal_set.goals.count() + 1
            goal = goal_set.goals.create(number=number)
            version = GoalVersion.objects.create(goal=goal, number=1, text=f"Vi arbejder {number}.")
            Adoption.objects.create(version=version, decision=adoption.decision, in_force_from=date(2022, 10, 3))
        address = f"/evaluering/{a_token(a_survey(goal_set, by=consultant).invitees.all()[0])}/"
        with django_assert_num_queries(8):
            page = anonymous.get(address).content.decode()
        assert page.count("Hvad har I gjort?") == count


# --- What was answered before -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("same", ["unit", "e-mail"])
def test_previous_answer_stands_beside_the_question(
    same: str, goal_set: GoalSet, adoption: Adoption, consultant: User, anonymous: Client
) -> None:
    before = a_survey(goal_set, by=consultant, held_on=today() - timedelta(days=300), leaders=2)
    first, second = before.invitees.order_by("pk")
    answer_all(first, "Sidst talte vi med børnene.", number="11")
    answer_all(second, "Det er en anden enheds svar.", number="99")
    now = a_survey(goal_set, by=consultant, leaders=0)
    if same == "unit":
        invitee = an_invitee(now, 1, name="Ny Leder", email="ny@eksempel.dk")
    else:
        invitee = an_invitee(now, 7, email="LEDER1@eksempel.dk")
    page = anonymous.get(f"/evaluering/{a_token(invitee)}/").content.decode()
    assert "Sidst talte vi med børnene." in page
    assert "11\u00a0børn" in page
    assert "anden enheds" not in page


def answer_all(invitee: Invitee, text: str, *, number: str) -> AnswerSheet:
    values = [text, "good_progress", number]
    answers = [AnswerText(one.question, one.goal, value) for one, value in zip(asked(invitee), values, strict=False)]
    return hand_in_answers(invitee=invitee, answers=answers, answered_by=invitee.name, nonce=uuid4())


# --- Handing in -------------------------------------------------------------------------------------------------------


def test_answers_are_handed_in_about_the_wording_of_the_day(
    address: str, invitee: Invitee, adoption: Adoption, anonymous: Client
) -> None:
    response = anonymous.post(address, handed_in(invitee, "Vi taler.", "under_way", "1.234,5", "Ja"))
    sheet = AnswerSheet.objects.get()
    answers = list(sheet.answers.values_list("text", "number", "version", "goal"))
    version, goal = adoption.version_id, adoption.version.goal_id
    assert (response.status_code, sheet.answered_by, sheet.invitee) == (303, "Leder 1", invitee)
    assert [(text, str(number or ""), *rest) for text, number, *rest in answers] == [
        ("Vi taler.", "", version, goal), ("under_way", "", version, goal), ("1.234,5", "1234.5000", version, goal),
        ("Ja", "", None, None),
    ]  # fmt: skip
    assert Event.objects.filter(action="answer_handed_in", target_pk=sheet.pk).exists()


def test_receipt_is_asked_for_once(address: str, invitee: Invitee, anonymous: Client) -> None:
    form = handed_in(invitee, "Vi taler.")
    assert [anonymous.post(address, form).status_code for _ in range(2)] == [303, 303]
    sheet = AnswerSheet.objects.get()
    tasks = DBTaskResult.objects.filter(task_path="pejlemaerker.tasks.send_receipt")
    assert [task.args_kwargs["args"] for task in tasks] == [[sheet.pk]]


def test_receipt_page_shows_what_was_handed_in(address: str, invitee: Invitee, anonymous: Client) -> None:
    anonymous.post(address, handed_in(invitee, "Vi taler <b>.", "under_way", "12", "Ja"))
    page = anonymous.get(address).content.decode()
    for told in ("Tak for dit svar", "Vi taler &lt;b&gt;.", "På vej", "12\u00a0børn", "af Leder 1.", "Ret dit svar"):
        assert told in page


@pytest.mark.parametrize(
    ("texts", "error"),
    [
        ((" ", "under_way"), "Svar på spørgsmålet, før du afgiver."),
        (("Vi taler.", "", "mange"), "Skriv tallet med cifre"),
        (("Barnet 010190-1234 er med.",), "CPR-nummer (010190-••••)"),
    ],
    ids=["required", "number", "cpr"],
)
def test_what_cannot_be_handed_in_is_kept_as_a_draft(
    texts: tuple[str, ...], error: str, address: str, invitee: Invitee, anonymous: Client
) -> None:
    response = anonymous.post(address, handed_in(invitee, *texts))
    page = response.content.decode()
    assert (response.status_code, AnswerSheet.objects.count()) == (422, 0)
    assert error in page
    assert drafts(invitee) == [text for text in texts if text.strip()]


def test_past_the_form_the_required_is_required(invitee: Invitee) -> None:
    with pytest.raises(NotAllowed):
        give(invitee, "  ")
    assert AnswerSheet.objects.count() == 0


def test_one_who_answers_without_a_name_is_asked(address: str, invitee: Invitee, anonymous: Client) -> None:
    response = anonymous.post(address, handed_in(invitee, "Vi taler.", answered_by=" "))
    assert (response.status_code, AnswerSheet.objects.count()) == (422, 0)


def test_colleague_may_answer_and_is_named(address: str, invitee: Invitee, anonymous: Client) -> None:
    anonymous.post(address, written(invitee, "Vi taler.", answered_by="Ulla Souschef"), headers=HTMX)
    assert 'value="Ulla Souschef"' in anonymous.get(address).content.decode()
    anonymous.post(address, handed_in(invitee, "Vi taler.", answered_by="Ulla Souschef"))
    assert AnswerSheet.objects.get().answered_by == "Ulla Souschef"


def test_what_may_name_somebody_is_warned_of_once(address: str, invitee: Invitee, anonymous: Client) -> None:
    first = anonymous.post(address, handed_in(invitee, "Ring på 36 39 36 39."))
    page = first.content.decode()
    warned = page.partition('name="advaret" value="')[2].partition('"')[0]
    assert (first.status_code, AnswerSheet.objects.count()) == (422, 0)
    second = anonymous.post(address, handed_in(invitee, "Ring på 36 39 36 39.", advaret=warned))
    assert (second.status_code, AnswerSheet.objects.count()) == (303, 1)


def test_late_answer_is_taken_until_the_round_is_closed(
    goal_set: GoalSet, adoption: Adoption, consultant: User, anonymous: Client
) -> None:
    survey = a_survey(goal_set, by=consultant, due_on=today() - timedelta(days=1))
    late, later = survey.invitees.order_by("pk")
    address, closed = f"/evaluering/{a_token(late)}/", f"/evaluering/{a_token(later)}/"
    assert "svaret kommer for sent" in anonymous.get(address).content.decode()
    assert anonymous.post(address, handed_in(late, "Vi taler.")).status_code == 303
    Survey.objects.filter(pk=survey.pk).update(closed_at=timezone.now())
    refused = anonymous.post(closed, handed_in(later, "Vi kom for sent."))
    assert (refused.status_code, drafts(later), AnswerSheet.objects.count()) == (422, ["Vi kom for sent."], 1)
    page = anonymous.get(closed).content.decode()
    assert ("Runden er lukket" in page, "Du kan stadig svare" in page) == (True, False)
    assert "Vi kom for sent." in page
    assert 'name="hand_in"' not in page


# --- After handing in -------------------------------------------------------------------------------------------------


def test_leader_reopens_until_the_deadline_and_hands_in_anew(address: str, invitee: Invitee, anonymous: Client) -> None:
    give(invitee, "Første svar.")
    response = anonymous.post(f"{address}aabn/")
    assert (response.status_code, response.headers["Location"], Reopening.objects.count()) == (303, address, 1)
    anonymous.post(f"{address}aabn/")
    assert Reopening.objects.count() == 1
    page = anonymous.get(address).content.decode()
    stamp = page.partition('-revision" value="')[2].partition('"')[0]
    first = asked(invitee)[0]
    form = handed_in(invitee, "Andet svar.") | {f"svar-{first.key}-revision": stamp}
    assert anonymous.post(address, form).status_code == 303
    assert list(Answer.objects.values_list("text", flat=True)) == ["Første svar.", "Andet svar."]
    assert list(Answer.objects.counting().values_list("text", flat=True)) == ["Andet svar."]


def test_after_the_deadline_only_the_house_reopens(
    goal_set: GoalSet, adoption: Adoption, consultant: User, anonymous: Client
) -> None:
    survey = a_survey(goal_set, by=consultant, due_on=today())
    invitee = survey.invitees.all()[0]
    address = f"/evaluering/{a_token(invitee)}/"
    give(invitee)
    until = today() + timedelta(days=3)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        page = anonymous.get(address).content.decode()
        anonymous.post(f"{address}aabn/")
        assert ("kontakt din konsulent" in page, "Ret dit svar" in page, Reopening.objects.count()) == (True, False, 0)
        reopen_answer(invitee=invitee, by=consultant, until=until, reason="Et tal mangler.")
        assert "Afgiv svar" in anonymous.get(address).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert "Tak for dit svar" in anonymous.get(address).content.decode()


def test_what_is_written_after_the_handing_in_is_kept_and_told(
    address: str, invitee: Invitee, anonymous: Client
) -> None:
    give(invitee, "Første.")
    last = asked(invitee)[-1]
    form = written(invitee) | {f"svar-{last.key}-text": "Skrevet på telefonen."}
    fragment = anonymous.post(address, form, headers=HTMX).content.decode()
    assert "allerede afgivet" in fragment
    assert "Skrevet på telefonen." in drafts(invitee)
    assert "Der er skrevet mere siden" in anonymous.get(address).content.decode()
    assert anonymous.post(address, form | {"hand_in": "1"}).status_code == 422
    assert AnswerSheet.objects.count() == 1


def test_answer_told_orally_names_its_writer_and_day(invitee: Invitee, consultant: User) -> None:
    first = asked(invitee)[0]
    sheet = hand_in_answers(
        invitee=invitee, answers=[AnswerText(first.question, first.goal, "Fortalt.")], answered_by="Leder 1",
        nonce=uuid4(), recorded_by=consultant, reported_orally_on=today(),
    )  # fmt: skip
    assert (sheet.recorded_by, sheet.reported_orally_on) == (consultant, today())


def test_paper_is_the_same_twice_and_needs_something_handed_in(
    address: str, invitee: Invitee, anonymous: Client
) -> None:
    assert anonymous.get(f"{address}besvarelse.pdf").status_code == 404
    sheet = give(invitee)
    response = anonymous.get(f"{address}besvarelse.pdf")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.content == answer_sheet_pdf(sheet)


def test_paper_of_emoji_is_valid(invitee: Invitee) -> None:
    paper = answer_sheet_pdf(give(invitee, "Vi er glade 😀👩🏽‍🏫🇩🇰 – “godt” …\n\n- og i gang"))
    assert failures(paper, page.ValidationProfile.PDF_UA_1) == []


def test_reminders_are_stopped_by_a_button_and_not_by_looking(
    address: str, invitee: Invitee, anonymous: Client
) -> None:
    def stopped() -> bool:
        return Invitee.objects.filter(pk=invitee.pk, no_reminders_at__isnull=False).exists()

    anonymous.get(f"{address}paamindelser/")
    assert not stopped()
    assert anonymous.post(f"{address}paamindelser/").status_code == 303
    assert stopped()
    assert "Du bliver ikke mindet om det" in anonymous.get(f"{address}paamindelser/").content.decode()


def test_one_who_is_logged_in_answers_as_the_link_says(
    address: str, invitee: Invitee, consultant: User, as_user: Login
) -> None:
    as_user(consultant).post(address, written(invitee, "Vi taler."))
    assert AnswerDraft.objects.get().edited_by is None


def test_preview_shows_what_will_be_asked(goal_set: GoalSet, adoption: Adoption, consultant: User) -> None:
    survey = a_survey(goal_set, by=consultant, opened=False, leaders=0)
    document = AnsweringDocument.for_invitee(Invitee(survey=survey, name="Leder Ledersen"))
    assert (len(document.goals), len(document.once), document.state.can_hand_in) == (1, 2, True)


def test_saving_for_somebody_tells_who_wrote(invitee: Invitee, consultant: User) -> None:
    first = asked(invitee)[0]
    save_answers(invitee=invitee, answers=[AnswerText(first.question, first.goal, "Fortalt.")], by=consultant)
    assert AnswerDraft.objects.get().edited_by == consultant

"""The roll-up: all answers beside the common text, and quotations word for word."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kit.clock import today
from meetings.models import Event, User
from pejlemaerker.actions import choose_quotation
from pejlemaerker.actions.quotations import piece_of
from pejlemaerker.documents.sentences import sentences_of
from pejlemaerker.models import (
    Adoption,
    Answer,
    EvaluationRound,
    Goal,
    GoalSet,
    Quotation,
    StatusDraft,
    StatusEntry,
    Survey,
)
from tests.conftest import Login
from tests.pejlemaerker.answering import all_answer, an_answer
from tests.pejlemaerker.surveys import a_survey

HTMX = {"HX-Request": "true"}


@pytest.fixture
def survey(goal_set: GoalSet, adoption: Adoption, consultant: User) -> Survey:
    return a_survey(goal_set, by=consultant, leaders=3)


@pytest.fixture
def evaluation(survey: Survey) -> EvaluationRound:
    found: EvaluationRound = survey.evaluations.get()
    return found


@pytest.fixture
def goal(goal_set: GoalSet) -> Goal:
    return goal_set.goals.get(number=1)


@pytest.fixture
def answers(survey: Survey, goal: Goal) -> list[Answer]:
    all_answer(survey, goal, leaders=2)
    return list(Answer.objects.filter(goal=goal, question__kind="text").order_by("pk"))


def page_of(evaluation: EvaluationRound) -> str:
    return f"/evalueringsrunder/{evaluation.pk}/samling/1/"


def written(text: str = "", *, revision: int = 0, assessment: str = "", **more: Any) -> dict[str, Any]:
    """The writing page as a browser sends it; the name of a button with "-" is given with "_"."""
    return {
        "nonce": str(uuid4()), "marked": "", "status-1-text": text, "status-1-assessment": assessment,
        "status-1-revision": revision,
    } | {name.replace("_", "-"): value for name, value in more.items()}  # fmt: skip


def send(client: Client, evaluation: EvaluationRound, form: dict[str, Any], **options: Any) -> Any:
    return client.post(f"{page_of(evaluation)}skriv/", form, **options)


def quoted() -> list[tuple[str, str]]:
    return list(Quotation.objects.values_list("text", "source"))


# --- Who reads what the leaders said ----------------------------------------


@pytest.mark.parametrize("part", ["samling/", "samling/1/"])
def test_answers_are_for_the_administration_only(
    part: str, answers: list[Answer], evaluation: EvaluationRound, anonymous: Client, citizen: User, leader: User,
    member: User, other_secretary: User, consultant: User, secretary: User, head: User, administrator: User,
    as_user: Login,
) -> None:  # fmt: skip
    address = f"/evalueringsrunder/{evaluation.pk}/{part}"
    turned_away = [anonymous, *(as_user(one) for one in (citizen, other_secretary, leader, member))]
    assert [client.get(address).status_code for client in turned_away] == [302, 404, 404, 403, 403]
    readers = [as_user(one) for one in (consultant, secretary, head, administrator)]
    assert [client.get(address).status_code for client in readers] == [200] * 4
    assert readers[0].post(address).status_code == 405


def test_writing_is_for_those_who_follow_up(
    answers: list[Answer], evaluation: EvaluationRound, anonymous: Client, member: User, other_member: User, head: User,
    consultant: User, as_user: Login,
) -> None:  # fmt: skip
    form = written("Det går.")
    clients = [anonymous, *(as_user(one) for one in (other_member, member, head, consultant))]
    assert [send(client, evaluation, form).status_code for client in clients] == [302, 404, 403, 403, 303]
    assert as_user(consultant).get(f"{page_of(evaluation)}skriv/").status_code == 405


def test_pejlemaerke_that_is_not_there_is_not_found(
    evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    assert as_user(consultant).get(f"/evalueringsrunder/{evaluation.pk}/samling/9/").status_code == 404


# --- What stands on the page ----------------------------------------


def test_every_answer_stands_with_its_unit(
    answers: list[Answer], survey: Survey, evaluation: EvaluationRound, goal: Goal, consultant: User, as_user: Login
) -> None:
    an_answer(survey.invitees.get(name="Leder 3"), {("text", goal): "Det lærte vi meget af."}, told_to=consultant)
    page = as_user(consultant).get(page_of(evaluation)).content.decode()
    assert all(f"Vi har talt med {n} familier. Det virker." in page for n in (2, 3))
    assert all(f">Børnehus {n}</h4>" in page for n in (1, 2, 3))
    assert "Leder 3 · fortalt mundtligt 3. maj 2026" in page
    assert "3 af 3 adspurgte har svaret." in page


def test_only_the_newest_answer_counts(
    answers: list[Answer], survey: Survey, evaluation: EvaluationRound, goal: Goal, consultant: User, as_user: Login
) -> None:
    an_answer(survey.invitees.order_by("pk")[0], {("text", goal): "Vi har tænkt os om."})
    page = as_user(consultant).get(page_of(evaluation)).content.decode()
    assert ("tænkt os om" in page, "talt med 2 familier" in page, "talt med 3 familier" in page) == (True, False, True)


def test_answers_can_be_narrowed_to_one_question(
    answers: list[Answer], survey: Survey, evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    number = survey.questions.get(kind="number")
    page = as_user(consultant).get(f"{page_of(evaluation)}?spoergsmaal={number.pk}").content.decode()
    assert ("talt med" in page, "2\u00a0børn" in page) == (False, True)


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 40, "٣"])
def test_nonsense_in_the_address_shows_all(
    asked: str, answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    page = as_user(consultant).get(page_of(evaluation), {"spoergsmaal": asked, "lederkreds": asked, "sum": asked})
    assert (page.status_code, "talt med 2 familier" in page.content.decode()) == (200, True)


def test_figures_are_added_up_only_when_asked_and_never_averaged(
    answers: list[Answer], survey: Survey, evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    client, number = as_user(consultant), survey.questions.get(kind="number")
    plain = client.get(page_of(evaluation)).content.decode()
    added = client.get(f"{page_of(evaluation)}?sum={number.pk}").content.decode()
    assert ("I alt" in plain, "I alt, 2 svar" in added, "3\u00a0børn" in added) == (False, True, True)
    assert "ennemsnit" not in added


def test_text_from_last_time_stands_beside(
    answers: list[Answer], evaluation: EvaluationRound, goal: Goal, consultant: User, as_user: Login
) -> None:
    before = EvaluationRound.objects.create(
        goal_set=goal.goal_set, kind="midterm", held_on=evaluation.held_on - timedelta(days=300)
    )
    StatusEntry.objects.create(round=before, goal=goal, text="Sidst gik det trægt.", nonce=uuid4())
    assert "Sidst gik det trægt." in as_user(consultant).get(page_of(evaluation)).content.decode()


@pytest.mark.parametrize("leaders", [3, 40])
def test_page_asks_the_same_however_many_answered(
    leaders: int, goal_set: GoalSet, adoption: Adoption, goal: Goal, consultant: User, as_user: Login,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    survey = a_survey(goal_set, by=consultant, leaders=leaders)
    all_answer(survey, goal, leaders=leaders)
    evaluation, client = survey.evaluations.get(), as_user(consultant)
    for answer in Answer.objects.filter(goal=goal, question__kind="text")[: leaders // 2]:
        choose_quotation(
            evaluation=evaluation, goal=goal, answer=answer, text="Det virker.", nonce=uuid4(), by=consultant
        )
    client.get(page_of(evaluation))
    with django_assert_num_queries(20):
        assert client.get(page_of(evaluation)).status_code == 200
    with django_assert_num_queries(17):
        assert client.get(f"/evalueringsrunder/{evaluation.pk}/samling/").status_code == 200


def test_overview_tells_how_far_each_pejlemaerke_is(
    answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    send(client, evaluation, written("Det går.", citer=f"{answers[0].pk}:1"))
    page = client.get(f"/evalueringsrunder/{evaluation.pk}/samling/").content.decode()
    assert "2 af 3 adspurgte har svaret. Der er skrevet om et af et pejlemærke." in page  # the other has no wording
    assert ("2 har svaret · 1 citat" in page, "Kladde" in page, "Ikke begyndt" in page) == (True, True, True)
    assert "Tak for et godt år." in page  # what was asked once


def test_evaluation_with_a_round_is_written_in_the_roll_up(
    evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    response = as_user(consultant).get(f"/evalueringsrunder/{evaluation.pk}/skriv/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/evalueringsrunder/{evaluation.pk}/samling/")


# --- Writing the common text ----------------------------------------


def test_text_is_saved_as_one_writes(evaluation: EvaluationRound, consultant: User, as_user: Login) -> None:
    response = send(as_user(consultant), evaluation, written("Æ 😀 Det går.", assessment="under_way"), headers=HTMX)
    draft, fragment = StatusDraft.objects.get(), response.content.decode()
    assert (response.status_code, draft.text, draft.assessment) == (200, "Æ 😀 Det går.", "under_way")
    assert ("Gemt kl. " in fragment, "<textarea" in fragment, 'name="status-1-revision" value="1"' in fragment) == (
        True, False, True,
    )  # fmt: skip


def test_two_who_write_at_once_see_both_texts(
    evaluation: EvaluationRound, consultant: User, secretary: User, as_user: Login
) -> None:
    send(as_user(secretary), evaluation, written("Sekretærens."))
    response = send(as_user(consultant), evaluation, written("Konsulentens."))
    page = response.content.decode()
    assert (response.status_code, "Sekretærens." in page, "Konsulentens." in page) == (409, True, True)
    assert StatusDraft.objects.get().text == "Sekretærens."


# --- Quotations ----------------------------------------


def test_sentence_is_quoted_without_javascript_and_the_text_is_kept(
    answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    response = send(as_user(consultant), evaluation, written("Skrevet imens.", citer=f"{answers[0].pk}:1"))
    assert response.headers["Location"] == f"{page_of(evaluation)}#svar-{answers[0].pk}"
    assert (quoted(), StatusDraft.objects.get().text) == ([("Det virker.", "Børnehus 1")], "Skrevet imens.")


def test_marked_words_are_quoted_as_they_were_typed(
    survey: Survey, evaluation: EvaluationRound, goal: Goal, consultant: User, as_user: Login
) -> None:
    sheet = an_answer(survey.invitees.order_by("pk")[0], {("text", goal): "Vi læser\n  højt hver dag, og det går."})
    answer = sheet.answers.get()
    form = written(citer_markeret=str(answer.pk)) | {"marked": "læser højt  hver dag"}
    response = send(as_user(consultant), evaluation, form, headers=HTMX)
    assert (response.status_code, quoted()) == (200, [("læser\n  højt hver dag", "Børnehus 1")])
    assert f'id="citeret-{answer.pk}"' in response.content.decode()


@pytest.mark.parametrize("marked", ["noget, ingen har sagt", "", "   "])
def test_words_that_were_not_said_are_not_quoted(
    marked: str, answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    form = written("Skrevet.", citer_markeret=str(answers[0].pk)) | {"marked": marked}
    response = send(as_user(consultant), evaluation, form)
    page = response.content.decode()
    assert (response.status_code, "ord for ord" in page, "Skrevet." in page, quoted()) == (422, True, True, [])


@pytest.mark.parametrize("button", ["0:0", "x", "1:9", f"{'9' * 30}:0"])
def test_nonsense_quotes_nothing(
    button: str, answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    assert (send(as_user(consultant), evaluation, written(citer=button)).status_code, quoted()) == (422, [])


def test_answer_to_another_round_is_not_quoted(
    answers: list[Answer], goal_set: GoalSet, evaluation: EvaluationRound, goal: Goal, consultant: User, as_user: Login
) -> None:
    other = a_survey(goal_set, by=consultant, leaders=1, held_on=today() - timedelta(days=400))
    all_answer(other, goal, leaders=1)
    stranger = Answer.objects.filter(sheet__invitee__survey=other, question__kind="text").first()
    assert stranger
    assert send(as_user(consultant), evaluation, written(citer=f"{stranger.pk}:0")).status_code == 422
    assert quoted() == []


def test_quoting_twice_quotes_once(
    answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    form = written(citer=f"{answers[0].pk}:1")
    assert [send(client, evaluation, form).status_code for _ in range(2)] == [303, 303]
    assert (len(quoted()), Event.objects.filter(action="quotation_chosen").count()) == (1, 1)


def test_source_can_be_told_in_general_words_but_not_be_empty(
    answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    send(client, evaluation, written(citer=f"{answers[0].pk}:1"))
    field = f"citat-{Quotation.objects.get().pk}-source"
    assert send(client, evaluation, written() | {field: "En daginstitution"}).status_code == 303
    assert quoted() == [("Det virker.", "En daginstitution")]
    refused = send(client, evaluation, written() | {field: " "})
    assert (refused.status_code, "Skriv, hvor citatet kommer fra." in refused.content.decode()) == (422, True)
    assert quoted() == [("Det virker.", "En daginstitution")]


def test_quotations_are_moved_and_removed(
    answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    for button in (f"{answers[0].pk}:0", f"{answers[0].pk}:1", f"{answers[1].pk}:1"):
        send(client, evaluation, written(citer=button))
    first, second, third = Quotation.objects.all()
    send(client, evaluation, written(op=third.pk))
    send(client, evaluation, written(ned=first.pk))
    moved = list(Quotation.objects.all())
    send(client, evaluation, written(fjern=first.pk))
    assert (moved, list(Quotation.objects.all())) == ([third, first, second], [third, second])


def test_quotation_is_put_into_the_text_at_the_end(
    answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    send(client, evaluation, written("Det går godt.", citer=f"{answers[0].pk}:1"))
    form = written("Det går meget godt.", revision=1, indsaet=Quotation.objects.get().pk)
    response = send(client, evaluation, form, headers=HTMX)
    told = "Det går meget godt.\n\n»Det virker.« (Børnehus 1)"
    assert (StatusDraft.objects.get().text, told in response.content.decode()) == (told, True)


def test_personal_data_in_a_quotation_is_pointed_out(
    survey: Survey, evaluation: EvaluationRound, goal: Goal, consultant: User, as_user: Login
) -> None:
    sheet = an_answer(survey.invitees.order_by("pk")[0], {("text", goal): "Ring til mor på 22 33 44 55."})
    client = as_user(consultant)
    send(client, evaluation, written(citer=f"{sheet.answers.get().pk}:0"))
    page = client.get(page_of(evaluation)).content.decode()
    assert "Telefonnummer •• •• •• 55" in page


def test_quotation_is_verbatim_past_the_form(answers: list[Answer], evaluation: EvaluationRound, goal: Goal) -> None:
    def quote(text: str) -> Quotation:
        return Quotation.objects.create(evaluation=evaluation, goal=goal, answer=answers[0], text=text, source="Et hus")

    with pytest.raises(IntegrityError, match="word for word"), transaction.atomic():
        quote("Det virker ikke.")
    kept = quote("Det virker.")
    with pytest.raises(IntegrityError, match="word for word"), transaction.atomic():
        Quotation.objects.filter(pk=kept.pk).update(text="Det virkede.")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Vi læser. Det virker!", ("Vi læser.", "Det virker!")),
        ("Vi bruger bl.a. Leg og f.eks. sang.", ("Vi bruger bl.a. Leg og f.eks. sang.",)),
        ("Vi begyndte den 3. maj. Så kom 12 børn.", ("Vi begyndte den 3. maj.", "Så kom 12 børn.")),
        ("– Et punkt\n\n– Et andet", ("– Et punkt", "– Et andet")),
        ("»Kom!« sagde de. Så kom vi.", ("»Kom!« sagde de.", "Så kom vi.")),
        ("", ()),
    ],
)  # fmt: skip
def test_sentences_are_cut_word_for_word(text: str, sentences: tuple[str, ...]) -> None:
    assert sentences_of(text) == sentences
    assert all(one in text for one in sentences)


@pytest.mark.parametrize(
    ("text", "wanted", "piece"),
    [("a  b\nc", "a b c", "a  b\nc"), ("(a.*)", "(a.*)", "(a.*)"), ("abc", "x", ""), ("abc", "", "")],
)
def test_piece_is_found_whatever_the_spaces(text: str, wanted: str, piece: str) -> None:
    assert piece_of(text, wanted) == piece


# --- What comes next ----------------------------------------


def test_saving_goes_on_to_the_next_pejlemaerke_and_after_the_last_to_the_overview(
    answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    client, overview = as_user(consultant), f"/evalueringsrunder/{evaluation.pk}/samling/"
    onwards = send(client, evaluation, written("Det går.", videre="1"))
    with_htmx = send(client, evaluation, written("Det går.", revision=1, videre="1"), headers=HTMX)
    form = {name.replace("-1-", "-2-"): value for name, value in written(videre="1").items()}
    last = client.post(f"{overview}2/skriv/", form)
    assert (onwards.status_code, onwards.headers["Location"]) == (303, f"{overview}2/")
    assert with_htmx.headers["HX-Redirect"] == f"{overview}2/"
    assert last.headers["Location"] == overview
    assert StatusDraft.objects.get(goal__number=1).text == "Det går."


def test_overview_points_at_what_is_not_written_yet(
    answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    client, overview = as_user(consultant), f"/evalueringsrunder/{evaluation.pk}/samling/"
    before = client.get(overview).content.decode()
    send(client, evaluation, written("Det går."))
    after = client.get(overview).content.decode()
    assert ("Skriv om pejlemærke 1" in before, "Skriv om pejlemærke" in after) == (True, False)  # 2 has no wording
    assert "Uden ordlyd i kraft den dag: ingen er spurgt" in before


def test_nobody_is_counted_for_a_pejlemaerke_that_nobody_was_asked_about(
    answers: list[Answer], evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    page = client.get(f"/evalueringsrunder/{evaluation.pk}/samling/2/").content.decode()
    assert "Ingen er spurgt om dette pejlemærke" in page
    assert [len(goal.spreads) for goal in client.get(evaluation.get_absolute_url()).context["document"].goals] == [1, 0]


def test_evaluation_page_leads_to_the_common_text_and_to_who_has_answered(
    answers: list[Answer], survey: Survey, evaluation: EvaluationRound, consultant: User, as_user: Login
) -> None:
    page = as_user(consultant).get(evaluation.get_absolute_url()).content.decode()
    assert f'href="/evalueringsrunder/{evaluation.pk}/samling/"' in page
    assert f'href="/runder/{survey.pk}/"' in page
    assert "Sammenlign med sidst" not in page  # there is no evaluation before it

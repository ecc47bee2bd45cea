"""The review of the common text: sent, sent back, approved and handed in, presented, and only then public."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kit.clock import today
from meetings.actions import NotAllowed
from meetings.models import Event, Meeting, Municipality, Publication, Role, User
from pejlemaerker.actions import (
    StatusText,
    TextStands,
    choose_quotation,
    open_evaluation,
    publish_evaluation,
    request_review,
    save_status_draft,
)
from pejlemaerker.documents.notes.choices import SectionKey
from pejlemaerker.models import (
    Adoption,
    Answer,
    AsOf,
    Dialogue,
    EvaluationRound,
    Goal,
    GoalSet,
    Quotation,
    ReviewAct,
    StatusDraft,
    StatusEntry,
)
from tests.conftest import Login, grant, make_user, present, publish
from tests.days import AHEAD
from tests.pejlemaerker.answering import all_answer
from tests.pejlemaerker.surveys import a_survey
from tests.pejlemaerker.telling import told_in

HELD_ON = date(2023, 11, 14)


@pytest.fixture
def evaluation(goal_set: GoalSet, adoption: Adoption, consultant: User) -> EvaluationRound:
    survey = a_survey(goal_set, by=consultant, leaders=2, held_on=HELD_ON)
    all_answer(survey, goal_set.goals.get(number=1), leaders=2)
    found: EvaluationRound = survey.evaluations.get()
    return found


@pytest.fixture
def goal(evaluation: EvaluationRound) -> Goal:
    return evaluation.goal_set.goals.get(number=1)


@pytest.fixture
def draft(evaluation: EvaluationRound, goal: Goal, consultant: User) -> StatusDraft:
    """A text about pejlemærke 1, with a quotation."""
    answer = Answer.objects.filter(goal=goal, question__kind="text").earliest("pk")
    choose_quotation(evaluation=evaluation, goal=goal, answer=answer, text="Det virker.", nonce=uuid4(), by=consultant)
    return save_status_draft(evaluation=evaluation, status=StatusText(goal, "Det går.", "", 0), by=consultant)


@pytest.fixture
def requested(evaluation: EvaluationRound, draft: StatusDraft, consultant: User) -> ReviewAct:
    return request_review(evaluation=evaluation, nonce=uuid4(), by=consultant)


@pytest.fixture
def met(evaluation: EvaluationRound) -> Meeting:
    """A meeting after the evaluation."""
    return Meeting.objects.create(committee=evaluation.goal_set.period.committee, date=date(2023, 12, 4))


def at(evaluation: EvaluationRound, part: str = "") -> str:
    return f"/evalueringsrunder/{evaluation.pk}/{part}"


def step(client: Client, evaluation: EvaluationRound, name: str) -> int:
    """Press one of the buttons of the overview."""
    return client.post(at(evaluation, "godkendelse/send/"), {"step": name, "nonce": str(uuid4())}).status_code


def reads(client: Client, evaluation: EvaluationRound) -> dict[str, Any]:
    """The head's page as a browser sends it back."""
    form = client.get(at(evaluation, "godkendelse/")).context["form"]
    return {"seen": form.initial["seen"], "nonce": str(uuid4()), "remark": ""}


def acts() -> list[str]:
    return list(ReviewAct.objects.values_list("act", flat=True))


def entries() -> list[str]:
    return list(StatusEntry.objects.values_list("text", flat=True))


# --- Sending, and who may ----------------------------------------


def test_each_step_is_for_those_whose_it_is(
    evaluation: EvaluationRound, requested: ReviewAct, anonymous: Client, other_member: User, member: User,
    consultant: User, head: User, as_user: Login,
) -> None:  # fmt: skip
    clients = [anonymous, *(as_user(one) for one in (other_member, member, consultant, head))]
    assert [client.get(at(evaluation, "godkendelse/")).status_code for client in clients] == [302, 404, 403, 403, 200]
    assert [client.get(at(evaluation, "fremlaeg/")).status_code for client in clients] == [302, 404, 403, 200, 403]
    assert [step(client, evaluation, "send") for client in clients] == [302, 404, 403, 422, 403]
    assert clients[3].get(at(evaluation, "godkendelse/send/")).status_code == 405
    assert [client.get("/godkendelser/").status_code for client in clients] == [302, 403, 403, 403, 200]


def test_head_finds_the_text_on_their_own_page(
    evaluation: EvaluationRound, requested: ReviewAct, head: User, member: User, as_user: Login
) -> None:
    assert "/godkendelser/" in as_user(head).get("/mit/").content.decode()
    assert "/godkendelser/" not in as_user(member).get("/mit/").content.decode()
    waiting = as_user(head).get("/godkendelser/", headers={"HX-Request": "true"}).content.decode()
    assert (at(evaluation, "godkendelse/") in waiting, "<html" in waiting) == (True, False)


def test_text_that_does_not_wait_is_on_no_list(
    evaluation: EvaluationRound, requested: ReviewAct, municipality: Municipality, head: User, consultant: User,
    as_user: Login,
) -> None:  # fmt: skip
    step(as_user(consultant), evaluation, "tag-tilbage")
    assert "Ingen tekster venter" in as_user(head).get("/godkendelser/").content.decode()


def test_head_elsewhere_approves_nothing_here(
    evaluation: EvaluationRound, requested: ReviewAct, as_user: Login
) -> None:
    elsewhere = Municipality.objects.create(name="Herning Kommune", slug="herning", code="657")
    stranger = as_user(grant(make_user("fremmed", "Frida Fremmed"), Role.HEAD, elsewhere))
    assert stranger.get(at(evaluation, "godkendelse/")).status_code == 404
    assert "Ingen tekster venter" in stranger.get("/godkendelser/").content.decode()


def test_nothing_written_is_not_sent(evaluation: EvaluationRound, consultant: User, as_user: Login) -> None:
    assert (step(as_user(consultant), evaluation, "send"), acts()) == (422, [])


def test_cpr_number_is_neither_sent_nor_handed_in(
    evaluation: EvaluationRound, goal: Goal, consultant: User, as_user: Login
) -> None:
    status = StatusText(goal, "Barnet 010190-1234 trives.", "", 0)
    save_status_draft(evaluation=evaluation, status=status, by=consultant)
    client = as_user(consultant)
    assert [step(client, evaluation, name) for name in ("send", "afgiv")] == [422, 422]
    assert (acts(), entries()) == ([], [])


def test_sending_twice_sends_once(
    evaluation: EvaluationRound, draft: StatusDraft, consultant: User, as_user: Login
) -> None:
    form = {"step": "send", "nonce": str(uuid4())}
    client = as_user(consultant)
    assert [client.post(at(evaluation, "godkendelse/send/"), form).status_code for _ in range(2)] == [303, 303]
    assert acts() == ["requested"]


# --- While it lies there, it stands ----------------------------------------


def test_text_that_lies_for_review_is_refused_kindly_before_the_database_does(
    evaluation: EvaluationRound, requested: ReviewAct, draft: StatusDraft, consultant: User, as_user: Login
) -> None:
    form = {"status-1-text": "Nyt.", "status-1-assessment": "", "status-1-revision": 1, "nonce": str(uuid4())}
    client, address = as_user(consultant), at(evaluation, "samling/1/skriv/")
    plain, fragment = client.post(address, form), client.post(address, form, headers={"HX-Request": "true"})
    assert (plain.status_code, fragment.status_code) == (422, 422)
    assert "Ikke gemt. Teksten ligger til godkendelse" in fragment.content.decode()
    assert ("Nyt." in plain.content.decode(), StatusDraft.objects.get().text) == (True, "Det går.")
    assert "Gem kladde" not in client.get(at(evaluation, "samling/1/")).content.decode()


def test_quotations_of_a_text_that_lies_for_review_stand_too(
    evaluation: EvaluationRound, requested: ReviewAct, goal: Goal, consultant: User
) -> None:
    answer = Answer.objects.filter(goal=goal, question__kind="text").latest("pk")
    with pytest.raises(TextStands):
        choose_quotation(
            evaluation=evaluation, goal=goal, answer=answer, text="Det virker.", nonce=uuid4(), by=consultant
        )


@pytest.mark.parametrize("act", ["requested", "approved", "presented"])
def test_text_stands_past_the_forms(act: str, evaluation: EvaluationRound, draft: StatusDraft) -> None:
    dialogue = Dialogue.objects.create(committee=evaluation.goal_set.period.committee, kind="midterm", held_on=HELD_ON)
    where = {"dialogue": dialogue, "presented_on": HELD_ON} if act == "presented" else {}
    ReviewAct.objects.create(evaluation=evaluation, act=act, **where)
    attempts: list[Any] = [
        lambda: StatusDraft.objects.update(text="Noget andet."),
        lambda: StatusDraft.objects.all().delete(),
        lambda: Quotation.objects.update(source="Et andet hus"),
        lambda: Quotation.objects.all().delete(),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError, match="stands as it was read"), transaction.atomic():
            attempt()


def test_evaluation_without_a_round_is_refused_kindly_on_its_own_page(
    goal_set: GoalSet, adoption: Adoption, consultant: User, as_user: Login
) -> None:
    evaluation = open_evaluation(
        goal_set=goal_set, kind="midterm", held_on=HELD_ON, step=None, nonce=uuid4(), by=consultant
    )
    one = StatusText(goal_set.goals.get(number=1), "Det går.", "", 0)
    save_status_draft(evaluation=evaluation, status=one, by=consultant)
    client = as_user(consultant)
    before = client.get(at(evaluation, "skriv/")).status_code
    request_review(evaluation=evaluation, nonce=uuid4(), by=consultant)
    form = {"nonce": str(uuid4())} | {
        f"status-{number}-{name}": value
        for number, text, revision in [(1, "Nyt.", 1), (2, "", 0)]
        for name, value in [("text", text), ("assessment", ""), ("revision", revision)]
    }
    refused = client.post(at(evaluation, "skriv/"), form)
    assert (before, client.get(at(evaluation, "skriv/")).status_code, refused.status_code) == (200, 302, 422)
    assert "Ikke gemt. Teksten ligger til godkendelse" in refused.content.decode()
    same = form | {"status-1-text": "Det går.", "hand_in": "1"}
    assert (client.post(at(evaluation, "skriv/"), same).status_code, entries()) == (409, [])


# --- Back, or approved ----------------------------------------


def test_text_is_sent_back_with_a_remark_and_can_be_written_in_again(
    evaluation: EvaluationRound, requested: ReviewAct, consultant: User, head: User, as_user: Login
) -> None:
    client = as_user(head)
    form = reads(client, evaluation)
    silent = client.post(at(evaluation, "godkendelse/"), form | {"send-tilbage": "1"})
    assert (silent.status_code, acts()) == (422, ["requested"])
    told = {"remark": "Skriv mere om ydertimerne.", "send-tilbage": "1"}
    assert client.post(at(evaluation, "godkendelse/"), form | told).status_code == 303
    page = as_user(consultant).get(at(evaluation, "samling/1/")).content.decode()
    assert ("Skriv mere om ydertimerne." in page, "Gem kladde" in page, entries()) == (True, True, [])


def test_approval_hands_in_exactly_what_was_read(
    evaluation: EvaluationRound, requested: ReviewAct, head: User, as_user: Login
) -> None:
    client = as_user(head)
    page = client.get(at(evaluation, "godkendelse/")).content.decode()
    form = reads(client, evaluation) | {"godkend": "1"}
    assert [client.post(at(evaluation, "godkendelse/"), form).status_code for _ in range(2)] == [303, 303]
    assert ("Det går." in page, "»Det virker.«" in page, "Børnehus 1" in page) == (True, True, True)
    wording = evaluation.goal_set.goals.get(number=1).versions.first()
    assert wording
    assert wording.text in page  # what the text is about
    assert (acts(), entries(), ReviewAct.objects.get(act="approved").seen) == (
        ["requested", "approved"], ["Det går."], form["seen"],
    )  # fmt: skip


def test_text_that_was_changed_meanwhile_is_not_approved(
    evaluation: EvaluationRound, requested: ReviewAct, goal: Goal, consultant: User, head: User, as_user: Login
) -> None:
    client = as_user(head)
    form = reads(client, evaluation) | {"godkend": "1"}
    step(as_user(consultant), evaluation, "tag-tilbage")
    save_status_draft(evaluation=evaluation, status=StatusText(goal, "Det går bedre.", "", 1), by=consultant)
    step(as_user(consultant), evaluation, "send")
    refused = client.post(at(evaluation, "godkendelse/"), form)
    assert (refused.status_code, "siden du læste den" in refused.content.decode(), entries()) == (422, True, [])


def test_text_that_was_taken_back_is_not_approved(
    evaluation: EvaluationRound, requested: ReviewAct, consultant: User, head: User, as_user: Login
) -> None:
    form = reads(as_user(head), evaluation) | {"godkend": "1"}
    step(as_user(consultant), evaluation, "tag-tilbage")
    assert as_user(head).post(at(evaluation, "godkendelse/"), form).status_code == 422
    assert (acts(), entries()) == (["requested", "withdrawn"], [])


def test_who_has_written_does_not_approve_alone(
    evaluation: EvaluationRound, requested: ReviewAct, consultant: User, municipality: Municipality, as_user: Login
) -> None:
    client = as_user(grant(consultant, Role.HEAD, municipality))
    form = reads(client, evaluation) | {"godkend": "1"}
    alone = client.post(at(evaluation, "godkendelse/"), form)
    assert (alone.status_code, "Du har selv skrevet i teksten" in alone.content.decode(), entries()) == (422, True, [])
    assert client.post(at(evaluation, "godkendelse/"), form | {"also_read": "on"}).status_code == 303
    assert Event.objects.filter(action="own_text_approved").count() == 1


def test_review_is_optional(evaluation: EvaluationRound, draft: StatusDraft, consultant: User, as_user: Login) -> None:
    assert (step(as_user(consultant), evaluation, "afgiv"), entries(), acts()) == (303, ["Det går."], [])


def test_text_with_the_head_is_not_handed_in_past_the_head(
    evaluation: EvaluationRound, requested: ReviewAct, consultant: User, as_user: Login
) -> None:
    assert (step(as_user(consultant), evaluation, "afgiv"), entries()) == (422, [])


# --- Presented, and then public ----------------------------------------


def presented_form(meeting: Meeting, **more: Any) -> dict[str, Any]:
    return {"where": f"moede-{meeting.pk}", "presented_on": "", "nonce": str(uuid4())} | more


def test_evaluation_is_presented_at_a_meeting(
    evaluation: EvaluationRound, draft: StatusDraft, met: Meeting, consultant: User, member: User, as_user: Login
) -> None:
    client, form = as_user(consultant), presented_form(met)
    early = client.post(at(evaluation, "fremlaeg/"), form)
    assert (early.status_code, acts()) == (422, [])
    step(client, evaluation, "afgiv")
    assert [client.post(at(evaluation, "fremlaeg/"), form).status_code for _ in range(2)] == [303, 303]
    assert list(ReviewAct.objects.values_list("act", "meeting", "presented_on")) == [("presented", met.pk, met.date)]
    page = as_user(member).get(at(evaluation)).content.decode()
    assert "Fremlagt 4. december 2023 på mødet i Børne- og Uddannelsesudvalget." in page
    assert ("»Det virker.«" in page, "Børnehus 1" in page) == (True, True)


@pytest.mark.parametrize(
    ("day", "words"),
    [("2023-11-01", "kan ikke være fremlagt før"), (AHEAD, "ikke kommet endnu")],
    ids=["before", "ahead"],
)
def test_day_of_the_presentation_can_be_right(
    day: str, words: str, evaluation: EvaluationRound, draft: StatusDraft, met: Meeting, consultant: User,
    as_user: Login,
) -> None:  # fmt: skip
    client = as_user(consultant)
    step(client, evaluation, "afgiv")
    refused = client.post(at(evaluation, "fremlaeg/"), presented_form(met, presented_on=day))
    assert (refused.status_code, words in refused.content.decode(), acts()) == (422, True, [])


def test_meetings_of_other_committees_are_not_to_choose(
    evaluation: EvaluationRound, draft: StatusDraft, met: Meeting, other_committee: Any, consultant: User,
    as_user: Login,
) -> None:  # fmt: skip
    other = Meeting.objects.create(committee=other_committee, date=met.date)
    client = as_user(consultant)
    step(client, evaluation, "afgiv")
    assert client.post(at(evaluation, "fremlaeg/"), presented_form(other)).status_code == 422


def test_presented_text_is_not_taken_back(
    evaluation: EvaluationRound, draft: StatusDraft, consultant: User, as_user: Login
) -> None:
    present(evaluation)
    client = as_user(consultant)
    assert [step(client, evaluation, name) for name in ("tag-tilbage", "send", "afgiv")] == [422] * 3
    assert "ekstra evaluering" in client.get(at(evaluation, "samling/")).content.decode()


def test_evaluation_is_public_only_after_it_was_presented(
    evaluation: EvaluationRound, draft: StatusDraft, secretary: User, consultant: User, anonymous: Client,
    as_user: Login,
) -> None:  # fmt: skip
    publish(evaluation.goal_set)
    step(as_user(consultant), evaluation, "afgiv")
    client = as_user(secretary)
    page = client.get(at(evaluation, "offentliggoer/")).content.decode()
    refused = client.post(at(evaluation, "offentliggoer/"), {})
    assert "skal være fremlagt på et møde" in page
    assert (refused.status_code, anonymous.get(at(evaluation)).status_code) == (422, 404)
    with pytest.raises(NotAllowed, match="fremlagt"):
        publish_evaluation(evaluation=evaluation, by=secretary, warnings_accepted=[])
    present(evaluation)
    assert client.post(at(evaluation, "offentliggoer/"), {}).status_code == 303
    told = anonymous.get(at(evaluation)).content.decode()
    assert ("Det går." in told, "»Det virker.«" in told, "på et dialogmøde" in told) == (True, True, True)
    assert Publication.objects.filter(subject="evaluation_round").count() == 1


def test_quotations_are_looked_through_before_they_are_public(
    evaluation: EvaluationRound, draft: StatusDraft, secretary: User, as_user: Login
) -> None:
    Quotation.objects.update(source="Ring 22 33 44 55")
    present(evaluation)
    refused = as_user(secretary).post(at(evaluation, "offentliggoer/"), {})
    assert (refused.status_code, "Pejlemærke 1, citat: Telefonnummer" in refused.content.decode()) == (422, True)


def test_member_reads_quotations_only_when_the_text_is_done(
    evaluation: EvaluationRound, requested: ReviewAct, member: User, consultant: User, as_user: Login
) -> None:
    def page() -> str:
        return as_user(member).get(at(evaluation)).content.decode()

    before = "»Det virker.«" in page()
    ReviewAct.objects.create(evaluation=evaluation, act="approved")
    assert (before, "»Det virker.«" in page()) == (False, True)
    assert "»Det virker.«" in as_user(consultant).get(at(evaluation)).content.decode()


def test_note_quotes_what_was_presented_by_its_day(
    evaluation: EvaluationRound, draft: StatusDraft, consultant: User, as_user: Login
) -> None:
    def quoted(on: date) -> list[str]:
        told = told_in(evaluation.goal_set, SectionKey.STATUS, AsOf.hindsight(on))
        return [line for line in told if line.startswith("»")]

    step(as_user(consultant), evaluation, "afgiv")
    before = quoted(today())
    present(evaluation)
    assert (before, quoted(HELD_ON - timedelta(days=1)), quoted(today())) == ([], [], ["»Det virker.«"])

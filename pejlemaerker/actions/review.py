"""Godkendelsen: sending the common text to the centre's head, approving it, presenting it, and then publishing it."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from kit.clock import today
from kit.dates import format_date
from kit.once import made_by
from meetings.actions import NotAllowed
from meetings.actions import publish as publish_record
from meetings.models import Event, Meeting, Publication
from pejlemaerker.actions.evaluations import StatusText, hand_in_as_read, hand_in_statuses
from pejlemaerker.actions.standing_text import TextStands, lock_evaluation, lock_text
from pejlemaerker.documents.review import CommonText, why_frozen
from pejlemaerker.models import Dialogue, EvaluationRound, GoalSet, ReviewAct, StatusEntry

_ACT = ReviewAct.Act


class CannotReview(NotAllowed):
    """The text is not where this step begins; the message says so."""


def _texts(text: CommonText) -> list[StatusText]:
    """What is written, each over the revision that was read. What has no draft was handed in long ago."""
    return [
        StatusText(one.goal, one.text, one.assessment, one.draft.revision)
        for one in text.goals
        if one.draft and one.text.strip()
    ]


def _fit_to_read(evaluation: EvaluationRound) -> CommonText:
    text = CommonText.of(evaluation)
    if not text.written:
        raise CannotReview("Skriv en tekst om mindst ét pejlemærke først.")
    if text.cpr_numbers:
        raise CannotReview(f"Teksten rummer et CPR-nummer: {', '.join(text.cpr_numbers)}. Tag det ud først.")
    return text


def _act(evaluation: EvaluationRound, act: str, *, nonce: UUID, by: Any, **fields: Any) -> ReviewAct:
    done: ReviewAct = ReviewAct.objects.create(evaluation=evaluation, act=act, nonce=nonce, acted_by=by, **fields)
    Event.objects.record(f"evaluation_{act}", evaluation, by=by)
    return done


@transaction.atomic
def request_review(*, evaluation: EvaluationRound, nonce: UUID, by: Any) -> ReviewAct:
    """Send the common text to the centre's head: from now on it stands as it is read."""
    state = lock_evaluation(evaluation)
    made, nonce = made_by(ReviewAct.objects.all(), nonce, evaluation=evaluation, act=_ACT.REQUESTED)
    if made:
        return made
    if why := why_frozen(state):
        raise TextStands(why)
    _fit_to_read(evaluation)
    return _act(evaluation, _ACT.REQUESTED, nonce=nonce, by=by)


@transaction.atomic
def take_back(*, evaluation: EvaluationRound, nonce: UUID, by: Any) -> ReviewAct:
    """Take the text back to write on, as long as it has not been presented."""
    state = lock_evaluation(evaluation)
    made, nonce = made_by(ReviewAct.objects.all(), nonce, evaluation=evaluation, act=_ACT.WITHDRAWN)
    if made:
        return made
    if state == _ACT.PRESENTED:
        raise TextStands(why_frozen(state))
    if state not in (_ACT.REQUESTED, _ACT.APPROVED):
        raise CannotReview("Teksten ligger ikke til godkendelse.")
    return _act(evaluation, _ACT.WITHDRAWN, nonce=nonce, by=by)


@transaction.atomic
def send_back(*, evaluation: EvaluationRound, remark: str, nonce: UUID, by: Any) -> ReviewAct:
    """Send the text back with a remark: it may be written in again."""
    state = lock_evaluation(evaluation)
    made, nonce = made_by(ReviewAct.objects.all(), nonce, evaluation=evaluation, act=_ACT.SENT_BACK, remark=remark)
    if made:
        return made
    if state != _ACT.REQUESTED:
        raise CannotReview("Teksten ligger ikke længere til godkendelse.")
    return _act(evaluation, _ACT.SENT_BACK, nonce=nonce, by=by, remark=remark)


@transaction.atomic
def approve(*, evaluation: EvaluationRound, seen: str, nonce: UUID, by: Any) -> ReviewAct:
    """Approve exactly the text that was read (`seen`), and hand it in as statuses in the same moment."""
    GoalSet.objects.select_for_update().get(pk=evaluation.goal_set_id)
    state = lock_evaluation(evaluation)
    made, nonce = made_by(ReviewAct.objects.all(), nonce, evaluation=evaluation, act=_ACT.APPROVED, seen=seen)
    if made:
        return made
    if state != _ACT.REQUESTED:
        raise CannotReview("Teksten ligger ikke længere til godkendelse.")
    text = CommonText.of(evaluation)
    if text.fingerprint != seen:
        raise CannotReview("Teksten er ændret, siden du læste den. Læs den igen, før du godkender.")
    hand_in_as_read(evaluation=evaluation, statuses=_texts(text), nonce=uuid4(), by=by)
    if by and by.pk in text.writers:
        Event.objects.record("own_text_approved", evaluation, by=by)
    return _act(evaluation, _ACT.APPROVED, nonce=nonce, by=by, seen=seen)


@transaction.atomic
def hand_in_common_text(*, evaluation: EvaluationRound, nonce: UUID, by: Any) -> list[StatusEntry]:
    """Hand the drafts in as they stand, without a review."""
    GoalSet.objects.select_for_update().get(pk=evaluation.goal_set_id)
    lock_text(evaluation)
    texts = _texts(_fit_to_read(evaluation))
    return hand_in_statuses(evaluation=evaluation, statuses=texts, nonce=nonce, by=by)


@transaction.atomic
def present(
    *,
    evaluation: EvaluationRound,
    meeting: Meeting | None,
    dialogue: Dialogue | None,
    presented_on: date,
    nonce: UUID,
    by: Any,
) -> ReviewAct:
    """Write down that the text was presented, at one meeting or dialogue meeting: from now on nothing of it changes."""
    state = lock_evaluation(evaluation)
    same = {"act": _ACT.PRESENTED, "meeting": meeting, "dialogue": dialogue, "presented_on": presented_on}
    made, nonce = made_by(ReviewAct.objects.all(), nonce, evaluation=evaluation, **same)
    if made:
        return made
    if state == _ACT.PRESENTED:
        raise TextStands("Evalueringen er allerede fremlagt.")
    if state == _ACT.REQUESTED:
        raise CannotReview("Teksten ligger til godkendelse. Vent på svaret, eller tag den tilbage.")
    if not CommonText.of(evaluation).is_handed_in:
        raise CannotReview("Teksten skal være godkendt eller afgivet, som den står, før den kan fremlægges.")
    if not evaluation.goal_set.is_decided_by((meeting or dialogue).committee_id):  # type: ignore[union-attr]  # one of them
        raise NotAllowed("Mødet hører til et andet udvalg.", field="where")
    if presented_on > today():
        raise NotAllowed("Dagen er ikke kommet endnu.", field="presented_on")
    if presented_on < evaluation.held_on:
        held = format_date(evaluation.held_on)
        raise NotAllowed(f"Evalueringen blev holdt {held} og kan ikke være fremlagt før.", field="presented_on")
    return _act(
        evaluation, _ACT.PRESENTED, nonce=nonce, by=by, meeting=meeting, dialogue=dialogue, presented_on=presented_on
    )


NOT_PRESENTED = "Evalueringen skal være fremlagt på et møde eller et dialogmøde, før den kan offentliggøres."


@transaction.atomic
def publish_evaluation(*, evaluation: EvaluationRound, by: Any, warnings_accepted: list[str]) -> Publication:
    """Make an evaluation public, once those who work by its pejlemærker have had it presented. Raises NotAllowed."""
    if lock_evaluation(evaluation) != _ACT.PRESENTED:
        raise NotAllowed(NOT_PRESENTED)
    return publish_record(
        subject=EvaluationRound.objects.all().subject, record=evaluation, by=by, warnings_accepted=warnings_accepted
    )

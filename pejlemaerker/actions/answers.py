"""Answers of the leaders: kept while they are written, handed in as a whole, opened again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple, Self
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from meetings.actions import NotAllowed
from meetings.models import Event
from pejlemaerker.documents.answer_state import AnswerState
from pejlemaerker.documents.answering import wordings_asked_about
from pejlemaerker.importing.measurements import read_number
from pejlemaerker.models import (
    Answer,
    AnswerDraft,
    AnswerSheet,
    Goal,
    GoalVersion,
    Invitee,
    KeptText,
    Reopening,
    SurveyQuestion,
)
from pejlemaerker.tasks import send_receipt

_LONGEST_NUMBER = 40  # signs


class Stamp(NamedTuple):
    """What a text on a page was written over: the draft's revision, or the kept text's number, and a print of what
    stood there, by which one sees whether it was changed on that page at all.
    """

    revision: int
    kept: int | None
    print: str

    @classmethod
    def of(cls, text: str = "", *, revision: int = 0, kept: int | None = None) -> Self:
        """The stamp of a text as it stands."""
        return cls(revision, kept, sha256(text.encode()).hexdigest()[:12])

    @classmethod
    def read(cls, written: str) -> Self:
        """Read a stamp from a page; a garbled one is that of an empty page."""
        place, _, seen = written.partition(".")
        number = place.removeprefix("k")
        if not (number.isascii() and number.isdecimal() and len(number) < 10 and len(seen) == 12):
            return cls.of()
        return cls(-1, int(number), seen) if place.startswith("k") else cls(int(number), None, seen)

    def __str__(self) -> str:
        place = str(self.revision) if self.kept is None else f"k{self.kept}"
        return f"{place}.{self.print}"

    def is_of(self, text: str) -> bool:
        """Whether this is the stamp of just this text."""
        return self.print == Stamp.of(text).print


class AnswerText(NamedTuple):
    """What somebody wrote to one question, about one pejlemærke or the whole, and what it was written over."""

    question: SurveyQuestion
    goal: Goal | None
    text: str
    stamp: Stamp = Stamp.of()  # that of a page on which nothing stood


@dataclass
class SavedAnswer:
    """Et svar, as it stands after the saving: the draft, what was written at once, and where this page's text went."""

    question: SurveyQuestion
    goal: Goal | None
    draft: AnswerDraft | None
    kept: list[KeptText]  # not chosen between yet
    own: KeptText | None = None  # this page's text, where another's stands in the draft
    is_changed_elsewhere: bool = False  # nothing was written here, and another page has saved since

    @property
    def text(self) -> str:
        """What stands as the draft."""
        return self.draft.text if self.draft else ""


class TextChoice(NamedTuple):
    """Et valg between texts that were written at once: the draft ("draft"), one of the others (its number) or all of
    them, one after the other ("all"); and which texts the leader had before them.
    """

    question: SurveyQuestion
    goal: Goal | None
    choice: str
    revision: int
    seen: frozenset[int]


class TwoTexts(Exception):
    """Somewhere two texts stand, and nobody has chosen between them."""


@transaction.atomic
def save_answers(*, invitee: Invitee, answers: Iterable[AnswerText], by: Any = None) -> list[SavedAnswer]:
    """Keep what is written so far, each answer by itself. Nothing is refused and nothing overwritten: a text that was
    written at once with another is kept beside it.
    """
    _lock(invitee)
    return _save(invitee, answers, by)


@transaction.atomic
def choose_texts(*, invitee: Invitee, choices: Iterable[TextChoice], by: Any = None) -> None:
    """Let what the leader chose be the answer. What it takes the place of is kept as a text that was chosen between; a
    choice made before a newer text came is not carried out.
    """
    _lock(invitee)
    for choice in choices:
        draft = invitee.drafts.filter(question=choice.question, goal=choice.goal).first()
        if draft is None or draft.revision != choice.revision:
            continue
        _choose(draft, choice, by)


def hand_in_answers(
    *, invitee: Invitee, answers: Iterable[AnswerText], answered_by: str, nonce: UUID,
    recorded_by: Any = None, reported_orally_on: date | None = None,
) -> AnswerSheet:  # fmt: skip
    """Hand in the answers as a whole, each about the wording in force on the day of the round, and ask for the receipt.
    The same submit, or the same words again, give the same sheet.

    Raises TwoTexts where somebody else wrote in the same moment, after what was written has been kept; and NotAllowed
    where it may not be handed in (any more).
    """
    with transaction.atomic():
        locked = _lock_in_round(invitee)
        saved = _write_down(locked, answers, recorded_by) if recorded_by else _save(invitee, answers, None)
        sheet = None
        if not any(one.kept or one.is_changed_elsewhere for one in saved):
            sheet = _hand_in(locked, saved, answered_by, nonce, recorded_by, reported_orally_on)
    if sheet is None:
        raise TwoTexts
    return sheet


@transaction.atomic
def reopen_answer(*, invitee: Invitee, by: Any = None, until: date | None = None, reason: str = "") -> Reopening:
    """Open what was handed in again: the leader until the deadline, the house also after, until a day and for a reason.
    What is open stays as it is.
    """
    locked = _lock_in_round(invitee)
    state = AnswerState.of(locked)
    if state.sheet is None:
        raise NotAllowed("Der er ikke afgivet noget endnu.")
    if by is None and state.is_reopened and state.reopening:
        return state.reopening
    if by is None and not state.can_reopen:
        raise NotAllowed(state.next_text)
    reopening = Reopening.objects.create(invitee=locked, reopened_by=by, until=until, reason=reason)
    Event.objects.record("answer_reopened", locked, by=by, **({"until": until.isoformat()} if until else {}))
    return reopening


@transaction.atomic
def stop_reminders(*, invitee: Invitee) -> None:
    """Leave a leader alone who has asked for it."""
    locked = _lock(invitee)
    if locked.no_reminders_at is None:
        locked.no_reminders_at = timezone.now()
        locked.save(update_fields=["no_reminders_at"])
        Event.objects.record("reminders_stopped", locked, by=None)


def _lock(invitee: Invitee) -> Invitee:
    """All that one leader writes waits for each other; 40 leaders do not."""
    return Invitee.objects.select_for_update(of=("self",)).select_related("survey").get(pk=invitee.pk)


def _lock_in_round(invitee: Invitee) -> Invitee:
    """The same, in a round that nobody closes meanwhile, and from which nobody takes the leader out: the leaders share
    the round, and whoever changes it waits. First the round, then the leader, as the house does it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pejlemaerker_survey WHERE id = %s FOR SHARE", [invitee.survey_id])
    return _lock(invitee)


# --- Keeping ----------------------------------------------------------------------------------------------------------


def _save(invitee: Invitee, answers: Iterable[AnswerText], by: Any) -> list[SavedAnswer]:
    drafts = {(draft.question_id, draft.goal_id): draft for draft in invitee.drafts.select_related("edited_by")}
    kept = list(KeptText.objects.filter(draft__invitee=invitee, chosen_at=None))
    saved = []
    for answer in answers:
        draft = drafts.get((answer.question.pk, answer.goal.pk if answer.goal else None))
        others = [text for text in kept if draft and text.draft_id == draft.pk]
        one = SavedAnswer(answer.question, answer.goal, draft, others)
        _keep(invitee, one, answer, by)
        saved.append(one)
    return saved


def _write_down(invitee: Invitee, answers: Iterable[AnswerText], by: Any) -> list[SavedAnswer]:
    """Write down what was told orally: as the draft, where there is none or the house wrote it. What the leader has
    under way is the leader's own: it is neither shown nor touched, and it stands in nobody's way.
    """
    drafts = {(draft.question_id, draft.goal_id): draft for draft in invitee.drafts.all()}
    saved = []
    for answer in answers:
        draft = drafts.get((answer.question.pk, answer.goal.pk if answer.goal else None))
        if draft is None and answer.text:
            _new_draft(invitee, answer, by)
        elif draft and draft.edited_by_id and draft.text != answer.text:
            _write(draft, answer.text, by)
        told = AnswerDraft(invitee=invitee, question=answer.question, goal=answer.goal, text=answer.text)
        saved.append(SavedAnswer(answer.question, answer.goal, told, []))
    return saved


def _keep(invitee: Invitee, saved: SavedAnswer, answer: AnswerText, by: Any) -> None:
    """Keep one answer where it belongs: in the draft, in the text beside it that this page wrote before, or anew."""
    text, stamp, draft = answer.text, answer.stamp, saved.draft
    if draft is None:
        if text:
            saved.draft = _new_draft(invitee, answer, by)
        return
    own = next((kept for kept in saved.kept if kept.pk == stamp.kept), None)
    if own and (stamp.is_of(own.text) or _holds(answer, own.text)):
        _rewrite(own, text)
        saved.own = own
    elif draft.text == text:
        pass  # a retry after a lost answer, or nothing new
    elif stamp.is_of(text):
        saved.is_changed_elsewhere = True
    elif stamp.revision == draft.revision or _holds(answer, draft.text):
        saved.draft = _write(draft, text, by)
    elif text:
        saved.own = _keep_beside(draft, saved.kept, answer)
    else:
        saved.is_changed_elsewhere = True  # a text was taken away here that somebody else writes on


def _holds(answer: AnswerText, earlier: str) -> bool:
    """Whether the whole of an earlier text stands in this one: then nothing is lost by writing over it. So it is when
    one has written on after an answer of the server's was lost.
    """
    is_text = answer.question.kind == SurveyQuestion.Kind.TEXT
    return earlier in answer.text if is_text else earlier in ("", answer.text)


def _new_draft(invitee: Invitee, answer: AnswerText, by: Any) -> AnswerDraft:
    return AnswerDraft.objects.create(
        invitee=invitee, question=answer.question, goal=answer.goal, text=answer.text, revision=1, edited_by=by
    )


def _write(draft: AnswerDraft, text: str, by: Any) -> AnswerDraft:
    return draft.save_if_unchanged(expected=draft.revision, by=by, text=text)


def _rewrite(kept: KeptText, text: str) -> None:
    if kept.text != text:
        kept.text, kept.kept_at = text, timezone.now()
        kept.save(update_fields=["text", "kept_at"])


def _keep_beside(draft: AnswerDraft, kept: list[KeptText], answer: AnswerText) -> KeptText:
    """Keep a text beside the draft: once, also when its page sends it again and has grown since."""
    for earlier in kept:
        if _holds(answer, earlier.text):
            _rewrite(earlier, answer.text)
            return earlier
    beside = KeptText.objects.create(draft=draft, text=answer.text)
    kept.append(beside)
    return beside


# --- Choosing ---------------------------------------------------------------------------------------------------------


def _choose(draft: AnswerDraft, choice: TextChoice, by: Any) -> None:
    others = [kept for kept in draft.kept_texts.filter(chosen_at=None) if kept.pk in choice.seen]
    chosen = next((kept for kept in others if str(kept.pk) == choice.choice), None)
    if choice.choice == "all":
        _write(draft, "\n\n".join(text for text in [draft.text, *(kept.text for kept in others)] if text), by)
    elif chosen:
        before = draft.text
        _write(draft, chosen.text, by)
        chosen.text = before
    elif choice.choice != "draft":
        return
    for kept in others:
        kept.chosen_at = timezone.now()
        kept.save(update_fields=["text", "chosen_at"])


# --- Handing in -------------------------------------------------------------------------------------------------------


def _hand_in(
    invitee: Invitee, saved: list[SavedAnswer], answered_by: str, nonce: UUID, recorded_by: Any, told_on: date | None
) -> AnswerSheet:
    state = AnswerState.of(invitee)
    written = [one for one in saved if one.text.strip()]
    if state.sheet and not state.is_reopened and _says_the_same(state.sheet, written):
        return state.sheet  # sent twice
    if not state.can_hand_in:
        raise NotAllowed(f"Besvarelsen er allerede afgivet. {state.next_text}" if state.sheet else state.next_text)
    if invitee.withdrawn_at or not invitee.survey.opened_at:  # since the page was opened; or never asked at all
        raise NotAllowed("Du spørges ikke i denne runde. Det, du har skrevet, er gemt.")
    _check(saved, written)
    if AnswerSheet.objects.filter(nonce=nonce).exists():
        nonce = uuid4()  # the same page sent again with other words, after it was opened again
    sheet = AnswerSheet.objects.create(
        invitee=invitee, answered_by=answered_by, nonce=nonce, recorded_by=recorded_by, reported_orally_on=told_on
    )
    versions: dict[int | None, GoalVersion] = {v.goal_id: v for v in wordings_asked_about(invitee.survey)}
    for one in written:
        Answer.objects.create(
            sheet=sheet, question=one.question, goal=one.goal, text=one.text, number=_number(one),
            version=versions.get(one.goal.pk) if one.goal else None,
        )  # fmt: skip
    Event.objects.record("answer_handed_in", sheet, by=recorded_by)
    send_receipt.enqueue(sheet.pk)
    return sheet


def _check(saved: list[SavedAnswer], written: list[SavedAnswer]) -> None:
    """What the form has said beside each field, for those who came past it."""
    if not written:
        raise NotAllowed("Skriv mindst ét svar, før du afgiver.")
    if any(one.question.is_required and not one.text.strip() for one in saved):
        raise NotAllowed("Et spørgsmål, der skal besvares, står tomt.")
    if any(one.question.kind == SurveyQuestion.Kind.NUMBER and _number(one) is None for one in written):
        raise NotAllowed("Et af tallene kan ikke læses.")


def _number(one: SavedAnswer) -> Decimal | None:
    return read_answer_number(one.text) if one.question.kind == SurveyQuestion.Kind.NUMBER else None


def read_answer_number(text: str) -> Decimal | None:
    """Read a number as a leader types it: "12", "12,5", "1.234"; None, where it cannot be read."""
    return read_number(text) if len(text) <= _LONGEST_NUMBER else None


def _says_the_same(sheet: AnswerSheet, written: list[SavedAnswer]) -> bool:
    handed_in = {(answer.question_id, answer.goal_id): answer.text for answer in sheet.answers.all()}
    return handed_in == {(one.question.pk, one.goal.pk if one.goal else None): one.text for one in written}

"""Besvarelsen: one leader's answers on one page, kept one by one while they are written, handed in together."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms

from kit.clock import moment
from kit.precheck import Suspect, find_personal_data
from meetings.actions import NotAllowed
from pejlemaerker.actions import (
    AnswerText,
    SavedAnswer,
    Stamp,
    TextChoice,
    TwoTexts,
    choose_texts,
    hand_in_answers,
    read_answer_number,
    save_answers,
)
from pejlemaerker.documents.answering import AnsweringDocument, Asked, AskedGoal, told
from pejlemaerker.forms.answer_fields import AnswerForm, WhoForm
from pejlemaerker.models import AnswerDraft, AnswerSheet, Invitee, KeptText, SurveyQuestion

LONGEST = 200_000  # signs in one answer; about a hundred pages
_CPR = "CPR-nummer"


@dataclass
class WrittenAnswer:
    """Et spørgsmål on the page: its field, what is kept, and how it stands with the saving."""

    asked: Asked
    form: AnswerForm
    draft: AnswerDraft | None
    kept: list[KeptText]
    saved: SavedAnswer | None = field(default=None)

    @property
    def key(self) -> str:
        """What its elements are called by."""
        return self.asked.key

    @property
    def name(self) -> str:
        """What a list of errors calls it: a question is asked of many pejlemærker."""
        goal = self.asked.goal
        return f"Pejlemærke {goal.number}: {self.asked.question.text}" if goal else self.asked.question.text

    @property
    def text(self) -> str:
        """What would be handed in: the draft; in a preview what was typed."""
        return self.draft.text if self.draft else ""

    @property
    def stamp(self) -> str:
        """What the text on the page was written over."""
        if self.saved and self.saved.own:
            return str(Stamp.of(self.saved.own.text, kept=self.saved.own.pk))
        if self.saved and self.saved.is_changed_elsewhere:
            return str(self.form.cleaned_data["revision"])
        return str(Stamp.of(self.draft.text, revision=self.draft.revision) if self.draft else Stamp.of())

    @property
    def is_news(self) -> bool:
        """Whether the page must be told how it stands: its stamp is an old one, or something is to be said."""
        return bool(
            self.kept or self.suspects or self.is_changed_elsewhere or self.stamp != self.form.cleaned_data["revision"]
            or self.form.cleaned_data["seen"]
        )  # fmt: skip

    @property
    def is_changed_elsewhere(self) -> bool:
        """Whether another page has saved a newer answer than the one that stands here."""
        return bool(self.saved and self.saved.is_changed_elsewhere)

    @property
    def suspects(self) -> list[Suspect]:
        """What may be personal data in the answer."""
        return list(find_personal_data(self.text))

    @property
    def suspects_text(self) -> str:
        """Telefonnummer •• •• •• 12, E-mailadresse l…@eksempel.dk."""
        return ", ".join(dict.fromkeys(str(suspect) for suspect in self.suspects))

    @property
    def texts(self) -> list[tuple[str, str, str]]:
        """The texts between which to choose: its value, what it is, and its words; none while there is only one."""
        if not self.kept or self.draft is None:
            return []
        own = self.saved.own.pk if self.saved and self.saved.own else None
        rows = [("draft", self.draft.text, self.draft.edited_at, own is None)]
        rows += [(str(kept.pk), kept.text, kept.kept_at, kept.pk == own) for kept in self.kept]
        return [
            (value, f"{'Teksten i feltet' if here else 'Den anden tekst'}, gemt {moment(at)}", self._told(text))
            for value, text, at, here in rows
        ]

    @property
    def can_join(self) -> bool:
        """Whether the texts can stand one after the other."""
        return self.asked.question.kind == SurveyQuestion.Kind.TEXT

    @property
    def seen(self) -> str:
        """Which texts one has before one when choosing."""
        revision = self.draft.revision if self.draft else 0
        return ",".join(str(number) for number in [revision, *(kept.pk for kept in self.kept)])

    def _told(self, text: str) -> str:
        return told(self.asked.question, text, None)

    @property
    def answer_text(self) -> AnswerText:
        """What is to be kept."""
        data = self.form.cleaned_data
        return AnswerText(self.asked.question, self.asked.goal, data["text"], Stamp.read(data["revision"]))

    @property
    def text_choice(self) -> TextChoice | None:
        """What was chosen, if anything was; a text that was changed in this very submit counts as it is now."""
        data = self.form.cleaned_data
        numbers = [int(one) for one in data["seen"].split(",") if one.isascii() and one.isdecimal() and len(one) < 10]
        if not (data["choice"] and numbers and self.draft):
            return None
        revision, *seen = numbers
        if self.draft.revision == revision + 1 and Stamp.read(data["revision"]).revision == revision:
            revision += 1  # this page itself wrote in the draft
        return TextChoice(self.asked.question, self.asked.goal, data["choice"], revision, frozenset(seen))

    def check(self) -> None:
        """Say beside the field what stands in the way of handing in."""
        question, text = self.asked.question, self.text
        if self.kept:
            self._refuse("Her er skrevet to tekster samtidig. Vælg mellem dem, før du afgiver.")
        elif question.is_required and not text.strip():
            self._refuse("Svar på spørgsmålet, før du afgiver.")
        elif question.kind == SurveyQuestion.Kind.NUMBER and text and read_answer_number(text) is None:
            self._refuse("Skriv tallet med cifre, for eksempel 12 eller 12,5.")
        elif len(text) > LONGEST:
            self._refuse(f"Svaret er på {len(text)} tegn. Det må højst være på {LONGEST}; teksten er gemt som kladde.")
        for suspect in self.suspects:
            if suspect.kind == _CPR:
                self._refuse(f"Svaret rummer et CPR-nummer ({suspect.masked}). Tag det ud, før du afgiver.")

    def _refuse(self, message: str) -> None:
        self.form.add_error("text", message)


@dataclass
class WrittenGoal:
    """Et pejlemærke on the page, with its answers."""

    goal: AskedGoal
    answers: list[WrittenAnswer]


class AnswerForms:
    """Alle svar of one leader. Reused where an oral report is written down, and (with an invitee that was never saved)
    where the page is shown before the round is opened.
    """

    def __init__(self, *, invitee: Invitee, data: Any = None, answered_by: str = "", user: Any = None) -> None:
        self.invitee, self.user = invitee, user
        self.document = AnsweringDocument.for_invitee(invitee)
        self.who = WhoForm(data, initial={"answered_by": answered_by or invitee.name})
        drafts, kept = _written(invitee)
        self.goals = [
            WrittenGoal(goal, [_answer(asked, data, drafts, kept) for asked in goal.asked])
            for goal in self.document.goals
        ]
        self.once = [_answer(asked, data, drafts, kept) for asked in self.document.once]
        self.refusal = ""  # why it cannot be handed in at all
        self.warned = ""  # what was warned of, once
        self._posted_warning = str(data.get("advaret", "")) if data else ""

    def __iter__(self) -> Iterator[WrittenAnswer]:
        for goal in self.goals:
            yield from goal.answers
        yield from self.once

    @property
    def answered_by(self) -> str:
        """The name of the one who answers, as typed."""
        return str(self.who.cleaned_data["answered_by"])

    @property
    def has_two_texts(self) -> bool:
        """Whether there is anything to choose between."""
        return any(answer.kept for answer in self)

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """What stands in the way: the field's address, its name, the error."""
        forms_named = [(answer.name, answer.form, "text") for answer in self]
        named: list[tuple[str, forms.Form, str]] = [*forms_named, ("Hvem svarer?", self.who, "answered_by")]
        return [
            (_address(form[field_name]), name, str(error))
            for name, form, field_name in named
            if form.is_bound
            for error in form[field_name].errors
        ]

    @property
    def saved_text(self) -> str:
        """Gemt kl. 14.32, or what else one must know of the saving."""
        if self.has_two_texts:
            return "Alt er gemt. Et sted er der skrevet to tekster samtidig: vælg mellem dem."
        if self.document.state.is_handed_in:
            return "Gemt, men besvarelsen er allerede afgivet. Hent siden igen for at rette den."
        saved = [answer.draft.edited_at for answer in self if answer.draft and answer.draft.revision]
        return f"Gemt {moment(max(saved))}" if saved else ""

    def save_drafts(self, *, with_choices: bool) -> None:
        """Keep every answer, whatever is in it; and carry out what was chosen between two texts."""
        self.who.is_valid()
        for answer in self:
            answer.form.is_valid()
        texts = [answer.answer_text for answer in self]
        self._take_over(save_answers(invitee=self.invitee, answers=texts, by=self.user))
        choices = [answer.text_choice for answer in self] if with_choices else []
        if any(choices):
            choose_texts(invitee=self.invitee, choices=[choice for choice in choices if choice], by=self.user)
            self._chosen()

    def can_be_handed_in(self) -> bool:
        """Whether what is kept can be handed in: what must be answered is, and there is no CPR number. Of what else
        may be personal data it is warned once.
        """
        for answer in self:
            answer.check()
        if not any(answer.text.strip() for answer in self):
            self.refusal = "Skriv mindst ét svar, før du afgiver."
        if not 0 < len(self.answered_by) <= 120:
            self.who.add_error("answered_by", "Skriv navnet på den, der svarer, på højst 120 tegn.")
        if self.errors or self.refusal:
            return False
        self.warned = "" if self._warning == self._posted_warning else self._warning
        return not self.warned

    def hand_in(self, *, recorded_by: Any = None, reported_orally_on: date | None = None) -> AnswerSheet | None:
        """Hand in; None, where somebody else wrote in the same moment, or it may not be handed in."""
        texts = [
            AnswerText(one.asked.question, one.asked.goal, one.text, _stamp_of(one.draft)) for one in self
        ]  # fmt: skip
        try:
            return hand_in_answers(
                invitee=self.invitee, answers=texts, answered_by=self.answered_by,
                nonce=self.who.cleaned_data["nonce"], recorded_by=recorded_by, reported_orally_on=reported_orally_on,
            )  # fmt: skip
        except NotAllowed as refused:
            self.refusal = str(refused)
        except TwoTexts:
            self.save_drafts(with_choices=False)  # notes who wrote what
        return None

    @property
    def _warning(self) -> str:
        """A print of what is warned of; a new one is warned of again."""
        listed = [f"{answer.key}:{answer.suspects_text}" for answer in self if answer.suspects]
        return sha256("\n".join(listed).encode()).hexdigest()[:16] if listed else ""

    def _take_over(self, saved: list[SavedAnswer]) -> None:
        for answer, one in zip(self, saved, strict=True):
            answer.saved, answer.draft, answer.kept = one, one.draft, one.kept

    def _chosen(self) -> None:
        """Ask again how it stands, after the choice."""
        drafts, kept = _written(self.invitee)
        for answer in self:
            place = _place(answer.asked)
            answer.draft, answer.kept = drafts.get(place), kept.get(place, [])


type _Place = tuple[int, int | None]


def _place(asked: Asked) -> _Place:
    return (asked.question.pk, asked.goal.pk if asked.goal else None)


def _written(invitee: Invitee) -> tuple[dict[_Place, AnswerDraft], dict[_Place, list[KeptText]]]:
    if invitee._state.adding:
        return {}, {}
    drafts = {(draft.question_id, draft.goal_id): draft for draft in invitee.drafts.all()}
    kept: dict[_Place, list[KeptText]] = {}
    for text in KeptText.objects.filter(draft__invitee=invitee, chosen_at=None).select_related("draft"):
        kept.setdefault((text.draft.question_id, text.draft.goal_id), []).append(text)
    return drafts, kept


def _answer(
    asked: Asked, data: Any, drafts: dict[_Place, AnswerDraft], kept: dict[_Place, list[KeptText]]
) -> WrittenAnswer:
    draft = drafts.get(_place(asked))
    initial = {"text": draft.text if draft else ""}
    form = AnswerForm(data, prefix=f"svar-{asked.key}", initial=initial, question=asked.question)
    return WrittenAnswer(asked, form, draft, kept.get(_place(asked), []))


def _stamp_of(draft: AnswerDraft | None) -> Stamp:
    return Stamp.of(draft.text, revision=draft.revision) if draft else Stamp.of()


def _address(bound: forms.BoundField) -> str:
    is_choice = isinstance(bound.field.widget, forms.RadioSelect)
    return f"#{bound.auto_id}_0" if is_choice else f"#{bound.id_for_label}"

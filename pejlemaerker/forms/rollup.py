"""Samlingen af ét pejlemærke: the common text, the quotations beside it, and every button of the page in one form, so
that nothing typed is lost by choosing a quotation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.datastructures import MultiValueDict

from kit.drafts import EditConflict
from kit.once import NonceField
from kit.precheck import find_personal_data
from meetings.actions import NotAllowed
from pejlemaerker.actions import (
    TextStands,
    choose_quotation,
    move_quotation,
    name_source,
    remove_quotation,
    save_status_draft,
)
from pejlemaerker.documents.sentences import sentences_of
from pejlemaerker.forms.evaluation import StatusForm, WrittenStatus
from pejlemaerker.models import Answer, Assessment, EvaluationRound, Goal, Quotation, StatusDraft

CITE, CITE_MARKED, INSERT, UP, DOWN, REMOVE = "citer", "citer-markeret", "indsaet", "op", "ned", "fjern"
_BUTTONS = (CITE, CITE_MARKED, INSERT, UP, DOWN, REMOVE)
_SAID = {
    CITE: "Citatet er valgt.",
    CITE_MARKED: "Citatet er valgt.",
    INSERT: "Citatet er sat ind sidst i teksten.",
    UP: "Citatet er flyttet op.",
    DOWN: "Citatet er flyttet ned.",
    REMOVE: "Citatet er fjernet.",
}


class _QuotingForm(forms.Form):
    nonce = NonceField()
    marked = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput, strip=False)


class SourceForm(forms.Form):
    """Kilden til et citat."""

    source = forms.CharField(
        label="Kilde", max_length=200, error_messages={"required": "Skriv, hvor citatet kommer fra."}
    )


@dataclass
class ChosenQuotation:
    """Et citat on the writing page: its form, and what to look at."""

    quotation: Quotation
    form: SourceForm
    is_first: bool
    is_last: bool

    @property
    def unit(self) -> str:
        """Where it really comes from, for who may know."""
        return self.quotation.answer.sheet.invitee.source

    @property
    def warnings(self) -> list[str]:
        """What looks like personal data, masked."""
        return [str(one) for one in find_personal_data(f"{self.quotation.text}\n{self.quotation.source}")]


class GoalTextForm:
    """The page's form: saves what is typed first, whatever was pressed, and then does what the button says."""

    def __init__(self, *, evaluation: EvaluationRound, goal: Goal, user: Any, data: Any = None) -> None:
        self.evaluation, self.goal, self.user, self.data = evaluation, goal, user, data
        self.quoting = _QuotingForm(data)
        draft = StatusDraft.objects.filter(round=evaluation, goal=goal).select_related("edited_by").first()
        entry = evaluation.entries.filter(goal=goal).order_by("pk").last()
        self.status = self._status(draft, entry, data)
        self.refusal = ""
        self.said = ""
        self.pressed, self.pressed_value = self._button(data)

    def _status(self, draft: StatusDraft | None, entry: Any, data: Any) -> WrittenStatus:
        initial = {"text": draft.text, "assessment": draft.assessment, "revision": draft.revision} if draft else {}
        form = StatusForm(data, prefix=f"status-{self.goal.number}", initial=initial)
        form.fields["text"].label = "Hvad viser svarene?"
        form.fields["text"].help_text = "Tre til fem sætninger: hvad er gjort, hvad virker, hvad er svært."
        form.fields["text"].widget.attrs["rows"] = 9
        form.fields["assessment"].label = "Vurdering"
        form.fields["assessment"].help_text = "Din egen, ud fra hele billedet. Skriv i teksten, hvorfor."
        return WrittenStatus(self.goal, "", entry, draft, form)

    @staticmethod
    def _button(data: Any) -> tuple[str, str]:
        return next(((name, data[name]) for name in _BUTTONS if data and name in data), ("", ""))

    @property
    def quotations(self) -> list[ChosenQuotation]:
        """The quotations that are chosen now, each with its source to be edited."""
        rows = list(self._rows())
        return [
            ChosenQuotation(one, self._source(one), is_first=one == rows[0], is_last=one == rows[-1]) for one in rows
        ]

    def _rows(self) -> Any:
        chosen = Quotation.objects.filter(evaluation=self.evaluation, goal=self.goal)
        return chosen.select_related("answer__sheet__invitee", "evaluation")

    def _source(self, quotation: Quotation) -> SourceForm:
        prefix = f"citat-{quotation.pk}"
        sent = self.data if self.data and f"{prefix}-source" in self.data else None
        return SourceForm(sent, prefix=prefix, initial={"source": quotation.source})

    @property
    def saved_text(self) -> str:
        """How it stands with the saving."""
        if self.refusal:
            return f"Ikke gemt. {self.refusal}"
        if self.has_errors:
            return "Ikke gemt: der er noget, du skal rette først."
        if self.status.conflict:
            return "Ikke gemt: en anden har skrevet imens."
        return " ".join(one for one in (self.said, self.status.saved_text) if one)

    def is_valid(self) -> bool:
        """Whether what was typed can be read."""
        sources = [one.form for one in self.quotations if one.form.is_bound]
        return all([self.quoting.is_valid(), self.status.form.is_valid(), *(form.is_valid() for form in sources)])

    @property
    def has_errors(self) -> bool:
        """Whether something stands in the way of saving."""
        return bool(self.status.form.errors) or any(one.form.errors for one in self.quotations)

    def save(self) -> int:
        """Keep everything, then do what the button says; tells how it went as HTTP does."""
        try:
            for one in self.quotations:
                if one.form.is_bound and one.form.is_valid():
                    name_source(quotation=one.quotation, source=one.form.cleaned_data["source"], by=self.user)
            self._do_before_text()
            self._save_text()
        except TextStands as stands:
            self.refusal = str(stands)
            return 422
        except NotAllowed as refused:
            self.status.form.add_error(None, str(refused))
            return 422
        self.said = "" if self.status.conflict else _SAID.get(self.pressed, "")
        return 409 if self.status.conflict else 200

    def _save_text(self) -> None:
        text = self.status.status_text
        if self.pressed == INSERT and (quoted := self._chosen()):
            told = f"»{quoted.text}« ({quoted.source})"
            text = text._replace(text=f"{text.text.rstrip()}\n\n{told}".lstrip())
            self._retype(text.text)
        if not (self.status.draft or text.text or text.assessment):
            return
        try:
            self.status.draft = save_status_draft(evaluation=self.evaluation, status=text, by=self.user)
        except EditConflict as conflict:
            self.status.conflict = cast("StatusDraft", conflict.current)

    def _retype(self, text: str) -> None:
        """Let the page show the text with what was put in."""
        form = self.status.form
        typed = MultiValueDict(dict(self.data.lists()))
        typed[form.add_prefix("text")] = text
        form.data = typed

    def _chosen(self) -> Quotation | None:
        number = int(self.pressed_value) if self.pressed_value.isdecimal() and len(self.pressed_value) < 19 else 0
        found: Quotation | None = self._rows().filter(pk=number).first()
        return found

    def _do_before_text(self) -> None:
        if self.pressed in (CITE, CITE_MARKED):
            self._cite()
        elif quotation := self._chosen():
            if self.pressed in (UP, DOWN):
                move_quotation(quotation=quotation, up=self.pressed == UP, by=self.user)
            elif self.pressed == REMOVE:
                remove_quotation(quotation=quotation, by=self.user)

    def _cite(self) -> None:
        answer_pk, _, sentence = self.pressed_value.partition(":")
        answer = self._answer(answer_pk)
        if answer is None:
            raise NotAllowed("Svaret er ikke længere det, der gælder. Hent siden igen.")
        text = self.quoting.cleaned_data["marked"] if self.pressed == CITE_MARKED else _sentence(answer, sentence)
        nonce = self.quoting.cleaned_data["nonce"]
        choose_quotation(
            evaluation=self.evaluation, goal=self.goal, answer=answer, text=text, nonce=nonce, by=self.user
        )

    def _answer(self, number: str) -> Answer | None:
        """An answer that counts, about this pejlemærke or the whole, of those the user may read."""
        answers = Answer.objects.counting().visible_to(self.user).filter(goal__in=[self.goal.pk]) | (
            Answer.objects.counting().visible_to(self.user).filter(goal=None)
        )
        own = answers.filter(sheet__invitee__survey=self.evaluation.survey_id).select_related("sheet__invitee")
        return own.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None

    @property
    def cited_answer(self) -> str:
        """The answer something was just quoted from, to be marked on the page."""
        return self.pressed_value.partition(":")[0] if self.pressed in (CITE, CITE_MARKED) and self.said else ""

    @property
    def text_so_far(self) -> str:
        """The text, where it is only read."""
        return self.status.draft.text if self.status.draft else self.status.entry.text if self.status.entry else ""

    @property
    def assessment_so_far(self) -> str:
        """Its assessment in words."""
        row = self.status.draft or self.status.entry
        return str(Assessment(row.assessment).label) if row else ""

    @property
    def is_inserted(self) -> bool:
        """Whether the text on the page has got more than was typed."""
        return self.pressed == INSERT and bool(self.said)

    def __iter__(self) -> Iterator[ChosenQuotation]:
        return iter(self.quotations)


def _sentence(answer: Answer, place: str) -> str:
    sentences = sentences_of(answer.text)
    index = int(place) if place.isdecimal() and len(place) < 6 else len(sentences)
    return sentences[index] if index < len(sentences) else ""

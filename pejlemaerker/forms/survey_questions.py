"""Spørgsmålene of a round, or of the house's template: one row each, moved by its number, without JavaScript."""

from typing import Any, NamedTuple, cast

from django import forms
from django.http import QueryDict

from kit.clock import moment
from kit.drafts import EditConflict
from meetings.forms.fields import LinesField, retyped
from meetings.models import Municipality
from pejlemaerker.actions.surveys import Question, questions_shown, save_questions, save_template
from pejlemaerker.documents.survey_questions import QUESTION_FIELDS, house_questions, usual_questions
from pejlemaerker.models import AbstractQuestion, QuestionTemplate, Survey

MOST_QUESTIONS = 40
FEWEST_CHOICES = 2
_PREFIX = "spm"


class QuestionForm(forms.Form):
    """Et spørgsmål."""

    text = forms.CharField(
        label="Spørgsmål", max_length=300, help_text="For eksempel: Hvad har I gjort?",
        error_messages={"required": "Skriv spørgsmålet, eller tag det ud."},
    )  # fmt: skip
    help_text = forms.CharField(
        label="Hjælp til lederen", max_length=300, required=False, help_text="For eksempel: Et par sætninger er nok."
    )
    kind = forms.ChoiceField(
        label="Hvordan svares der?", choices=AbstractQuestion.Kind, initial=AbstractQuestion.Kind.TEXT
    )
    choices = LinesField(
        label="Svarmuligheder", longest_line=120, most_lines=20, rows=4, required=False,
        help_text="Kun til ét svar af flere: én mulighed på hver linje.",
    )  # fmt: skip
    unit = forms.CharField(
        label="Enhed", max_length=40, required=False, help_text="Kun til et tal. For eksempel: børn eller pct."
    )
    is_per_goal = forms.BooleanField(label="Stilles for hvert pejlemærke", required=False, initial=True)
    is_required = forms.BooleanField(label="Skal besvares", required=False)

    @property
    def name(self) -> str:
        """What the row is called."""
        return str(self["text"].value() or "Nyt spørgsmål")

    @property
    def summary(self) -> str:
        """How it is asked, in a line."""
        kind = dict(AbstractQuestion.Kind.choices).get(self["kind"].value() or "", "")
        kind = "Vurdering" if self["kind"].value() == AbstractQuestion.Kind.ASSESSMENT else str(kind)
        parts = [kind, "for hvert pejlemærke" if self["is_per_goal"].value() else "én gang"]
        parts += ["skal besvares"] if self["is_required"].value() else []
        parts += ["tages ud"] if self["DELETE"].value() else []
        return " · ".join(parts)

    @property
    def is_open(self) -> bool:
        """Whether the row is shown in full from the start: a new one, and one in which something is wrong."""
        return (self.is_bound and bool(self.errors)) or not self["text"].value()

    def clean(self) -> dict[str, Any]:
        """A choice needs something to choose between; choices and unit stand only where they are used."""
        cleaned = super().clean() or {}
        kind, choices = cleaned.get("kind"), list(dict.fromkeys(cleaned.get("choices") or []))
        if kind == AbstractQuestion.Kind.CHOICE and "choices" in cleaned and len(choices) < FEWEST_CHOICES:
            self.add_error("choices", "Skriv mindst to forskellige svarmuligheder, én på hver linje.")
        cleaned["choices"] = "\n".join(choices) if kind == AbstractQuestion.Kind.CHOICE else ""
        cleaned["unit"] = cleaned.get("unit", "") if kind == AbstractQuestion.Kind.NUMBER else ""
        return cleaned

    @property
    def question(self) -> Question:
        """The question, as it was typed."""
        return Question(**{name: self.cleaned_data[name] for name in QUESTION_FIELDS})


class _Questions(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows; each may be moved by its number and taken out."""

    def add_fields(self, form: QuestionForm, index: int | None) -> None:
        """Name the two fields that a row of a list has."""
        super().add_fields(form, index)
        form.fields["ORDER"].label = "Nummer i rækken"
        form.fields["ORDER"].widget.attrs["min"] = 1
        form.fields["DELETE"].label = "Tag spørgsmålet ud"

    @property
    def questions(self) -> list[Question]:
        """Those that stay, in the order of their numbers; a row without one comes last."""
        return [form.question for form in self.ordered_forms if form.cleaned_data.get("text")]


_QuestionSet = forms.formset_factory(
    QuestionForm, formset=_Questions, extra=0, can_order=True, can_delete=True, max_num=MOST_QUESTIONS,
    validate_max=True, absolute_max=MOST_QUESTIONS + 1,
)  # fmt: skip


class Conflict(NamedTuple):
    """Two lists written at once."""

    mine: str
    theirs: str
    by: str
    at: str


class QuestionsForm(forms.Form):
    """A list of questions."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self, data: Any = None, *, rows: list[dict[str, Any]], shown: str, typed: QueryDict | None = None, more: int = 0
    ) -> None:
        """With `typed`, the page comes back with what was typed, in its new order, and so many `more` empty rows;
        nothing is judged.
        """
        super().__init__(data, initial={"shown": shown if typed is None else typed.get("shown", "")})
        rows = _numbered(rows) if typed is None else _typed_rows(typed)
        self.rows: Any = _QuestionSet(data, prefix=_PREFIX, initial=None if data else [row for row in rows if row])
        self.rows.extra = more + rows.count({})

    @property
    def all_hidden(self) -> list[Any]:
        """What the page carries along unseen."""
        return [*self.hidden_fields(), *self.rows.management_form]

    def clean(self) -> dict[str, Any]:
        """There is something to ask."""
        cleaned = super().clean() or {}
        if not self.rows.is_valid():
            self.add_error(None, "Se spørgsmålene igennem: der mangler noget i mindst ét af dem.")
        elif not self.rows.questions:
            self.add_error(None, "Der skal være mindst ét spørgsmål.")
        return cleaned


class SurveyQuestionsForm(QuestionsForm):
    """Spørgsmålene i en runde."""

    def __init__(
        self, data: Any = None, *, survey: Survey, user: Any, typed: QueryDict | None = None, more: int = 0,
        from_house: bool = False,
    ) -> None:  # fmt: skip
        self.survey, self.user = survey, user
        rows = house_questions(survey.committee.municipality) if from_house else _stored(survey)
        super().__init__(data, rows=rows, shown=questions_shown(survey), typed=typed, more=more)

    def save(self) -> bool:
        """Ask these questions; raises EditConflict and SurveyIsOpen."""
        save_questions(
            survey=self.survey, questions=self.rows.questions, shown=self.cleaned_data["shown"], by=self.user
        )
        return True

    def conflict_with(self, clash: EditConflict) -> Conflict:
        """Lay both lists beside each other; when this form is sent again, its writer has seen the other's."""
        current = cast("Survey", clash.current)
        self.data = cast("Any", _shown_again(self.data, questions_shown(current)))
        return _conflict(self.rows.questions, _stored(current), current)


class TemplateForm(QuestionsForm):
    """Husets spørgsmål, copied into each new round."""

    def __init__(
        self, data: Any = None, *, municipality: Municipality, user: Any, typed: QueryDict | None = None, more: int = 0,
        from_house: bool = False,
    ) -> None:  # fmt: skip
        self.municipality, self.user = municipality, user
        self.template = QuestionTemplate.objects.filter(municipality=municipality).order_by("pk").first()
        rows = usual_questions() if from_house else house_questions(municipality)
        shown = str(self.template.revision if self.template else 0)
        super().__init__(data, rows=rows, shown=shown, typed=typed, more=more)

    def save(self) -> bool:
        """Write them down; raises EditConflict."""
        shown = self.cleaned_data["shown"]
        expected = int(shown) if shown.isascii() and shown.isdecimal() and len(shown) < 9 else 0
        save_template(municipality=self.municipality, questions=self.rows.questions, expected=expected, by=self.user)
        return True

    def conflict_with(self, clash: EditConflict) -> Conflict:
        """Lay both lists beside each other; when this form is sent again, its writer has seen the other's."""
        current = cast("QuestionTemplate", clash.current)
        self.data = cast("Any", retyped(self.data, shown=current.revision))
        return _conflict(self.rows.questions, house_questions(self.municipality), current)


def _stored(survey: Survey) -> list[dict[str, Any]]:
    return [{name: getattr(one, name) for name in QUESTION_FIELDS} for one in survey.questions.all()]


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "ORDER": number} for number, row in enumerate(rows, start=1)]


def _typed_rows(typed: QueryDict) -> list[dict[str, Any]]:
    """The rows as they were typed, in the order of their numbers; one in which nothing was typed is empty."""
    count = typed.get(f"{_PREFIX}-TOTAL_FORMS", "")
    names = (*QuestionForm.base_fields, "ORDER", "DELETE")
    rows = [
        {name: typed.get(f"{_PREFIX}-{n}-{name}", "") for name in names}
        for n in range(
            min(int(count), MOST_QUESTIONS) if count.isascii() and count.isdecimal() and len(count) < 4 else 0
        )
    ]
    written = [row for row in rows if any(row[name] for name in ("text", "help_text", "choices", "unit", "ORDER"))]
    in_order = sorted(written, key=lambda row: _place(row["ORDER"]))
    return [*_numbered(in_order), *({} for _ in range(len(rows) - len(written)))]


def _place(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 999


def _shown_again(data: Any, shown: str) -> QueryDict:
    typed = retyped(data)
    typed["shown"] = shown
    return typed


def _conflict(mine: list[Question], theirs: list[dict[str, Any]], current: Survey | QuestionTemplate) -> Conflict:
    return Conflict(
        _as_text([one.text for one in mine]), _as_text([one["text"] for one in theirs]),
        str(current.edited_by or "En anden"), moment(current.edited_at),
    )  # fmt: skip


def _as_text(questions: list[str]) -> str:
    return "\n".join(f"{number}. {text}" for number, text in enumerate(questions, start=1)) or "(ingen spørgsmål)"

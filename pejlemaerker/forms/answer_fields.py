"""Fields of a besvarelse: one question in the way it is asked, and who answers."""

from typing import Any

from django import forms

from kit.once import NonceField
from kit.pasted import plain_text
from pejlemaerker.models import Assessment, SurveyQuestion


class PastedText(forms.CharField):
    """Text as it was typed or pasted, made plain (kit.pasted). Nothing is cut off, and nothing refused: a draft is kept
    whatever is in it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def to_python(self, value: Any) -> str:
        """Make it plain before anything else is asked of it."""
        return str(super().to_python(plain_text(str(value or ""))))


class AnswerForm(forms.Form):
    """Ét svar, with what it was written over; and the choice, where two have written at once."""

    revision = PastedText(widget=forms.HiddenInput)  # what is garbled here must not stand in the way of the text
    choice = PastedText()
    seen = PastedText(widget=forms.HiddenInput)

    def __init__(self, *args: Any, question: SurveyQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        self.fields["text"] = _field(question)

    def clean_text(self) -> str:
        """Of a choice only what could be chosen."""
        text = str(self.cleaned_data["text"])
        widget = self.fields["text"].widget
        if isinstance(widget, forms.RadioSelect):
            return text if text in {value for value, _ in widget.choices} else ""
        return text


class WhoForm(forms.Form):
    """Hvem svarer: the one who is asked, or a colleague the link was passed on to."""

    answered_by = PastedText(
        label="Hvem svarer?", help_text="Ret navnet, hvis du svarer for en anden.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    nonce = NonceField()


def _field(question: SurveyQuestion) -> forms.CharField:
    kind = SurveyQuestion.Kind(question.kind)
    help_text = question.help_text
    widget: forms.Widget
    if kind == SurveyQuestion.Kind.CHOICE:
        widget = _radios(
            [(line.strip(), line.strip()) for line in question.choices.splitlines() if line.strip()], question
        )
    elif kind == SurveyQuestion.Kind.ASSESSMENT:
        widget = _radios([(value, label) for value, label in Assessment.choices if value], question)
    elif kind == SurveyQuestion.Kind.NUMBER:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        help_text = help_text or f"Et tal, for eksempel 12. Enhed: {question.unit or 'antal'}."
    else:
        widget = forms.Textarea(attrs={"rows": 4})
    return PastedText(label=question.text, help_text=help_text, widget=widget)


def _radios(choices: list[tuple[str, str]], question: SurveyQuestion) -> forms.RadioSelect:
    """The choices; what need not be answered can be taken back."""
    return forms.RadioSelect(choices=[*choices, *([] if question.is_required else [("", "Intet svar")])])

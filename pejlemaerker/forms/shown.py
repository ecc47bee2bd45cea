"""Forms over rows without a revision number: nothing is written over unseen, and what is unusual is asked about."""

import hashlib
from typing import Any, cast

from django import forms

from meetings.forms.conflict import NOTHING
from meetings.forms.fields import retyped


class ShownForm(forms.Form):
    """A form that remembers what stood there when the person began."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def fingerprint_of(self, row: Any) -> str:
        """Tell in short how the row stands."""
        raise NotImplementedError

    def told_of(self, row: Any) -> dict[str, str]:
        """Tell how the row stands, in words, by field."""
        raise NotImplementedError

    def told_typed(self) -> dict[str, str]:
        """Tell what was typed, in the same words."""
        raise NotImplementedError

    def meet(self, current: Any) -> dict[str, str]:
        """Put the two side by side where they differ ({} where they do not), and let the next save name what is shown
        now.
        """
        mine, theirs = self.told_typed(), self.told_of(current)
        differ = [name for name in mine if mine[name] != theirs[name]]
        self.data = retyped(self.data, shown=cast("Any", self.fingerprint_of(current)))
        if not differ:
            return {}
        return {
            "mine": "\n".join(f"{self.fields[name].label}: {mine[name] or NOTHING}" for name in differ),
            "theirs": "\n".join(f"{self.fields[name].label}: {theirs[name] or NOTHING}" for name in differ),
        }


class AskingForm(forms.Form):
    """A form that asks before it saves what is unusual; the answer counts for the questions that were asked."""

    asked = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    confirmed = forms.BooleanField(label="Ja, det er rigtigt", required=False)

    questions: tuple[str, ...] = ()

    def ask(self, questions: list[str]) -> None:
        """Let what is unusual be confirmed before it is saved."""
        mark = hashlib.sha256("\n".join(questions).encode()).hexdigest()[:32]
        if not questions or (self.cleaned_data.get("confirmed") and self.cleaned_data.get("asked") == mark):
            return
        self.questions = tuple(questions)
        self.data = retyped(self.data, asked=cast("Any", mark))
        self.add_error("confirmed", "Sæt kryds, hvis det er rigtigt. Ellers ret det ovenfor.")

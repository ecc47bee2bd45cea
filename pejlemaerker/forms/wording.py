"""Skriv en ny ordlyd: the text the committee is to decide, or has just decided with a change."""

from typing import Any

from django import forms

from kit.clock import today
from meetings.forms.fields import retyped
from pejlemaerker.actions import write_wording
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.models import Goal, GoalVersion

_KINDS = [
    (kind.value, kind.label)
    for kind in (GoalVersion.ChangeKind.ADDITION, GoalVersion.ChangeKind.CHANGE, GoalVersion.ChangeKind.LINGUISTIC)
]


class WordingForm(forms.Form):
    """The next wording of a pejlemærke, written over the newest one."""

    text = PlainText("Ordlyd", rows=4, required=True, help_text="En sætning, der begynder med »Vi«. Den gemmes ordret.")
    change_kind = forms.ChoiceField(label="Hvad er ændret?", choices=_KINDS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Begrundelse", max_length=400, required=False, help_text="For eksempel: Udvalget ønskede familien nævnt."
    )
    worded_on = date_field("Formuleret", help_text="Dagen, da ordlyden blev skrevet, eller udvalgets mødedag.")
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, goal: Goal, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.user = goal, user
        newest = goal.versions.last()
        self.initial = {
            "text": newest.text if newest else "",
            "change_kind": GoalVersion.ChangeKind.ADDITION,
            "worded_on": today(),
            "expected": newest.number if newest else 0,
        }
        self.fields["text"].error_messages["required"] = "Skriv ordlyden."

    def clean_text(self) -> str:
        """The wording that is there already is no new wording."""
        text = str(self.cleaned_data["text"])
        if text == self.initial["text"] and self.data.get(self.add_prefix("expected")) == str(self.initial["expected"]):
            raise forms.ValidationError("Ordlyden er den samme som den nyeste. Ret den, før du gemmer.")
        return text

    def save(self) -> GoalVersion:
        """Write the wording; raises EditConflict when somebody else has written one since."""
        return write_wording(goal=self.goal, by=self.user, **self.cleaned_data)

    def write_over(self, newest: GoalVersion) -> None:
        """Keep what was typed, and let the next save be a wording after the one that has come in between."""
        self.data = retyped(self.data, expected=newest.number)

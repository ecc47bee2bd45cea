"""Påmindelser: which kinds somebody with a login wants."""

from typing import Any

from django import forms

from meetings.models import User
from pejlemaerker.actions.reminders import choose_reminders
from pejlemaerker.documents.reminder_kinds import kind_lines, stopped_kinds


class RemindersForm(forms.Form):
    """A tick for each kind that the user's roles bring."""

    def __init__(self, data: Any = None, *, user: User) -> None:
        self.user = user
        super().__init__(data)
        stopped = stopped_kinds(user)
        for line in kind_lines(user):
            self.fields[line.kind.value] = forms.BooleanField(
                label=line.name,
                help_text=f"{line.means} Du får dem {line.why}.",
                required=False,
                initial=line.kind not in stopped,
            )

    def save(self) -> None:
        """Keep what is ticked."""
        choose_reminders(user=self.user, wanted=[kind for kind, is_wanted in self.cleaned_data.items() if is_wanted])

"""Et punkt flyttes på dagsordenen: one button a step, over the order the person saw."""

from typing import Any

from django import forms

from meetings.actions import Step, move_item
from meetings.models import AgendaItem, Meeting


class MoveForm(forms.Form):
    """Which item goes where: "17:op", or "17:3" for the third place."""

    move = forms.RegexField(r"^\d{1,18}:(?:op|ned|oeverst|nederst|\d{1,6})\Z")
    seen = forms.CharField(max_length=40)

    def __init__(self, data: Any, *, user: Any, meeting: Meeting) -> None:
        super().__init__(data)
        self.user, self.meeting = user, meeting

    @property
    def step(self) -> str:
        """The way the item goes, as the button says it."""
        return str(self.cleaned_data["move"].partition(":")[2])

    def save(self) -> AgendaItem:
        """Move the item; raises OrderChanged and MeetingClosed."""
        item, _, to = self.cleaned_data["move"].partition(":")
        return move_item(
            meeting=self.meeting, item_pk=int(item), to=int(to) if to.isdecimal() else Step(to),
            seen=self.cleaned_data["seen"], by=self.user,
        )  # fmt: skip

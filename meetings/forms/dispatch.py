"""Udsendelse af dagsordenen: one button, and a number that says what was on the page."""

from typing import Any

from django import forms

from kit.once import NonceField
from meetings.actions import dispatch_agenda
from meetings.models import Dispatch, Meeting


class DispatchForm(forms.Form):
    """Send the agenda out as it stands on the page."""

    nonce = NonceField()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, user: Any, meeting: Meeting, seen: str) -> None:
        self.user, self.meeting, self.shown = user, meeting, seen
        super().__init__(data, initial={"seen": seen})

    def save(self) -> Dispatch:
        """Send it out; raises NotAllowed and MeetingClosed."""
        return dispatch_agenda(meeting=self.meeting, by=self.user, **self.cleaned_data)

    def refuse(self, why: str) -> None:
        """Say what stands in the way; the next press is about what the page shows then."""
        self.add_error(None, why)
        self.data = {"nonce": self["nonce"].value(), "seen": self.shown}

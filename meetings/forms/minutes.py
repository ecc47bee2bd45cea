"""Referatet: the meeting closed, the minutes signed, sealed and added to."""

from collections.abc import Iterable
from typing import Any

from django import forms

from kit.once import NonceField
from meetings.actions import add_to_minutes, close_meeting, leave_untreated, seal_minutes, sign_minutes
from meetings.documents.public_texts import Passage, Publicity
from meetings.forms.fields import DraftForm, HourField, VerbatimField
from meetings.forms.precheck import PrecheckedForm
from meetings.models import AgendaItem, Closing, DecisionDraft, Meeting, MinutesAddition, Seal, Signature


class CloseForm(forms.Form):
    """Close the meeting, and say when it ended."""

    ends_at = HourField(label="Mødet sluttede kl.", help_text="For eksempel: 19.10", required=False)
    nonce = NonceField()

    def __init__(self, data: Any = None, *, user: Any, meeting: Meeting) -> None:
        self.user, self.meeting = user, meeting
        super().__init__(data, initial={"ends_at": meeting.ends_at})

    def save(self) -> Closing:
        """Close the meeting."""
        return close_meeting(meeting=self.meeting, by=self.user, **self.cleaned_data)


class NotTreatedForm(DraftForm):
    """One press: the item was not treated at the meeting."""

    def __init__(self, data: Any = None, *, user: Any, item: AgendaItem, draft: DecisionDraft | None = None) -> None:
        self.user, self.item = user, item
        super().__init__(data, initial={"revision": draft.revision if draft else 0}, auto_id=f"punkt_{item.pk}_%s")

    def save(self) -> None:
        """Enter it in the protocol."""
        values = self.cleaned_data
        leave_untreated(item=self.item, expected=values["revision"], nonce=values["nonce"], by=self.user)


class SignForm(forms.Form):
    """Sign the minutes as they were shown."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    nonce = NonceField()

    def __init__(self, data: Any = None, *, user: Any, meeting: Meeting, fingerprint: str = "") -> None:
        self.user, self.meeting = user, meeting
        super().__init__(data, initial={"fingerprint": fingerprint}, auto_id="underskrift_%s")

    def save(self) -> Signature:
        """Sign."""
        return sign_minutes(meeting=self.meeting, by=self.user, **self.cleaned_data)


class SealForm(forms.Form):
    """Seal the minutes although somebody has not signed."""

    reason = forms.CharField(
        label="Hvorfor har ikke alle underskrevet?",
        help_text="Står ved forseglingen. For eksempel: Ulla Ude er fratrådt.",
        max_length=300,
        error_messages={"required": "Skriv, hvorfor ikke alle har underskrevet."},
    )
    nonce = NonceField()

    def __init__(self, data: Any = None, *, user: Any, meeting: Meeting) -> None:
        self.user, self.meeting = user, meeting
        super().__init__(data)

    def save(self) -> Seal:
        """Seal."""
        return seal_minutes(meeting=self.meeting, by=self.user, **self.cleaned_data)


class AdditionForm(PrecheckedForm):
    """A dated addition to the minutes as a whole, public at once where they are."""

    text = VerbatimField(
        label="Tilføjelse",
        help_text="Læses af alle, der må læse referatet. For eksempel: Mette Medlem var til stede fra"
        " kl. 17.20, ikke fra mødets begyndelse.",
        error_messages={"required": "Skriv, hvad der rettes."},
    )
    nonce = NonceField()

    def __init__(self, data: Any = None, *, user: Any, meeting: Meeting) -> None:
        self.user, self.meeting = user, meeting
        super().__init__(data)

    def public_texts(self) -> Iterable[Passage]:
        """The addition, once the minutes are public."""
        if Publicity.of(self.meeting.pk).minutes:
            yield "Tilføjelsen", self.cleaned_data["text"]

    def save(self) -> MinutesAddition:
        """Add it."""
        return add_to_minutes(
            meeting=self.meeting, warnings_accepted=self.warnings_accepted, by=self.user, **self.cleaned_data
        )

"""Et løfte: put on an agenda with one press, or noted as kept in another way."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from kit.clock import today
from kit.dates import format_date
from kit.once import NonceField
from meetings.actions import put_promise_on_agenda, settle_promise
from meetings.documents.promises import meeting_to_answer
from meetings.documents.public_texts import Passage, Publicity
from meetings.documents.publishing import warnings_in
from meetings.forms.fields import DayField
from meetings.forms.precheck import PrecheckedForm
from meetings.models import AgendaItem, Meeting, Promise


class SettleForm(PrecheckedForm):
    """Note that a promise was kept otherwise than by an item: when, and how; public at once where the minutes are."""

    on = DayField(label="Indfriet den")
    note = forms.CharField(
        label="Hvordan?",
        help_text="Læses af alle, der må læse referatet. For eksempel: Notat sendt til udvalget.",
        max_length=300,
        error_messages={"required": "Skriv, hvordan løftet blev indfriet."},
    )

    def __init__(self, data: Any = None, *, user: Any, promise: Promise) -> None:
        self.user, self.promise = user, promise
        super().__init__(data, initial={"on": today()})

    def clean_on(self) -> date:
        """A promise is kept after it was given, and not in the future."""
        on: date = self.cleaned_data["on"]
        given = self.promise.given_on
        if on < given:
            raise forms.ValidationError(f"Løftet blev først givet {format_date(given)}.")
        if on > today():
            raise forms.ValidationError("Dagen er ikke kommet endnu.")
        return on

    def public_texts(self) -> Iterable[Passage]:
        """The note, where the promise itself can be read by all."""
        item = self.promise.item
        if item and not item.is_closed and Publicity.of(item.meeting_id).minutes:
            yield "Hvordan", self.cleaned_data["note"]

    def save(self) -> Promise:
        """Note it."""
        return settle_promise(
            promise=self.promise, warnings_accepted=self.warnings_accepted, by=self.user, **self.cleaned_data
        )


class PutOnAgendaForm(forms.Form):
    """One press: an item that answers the promise, on the meeting named or the next."""

    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        required=False,
        error_messages={"invalid_choice": "Mødet er ikke et af udvalgets møder."},
    )
    is_open = forms.BooleanField(required=False)  # asked where no item tells: of a promise that was made elsewhere
    nonce = NonceField()

    def __init__(self, data: Any = None, *, user: Any, promise: Promise) -> None:
        self.user, self.promise = user, promise
        super().__init__(data)
        own = Meeting.objects.visible_to(user).filter(committee=promise.given_in)
        self.fields["meeting"].queryset = own  # type: ignore[attr-defined]

    def clean_meeting(self) -> Meeting:
        """Where no meeting is named, it is the one the promise is due at, or the next."""
        named: Meeting | None = self.cleaned_data["meeting"] or meeting_to_answer(self.promise)
        if named is None:
            raise forms.ValidationError("Udvalget har intet kommende møde. Opret mødet først.")
        return named

    def clean(self) -> dict[str, Any]:
        """An item that all can read at once is not made of what looks like personal data."""
        cleaned: dict[str, Any] = self.cleaned_data
        named, item = cleaned.get("meeting"), self.promise.item
        is_open = not item.is_closed if item else cleaned.get("is_open")
        if named and is_open and Publicity.of(named.pk).agenda and warnings_in([("Løftet", self.promise.text)]):
            self.add_error(
                "meeting",
                "Dagsordenen er offentlig, og løftet ligner personoplysninger. Tilføj punktet på dagsordenen selv.",
            )
        return cleaned

    def save(self) -> AgendaItem:
        """Put it on."""
        return put_promise_on_agenda(promise=self.promise, by=self.user, **self.cleaned_data)

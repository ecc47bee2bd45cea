"""Offentliggørelse: an act, with a look at what should not be public."""

from typing import Any

from django import forms
from django.db.models import Model

from meetings.actions import publish, publish_minutes, withdraw
from meetings.documents.minutes import minutes_may_be_public
from meetings.documents.publishing import PublishingPart
from meetings.models import MINUTES, Meeting, Publication


class PublishForm(forms.Form):
    """Make something public; where something looks like personal data, a person has to say that it may be."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    confirmed = forms.BooleanField(
        label="Jeg har set advarslerne igennem, og teksten må offentliggøres", required=False
    )

    def __init__(self, data: Any = None, *, user: Any, record: Model, part: PublishingPart) -> None:
        super().__init__(data, initial={"seen": part.seen}, auto_id=f"{part.key}_%s")
        self.user, self.record, self.part = user, record, part

    @property
    def refusal(self) -> str:
        """What stands in the way of publishing at all: minutes are finished before they are published."""
        if not isinstance(self.record, Meeting) or self.part.subject != MINUTES:
            return ""
        return "" if minutes_may_be_public(self.record) else "Mødet skal lukkes, før referatet kan offentliggøres."

    def clean(self) -> dict[str, Any]:
        """The confirmation holds for the warnings that were shown, not for others that have come since."""
        cleaned = super().clean() or {}
        if self.refusal:
            self.add_error(None, self.refusal)
        if not self.part.warnings:
            return cleaned
        if not cleaned.get("confirmed"):
            self.add_error("confirmed", "Se advarslerne igennem, og sæt kryds, hvis teksten må offentliggøres.")
        elif cleaned.get("seen") != self.part.seen:
            self.add_error(
                "confirmed", "Teksten er ændret imens, og advarslerne er nye. Se dem igennem, og sæt kryds igen."
            )
            self.data = {"seen": self.part.seen}  # shown again with the new warnings, the cross taken away
        return cleaned

    def save(self) -> Publication:
        """Make it public."""
        if isinstance(self.record, Meeting) and self.part.subject == MINUTES:
            return publish_minutes(meeting=self.record, by=self.user, warnings_accepted=list(self.part.warnings))
        return publish(
            subject=self.part.subject, record=self.record, by=self.user, warnings_accepted=list(self.part.warnings)
        )


class WithdrawForm(forms.Form):
    """Take something back from the public; the trace stays."""

    def __init__(self, data: Any = None, *, user: Any, record: Model, part: PublishingPart) -> None:
        super().__init__(data)
        self.user, self.record, self.part = user, record, part

    def save(self) -> Publication:
        """Withdraw it."""
        return withdraw(subject=self.part.subject, record=self.record, by=self.user)

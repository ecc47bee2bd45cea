"""A text that is public the moment it is saved is looked through first, as everything is before it is published."""

from collections.abc import Iterable
from typing import Any

from django import forms

from meetings.documents.public_texts import Passage
from meetings.documents.publishing import name_of, warnings_in


class PrecheckForm(forms.Form):
    """The question that comes with warnings: has a person seen them, and may it be public?"""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    confirmed = forms.BooleanField(label="Jeg har set advarslerne igennem, og det må offentliggøres", required=False)

    def __init__(self, data: Any, *, warnings: tuple[str, ...], auto_id: str) -> None:
        self.warnings = warnings
        asked = name_of(warnings)
        is_answer = data.get("seen") == asked  # a cross that was set at other warnings does not hold for these
        super().__init__({"seen": asked, "confirmed": is_answer and data.get("confirmed")}, auto_id=auto_id)

    def clean(self) -> dict[str, Any]:
        """The confirmation holds for the warnings that were shown, not for others that have come since."""
        cleaned = super().clean() or {}
        if not cleaned.get("confirmed"):
            self.add_error("confirmed", "Se advarslerne igennem, og sæt kryds, hvis det må offentliggøres.")
        return cleaned


class PrecheckedForm(forms.Form):
    """A form whose text may be public at once.

    A subclass tells in `public_texts` what the save makes public, nothing where it makes nothing public; its template
    shows `components/precheck.html` above the button, and its `save` hands `warnings_accepted` on to the action.
    """

    precheck: PrecheckForm | None = None

    def public_texts(self) -> Iterable[Passage]:
        """The texts that are public once the form is saved, and were not before; asked when all fields are valid."""
        raise NotImplementedError

    def reminders(self) -> Iterable[str]:
        """What becomes public that only a person can look through."""
        return ()

    @property
    def warnings_accepted(self) -> tuple[str, ...]:
        """The warnings a person has seen and accepted; kept in the log."""
        return self.precheck.warnings if self.precheck else ()

    def _post_clean(self) -> None:
        """Look the text through when it is otherwise in order."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        warnings = (*warnings_in(self.public_texts()), *self.reminders())
        if not warnings:
            return
        self.precheck = PrecheckForm(self.data, warnings=warnings, auto_id=str(self.auto_id))
        if not self.precheck.is_valid():
            self.add_error(None, "Det bliver offentligt, så snart det er gemt. Se advarslerne nederst, før du gemmer.")

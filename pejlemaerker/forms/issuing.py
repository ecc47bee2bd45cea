"""Udstedelse, rettelse og kontrol af et notat."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from kit.clock import today
from kit.files import size_text
from kit.once import NonceField
from kit.paper.document import Paper
from meetings.documents.publishing import name_of, warnings_in
from meetings.forms.publishing import PublishForm
from meetings.models import Publication
from pejlemaerker.actions.notes import NOT_PUBLIC, begin_correction, issue_note, publish_note
from pejlemaerker.documents.notes.issuing import passages_of, subject_of
from pejlemaerker.documents.notes.verify import MOST_BYTES
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.models import Note, NoteDraft


class IssueNoteForm(forms.Form):
    """Udsted: what is issued is what was shown, and a person has looked at what may be personal data in it."""

    reason = PlainText(
        "Hvorfor rettes det?",
        rows=3,
        required=True,
        help_text="Står først i det nye notat. For eksempel: »Andelen af forældre i afsnittet Status var forkert.«",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    confirmed = forms.BooleanField(label="Jeg har set advarslerne igennem, og det må stå i notatet", required=False)
    nonce = NonceField()

    def __init__(self, data: Any = None, *, draft: NoteDraft, paper: Paper, user: Any) -> None:
        self.warnings = warnings_in(passages_of(paper))
        shown = {"revision": draft.revision, "text": paper.fingerprint, "seen": name_of(self.warnings)}
        super().__init__(data, initial=shown)
        self.draft, self.user = draft, user
        self.fields["reason"].error_messages["required"] = "Skriv, hvorfor notatet rettes."
        if draft.corrects is None:
            del self.fields["reason"]
        if not self.warnings:
            del self.fields["confirmed"], self.fields["seen"]

    def clean(self) -> dict[str, Any]:
        """The confirmation holds for the warnings that were shown, not for others that have come since."""
        cleaned = super().clean() or {}
        is_seen = cleaned.get("seen") == name_of(self.warnings)
        if self.warnings and not (is_seen and cleaned.get("confirmed")):
            self.add_error("confirmed", "Se advarslerne igennem, og sæt kryds, hvis det må stå i notatet.")
        return cleaned

    def save(self) -> Note:
        """Issue it; raises EditConflict and NotAllowed."""
        done = self.cleaned_data
        return issue_note(
            draft=self.draft, expected=done["revision"] or 0, seen=done["text"], reason=done.get("reason", ""),
            warnings_accepted=self.warnings, nonce=done["nonce"], by=self.user,
        )  # fmt: skip


class PublishNoteForm(PublishForm):
    """Offentliggør et udstedt notat: only while what it is about is public."""

    record: Note

    @property
    def refusal(self) -> str:
        """What stands in the way of publishing at all."""
        return "" if subject_of(self.record).is_public else NOT_PUBLIC

    def save(self) -> Publication:
        """Make it public; raises NotAllowed."""
        return publish_note(note=self.record, by=self.user, warnings_accepted=list(self.part.warnings))


class CorrectNoteForm(forms.Form):
    """Ret et udstedt notat: by a new one, which begins as a draft that holds the same."""

    as_of = date_field(
        "Pr. dato",
        help_text="Notatets egen dag, hvis det var ordene i notatet, der var forkerte. I dag, hvis fejlen først er "
        "rettet i systemet siden: et notat fortæller, hvad der var kendt på dagen.",
    )
    nonce = NonceField()

    def __init__(self, data: Any = None, *, note: Note, user: Any) -> None:
        super().__init__(data, initial={"as_of": note.as_of})
        self.note, self.user = note, user

    def clean_as_of(self) -> date:
        """A note tells of a day that has come."""
        day: date = self.cleaned_data["as_of"]
        if day > today():
            raise forms.ValidationError("Dagen er ikke kommet endnu.")
        return day

    def save(self) -> NoteDraft:
        """Begin the correction; raises NotAllowed."""
        done = self.cleaned_data
        return begin_correction(note=self.note, as_of=done["as_of"], nonce=done["nonce"], by=self.user)


class VerifyForm(forms.Form):
    """Kontrollér en fil. It is read and let go of."""

    file = forms.FileField(
        label="Fil",
        help_text=f"PDF, Word (.docx) eller HTML, højst {size_text(MOST_BYTES)}. Filen gemmes ikke.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.html,.htm"}),
        error_messages={"required": "Vælg en fil.", "empty": "Filen er tom."},
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is too large, before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                f"Filen fylder {size_text(file.size or 0)}. Den kan højst fylde {size_text(MOST_BYTES)}."
            )
        return file

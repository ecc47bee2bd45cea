"""Et bilag: the file, what it is called, and whether the public may have it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from kit.drafts import EditConflict
from kit.files import KINDS, ending, is_what_it_says, safe_name, size_text
from kit.once import NonceField
from meetings.actions import add_attachment, delete_attachment, edit_attachment, flag_attachment
from meetings.documents.attachments import Placed, attachment_passages, reminders
from meetings.documents.public_texts import Passage, is_public_now
from meetings.forms.conflict import differences
from meetings.forms.fields import retyped
from meetings.forms.precheck import PrecheckedForm
from meetings.models import AgendaItem, Attachment, Closing

_KINDS = "PDF, Word, Excel, PowerPoint, OpenDocument (odt, ods), tekst (txt, csv) og billeder (png, jpg)"
_AGAIN = "Vælg filen igen; en browser husker den ikke, når siden kommer tilbage."


class _FileField(forms.FileField):
    """A file of a kind that is harmless to open, and not too large."""

    def __init__(self) -> None:
        super().__init__(
            label="Fil",
            help_text=f"{_KINDS}. Højst {size_text(settings.UPLOAD_MAX_SIZE)}.",
            widget=forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in KINDS)}),
            error_messages={
                "required": "Vælg en fil.",
                "empty": "Filen er tom (0 bytes). Vælg en anden.",
                "invalid": "Filen kom ikke frem. Vælg den igen.",
            },
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        if isinstance(data, UploadedFile) and (data.size or 0) > settings.UPLOAD_MAX_SIZE:
            raise forms.ValidationError(
                f"Filen fylder {size_text(data.size or 0)}; der er plads til {size_text(settings.UPLOAD_MAX_SIZE)}."
                " Gør den mindre, eller del den i to."
            )
        file = super().clean(data, initial)
        name = safe_name(file.name or "")
        kind = ending(name)
        if kind not in KINDS:
            raise forms.ValidationError(f"En fil af denne art kan ikke lægges på. Det kan {_KINDS}.")
        if not is_what_it_says(name, file):
            raise forms.ValidationError(
                f"Indholdet er ikke det, navnet siger ({kind}). Gem filen som {KINDS[kind].label} igen, og prøv så."
            )
        return file


class AttachmentForm(forms.Form):
    """Lay a file on an item. Where the agenda is public, the flag comes afterwards, when the file can be looked at."""

    file = _FileField()
    title = forms.CharField(
        label="Titel", help_text="Som bilaget nævnes i dagsordenen. Står feltet tomt, bruges filens navn.",
        max_length=200, required=False,
    )  # fmt: skip
    doc_no = forms.CharField(label="Doknr.", help_text="For eksempel: 175905/22", max_length=60, required=False)
    is_public = forms.BooleanField(
        label="Bilaget må offentliggøres sammen med punktet", required=False,
        help_text="Uden kryds ser kun udvalget og forvaltningen bilaget. På et lukket punkt bliver det aldrig vist.",
    )  # fmt: skip
    nonce = NonceField()

    def __init__(self, data: Any = None, files: Any = None, *, user: Any, item: AgendaItem) -> None:
        self.user, self.item = user, item
        super().__init__(data, files)
        self.flag_comes_after = is_public_now(item)
        if self.flag_comes_after:
            del self.fields["is_public"]

    def clean(self) -> dict[str, Any]:
        """What was typed is kept when something is refused, but the file is not; so that is said."""
        cleaned = super().clean() or {}
        if self.errors and "file" in cleaned:
            self.add_error("file", _AGAIN)
        return cleaned

    def save(self) -> Attachment:
        """Lay it on; raises MeetingClosed."""
        values = self.cleaned_data
        name = safe_name(values["file"].name)
        return add_attachment(
            item=self.item, title=values["title"] or name.rpartition(".")[0], doc_no=values["doc_no"],
            content=values["file"], file_name=name, is_public=values.get("is_public", False), nonce=values["nonce"],
            by=self.user,
        )  # fmt: skip


class AttachmentEditForm(PrecheckedForm):
    """Change an attachment; after the meeting is closed only whether it may be public."""

    title = forms.CharField(label="Titel", max_length=200, error_messages={"required": "Skriv bilagets titel."})
    doc_no = AttachmentForm.base_fields["doc_no"]
    place = forms.TypedChoiceField(label="Rækkefølge", coerce=int)
    is_public = AttachmentForm.base_fields["is_public"]
    was_title = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    was_doc_no = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    was_public = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, user: Any, attachment: Attachment) -> None:
        self.user, self.attachment = user, attachment
        self.is_closed = Closing.objects.filter(meeting=attachment.item.meeting_id).exists()
        siblings = list(Attachment.including_closed.filter(item=attachment.item_id).exclude(pk=attachment.pk))
        before = [row for row in siblings if (row.position, row.pk) < (attachment.position, attachment.pk)]
        super().__init__(data, initial={
            "title": attachment.title, "doc_no": attachment.doc_no, "is_public": attachment.is_public,
            "place": len(before) + 1, "was_title": attachment.title, "was_doc_no": attachment.doc_no,
            "was_public": attachment.is_public,
        })  # fmt: skip
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (1, "Først"), *((n, f"Efter »{row.title}«") for n, row in enumerate(siblings, start=2)),
        ]  # fmt: skip
        if self.is_closed:
            for name in ("title", "doc_no", "place", "was_title", "was_doc_no", "was_public"):
                del self.fields[name]
        elif not siblings:
            self.fields["place"].widget = forms.HiddenInput()

    def public_texts(self) -> Iterable[Passage]:
        """What it is called, and what stands in it if that is text; nothing of it while the agenda is not public."""
        return attachment_passages(self._made_public())

    def reminders(self) -> Iterable[str]:
        """The file itself, when it is given free by this save."""
        return () if self.attachment.is_public else reminders(self._made_public())

    def _made_public(self) -> list[Placed]:
        """The attachment as it will be, if something of it is public that was not before."""
        values, row = self.cleaned_data, self.attachment
        title, doc_no = values.get("title", row.title), values.get("doc_no", row.doc_no)
        is_news = (title, doc_no, True) != (row.title, row.doc_no, row.is_public)
        if not (values["is_public"] and is_news and is_public_now(row.item)):
            return []
        new = Attachment(file_id=row.file_id, file_name=row.file_name, title=title, doc_no=doc_no)
        new.file = row.file
        return [(f"Punkt {row.item.number}, bilag {values.get('place', row.position)}", new)]

    def save(self) -> Attachment:
        """Keep the changes; raises MeetingClosed and EditConflict."""
        values = dict(self.cleaned_data)
        if self.is_closed:
            return flag_attachment(
                attachment=self.attachment, is_public=values["is_public"], warnings_accepted=self.warnings_accepted,
                by=self.user,
            )  # fmt: skip
        was = {"title": values.pop("was_title"), "doc_no": values.pop("was_doc_no"),
               "is_public": values.pop("was_public")}  # fmt: skip
        return edit_attachment(
            attachment=self.attachment, was=was, warnings_accepted=self.warnings_accepted, by=self.user, **values
        )

    def conflict_with(self, conflict: EditConflict) -> dict[str, str]:
        """Lay both beside each other; when this form is sent again, its writer has seen the other's."""
        current = conflict.current
        assert isinstance(current, Attachment)  # noqa: S101  (tells mypy what the action found)
        theirs = {"title": current.title, "doc_no": current.doc_no, "is_public": current.is_public}
        typed = retyped(self.data)
        for name, value in theirs.items():
            typed[f"was_{name.removeprefix('is_')}"] = str(value)
        self.data = typed
        mine, told = differences(self, {name: self.cleaned_data[name] for name in theirs}, theirs)
        return {"mine": mine, "theirs": told, "by": "En anden", "at": ""}


class AttachmentDeleteForm(forms.Form):
    """Take an attachment off."""

    def __init__(self, data: Any = None, *, user: Any, attachment: Attachment) -> None:
        self.user, self.attachment = user, attachment
        super().__init__(data)

    def save(self) -> None:
        """Take it off; raises MeetingClosed and NotAllowed."""
        delete_attachment(attachment=self.attachment, by=self.user)

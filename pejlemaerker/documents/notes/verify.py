"""Kontrol af en fil: whether it is one we issued, and if it is not byte by byte, whether its words were changed."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from django.db.models import QuerySet
from django.utils.timezone import localdate

from kit.dates import format_date
from kit.paper.apart import about, compared
from kit.paper.comparing import Change, Compared
from kit.paper.reading import Unreadable
from pejlemaerker.documents.notes.issued import NamedNote, named
from pejlemaerker.documents.notes.issuing import grouped
from pejlemaerker.models import Note, NoteFile

MOST_BYTES = 20_000_000
_MOST_CLAIMS = 5

_FINGERPRINT = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{8}(?:\s[0-9a-f]{8}){7})(?![0-9a-f])")
_NUMBER = re.compile(r"\bNotat (\d{4})-(\d{1,6})\b")


class Verdict(StrEnum):
    """Hvad kontrollen viser."""

    ISSUED = "issued"
    SAME_WORDS = "same_words"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


_TITLES = {
    Verdict.ISSUED: "Filen er udstedt her og er uændret",
    Verdict.SAME_WORDS: "Filen er gemt på ny, men ordene er de samme",
    Verdict.CHANGED: "Filen er ændret, siden den blev udstedt",
    Verdict.UNKNOWN: "Filen er ikke udstedt her",
    Verdict.UNREADABLE: "Filen kan ikke læses",
}


@dataclass(frozen=True, slots=True)
class Verification:
    """Udfaldet af en kontrol. Of a note the viewer may not see, a file that is the issued one gives its number and day,
    and any other file nothing.
    """

    verdict: Verdict
    sha256: str
    name: str = ""
    issued: str = ""
    form: str = ""
    note: Note | None = None
    corrected_by: NamedNote | None = None
    compared: Compared | None = None
    problem: str = ""

    @classmethod
    def of(cls, content: bytes, *, viewer: Any = None, sees_all: bool = False) -> Self:
        """Look a file up, and where it is not known as it is, read it. Raises PaperBusy."""
        return cls.as_it_is(content, viewer=viewer, sees_all=sees_all) or cls.by_its_words(
            content, viewer=viewer, sees_all=sees_all
        )

    @classmethod
    def as_it_is(cls, content: bytes, *, viewer: Any = None, sees_all: bool = False) -> Self | None:
        """Find the issued file that is this one, byte by byte."""
        sha256 = hashlib.sha256(content).hexdigest()
        file = NoteFile.objects.filter(sha256=sha256).select_related("note").defer("content", "note__paper").first()
        if file is None:
            return None
        notes = _notes(viewer, sees_all=sees_all)
        return cls._of_note(
            Verdict.ISSUED, sha256, file.note, file.form, seen=notes.filter(pk=file.note_id).first(), among=notes
        )

    @classmethod
    def by_its_words(cls, content: bytes, *, viewer: Any = None, sees_all: bool = False) -> Self:
        """Read a file that a stranger may have made, find the note it claims to be, and hold the two up against each
        other. Raises PaperBusy.
        """
        sha256, notes = hashlib.sha256(content).hexdigest(), _notes(viewer, sees_all=sees_all)
        try:
            told = about(content)
            for note in _claimed(told.text, notes):
                file = NoteFile.objects.filter(note=note, form=told.form).first()
                if file:
                    held = compared(bytes(file.content), content)
                    verdict = Verdict.SAME_WORDS if held.is_same else Verdict.CHANGED
                    return cls._of_note(verdict, sha256, note, told.form, seen=note, among=notes, compared=held)
        except Unreadable as problem:
            return cls(Verdict.UNREADABLE, sha256, problem=str(problem))
        return cls(Verdict.UNKNOWN, sha256)

    @classmethod
    def _of_note(
        cls,
        verdict: Verdict,
        sha256: str,
        note: Note,
        form: str,
        *,
        seen: Note | None,
        among: "QuerySet[Note]",
        compared: Compared | None = None,
    ) -> Self:
        correction = among.filter(corrects=note).first() if seen else None
        return cls(
            verdict=verdict,
            sha256=sha256,
            name=f"Notat {note.name}",
            issued=format_date(localdate(note.issued_at)),
            form=form,
            note=seen,
            corrected_by=named(correction) if correction else None,
            compared=compared,
        )

    @property
    def title(self) -> str:
        """The answer in a sentence."""
        return _TITLES[self.verdict]

    @property
    def kind(self) -> str:
        """How it is shown: the colour only repeats what the words say."""
        return {Verdict.ISSUED: "success", Verdict.SAME_WORDS: "info", Verdict.UNREADABLE: "warning"}.get(
            self.verdict, "warning" if self.verdict == Verdict.UNKNOWN else "error"
        )

    @property
    def grouped_sha256(self) -> str:
        """The file's own fingerprint, as people can compare it."""
        return grouped(self.sha256)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The words that differ."""
        return self.compared.changes if self.compared else ()

    @property
    def looks(self) -> str:
        """What is known of how it looks: words alone say nothing of a picture that is laid upon them."""
        if self.compared is None:
            return ""
        if not self.compared.has_looks:
            return "Kun ordene er holdt op mod hinanden. Billeder, figurer og udseende er ikke kontrolleret."
        if not self.compared.pages:
            return "Siderne ser også ud, som da notatet blev udstedt."
        first, *rest = self.compared.pages[:10]
        pages = f"Side {first} ser" if not rest else f"Siderne {first}, {', '.join(map(str, rest))} ser"
        return f"{pages} anderledes ud, end da notatet blev udstedt. Der kan ligge noget over teksten."

    def as_json(self) -> dict[str, Any]:
        """Tell it as data."""
        return {
            "verdict": str(self.verdict),
            "answer": self.title,
            "number": self.name.removeprefix("Notat ") or None,
            "issued_on": localdate(self.note.issued_at).isoformat() if self.note else None,
            "form": self.form or None,
            "title": self.note.title if self.note else None,
            "text_sha256": self.note.text_sha256 if self.note else None,
            "file_sha256": self.sha256,
            "corrected_by": self.corrected_by.name if self.corrected_by else None,
            "changes": [one._asdict() for one in self.changes],
            "more_changes": self.compared.more if self.compared else 0,
            "looks": self.looks or None,
            "problem": self.problem or None,
        }


def _notes(viewer: Any, *, sees_all: bool) -> "QuerySet[Note]":
    """The notes the viewer may be told of; `sees_all` is the house itself, at its own machine."""
    notes = Note.objects.all() if sees_all else Note.objects.visible_to(viewer)
    return notes.select_related("committee__municipality", "issued_by").defer("paper")


def _claimed(text: str, notes: "QuerySet[Note]") -> Iterator[Note]:
    """The notes that a file may claim to be, the likeliest first: by the fingerprint it carries, then by its number."""
    prints = dict.fromkeys("".join(one.split()) for one in _FINGERPRINT.findall(text))
    numbers = [number for number, _ in Counter(_NUMBER.findall(text)).most_common(_MOST_CLAIMS)]
    seen: set[int] = set()
    conditions: list[dict[str, Any]] = [
        *({"text_sha256": one} for one in list(prints)[:_MOST_CLAIMS]),
        *({"number_year": int(year), "number": int(number)} for year, number in numbers),
    ]
    for condition in conditions:
        for note in sorted(notes.filter(**condition)[:_MOST_CLAIMS], key=lambda one: _likeness(one, text)):
            if note.pk not in seen:
                seen.add(note.pk)
                yield note


def _likeness(note: Note, text: str) -> tuple[bool, bool]:
    """Of several with one fingerprint or one number, the one whose house and number the file names comes first."""
    return (note.committee.municipality.name not in text, f"Notat {note.name}" not in text)

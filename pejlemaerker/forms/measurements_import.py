"""Indlæs målinger: what is pasted from a spreadsheet, or its file, shown before anything is stored."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from kit.clock import today
from kit.danish import join_words
from meetings.forms.fields import VerbatimField
from pejlemaerker.actions import Measured, record_measurements
from pejlemaerker.forms.measurement_changes import Changes, changes_by
from pejlemaerker.importing.measurements import MOST_CHARACTERS, Problem, Reading, Row, read_measurements
from pejlemaerker.importing.spreadsheets import LARGEST_FILE, Unreadable, text_of_file
from pejlemaerker.models import Indicator, Measurement

_SHOWN_PROBLEMS = 50
_SKIPPED = 20


class MeasurementsImportForm(forms.Form):
    """Lines from a spreadsheet. They are stored when what they change has been shown and is still what they change."""

    text = VerbatimField(
        label="Sæt linjerne ind her", rows=8, max_length=MOST_CHARACTERS, required=False, strip=False,
        help_text="Kopiér kolonnerne i regnearket og sæt dem ind: dato, værdi og eventuelt kilde og bemærkning. "
        "Overskrifter må gerne være med. Højst 2.000 linjer.",
    )  # fmt: skip
    file = forms.FileField(
        label="Eller vælg en fil", required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        help_text="CSV eller Excel (.xlsx), højst 1 MB. Af et regneark læses det første ark.",
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, indicator: Indicator, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator, self.user = indicator, user
        self.definition = indicator.definitions.latest("number")
        self.reading = Reading()
        self.changes: Changes | None = None

    def clean(self) -> dict[str, Any]:
        """Read the lines; those of a file are put where one can see and change them."""
        cleaned = super().clean() or {}
        text, file = cleaned.get("text", ""), cleaned.get("file")
        if isinstance(file, UploadedFile):
            text = self._text_of(file)
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["text"] = text  # type: ignore[index]
            cleaned["text"] = text
        if self.errors:
            return cleaned
        if not text.strip():
            self.add_error("text", "Sæt linjer ind, eller vælg en fil.")
            return cleaned
        self.reading = self._checked(read_measurements(text, latest=today()))
        if self.reading.problems:
            count = len(self.reading.problems)
            lines = "Én linje kan" if count == 1 else f"{count} linjer kan"
            self.add_error("text", f"{lines} ikke læses. Ret teksten herunder; intet er gemt.")
        elif not self.reading.rows:
            self.add_error("text", "Der er ingen linjer med både en dato og en værdi.")
        if self.reading.rows:
            self.changes = changes_by(self.reading.rows, self.indicator, unit=self.definition.unit)
        return cleaned

    def _text_of(self, file: "UploadedFile[bytes]") -> str:
        if (file.size or 0) > LARGEST_FILE:
            self.add_error("file", "Filen er for stor. Den kan højst fylde 1 MB.")
            return str(self.cleaned_data.get("text", ""))
        try:
            return text_of_file(file.read()).replace("\0", " ")
        except Unreadable as reason:
            self.add_error("file", str(reason))
            return str(self.cleaned_data.get("text", ""))

    def _checked(self, reading: Reading) -> Reading:
        """What counts people counts whole ones, and never fewer than none."""
        if not self.definition.counts_people:
            return reading
        wrong = [row for row in reading.rows if not _counts_people(row)]
        problems = [
            Problem(row.line, str(row.value).replace(".", ","), "Nøgletallet tæller personer: skriv et helt tal.")
            for row in wrong
        ]
        rows = tuple(row for row in reading.rows if _counts_people(row))
        by_line = sorted((*reading.problems, *problems), key=lambda one: one.line)
        return Reading(rows, tuple(by_line), reading.skipped)

    @property
    def shown_problems(self) -> tuple[Problem, ...]:
        """The first of the problems: whoever mends these will see the rest."""
        return self.reading.problems[:_SHOWN_PROBLEMS]

    @property
    def summary(self) -> str:
        """3 nye, 1 ændres, 2 uændrede."""
        if self.changes is None:
            return ""
        new, changed, same = len(self.changes.new), len(self.changes.changed), len(self.changes.same)
        told = [f"{new} {'ny' if new == 1 else 'nye'}"] if new else []
        told += [f"{changed} ændres"] if changed else []
        told += [f"{same} {'uændret' if same == 1 else 'uændrede'}"] if same else []
        return ", ".join(told)

    @property
    def skipped_text(self) -> str:
        """Which lines have no value."""
        lines = [str(line) for line in self.reading.skipped]
        if not lines:
            return ""
        named = join_words(lines) if len(lines) <= _SKIPPED else f"{', '.join(lines[:_SKIPPED])} …"
        return f"{'Linje' if len(lines) == 1 else 'Linjerne'} {named} har ingen værdi og springes over."

    @property
    def is_confirmed(self) -> bool:
        """Whether the person has seen these very changes and said yes, or there is nothing left to change."""
        if "confirm" not in self.data or self.changes is None:
            return False
        return not self.changes.to_store or self.changes.fingerprint == self.cleaned_data["seen"]

    @property
    def fingerprint(self) -> str:
        """What the page carries along, so that what is stored is what was shown."""
        return self.changes.fingerprint if self.changes else ""

    def save(self) -> list[Measurement]:
        """Store all of them, or none."""
        assert self.changes is not None  # noqa: S101  (a valid form has read something)
        measured = [
            Measured(one.row.day, one.row.value, one.row.source, one.row.note, one.current.pk if one.current else None)
            for one in self.changes.to_store
        ]
        return record_measurements(indicator=self.indicator, measured=measured, by=self.user)


def _counts_people(row: Row) -> bool:
    return row.value >= 0 and row.value == row.value.to_integral_value()

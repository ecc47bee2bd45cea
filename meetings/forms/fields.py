"""Fields that several forms share: verbatim text, one thing a line, the revision a text was written over."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from kit.once import NonceField

_FIRST_YEAR = 1700


class VerbatimField(forms.CharField):
    """A text that is kept word for word; only the line ends, which browsers send in two ways, are made alike."""

    def __init__(self, *, rows: int = 3, max_length: int = 20_000, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "data-keep": ""})
        super().__init__(widget=widget, max_length=max_length, **options)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class LinesField(VerbatimField):
    """One thing a line: quick to type and to paste. Empty lines do not count."""

    def __init__(self, *, longest_line: int, most_lines: int = 200, **options: Any) -> None:
        self.longest_line, self.most_lines = longest_line, most_lines
        super().__init__(max_length=100_000, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).split("\n") if line.strip()]
        if len(lines) > self.most_lines:
            raise forms.ValidationError(f"Der er {len(lines)} linjer; der er plads til {self.most_lines}.")
        too_long = [number for number, line in enumerate(lines, start=1) if len(line) > self.longest_line]
        if too_long:
            raise forms.ValidationError(f"Linje {too_long[0]} er længere end {self.longest_line} tegn.")
        return lines


class DayField(forms.DateField):
    """A day, picked in the browser's calendar or typed as one writes it in Danish."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%d. %B %Y"],
            error_messages={"required": "Skriv datoen.", "invalid": "Skriv datoen som 3.10.2022."},
            **options,
        )

    def to_python(self, value: Any) -> date | None:
        """No day of ours lies before the calendar we count by."""
        day: date | None = super().to_python(value)
        if day and day.year < _FIRST_YEAR:
            raise forms.ValidationError("Skriv et årstal, der kan være rigtigt.")
        return day


class HourField(forms.TimeField):
    """A time of day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            input_formats=["%H:%M", "%H.%M", "%H"],
            error_messages={"invalid": "Skriv tidspunktet som 17.00."},
            **options,
        )


class DraftForm(forms.Form):
    """A form over a draft: it knows its own number (nonce) and which revision its text was written over."""

    nonce = NonceField()
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def clean_revision(self) -> int:
        """A missing revision is that of a draft nobody has saved yet."""
        return self.cleaned_data["revision"] or 0

    def write_over(self, revision: int) -> None:
        """Keep what was typed, and let the next save name this revision: the person has now seen what stands there."""
        self.data = retyped(self.data, revision=revision)


def retyped(data: Mapping[str, Any], **changed: int) -> QueryDict:
    """What a person typed, word for word, but for hidden numbers that are to be others at the next save."""
    typed = QueryDict(mutable=True)
    typed.update(data)
    for name, number in changed.items():
        typed[name] = str(number)
    return typed


def is_plausible_day(day: date, today: date) -> bool:
    """Whether a meeting can have been or be held that day: not before this century, and at most two years ahead."""
    return date(2000, 1, 1) <= day <= today.replace(year=today.year + 2, day=1)

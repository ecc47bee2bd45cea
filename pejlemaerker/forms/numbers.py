"""Numbers and days as one writes them in Danish."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from kit.clock import today
from kit.dates import format_date
from pejlemaerker.documents.numbers import format_number
from pejlemaerker.importing.measurements import read_day, read_number


class NumberField(forms.CharField):
    """Et tal: "12,5" or "1.234,5"; a point never means a decimal."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": "Skriv tallet."})
        super().__init__(max_length=60, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a number as it is written."""
        return format_number(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        """Return the number, or None where nothing was written."""
        text = super().clean(value)
        if not text:
            return None
        number = read_number(text)
        if number is None:
            raise forms.ValidationError("Skriv tallet som 12,5 eller 1.234,5, med højst fire decimaler.")
        return number


class MeasuredOnField(forms.CharField):
    """Hvad et tal gælder for: a day or a period, which counts by its last day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label="Hvilken dag eller periode gælder tallet for?",
            help_text="For eksempel 31.12.2023, marts 2023, 2. kvartal 2023 eller 2023. En periode står ved sin sidste "
            "dag.",
            max_length=60,
            error_messages={"required": "Skriv dagen eller perioden."},
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """Show a day as a letter prints it."""
        return format_date(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        """Return the day, or the last one of the period."""
        day = read_day(super().clean(value))
        if day is None:
            raise forms.ValidationError("Skriv en dag, en måned, et kvartal eller et år, for eksempel 31.12.2023.")
        if day > today():
            raise forms.ValidationError(f"{format_date(day)} er ikke nået endnu.")
        return day

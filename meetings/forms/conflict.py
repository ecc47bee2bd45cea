"""Two texts at once: what two people have written, field by field where they differ."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django import forms

from kit.dates import format_date, format_time

NOTHING = "(tom)"


def differences(form: forms.Form, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[str, str]:
    """Tell mine and theirs, a line for each field that is not the same; nothing where they agree."""
    fields = [field for field in form.visible_fields() if mine.get(field.name, "") != theirs.get(field.name, "")]
    told = [
        "\n".join(f"{field.label}: {_as_text(field.field, values.get(field.name))}" for field in fields)
        for values in (mine, theirs)
    ]
    return told[0], told[1]


def _as_text(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(field, forms.ChoiceField):
        labels = {str(name): label for name, label in field.widget.choices}
        return str(labels.get(str(value), value))
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, time):
        return format_time(value)
    text = "\n".join(value) if isinstance(value, list) else str(value or "")
    return text or NOTHING

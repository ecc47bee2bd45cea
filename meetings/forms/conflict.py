"""Two texts at once: what two people have written, field by field where they differ."""

from collections.abc import Mapping
from typing import Any

from django import forms


def differences(form: forms.Form, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[str, str]:
    """Tell mine and theirs, a line for each field that is not the same; nothing where they agree."""
    fields = [field for field in form.visible_fields() if mine.get(field.name, "") != theirs.get(field.name, "")]
    told = [
        "\n".join(f"{field.label}: {_as_text(field.field, values.get(field.name))}" for field in fields)
        for values in (mine, theirs)
    ]
    return told[0], told[1]


def _as_text(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        labels = {str(name): label for name, label in field.widget.choices}
        return str(labels.get(str(value), value))
    if isinstance(field, forms.DateField | forms.TimeField):
        return str(field.widget.format_value(value) or "(tom)")
    text = "\n".join(value) if isinstance(value, list) else str(value or "")
    return text or "(tom)"

"""Vælg to sæt, der skal sammenlignes."""

from collections.abc import Iterable
from typing import Any

from django import forms

from pejlemaerker.documents.compare import Side
from pejlemaerker.models import GoalSet


class CompareForm(forms.Form):
    """To sæt, as the address names them; only asked with GET, so nothing is saved."""

    foer = forms.ChoiceField(label="Før")
    efter = forms.ChoiceField(label="Efter")

    def __init__(self, *, sets: Iterable[GoalSet], before: Side | None, after: Side | None, **kwargs: Any) -> None:
        chosen = {"foer": before.key if before else "", "efter": after.key if after else ""}
        super().__init__(initial=chosen, **kwargs)
        offered = [("", "Vælg et sæt"), *((str(one.pk), f"{one}, {one.period.committee}") for one in sets)]
        for name, side in (("foer", before), ("efter", after)):
            field = self.fields[name]
            on_a_day = [(side.key, side.name)] if side and side.day else []
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
            field.choices = [*offered, *on_a_day]

"""Ophæv en ordlyd: by a later decision of the committee, or by a noted delegation."""

from typing import Any

from django import forms

from kit.clock import today
from kit.dates import format_date
from kit.once import NonceField
from pejlemaerker.actions import annul_wording, earliest_day, standing_adoptions
from pejlemaerker.forms.decisions import DecisionField, deciding, submissions_of
from pejlemaerker.forms.fields import date_field
from pejlemaerker.models import Annulment, GoalVersion


class AnnulForm(forms.Form):
    """On what ground, from which day, and why."""

    delegation_note = forms.CharField(
        label="Eller efter bemyndigelse",
        max_length=400,
        required=False,
        help_text="Kun når udvalget har ladet andre afgøre det. For eksempel: Formanden, bemyndiget 3.10.2022.",
    )
    annulled_from = date_field("Ophævet fra", help_text="Fra den dag gælder den ordlyd, der gjaldt før.")
    reason = forms.CharField(
        label="Begrundelse",
        max_length=400,
        help_text="For eksempel: Ordlyden byggede på en vedtægt, der ikke længere gælder.",
        error_messages={"required": "Skriv, hvorfor ordlyden ophæves."},
    )
    nonce = NonceField()

    def __init__(self, *args: Any, version: GoalVersion, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version, self.user = version, user
        self.adoptions = standing_adoptions(version)
        decision = DecisionField(
            committees=deciding(version.goal.goal_set),
            user=user,
            submissions=submissions_of(goal=version.goal),
            named=self.data.get("decision"),
            label="Hvilken beslutning ophæver ordlyden?",
            help_text="Kun udvalgets godkendelser kan. De mest nærliggende står øverst.",
            required=False,
            empty_label=None,
            error_messages={"invalid_choice": "Vælg en af udvalgets egne beslutninger, som godkender."},
        )
        self.fields = {"decision": decision, **self.fields}
        self.initial.setdefault("annulled_from", today())

    def clean(self) -> dict[str, Any]:
        """Exactly one ground, and no day before what is annulled was decided."""
        cleaned = super().clean() or {}
        decision, note, day = cleaned.get("decision"), cleaned.get("delegation_note"), cleaned.get("annulled_from")
        if decision and note:
            self.add_error("delegation_note", "Vælg enten beslutningen eller bemyndigelsen, ikke begge.")
        if not decision and not note and "decision" not in self.errors:
            self.add_error("decision", "Vælg beslutningen, eller skriv bemyndigelsen.")
        if day and self.adoptions and day < (earliest := earliest_day(self.adoptions, decision)):
            self.add_error("annulled_from", f"Ordlyden kan tidligst ophæves fra beslutningen, {format_date(earliest)}.")
        return cleaned

    def save(self) -> list[Annulment]:
        """Annul the wording; raises CannotAnnul."""
        return annul_wording(version=self.version, by=self.user, **self.cleaned_data)

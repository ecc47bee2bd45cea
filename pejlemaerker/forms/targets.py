"""Et mål: what the pejlemærke is turned into, and which decision approves it."""

from typing import Any

from django import forms

from kit.clock import today
from kit.dates import format_date
from kit.once import NonceField
from meetings.models import Decision
from pejlemaerker.actions import write_target
from pejlemaerker.forms.decisions import DecisionField, deciding, submissions_of
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.models import Goal, Target


class TargetForm(forms.Form):
    """Et mål, or one that takes another's place."""

    text = PlainText(
        "Mål", rows=3, required=True,
        help_text="Mere konkret end pejlemærket. For eksempel: »Alle skoler holder samtaler med familien inden 2024.«",
    )  # fmt: skip
    nonce = NonceField()

    def __init__(self, *args: Any, goal: Goal, user: Any, replaces: Target | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.user, self.replaces = goal, user, replaces
        self.fields["text"].error_messages["required"] = "Skriv målet."
        self.fields["set_on"] = date_field("Fra", help_text="Dagen, målet gælder fra.")
        self.fields["decision"] = DecisionField(
            committees=deciding(goal.goal_set),
            user=user,
            submissions=submissions_of(goal=goal),
            named=self.data.get("decision"),
            label="Hvilken beslutning godkender det?",
            help_text="Lad det stå, hvis udvalget ikke har godkendt målet endnu. Kun udvalgets godkendelser kan.",
            required=False,
            empty_label="Ikke godkendt endnu",
            error_messages={"invalid_choice": "Vælg en af udvalgets egne beslutninger, som godkender."},
        )
        self.order_fields(["text", "decision", "set_on"])
        self.initial = {"set_on": today(), "text": replaces.text if replaces else ""}
        if self.wants_to_withdraw:
            self.fields["text"].required = False

    @property
    def wants_to_withdraw(self) -> bool:
        """Whether the button that takes the mål away was pressed."""
        return self.replaces is not None and self.is_bound and "withdraw" in self.data

    def clean(self) -> dict[str, Any]:
        """A mål cannot be approved before the decision; one that says the same must be approved by another."""
        cleaned = super().clean() or {}
        decision, day = cleaned.get("decision"), cleaned.get("set_on")
        if decision and day and day < decision.decided_on:
            told = f"Målet kan tidligst gælde fra beslutningen, {format_date(decision.decided_on)}."
            self.add_error("set_on", told)
        if self._says_the_same(cleaned.get("text"), decision):
            self.add_error("text", "Målet er det samme som før. Ret det, eller vælg den beslutning, der godkender.")
        return cleaned

    def _says_the_same(self, text: str | None, decision: Decision | None) -> bool:
        if self.replaces is None or self.wants_to_withdraw or text != self.replaces.text:
            return False
        return decision is None or decision.pk == self.replaces.decision_id

    def save(self) -> Target:
        """Write the mål; raises EditConflict when somebody else has replaced it first."""
        cleaned = self.cleaned_data
        return write_target(
            goal=self.goal,
            text="" if self.wants_to_withdraw else cleaned["text"],
            set_on=cleaned["set_on"],
            decision=cleaned["decision"],
            nonce=cleaned["nonce"],
            replaces=self.replaces,
            by=self.user,
        )

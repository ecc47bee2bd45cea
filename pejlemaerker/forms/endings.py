"""Afslut et pejlemærke, or take it up again: how, by which decision, from which day, and why."""

from typing import Any

from django import forms

from kit.clock import today
from kit.once import NonceField
from pejlemaerker.actions import close_goal
from pejlemaerker.documents.endings import Ending
from pejlemaerker.forms.decisions import DecisionField, deciding, submissions_of
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.models import Goal, GoalClosing

_ENDS = [
    (GoalClosing.Kind.COMPLETED.value, "Afsluttet: arbejdet med det er ført til ende"),
    (GoalClosing.Kind.DROPPED.value, "Udgået: udvalget vil ikke længere arbejde efter det"),
]
_RESUMED = [(GoalClosing.Kind.RESUMED.value, "Taget op igen")]


class CloseForm(forms.Form):
    """How it ends; of one that has ended only that it is taken up again."""

    kind = forms.ChoiceField(
        label="Hvordan?", widget=forms.RadioSelect, error_messages={"required": "Vælg, hvordan det ender."}
    )
    delegation_note = forms.CharField(
        label="Eller efter bemyndigelse", max_length=400, required=False,
        help_text="Hvem er bemyndiget af hvem? For eksempel: Formanden efter udvalgets bemyndigelse 3. oktober 2022.",
    )  # fmt: skip
    ended_on = date_field("Fra hvilken dag?")
    reason = PlainText("Begrundelse", rows=3, required=True, help_text="Den står på pejlemærkets side.")
    gives_up_number = forms.BooleanField(
        label="Giv nummeret fri, så pejlemærket ikke længere står i rækken", required=False, initial=True
    )
    nonce = NonceField()

    def __init__(self, data: Any = None, *, goal: Goal, ending: Ending | None, user: Any) -> None:
        super().__init__(data)
        self.goal, self.ending, self.user = goal, ending, user
        self.initial = {"ended_on": today()}
        self.fields["kind"].choices = self._kinds()  # type: ignore[attr-defined]
        if ending:
            self.fields["kind"].widget = forms.HiddenInput()
            self.initial["kind"] = GoalClosing.Kind.RESUMED.value
        if ending or goal.number is None:
            del self.fields["gives_up_number"]
        field = DecisionField(
            committees=deciding(goal.goal_set), user=user, submissions=submissions_of(goal=goal),
            named=self.data.get("decision"), label="Efter hvilken beslutning?", required=False, blank=True,
            empty_label="Ingen beslutning", help_text=self._about_decision,
            error_messages={"invalid_choice": "Vælg en af udvalgets egne beslutninger, som godkender."},
        )  # fmt: skip
        self.fields["decision"] = field
        self.fields["reason"].error_messages["required"] = "Skriv, hvorfor."
        self.fields["reason"].help_text += f" For eksempel: {self._example}"
        self.order_fields(["kind", "decision", "delegation_note", "ended_on", "reason", "gives_up_number", "nonce"])

    def _kinds(self) -> list[tuple[str, str]]:
        """What is offered; a form sent once more after it took effect is still understood."""
        sent_before = self.is_bound and self.data.get("kind") in dict(_ENDS)
        if self.ending:
            return [*_RESUMED, *(_ENDS if sent_before else [])]
        return [*_ENDS, *(_RESUMED if self.is_bound and self.data.get("kind") in dict(_RESUMED) else [])]

    @property
    def _about_decision(self) -> str:
        if self.ending:
            return "Kun udvalgets godkendelser kan. De mest nærliggende står øverst."
        return "Kun udvalgets godkendelser kan. Et pejlemærke, der er ført til ende, kan afsluttes uden."

    @property
    def _example(self) -> str:
        return (
            "Udvalget vil arbejde videre med det i den nye plan."
            if self.ending
            else "Alle dagtilbud arbejder nu efter den fælles ramme."
        )

    def save(self) -> GoalClosing:
        """Write it down; raises EndedMeanwhile and NotAllowed."""
        told = {name: self.cleaned_data[name] for name in self.fields if name not in ("gives_up_number", "reason")}
        return close_goal(
            goal=self.goal, by=self.user, gives_up_number=self.cleaned_data.get("gives_up_number", False),
            reason=self.cleaned_data["reason"].strip(), **told,
        )  # fmt: skip

"""Husets frister: the days counted back from a meeting."""

from typing import Any

from django import forms

from meetings.actions.dispatch_rules import DAYS, drop_dispatch_rule, fingerprint_of, set_dispatch_rule
from meetings.actions.organisation import values_of
from meetings.forms.fields import retyped
from meetings.models import Committee, DispatchRule, Municipality


def _days(label: str, help_text: str, most: int, least: int = 0) -> forms.IntegerField:
    required = "Skriv et antal dage. Samme dag er 0."
    messages = {"required": required, "invalid": "Skriv et helt antal dage, for eksempel 14."}
    messages["max_value"] = f"Skriv højst {most} dage."
    messages["min_value"] = required
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=least, max_value=most, error_messages=messages
    )


class DispatchRuleForm(forms.Form):
    """The rule of a committee, or of all that have none of their own."""

    answer_days = _days(
        "Lederne svarer, dage før sekretariatets frist",
        "Så der er tid til at samle svarene og skrive. For eksempel: 14", 180,
    )  # fmt: skip
    secretariat_days = _days(
        "Teksten er hos sekretariatet, dage før mødet",
        "Med 22 dage og et møde 4. oktober er det senest 12. september. Rammer fristen en weekend eller en helligdag, "
        "bliver det hverdagen før.", 180,
    )  # fmt: skip
    sent_days = _days(
        "Dagsordenen udsendes, dage før mødet",
        "Medlemmerne skal have den i god tid (styrelsesloven § 8). For eksempel: 7", 90,
    )  # fmt: skip
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self,
        data: Any = None,
        *,
        user: Any,
        municipality: Municipality,
        committee: Committee | None,
        rule: DispatchRule,
    ) -> None:
        self.user, self.municipality, self.committee = user, municipality, committee
        super().__init__(data, initial={**values_of(rule, DAYS), "shown": fingerprint_of(rule)})

    def clean(self) -> dict[str, Any]:
        """The secretariat has the text before it is sent out."""
        cleaned = super().clean() or {}
        text, sent = cleaned.get("secretariat_days"), cleaned.get("sent_days")
        if text is not None and sent is not None and text < sent:
            self.add_error("secretariat_days", "Teksten skal være hos sekretariatet, før dagsordenen udsendes.")
        return cleaned

    def save(self) -> DispatchRule:
        """Write the rule; raises EditConflict."""
        return set_dispatch_rule(
            municipality=self.municipality, committee=self.committee, by=self.user, **self.cleaned_data
        )

    def drop(self) -> None:
        """Follow the municipality's rule again; raises EditConflict."""
        if self.committee:
            shown = str(self.data.get("shown", ""))
            drop_dispatch_rule(committee=self.committee, shown=shown, by=self.user)

    def meet(self, current: DispatchRule) -> dict[str, str]:
        """Put the two rules side by side, and let the next save name what is shown now."""
        self.data = retyped(self.data)
        self.data["shown"] = fingerprint_of(current)
        mine = [f"{self.fields[name].label}: {self.data.get(name, '')}" for name in self.fields if name in DAYS]
        theirs = [f"{self.fields[name].label}: {getattr(current, name)}" for name in self.fields if name in DAYS]
        own = bool(current.pk) or self.committee is None
        return {
            "mine": "\n".join(mine),
            "theirs": "\n".join(theirs) if own else "Udvalget følger kommunens frister.",
        }

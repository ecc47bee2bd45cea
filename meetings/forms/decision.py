"""Beslutningen as it is written during the meeting: a draft, then the protocol, then dated additions."""

from typing import Any

from django import forms

from kit.once import NonceField
from meetings.actions import correct_decision, record_decision, save_decision_draft
from meetings.forms.fields import DraftForm, VerbatimField
from meetings.models import AgendaItem, Category, Correction, Decision, DecisionDraft
from meetings.phrases import COMMON_CATEGORIES, RARE_CATEGORIES

_CHOICES = [(category.value, category.label) for category in (*COMMON_CATEGORIES, *RARE_CATEGORIES)]


class DecisionDraftForm(DraftForm):
    """A decision under way; anything may be missing."""

    text = VerbatimField(label="Beslutning", help_text="Ordret, som den skal stå i referatet.", required=False)
    category = forms.ChoiceField(
        label="Hvad betyder beslutningen?", choices=_CHOICES, widget=forms.RadioSelect, required=False
    )

    def __init__(self, data: Any = None, *, user: Any, item: AgendaItem, draft: DecisionDraft | None = None) -> None:
        self.user, self.item = user, item
        initial = {"text": draft.text, "category": draft.category, "revision": draft.revision} if draft else {}
        super().__init__(data, initial=initial, auto_id=f"punkt_{item.pk}_%s")

    @property
    def common(self) -> int:
        """How many kinds of decision stand first; the rest are behind "Flere"."""
        return len(COMMON_CATEGORIES)

    @property
    def shows_rare(self) -> bool:
        """Whether one of the rest is chosen."""
        return self["category"].value() in RARE_CATEGORIES

    def write_over(self, revision: int) -> None:
        """Shown again, it asks for what the protocol needs, as the page's other forms do."""
        super().write_over(revision)
        self.fields["text"].required = self.fields["category"].required = True

    def save(self) -> DecisionDraft:
        """Keep the draft."""
        values = self.cleaned_data
        return save_decision_draft(
            item=self.item, category=values["category"], text=values["text"], expected=values["revision"], by=self.user
        )


class DecisionForm(DecisionDraftForm):
    """A decision on its way into the protocol: it has a kind, and words unless nothing was decided."""

    def __init__(self, data: Any = None, *, user: Any, item: AgendaItem, draft: DecisionDraft | None = None) -> None:
        super().__init__(data, user=user, item=item, draft=draft)
        self.fields["category"].required = True
        self.fields["category"].error_messages["required"] = "Vælg, hvad beslutningen betyder."
        self.fields["text"].required = True
        self.fields["text"].error_messages["required"] = "Skriv beslutningen, som den skal stå i referatet."

    def clean(self) -> dict[str, Any]:
        """Where nothing was decided, there is nothing to quote."""
        cleaned = super().clean() or {}
        if cleaned.get("category") == Category.NONE and self.has_error("text", "required"):
            del self.errors["text"]
            cleaned["text"] = ""
        return cleaned

    def save(self) -> Decision:  # type: ignore[override]
        """Enter the decision in the protocol."""
        values = self.cleaned_data
        return record_decision(
            item=self.item, category=values["category"], text=values["text"], expected=values["revision"],
            nonce=values["nonce"], by=self.user,
        )  # fmt: skip


class CorrectionForm(forms.Form):
    """A dated addition below a decision."""

    text = VerbatimField(
        label="Tilføjelse",
        help_text="Hvad der rettes, og hvorfor. Beslutningen bliver stående, og tilføjelsen sættes under den med dato.",
        error_messages={"required": "Skriv, hvad der rettes."},
    )
    category = forms.ChoiceField(
        label="Beslutningens betydning",
        help_text="Kun hvis den også var ført forkert.",
        choices=[("", "Uændret"), *_CHOICES],
        required=False,
    )
    nonce = NonceField()

    def __init__(self, data: Any = None, *, user: Any, decision: Decision, text: str = "") -> None:
        self.user, self.decision = user, decision
        super().__init__(data, initial={"text": text}, auto_id=f"rettelse_{decision.pk}_%s")

    def save(self) -> Correction:
        """Add the correction."""
        return correct_decision(decision=self.decision, by=self.user, **self.cleaned_data)

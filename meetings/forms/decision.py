"""Beslutningen as it is written during the meeting: a draft, then the protocol, then dated additions."""

from collections.abc import Iterable
from typing import Any

from django import forms

from kit.once import NonceField
from meetings.actions import correct_decision, record_decision, record_points, save_decision_draft
from meetings.documents.at_points import AtPoints
from meetings.documents.public_texts import Passage, Publicity
from meetings.forms.fields import DraftForm, VerbatimField
from meetings.forms.precheck import PrecheckedForm
from meetings.models import AgendaItem, Category, Correction, Decision, DecisionDraft
from meetings.phrases import COMMON_CATEGORIES, RARE_CATEGORIES

_CHOICES = [(category.value, category.label) for category in (*COMMON_CATEGORIES, *RARE_CATEGORIES)]
_NOTHING_TO_QUOTE = (Category.NONE, Category.NOT_TREATED)


class DecisionDraftForm(DraftForm):
    """A decision under way; anything may be missing."""

    points = forms.TypedMultipleChoiceField(
        label="Gælder",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Indstillingen er ændret imens. Vælg at-punkterne igen."},
    )
    text = VerbatimField(label="Beslutning", help_text="Ordret, som den skal stå i referatet.", required=False)
    category = forms.ChoiceField(
        label="Hvad betyder beslutningen?", choices=_CHOICES, widget=forms.RadioSelect, required=False
    )
    conditions = forms.CharField(
        label="Betingelser",
        help_text="For eksempel: under forudsætning af, at udgiften finansieres inden for rammen.",
        max_length=2000,
        required=False,
    )
    departs = forms.BooleanField(label="Beslutningen afviger fra indstillingen", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        user: Any,
        item: AgendaItem,
        at_points: AtPoints,
        draft: DecisionDraft | None = None,
    ) -> None:
        self.user, self.item, self.at_points = user, item, at_points
        initial = {name: getattr(draft, name) for name in (*_DRAFTED, "revision")} if draft else {}
        initial["points"] = _checked(at_points, draft)
        super().__init__(data, initial=initial, auto_id=f"punkt_{item.pk}_%s")
        if at_points.may_part:
            self._offer(at_points)
        else:
            del self.fields["points"]
        if not at_points.numbers:
            del self.fields["departs"]

    def _offer(self, at_points: AtPoints) -> None:
        """Offer the at-points that wait; one that is decided in the meantime is no fault in the form, but two texts."""
        points = self.fields["points"]
        points.choices = [(number, f"Ad {number}") for number in at_points.numbers]  # type: ignore[attr-defined]
        points.widget.choices = [(number, f"Ad {number}") for number in at_points.undecided]
        if not at_points.decided:
            points.help_text = "Uden kryds gælder beslutningen hele indstillingen."

    @property
    def common(self) -> int:
        """How many kinds of decision stand first; the rest are behind "Flere"."""
        return len(COMMON_CATEGORIES)

    @property
    def shows_rare(self) -> bool:
        """Whether one of the rest is chosen."""
        return self["category"].value() in RARE_CATEGORIES

    @property
    def shows_more(self) -> bool:
        """Whether something stands in what is behind "Betingelser og afvigelse"."""
        told = [self["conditions"], *([self["departs"]] if "departs" in self.fields else [])]
        return any(field.value() or field.errors for field in told)

    def write_over(self, revision: int) -> None:
        """Shown again, it asks for what the protocol needs, as the page's other forms do."""
        super().write_over(revision)
        self.fields["text"].required = self.fields["category"].required = True

    @property
    def drafted(self) -> dict[str, Any]:
        """What the secretary has typed."""
        blank: dict[str, Any] = {"points": [], "departs": False}
        return {name: self.cleaned_data.get(name, blank.get(name, "")) for name in _DRAFTED}

    def save(self) -> Any:
        """Keep the draft."""
        values = self.cleaned_data
        return save_decision_draft(
            item=self.item, expected=values["revision"], nonce=values["nonce"], by=self.user, **self.drafted
        )


_DRAFTED = ("points", "text", "category", "conditions", "departs")


def _checked(at_points: AtPoints, draft: DecisionDraft | None) -> list[int]:
    """The at-points meant: those of the draft that still wait; where only one is left, that."""
    if at_points.decided and len(at_points.undecided) == 1:
        return list(at_points.undecided)
    return [number for number in at_points.undecided if draft and number in draft.points]


class DecisionForm(DecisionDraftForm):
    """A decision on its way into the protocol: it has a kind, and words unless nothing was decided."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].required = True
        self.fields["category"].error_messages["required"] = "Vælg, hvad beslutningen betyder."
        self.fields["text"].required = True
        self.fields["text"].error_messages["required"] = "Skriv beslutningen, som den skal stå i referatet."

    def clean(self) -> dict[str, Any]:
        """Where nothing was decided, there is nothing to quote."""
        cleaned = super().clean() or {}
        if cleaned.get("category") in _NOTHING_TO_QUOTE and self.has_error("text", "required"):
            del self.errors["text"]
            cleaned["text"] = ""
        return cleaned

    def save(self) -> list[Decision]:
        """Enter the decision in the protocol: on the whole, or on each of the at-points it is about."""
        values = self.drafted
        points = values.pop("points")
        same = {"item": self.item, "expected": self.cleaned_data["revision"], "nonce": self.cleaned_data["nonce"]}
        if points:
            return record_points(points=points, by=self.user, **same, **values)
        return [record_decision(by=self.user, **same, **values)]


class CorrectionForm(PrecheckedForm):
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

    def public_texts(self) -> Iterable[Passage]:
        """The addition, where the minutes are public and the item is open."""
        item = self.decision.item
        if not item.is_closed and Publicity.of(item.meeting_id).minutes:
            yield "Tilføjelsen", self.cleaned_data["text"]

    def save(self) -> Correction:
        """Add the correction."""
        return correct_decision(
            decision=self.decision, warnings_accepted=self.warnings_accepted, by=self.user, **self.cleaned_data
        )

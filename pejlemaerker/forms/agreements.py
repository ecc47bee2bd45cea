"""En aftale from a dialogue meeting: what, who and when; and where it is carried on."""

from typing import Any

from django import forms
from django.db.models import Q

from kit.dates import format_date
from kit.once import NonceField
from pejlemaerker.actions.agreements import Agreed, edit_agreement, record_agreement, set_of
from pejlemaerker.forms.fields import date_field
from pejlemaerker.models import Agreement, Dialogue, Goal
from pejlemaerker.permissions import can_edit_goals, is_closed

_TYPED = ("text", "responsible", "due_on", "when")


class AboutField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Om hvilket pejlemærke: one of those the dialogue meeting was about, or none."""

    def __init__(self, dialogue: Dialogue, *, chosen: int | None = None) -> None:
        about = Q(pk__in=dialogue.goals.values("pk")) | Q(pk=chosen)  # it may have been taken off the meeting since
        goals = Goal.objects.filter(about).select_related("goal_set__area", "goal_set__closing")
        super().__init__(
            goals.order_by("goal_set__area__position", "goal_set_id", "number"),
            label="Om pejlemærke",
            required=False,
            empty_label="Ikke et bestemt",
        )

    def label_from_instance(self, obj: Goal) -> str:
        """Dagtilbud, pejlemærke 2."""
        name = "pejlemærke uden nummer" if obj.number is None else f"pejlemærke {obj.number}"
        return f"{obj.goal_set.area}, {name}"


class AgreementForm(forms.Form):
    """Ny aftale. Where the pejlemærke is given by the place one writes at, it is not asked for."""

    text = forms.CharField(
        label="Hvad er aftalt?", max_length=400, help_text="For eksempel: Lederne sender tre eksempler til udvalget.",
        error_messages={"required": "Skriv, hvad der er aftalt."},
    )  # fmt: skip
    responsible = forms.CharField(
        label="Hvem følger op?", max_length=160, error_messages={"required": "Skriv, hvem der følger op."}
    )
    due_on = date_field("Senest", required=False)
    when = forms.CharField(
        label="Eller hvornår, i ord", max_length=120, required=False, help_text="For eksempel: foråret 2024"
    )
    is_promise = forms.BooleanField(label="Løfte til udvalget", required=False)
    in_plan = forms.BooleanField(
        label="Sæt i opfølgningsplanen", required=False,
        help_text="Planen kan læses af alle, når sættet er offentligt. Skriv da ingen navne i aftalen.",
    )  # fmt: skip
    nonce = NonceField()

    def __init__(
        self, data: Any = None, *, dialogue: Dialogue, user: Any, goal: Goal | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.dialogue, self.user, self.goal = dialogue, user, goal
        if goal is None:
            self.fields["goal"] = AboutField(dialogue)
            self.order_fields(["text", "goal", "responsible"])

    @property
    def is_filled(self) -> bool:
        """Whether something is typed in it."""
        return self.is_bound and any(self[name].value() for name in _TYPED)

    def clean(self) -> dict[str, Any]:
        """A promise has a day, an agreement does not lie before its meeting, and a plan is one that can be changed."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.setdefault("goal", self.goal)
        due_on = cleaned.get("due_on")
        if due_on and due_on < self.dialogue.held_on:
            self.add_error("due_on", f"Dialogmødet var først {format_date(self.dialogue.held_on)}.")
        if cleaned.get("is_promise") and not due_on and "due_on" not in self.errors:
            self.add_error("due_on", "Skriv, hvornår løftet senest skal være indfriet.")
        if cleaned.get("in_plan"):
            self._look_for_a_plan(cleaned["goal"])
        return cleaned

    def _look_for_a_plan(self, goal: Goal | None) -> None:
        goal_set = set_of(self.dialogue, goal)
        if goal_set is None:
            self.add_error("in_plan", "Vælg et pejlemærke, så aftalen kan stå i dets plan.")
        elif is_closed(goal_set):
            self.add_error("in_plan", f"Sættet {goal_set} er afsluttet. Dets plan ændres ikke mere.")
        elif not can_edit_goals(self.user, goal_set):  # a set that committees share is another's to plan
            self.add_error("in_plan", f"Planen for {goal_set} skrives af {goal_set.period.committee}.")

    @property
    def agreed(self) -> Agreed:
        """What is to be written down."""
        return Agreed(**{name: self.cleaned_data[name] for name in Agreed._fields})

    def save(self) -> Agreement:
        """Write it down; raises NotAllowed."""
        nonce = self.cleaned_data["nonce"]
        return record_agreement(dialogue=self.dialogue, agreed=self.agreed, nonce=nonce, by=self.user)


class EditAgreementForm(AgreementForm):
    """Ret en aftale, while nothing has come of it."""

    def __init__(self, data: Any = None, *, agreement: Agreement, user: Any) -> None:
        self.agreement = agreement
        names = ("text", "goal", "responsible", "due_on", "when")
        initial = {name: getattr(agreement, name) for name in names}
        super().__init__(data, dialogue=agreement.dialogue, user=user, initial=initial)
        self.fields["goal"] = AboutField(agreement.dialogue, chosen=agreement.goal_id)
        self.order_fields(["text", "goal", "responsible"])

    def save(self) -> Agreement:
        """Put it right; raises NotAllowed."""
        return edit_agreement(agreement=self.agreement, agreed=self.agreed, by=self.user)

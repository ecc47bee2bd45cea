"""Sæt ordlyd i kraft: point a decision at the wordings that wait for one."""

from typing import Any

from django import forms
from django.db.models import Q

from kit.dates import format_date
from meetings.models import Category, Decision
from pejlemaerker.actions import put_in_force
from pejlemaerker.forms.fields import date_field
from pejlemaerker.models import Adoption, GoalSet, GoalVersion

OFFERED = 40
EXCERPT = 160
NOT_APPROVING = (
    "Vælg en af udvalgets egne beslutninger, som godkender. Den, der kun drøfter, anbefaler, udsætter "
    "eller tager til efterretning, sætter ingen ordlyd i kraft."
)


class _DecisionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Decision) -> str:
        excerpt = obj.text if len(obj.text) <= EXCERPT else f"{obj.text[:EXCERPT].rstrip()} …"
        category = Category(obj.effective_category).label  # type: ignore[attr-defined]
        return f"{format_date(obj.decided_on)}, punkt {obj.item.number}: {obj.item.title}. {category}: »{excerpt}«"


class _WordingsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: GoalVersion) -> str:
        return f"{obj.goal.number}. {obj.text}"


class PutInForceForm(forms.Form):
    """Which decision, which wordings, from which day."""

    def __init__(self, *args: Any, goal_set: GoalSet, user: Any, decision: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        awaiting = GoalVersion.objects.awaiting_decision().filter(goal__goal_set=goal_set)
        self.fields["decision"] = _DecisionField(
            _offered(goal_set, user, decision),
            label="Hvilken beslutning sætter ordlyden i kraft?",
            help_text="Kun udvalgets godkendelser kan. De nyeste står øverst.",
            widget=forms.RadioSelect,
            initial=decision or None,
            empty_label=None,
            error_messages={
                "invalid_choice": NOT_APPROVING,
                "required": "Vælg den beslutning, der sætter ordlyden i kraft.",
            },
        )
        self.fields["versions"] = _WordingsField(
            _known(goal_set)
            .filter(Q(pk__in=awaiting.values("pk")) | Q(adoptions__decision__in=_posted(self)))
            .distinct(),
            label="Hvilke ordlyde?",
            help_text="Ændrede udvalget en ordlyd på mødet? Skriv den først ind på pejlemærkets side.",
            widget=forms.CheckboxSelectMultiple,
            initial=list(awaiting.values_list("pk", flat=True)),
            error_messages={
                "required": "Vælg mindst én ordlyd.",
                "invalid_choice": "En af ordlydene venter ikke længere på en beslutning. Hent siden igen.",
            },
        )
        self.fields["in_force_from"] = date_field(
            "Gælder fra",
            help_text="Lad feltet stå tomt, hvis ordlyden gælder fra den dag, den blev besluttet.",
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        """A wording cannot hold from before it was decided."""
        cleaned = super().clean() or {}
        decision, day = cleaned.get("decision"), cleaned.get("in_force_from")
        if decision and day and day < decision.decided_on:
            self.add_error(
                "in_force_from", f"Ordlyden kan tidligst gælde fra beslutningen, {format_date(decision.decided_on)}."
            )
        return cleaned

    def save(self) -> list[Adoption]:
        """Put the wordings in force."""
        decision = self.cleaned_data["decision"]
        return put_in_force(
            versions=self.cleaned_data["versions"],
            decision=decision,
            in_force_from=self.cleaned_data["in_force_from"] or decision.decided_on,
            by=self.user,
        )


def _known(goal_set: GoalSet) -> Any:
    return (
        GoalVersion.objects.filter(goal__goal_set=goal_set)
        .exclude(text="")
        .select_related("goal")
        .order_by("goal__number")
    )


def _posted(form: PutInForceForm) -> list[int]:
    """The decision named in the post: its own wordings stay valid, so that a second submit changes nothing."""
    raw = form.data.get("decision", "") if form.is_bound else ""
    return [int(raw)] if raw.isdecimal() and len(raw) < 19 else []


def _offered(goal_set: GoalSet, user: Any, named: str) -> Any:
    """The committee's own approvals that the user may see: the newest, and the one the user came from."""
    own = (
        Decision.including_closed.visible_to(user)
        .approving()
        .filter(item__meeting__committee=goal_set.period.committee)
    )
    newest = own.order_by("-decided_on", "-pk").values_list("pk", flat=True)[:OFFERED]
    offered = {*newest, *([int(named)] if named.isdecimal() and len(named) < 19 else [])}
    return own.filter(pk__in=offered).select_related("item__meeting").order_by("-decided_on", "item__position")

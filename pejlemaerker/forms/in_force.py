"""Sæt ordlyd i kraft: point a decision at the wordings that wait for one."""

from typing import Any

from django import forms
from django.db.models import Q

from kit.danish import join_words
from kit.dates import format_date
from meetings.models import Committee, Decision, Right, has_right
from pejlemaerker.actions import put_in_force
from pejlemaerker.documents.awaiting import lacking_approval
from pejlemaerker.forms.decisions import DecisionField, submissions_of
from pejlemaerker.forms.fields import date_field
from pejlemaerker.models import Adoption, GoalSet, GoalVersion

NOT_APPROVING = (
    "Vælg en af udvalgets egne beslutninger, som godkender. Den, der kun drøfter, anbefaler, udsætter "
    "eller tager til efterretning, sætter ingen ordlyd i kraft."
)


class _WordingsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: GoalVersion) -> str:
        """Name it with its text, and with those that end when it comes into force."""
        ended = [
            f"pejlemærke {one.source.number}" if one.source.number else "et pejlemærke uden nummer"
            for one in obj.derivations.all()
            if one.ends_source
        ]
        effect = f" Sætter du den i kraft, ophører {join_words(ended)}." if ended else ""
        return f"{f'{obj.goal.number}.' if obj.goal.number else 'Nyt pejlemærke:'} {obj.text}{effect}"


class PutInForceForm(forms.Form):
    """Which decision, which wordings, from which day."""

    def __init__(self, *args: Any, goal_set: GoalSet, user: Any, decision: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        deciding = _deciding(goal_set, user)
        awaiting = _awaiting(goal_set, deciding)
        self.fields["decision"] = DecisionField(
            committees=deciding,
            user=user,
            submissions=submissions_of(pk__in=awaiting.values("pk")),
            named=self.data.get("decision") or decision,
            label="Hvilken beslutning sætter ordlyden i kraft?",
            help_text="Kun udvalgets godkendelser kan. De mest nærliggende står øverst.",
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
            initial=_ticked(goal_set, awaiting, user, decision),
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

    @property
    def own_wordings(self) -> str:
        """Which of the wordings the user has written: the one who writes had better not be the one who puts in force
        (DOMAIN § 4.4). In a small municipality it may be so.
        """
        own = self.fields["versions"].queryset.filter(recorded_by=self.user)  # type: ignore[attr-defined]
        names = [f"pejlemærke {one.goal.number}" if one.goal.number else "et nyt pejlemærke" for one in own]
        if not names:
            return ""
        return (
            f"Du har selv skrevet ordlyden af {join_words(names)}. Lad gerne en anden sætte den i kraft, så to har set "
            "den. Er du alene om opgaven, kan du fortsætte."
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
        .prefetch_related("derivations__source")
        .order_by("goal__number", "goal_id")
    )


def _posted(form: PutInForceForm) -> list[int]:
    """The decision named in the post: its own wordings stay valid, so that a second submit changes nothing."""
    raw = form.data.get("decision", "") if form.is_bound else ""
    return [int(raw)] if raw.isdecimal() and len(raw) < 19 else []


def _deciding(goal_set: GoalSet, user: Any) -> list[int]:
    """The committees whose decisions the user may point at this set: for whoever keeps it its own and those that share
    it, for the secretary of one that shares it that one.
    """
    own = goal_set.period.committee
    all_of_them = [own.pk, *goal_set.partners.values_list("pk", flat=True)]
    if has_right(user, Right.PUT_IN_FORCE, own):
        return all_of_them
    where = Committee.objects.where(user, Right.PUT_IN_FORCE).filter(pk__in=all_of_them)
    return list(where.values_list("pk", flat=True))


def _awaiting(goal_set: GoalSet, deciding: list[int]) -> Any:
    """The wordings that wait for a decision; in a joint set also those that one of the committees has not approved."""
    waiting = Q(pk__in=GoalVersion.objects.awaiting_decision().values("pk"))
    if goal_set.partners.exists():
        for committee in deciding:
            waiting |= Q(pk__in=lacking_approval(committee).values("pk"))
    return GoalVersion.objects.filter(waiting, goal__goal_set=goal_set)


def _ticked(goal_set: GoalSet, awaiting: Any, user: Any, named: str) -> list[int]:
    """All that wait; in a joint set those that the committee of the decision one came from has not approved."""
    if named.isdecimal() and len(named) < 19 and goal_set.partners.exists():
        decision = Decision.including_closed.visible_to(user).filter(pk=int(named)).values("item__meeting__committee")
        for row in decision:
            awaiting = awaiting.filter(pk__in=lacking_approval(row["item__meeting__committee"]).values("pk"))
    return list(awaiting.values_list("pk", flat=True))

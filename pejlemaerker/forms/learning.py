"""Ny læring: what was learned, what to carry on, and for whom."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from kit.clock import today
from kit.once import NonceField
from meetings.documents.public_texts import Passage
from meetings.forms.precheck import PrecheckedForm
from pejlemaerker.actions.learning import record_learning
from pejlemaerker.documents.publicity import Publicity
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.forms.items import named_pk
from pejlemaerker.models import Dialogue, EvaluationRound, Goal, GoalSet, Learning


class _GoalField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Goal) -> str:
        name = "Pejlemærke uden nummer" if obj.number is None else f"Pejlemærke {obj.number}"
        known = [version.text for version in obj.versions.all() if version.is_known]
        text = known[-1] if known else ""
        return f"{name}: {text[:80].rstrip()} …" if len(text) > 80 else f"{name}{f': {text}' if text else ''}"


class LearningForm(PrecheckedForm):
    """Ny læring; public at once where the set is. It is never rewritten: what one learns better is one more."""

    goal = _GoalField(
        Goal.objects.none(), label="Hvad handler det om?", required=False, empty_label="Forløbet som helhed"
    )
    text = PlainText(
        "Hvad har vi lært?", required=True,
        help_text="For eksempel: »Forældrene kommer, når de selv er med til at vælge emnet.«",
    )  # fmt: skip
    carry_on = PlainText(
        "Hvad skal føres videre?", rows=3, help_text="For eksempel: »Spørg forældrene, før næste temadag lægges fast.«"
    )
    addressed_to = forms.CharField(
        label="Til hvem?", max_length=200, required=False, help_text="For eksempel: Det nye udvalg, eller lederkredsen"
    )
    learned_on = date_field("Den")
    evaluation = forms.ModelChoiceField(
        EvaluationRound.objects.none(),
        label="I hvilken evaluering?",
        required=False,
        empty_label="Ikke i en evaluering",
    )
    dialogue = forms.ModelChoiceField(
        Dialogue.objects.none(), label="På hvilket dialogmøde?", required=False, empty_label="Ikke på et dialogmøde"
    )
    nonce = NonceField()

    def __init__(self, data: Any = None, *, goal_set: GoalSet, user: Any, asked: Any = None) -> None:
        self.goal_set, self.user = goal_set, user
        super().__init__(data)
        self.fields["text"].error_messages["required"] = "Skriv, hvad I har lært."
        offered = {
            "goal": goal_set.goals.prefetch_related("versions").order_by("number", "pk"),
            "evaluation": EvaluationRound.objects.visible_to(user)
            .filter(goal_set=goal_set)
            .order_by("-held_on", "-pk"),
            "dialogue": Dialogue.objects.visible_to(user).filter(
                committee__in=[goal_set.period.committee_id, *goal_set.partners.values_list("pk", flat=True)],
                held_on__lte=today(), cancelled="",
            ),
        }  # fmt: skip
        names = {"goal": "pejlemaerke", "evaluation": "evaluering", "dialogue": "dialog"}
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            chosen = next(iter(named_pk((asked or {}).get(names[name], ""))), 0)
            self.initial[name] = rows.filter(pk=chosen).first()
        held = self.initial["dialogue"] or self.initial["evaluation"]
        self.initial["learned_on"] = min(held.held_on, today()) if held else today()

    def clean_learned_on(self) -> date:
        """One has not learned it yet on a day to come."""
        day: date = self.cleaned_data["learned_on"]
        if day > today():
            raise forms.ValidationError("Dagen er ikke kommet endnu.")
        return day

    def public_texts(self) -> Iterable[Passage]:
        """What is written, where the set can be read by all."""
        if Publicity.of("goal_set", self.goal_set).is_public:
            for name in ("text", "carry_on", "addressed_to"):
                yield str(self.fields[name].label), self.cleaned_data[name]

    def save(self) -> Learning:
        """Write it down; raises NotAllowed."""
        return record_learning(
            goal_set=self.goal_set, by=self.user, warnings_accepted=self.warnings_accepted, **self.cleaned_data
        )

"""Opfølgningsplanen: a new version of it, and what came of a step."""

from typing import Any, NamedTuple, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict

from kit.clock import moment, today
from kit.dates import ImpreciseDate, format_date
from kit.once import NonceField
from meetings.forms.fields import retyped
from pejlemaerker.actions import PlannedStep, amend_plan, note_outcome
from pejlemaerker.documents.plan import meaning_of
from pejlemaerker.documents.plan_proposal import proposed_steps
from pejlemaerker.documents.plan_requests import asked_for
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.models import AdditionRequest, FollowUpPlan, FollowUpStep, GoalSet, StepOutcome

MOST_STEPS = 60
_PREFIX = "trin"


class StepForm(forms.Form):
    """Et trin i planen."""

    kind = forms.ChoiceField(
        label="Hvad er det for et trin?",
        choices=[("", "Vælg"), *FollowUpStep.Kind.choices],
        error_messages={"required": "Vælg, hvad det er for et trin."},
    )
    title = forms.CharField(
        label="Navn", max_length=160, required=False,
        help_text="Når trinnet hedder noget andet. For eksempel: Årligt seminar",
    )  # fmt: skip
    when_text = forms.CharField(
        label="Hvornår", max_length=120, required=False,
        help_text="Så nøjagtigt, som det er aftalt. For eksempel: efteråret 2027, 4. oktober 2027 eller løbende",
    )  # fmt: skip
    is_recurring = forms.BooleanField(label="Holdes flere gange", required=False)
    participants = forms.CharField(
        label="Hvem deltager", max_length=240, required=False, help_text="For eksempel: Udvalget og dagtilbudslederne"
    )
    responsible = forms.CharField(
        label="Hvem sørger for det", max_length=160, required=False,
        help_text="Vises kun internt. For eksempel: Center for Børn og Familier",
    )  # fmt: skip
    trail = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @property
    def name(self) -> str:
        """What the row is called: the step as it is chosen and named."""
        chosen = dict(self.fields["kind"].choices).get(self["kind"].value() or "", "")  # type: ignore[attr-defined]
        return str(self["title"].value() or (chosen if self["kind"].value() else "Nyt trin"))

    @property
    def is_out(self) -> bool:
        """Whether the row is marked to be taken out."""
        return bool(self["DELETE"].value())

    @property
    def is_open(self) -> bool:
        """Whether the row is shown in full from the start: a new one, and one that something is to be said of."""
        is_wrong = self.is_bound and bool(self.errors)
        return is_wrong or not self["kind"].value() or self.meaning.startswith("»")

    @property
    def meaning(self) -> str:
        """How the words of the time are understood, or a polite note that they name no day or month."""
        words = str(self["when_text"].value() or "").strip()
        if not words:
            return ""
        when = ImpreciseDate.read(words)
        if when.earliest is None:
            return (
                ""
                if self["is_recurring"].value()
                else (
                    f"»{words}« siger ikke en dag, en måned eller en årstid med år. Ordene bliver stående, som de er; "
                    "trinnet bliver aldrig kaldt forsinket."
                )
            )
        if when.is_firm and when.latest:
            return f"Læses som {format_date(when.latest)}."
        span = meaning_of(when)
        return f"Læses som {span}." if span else ""

    @property
    def planned(self) -> PlannedStep:
        """The step, as it was typed."""
        return PlannedStep(**{name: self.cleaned_data[name] for name in PlannedStep._fields})


class _Steps(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows; each may be moved by its number and taken out."""

    def add_fields(self, form: StepForm, index: int | None) -> None:
        """Name the two fields that a row of a list has."""
        super().add_fields(form, index)
        form.fields["ORDER"].label = "Nummer i rækken"
        form.fields["ORDER"].widget.attrs["min"] = 1
        form.fields["DELETE"].label = "Tag trinnet ud af planen"

    @property
    def planned(self) -> list[PlannedStep]:
        """The steps that stay, in the order of their numbers; a row without one comes last."""
        return [form.planned for form in self.ordered_forms if form.cleaned_data.get("kind")]


_StepSet = forms.formset_factory(
    StepForm, formset=_Steps, extra=0, can_order=True, can_delete=True, max_num=MOST_STEPS, validate_max=True,
    absolute_max=MOST_STEPS + 1,
)  # fmt: skip


class Conflict(NamedTuple):
    """Two plans written at once."""

    mine: str
    theirs: str
    by: str
    at: str


class PlanForm(forms.Form):
    """En ny version af planen: all its steps, and why it was changed."""

    agreed_on = date_field("Hvilken dag blev planen aftalt?", help_text="Udvalgets mødedag, eller dagen på notatet.")
    reason = forms.CharField(
        label="Hvorfor ændres planen?", max_length=400,
        help_text="For eksempel: Udvalget ønskede en midtvejsevaluering i lederkredsen.",
        error_messages={"required": "Skriv, hvorfor planen ændres."},
    )  # fmt: skip
    answers = forms.ModelChoiceField(
        AdditionRequest.objects.none(), label="Svarer planen på et ønske?", required=False,
        help_text="Så står ønsket som imødekommet.",
    )  # fmt: skip
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, data: Any = None, *, goal_set: GoalSet, user: Any, typed: QueryDict | None = None, more: int = 0
    ) -> None:
        """With `typed`, the page comes back with what was typed and so many `more` empty rows; nothing is judged."""
        self.goal_set, self.user = goal_set, user
        self.newest = goal_set.plans.order_by("number").last()
        number = self.newest.number if self.newest else 0
        initial = {"agreed_on": today(), "expected": number}
        if typed is not None:
            initial = {name: typed.get(name, "") for name in self.base_fields}
        super().__init__(data, initial=initial)
        if str((data or initial).get("expected")) == "0":  # also at the second click of a double click
            self.fields["reason"].required = False
            self.fields["reason"].label = "Bemærkning til planen"
            self.fields["reason"].help_text = "For eksempel: Aftalt på dialogmødet med lederne."
        self._offer_requests()
        rows = self._rows() if typed is None else _typed_rows(typed)
        self.steps: Any = _StepSet(data, prefix=_PREFIX, initial=None if data else [row for row in rows if row])
        self.steps.extra = more + rows.count({})

    def _offer_requests(self) -> None:
        """Offer what is asked for and not met; the second click of a double click may still name what the first met."""
        about_plan = AdditionRequest.objects.filter(goal_set=self.goal_set, about=AdditionRequest.About.PLAN)
        waiting = list(about_plan.unanswered().order_by("requested_on", "pk"))
        field = cast("forms.ModelChoiceField[AdditionRequest]", self.fields["answers"])
        field.queryset = about_plan.filter(
            Q(pk__in=[one.pk for one in waiting]) | Q(pk=self.newest.answers_id if self.newest else None)
        )
        told = asked_for(waiting, viewer=self.user)
        field.choices = [("", "Nej"), *((one.pk, told[one.pk]) for one in waiting)]
        if not waiting:
            field.widget = forms.HiddenInput()

    def _rows(self) -> list[dict[str, Any]]:
        """The newest plan as it stands; for a set without one the usual steps, to begin from."""
        if self.newest is None:
            steps: list[Any] = list(proposed_steps(self.goal_set.period))
            return [{**step._asdict(), "ORDER": n} for n, step in enumerate(steps, start=1)]
        names = ("kind", "title", "when_text", "is_recurring", "participants", "responsible", "trail")
        return [{name: getattr(step, name) for name in names} for step in self.newest.steps.order_by("position")]

    @property
    def all_hidden(self) -> list[Any]:
        """What the page carries along unseen."""
        return [*self.hidden_fields(), *self.steps.management_form]

    def clean(self) -> dict[str, Any]:
        """A plan has at least one step, and is not agreed before the one it changes, nor on a day to come."""
        cleaned = super().clean() or {}
        if not self.steps.is_valid():
            self.add_error(None, "Se trinnene igennem: der mangler noget i mindst ét af dem.")
        elif not self.steps.planned:
            self.add_error(None, "En plan har mindst ét trin. Tilføj et trin, før du gemmer.")
        day = cleaned.get("agreed_on")
        if day and day > today():
            self.add_error("agreed_on", "Skriv dagen, da planen blev aftalt. Den kan ikke ligge ude i fremtiden.")
        before = self.newest.agreed_on if self.newest else None
        if day and before and day < before:
            told = f"Planen blev sidst aftalt {format_date(before)}. Skriv den dag eller en senere."
            self.add_error("agreed_on", told)
        return cleaned

    def save(self) -> FollowUpPlan:
        """Write the new version; raises EditConflict and NothingChanged."""
        fields = dict(self.cleaned_data)
        return amend_plan(
            goal_set=self.goal_set,
            steps=self.steps.planned,
            answers=fields.pop("answers", None),
            by=self.user,
            **fields,
        )

    def conflict_with(self, newest: FollowUpPlan) -> Conflict:
        """Lay both plans beside each other; when this form is sent again, its writer has seen the other's."""
        self.data = retyped(self.data, expected=newest.number)
        theirs = list(newest.steps.order_by("position"))
        mine = [FollowUpStep(**step._replace(trail=None)._asdict()) for step in self.steps.planned]
        return Conflict(
            mine=_as_text(mine),
            theirs=_as_text(theirs),
            by=str(newest.recorded_by or "En anden"),
            at=moment(newest.recorded_at),
        )


def _typed_rows(typed: QueryDict) -> list[dict[str, Any]]:
    """The rows as they were typed; one in which nothing was typed is empty."""
    count = typed.get(f"{_PREFIX}-TOTAL_FORMS", "")
    names = (*StepForm.base_fields, "ORDER", "DELETE")
    rows = [
        {name: typed.get(f"{_PREFIX}-{n}-{name}", "") for name in names}
        for n in range(min(int(count), MOST_STEPS) if count.isascii() and count.isdecimal() and len(count) < 4 else 0)
    ]
    return [row if any(row.values()) else {} for row in rows]


def _as_text(steps: list[FollowUpStep]) -> str:
    return "\n".join(
        f"{n}. {step}{f', {step.when_text}' if step.when_text else ''}" for n, step in enumerate(steps, start=1)
    )


class OutcomeForm(forms.Form):
    """Hvad der kom ud af et trin."""

    HELD, CANCELLED = "holdt", "aflyst"

    what = forms.ChoiceField(
        label="Hvad skete der?", widget=forms.RadioSelect,
        choices=[(HELD, "Det blev holdt"), (CANCELLED, "Det blev aflyst")],
        error_messages={"required": "Vælg, om trinnet blev holdt eller aflyst."},
    )  # fmt: skip
    occurred_on = date_field("Dato", help_text="Dagen, da det blev holdt, eller da det blev aflyst.")
    text = PlainText(
        "Hvad kom der ud af det?",
        help_text="Læses af udvalget og forvaltningen; offentligheden ser kun, at trinnet er holdt eller aflyst, og "
        "hvornår. For eksempel: »Lederkredsen foreslog, at næste konference handler om overgange.«",
    )
    nonce = NonceField()

    def __init__(self, *args: Any, step: FollowUpStep, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("what", self.HELD)
        self.step, self.user = step, user

    def clean(self) -> dict[str, Any]:
        """What lies ahead has no outcome yet; what was called off has a reason."""
        cleaned = super().clean() or {}
        day = cleaned.get("occurred_on")
        if day and day > today():
            self.add_error("occurred_on", "Dagen er ikke kommet endnu. Skriv udfaldet ind, når trinnet er holdt.")
        if cleaned.get("what") == self.CANCELLED and not cleaned.get("text"):
            self.add_error("text", "Skriv, hvorfor det blev aflyst, og hvad der sker i stedet.")
        return cleaned

    def save(self) -> StepOutcome:
        """Write the outcome down."""
        typed = dict(self.cleaned_data)
        is_cancelled = typed.pop("what") == self.CANCELLED
        return note_outcome(step=self.step, is_cancelled=is_cancelled, by=self.user, **typed)

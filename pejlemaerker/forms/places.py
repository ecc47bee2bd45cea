"""Pejlemærkernes plads: numbers handed out anew, and one moved to another set."""

from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField

from kit.clock import today
from meetings.forms.fields import retyped
from pejlemaerker.actions import arrange_goals, move_goal
from pejlemaerker.actions.places import earliest_day, fingerprint, free_number, numbers_in, too_early
from pejlemaerker.documents.arrangement import Row, latest_placing, order_text, rows_of
from pejlemaerker.forms.fields import date_field
from pejlemaerker.models import Goal, GoalSet, Placement
from pejlemaerker.permissions import can_arrange_goals

HIGHEST = 999


class _NumberField(forms.CharField):
    """A number in the set, typed as text, so that whatever was typed is still there to be put right."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4", "size": "3", "autocomplete": "off"})

    def clean(self, value: object) -> int | None:
        text = str(super().clean(value)).strip().removesuffix(".")
        if not text:
            return None
        if not (text.isascii() and text.lstrip("-").isdecimal()):
            raise forms.ValidationError("Skriv et helt tal, for eksempel 3.")
        number = int(text)
        if number < 1:
            raise forms.ValidationError("Numrene begynder med 1.")
        if number > HIGHEST:
            raise forms.ValidationError("Nummeret er for højt.")
        return number


def _day_field(label: str, help_text: str) -> forms.DateField:
    return date_field(label, help_text=help_text)


def _reason_field(example: str) -> forms.CharField:
    return forms.CharField(
        label="Begrundelse", max_length=400, help_text=f"Den står i pejlemærkets historie. For eksempel: {example}",
        error_messages={"required": "Skriv, hvorfor."},
    )  # fmt: skip


class Line(NamedTuple):
    """One pejlemærke, and the field for its number."""

    row: Row
    field: BoundField


class Orders(NamedTuple):
    """Two orders made at once."""

    mine: str
    theirs: str
    by: str
    at: str


class ArrangeForm(forms.Form):
    """Omnummerer: a number for each, from which day, and why."""

    placed_from = _day_field("Gælder fra", "Den dag, numrene skifter. Før den dag viser siden de gamle numre.")
    reason = _reason_field("Pejlemærke 3 er udgået, og rækken lukkes.")
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, data: Any = None, *, goal_set: GoalSet, user: Any) -> None:
        super().__init__(data)
        self.goal_set, self.user = goal_set, user
        self.rows = rows_of(goal_set, viewer=user)
        self.before = numbers_in(goal_set)
        self.initial = {"placed_from": today(), "seen": fingerprint(self.before)}
        for row in self.rows:
            field = _NumberField(label=f"Nummer til {row.name[:1].lower()}{row.name[1:]}", required=False)
            self.fields[_name(row)] = field
            self.initial[_name(row)] = "" if row.number is None else row.number

    @property
    def lines(self) -> list[Line]:
        """The pejlemærker with their fields, in the order in which they stand."""
        return [Line(row, self[_name(row)]) for row in self.rows]

    @property
    def is_untouched(self) -> bool:
        """Whether the order is still the one the person saw."""
        return bool(self.data.get("seen") == self.initial["seen"])

    @property
    def numbers(self) -> dict[int, int | None]:
        """What was typed, for all that stand in the set: those not shown here have ended and keep having no number."""
        typed = {row.pk: self.cleaned_data.get(_name(row)) for row in self.rows}
        return self.before | typed

    def clean(self) -> dict[str, Any]:
        """Numbers run from 1 without a gap, and no two are the same."""
        cleaned = super().clean() or {}
        if not any(_name(row) in self.errors for row in self.rows):
            self._number_all_that_need_one()
            self._refuse_twins()
        if not any(_name(row) in self.errors for row in self.rows):
            self._refuse_gaps()
        if not self.errors and self.is_untouched and self.numbers == self.before:
            self.add_error(None, "Numrene er, som de var. Der er intet at gemme.")
        if self.is_untouched:
            self._refuse_day(cleaned)
        return cleaned

    def _number_all_that_need_one(self) -> None:
        for row in self.rows:
            if row.needs_number and self.cleaned_data[_name(row)] is None:
                self.add_error(_name(row), "Skriv et nummer. Kun et, der er ophørt, kan stå uden.")

    def _refuse_twins(self) -> None:
        typed = [self.cleaned_data.get(_name(row)) for row in self.rows]
        for row, number in zip(self.rows, typed, strict=True):
            if number is not None and typed.count(number) > 1:
                self.add_error(_name(row), f"Nummer {number} er brugt {_times(typed.count(number))}.")

    def _refuse_gaps(self) -> None:
        typed = sorted((number, row) for row in self.rows if (number := self.cleaned_data.get(_name(row))) is not None)
        for expected, (number, row) in enumerate(typed, start=1):
            if number != expected:
                self.add_error(_name(row), f"Nummer {expected} mangler i rækken.")
                return

    def _refuse_day(self, cleaned: dict[str, Any]) -> None:
        day, earliest = cleaned.get("placed_from"), earliest_day(self.goal_set)
        if day and day > today():
            self.add_error("placed_from", "Dagen er ikke kommet endnu.")
        elif day and earliest and day < earliest:
            self.add_error("placed_from", too_early(earliest))

    def save(self) -> list[Placement]:
        """Hand out the numbers; raises NumbersChanged and NotAllowed."""
        told = {name: self.cleaned_data[name] for name in ("placed_from", "reason", "seen")}
        return arrange_goals(goal_set=self.goal_set, numbers=self.numbers, by=self.user, **told)

    def meet(self) -> Orders:
        """Lay both orders beside each other; when this form is sent again, its writer has seen the other's."""
        typed = {row.pk: self.data.get(_name(row), row.number) for row in self.rows}
        by, at = latest_placing(self.goal_set)
        orders = Orders(
            order_text(self.rows, typed), order_text(self.rows, {row.pk: row.number for row in self.rows}), by, at
        )
        data = retyped(self.data)
        data["seen"] = str(self.initial["seen"])
        for row in self.rows:
            data.setdefault(_name(row), "" if row.number is None else str(row.number))
        self.data = data
        return orders


def _name(row: Row) -> str:
    return f"number_{row.pk}"


def _times(count: int) -> str:
    return "to gange" if count == 2 else f"{count} gange"


class _SetField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: GoalSet) -> str:
        return f"{obj.area} {obj.period}, {obj.period.committee}. Det får nummer {free_number(obj)}."


class MoveForm(forms.Form):
    """Flyt: to which set, from which day, and why."""

    placed_from = _day_field("Flyttes fra", "Den dag, udvalget flyttede det. Før den dag viser siden det gamle sæt.")
    reason = _reason_field("Familiehusene hører fra 1. januar under Dagtilbudsområdet.")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, goal: Goal, user: Any) -> None:
        super().__init__(data)
        self.goal, self.user = goal, user
        self.initial = {"placed_from": today(), "seen": goal.goal_set_id}
        self.fields["to_set"] = _SetField(
            _may_receive(goal, user, also=self._seen()), label="Flyt til", widget=forms.RadioSelect, empty_label=None,
            error_messages={
                "required": "Vælg, hvor det skal flyttes hen.",
                "invalid_choice": "Vælg et af de sæt, du kan flytte til.",
            },
        )  # fmt: skip
        self.order_fields(["to_set", "placed_from", "reason", "seen"])

    def _seen(self) -> bool:
        """Whether the person saw it in another set than where it now stands; then that may be where it was sent."""
        return self.is_bound and self.data.get("seen") != str(self.goal.goal_set_id)

    def clean(self) -> dict[str, Any]:
        """It is moved neither to a day to come nor to before it, or others, were last placed."""
        cleaned = super().clean() or {}
        day, to_set = cleaned.get("placed_from"), cleaned.get("to_set")
        if day and day > today():
            self.add_error("placed_from", "Dagen er ikke kommet endnu.")
        elif day and to_set and to_set != self.goal.goal_set:
            earliest = earliest_day(self.goal.goal_set, to_set)
            if earliest and day < earliest:
                self.add_error("placed_from", too_early(earliest))
        return cleaned

    def save(self) -> Placement | None:
        """Move it; raises NumbersChanged and NotAllowed."""
        return move_goal(goal=self.goal, by=self.user, **self.cleaned_data)


def _may_receive(goal: Goal, user: Any, *, also: bool) -> Any:
    """The sets of the same years and municipality in which the user arranges pejlemærker, and that are not closed."""
    period = goal.goal_set.period
    sets = (
        GoalSet.objects.visible_to(user)
        .filter(
            period__committee__municipality=period.committee.municipality_id,
            period__starts_on__lte=period.ends_on,
            period__ends_on__gte=period.starts_on,
            closing__isnull=True,
        )
        .select_related("closing", "period__committee")
        .order_by("period__committee__name", "area__position", "pk")
    )
    allowed = [one.pk for one in sets if can_arrange_goals(user, one) and (also or one != goal.goal_set)]
    return GoalSet.objects.filter(pk__in=allowed).select_related("area", "period__committee").order_by("pk")

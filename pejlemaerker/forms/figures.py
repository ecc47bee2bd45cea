"""Et nøgletal and its measurements, one at a time."""

from typing import Any

from django import forms

from kit.dates import format_date
from kit.drafts import EditConflict
from kit.once import NonceField
from meetings.forms.fields import retyped
from pejlemaerker.actions import Measured, create_indicator, define_indicator, record_measurements
from pejlemaerker.documents.numbers import with_unit
from pejlemaerker.forms.fields import date_field
from pejlemaerker.forms.measurement_changes import current_measurements
from pejlemaerker.forms.numbers import MeasuredOnField, NumberField
from pejlemaerker.importing.measurements import read_day
from pejlemaerker.models import Goal, Indicator, IndicatorDefinition, Measurement

_FIELDS = (
    "name", "unit", "source", "frequency", "direction", "target_value", "target_by", "counts_people", "is_retired",
)  # fmt: skip


class IndicatorForm(forms.Form):
    """Hvad der måles: a name, a unit, a source, how often, and which way is better."""

    name = forms.CharField(
        label="Navn", max_length=160, help_text="For eksempel: Elever med høj trivsel.",
        error_messages={"required": "Skriv, hvad nøgletallet hedder."},
    )  # fmt: skip
    unit = forms.CharField(
        label="Enhed", max_length=40, help_text="For eksempel: %, børn, timer pr. uge.",
        error_messages={"required": "Skriv, hvad der måles i."},
    )  # fmt: skip
    source = forms.CharField(
        label="Kilde", max_length=200, help_text="Hvor tallene kommer fra. For eksempel: Den nationale trivselsmåling.",
        error_messages={"required": "Skriv, hvor tallene kommer fra."},
    )  # fmt: skip
    frequency = forms.ChoiceField(
        label="Hvor ofte måles det?",
        choices=IndicatorDefinition.Frequency,
        widget=forms.RadioSelect,
        help_text="Så siden kan sige, når en måling mangler.",
        error_messages={"required": "Vælg, hvor ofte det måles."},
    )
    direction = forms.ChoiceField(
        label="Hvilken vej er bedre?",
        choices=IndicatorDefinition.Direction,
        widget=forms.RadioSelect,
        initial=IndicatorDefinition.Direction.NEITHER,
        help_text="Det står som oplysning. Der regnes ingen dom ud.",
    )
    target_value = NumberField(label="Målværdi", required=False, help_text="For eksempel: 80 eller 12,5.")
    counts_people = forms.BooleanField(
        label="Tallet tæller personer",
        required=False,
        help_text="Så vises værdier under 5 som »færre end 5« for offentligheden, for at ingen kan kendes.",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["target_by"] = _target_by()
        self.order_fields([*_FIELDS[:7], "counts_people"])

    def clean(self) -> dict[str, Any]:
        """A day by which a value is reached needs the value."""
        cleaned = super().clean() or {}
        if cleaned.get("target_by") and cleaned.get("target_value") is None and "target_value" not in self.errors:
            self.add_error("target_value", "Skriv den værdi, der skal nås, eller lad datoen stå tom.")
        return cleaned


def _target_by() -> forms.DateField:
    """A target may lie further ahead than anything else that is dated."""
    field = date_field("Nås senest", required=False, help_text="Lad feltet stå tomt, hvis der ikke er en frist.")
    field.validators = [_is_within_reach]
    return field


def _is_within_reach(day: Any) -> None:
    if not 2000 <= day.year <= 2100:
        raise forms.ValidationError(f"Er året {day.year} rigtigt?")


class NewIndicatorForm(IndicatorForm):
    """Et nyt nøgletal."""

    nonce = NonceField()

    def __init__(self, *args: Any, goal: Goal, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.goal = goal

    def save(self) -> Indicator:
        """Begin to follow it."""
        return create_indicator(goal=self.goal, by=self.user, **self.cleaned_data)


class EditIndicatorForm(IndicatorForm):
    """Ret et nøgletal: the next definition, over the newest; or follow it no longer."""

    is_retired = forms.BooleanField(
        label="Nøgletallet følges ikke længere",
        required=False,
        help_text="Målingerne bliver stående, men der ventes ikke flere.",
    )
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, indicator: Indicator, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.indicator = indicator
        newest = indicator.definitions.latest("number")
        self.initial = {name: getattr(newest, name) for name in _FIELDS} | {"expected": newest.number}

    def save(self) -> IndicatorDefinition:
        """Write the definition; raises EditConflict when somebody else has written one since."""
        return define_indicator(indicator=self.indicator, by=self.user, **self.cleaned_data)

    def write_over(self, newest: IndicatorDefinition) -> tuple[str, str]:
        """Keep what was typed, let the next save follow the other's definition, and tell both in words."""
        self.data = retyped(self.data, expected=newest.number)
        return _told(self, self.cleaned_data), _told(self, {name: getattr(newest, name) for name in _FIELDS})


def _told(form: IndicatorForm, values: dict[str, Any]) -> str:
    return "\n".join(
        f"{form.fields[name].label}: {_in_words(form.fields[name], values[name])}" for name in _FIELDS if values[name]
    )


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices)[value])  # type: ignore[arg-type]
    if isinstance(field, forms.BooleanField):
        return "ja"
    if isinstance(field, forms.DateField):
        return format_date(value)
    return str(field.prepare_value(value))


class MeasurementForm(forms.Form):
    """En måling. For a day that has a value already the form asks before it replaces it, or takes it back."""

    day = MeasuredOnField()
    value = NumberField(label="Værdi", help_text="For eksempel: 82 eller 12,5.")
    source = forms.CharField(
        label="Kilde",
        max_length=200,
        required=False,
        help_text="Kun hvis tallet kommer et andet sted fra end de andre.",
    )
    note = forms.CharField(
        label="Bemærkning",
        max_length=300,
        required=False,
        help_text="Hvad en læser skal vide. For eksempel: Foreløbigt.",
    )
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, indicator: Indicator, user: Any, day: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator, self.user = indicator, user
        self.definition = indicator.definitions.latest("number")
        self.standing = current_measurements(indicator)
        self.fields["value"].label = f"Værdi ({self.definition.unit})"
        self.asked: Measurement | None = None
        known = self.standing.get(asked_day) if (asked_day := read_day(day)) else None
        self.withdrawable = known if known and known.value is not None else None
        if self.withdrawable:
            told = {name: getattr(self.withdrawable, name) for name in ("value", "source", "note")}
            self.initial = {"day": asked_day, "replaces": self.withdrawable.pk, **told}
        if self.wants_to_withdraw:
            self.fields["value"].required = False

    @property
    def wants_to_withdraw(self) -> bool:
        """Whether the button that takes the value back was pressed."""
        return self.is_bound and "withdraw" in self.data

    def clean_value(self) -> Any:
        """What counts people counts whole ones, and never fewer than none."""
        value = self.cleaned_data["value"]
        if value is not None and self.definition.counts_people and (value < 0 or value != value.to_integral_value()):
            raise forms.ValidationError("Nøgletallet tæller personer: skriv et helt tal.")
        return value

    def save(self) -> list[Measurement]:
        """Write the measurement, or take the value back; raises EditConflict when the day has another than was seen."""
        cleaned = self.cleaned_data
        current = self.standing.get(cleaned["day"])
        value = None if self.wants_to_withdraw else cleaned["value"]
        replaces = cleaned["replaces"]
        if current and current.value is None and not self.wants_to_withdraw:
            replaces = current.pk  # a value that was taken back leaves nothing to ask about
        measured = Measured(cleaned["day"], value, cleaned["source"], cleaned["note"], replaces)
        return record_measurements(indicator=self.indicator, measured=[measured], by=self.user)

    def ask_about(self, conflict: EditConflict) -> None:
        """Show what stands there, and let the next save replace it."""
        assert isinstance(conflict.current, Measurement)  # noqa: S101  (what the action raises it with)
        self.asked = self.withdrawable = conflict.current
        self.data = retyped(self.data, replaces=conflict.current.pk)

    @property
    def question(self) -> str:
        """31. december 2023 ændres fra 12 % til 13 %."""
        if self.asked is None:
            return ""
        day, unit = format_date(self.asked.measured_on), self.definition.unit
        stood = "ingen værdi" if self.asked.value is None else with_unit(self.asked.value, unit)
        value = self.cleaned_data["value"]
        if self.wants_to_withdraw or value is None:
            return f"{day} har {stood}. Den bliver taget bort."
        if self.asked.value == value:
            return f"{day} står uændret på {stood}, men kilden eller bemærkningen bliver en anden."
        return f"{day} ændres fra {stood} til {with_unit(value, unit)}."

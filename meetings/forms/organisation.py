"""The parts of a municipality's organisation, one form each: shown as they stand, and never written over unseen."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Max, Model

from kit.danish import sort_key
from kit.dates import format_date
from meetings.actions.organisation import add_part, change_part, delete_part, fingerprint, values_of
from meetings.forms.conflict import NOTHING
from meetings.forms.fields import DayField, retyped
from meetings.models import (
    Category,
    CouncilTerm,
    HousePhrase,
    LeaderGroup,
    Municipality,
    OrgUnit,
    Person,
    SectionHeading,
    SectionKind,
    User,
)

TERM_YEARS = 4


class PartForm(forms.Form):
    """A part of the organisation, new or changed. Fields bear the names of the model's; `shown` remembers the values
    that stood there when the person began.
    """

    model: ClassVar[type[Model]]
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: Any = None, *, user: Any, municipality: Municipality, part: Any = None) -> None:
        self.user, self.municipality, self.part = user, municipality, part
        super().__init__(data)
        self.fit()
        if part:
            self.initial = {**values_of(part, self.names), **self.typed_of(part), "shown": self.fingerprint_of(part)}

    def fit(self) -> None:
        """Fit the fields to the municipality: what may be chosen, and what is proposed."""

    def typed_of(self, part: Any) -> dict[str, Any]:
        """Return the values that are typed otherwise than they are kept."""
        return {}

    @property
    def names(self) -> list[str]:
        """The values the form is about."""
        return [name for name in self.fields if name != "shown"]

    def fingerprint_of(self, part: Model) -> str:
        """Tell in short how the part stands, as far as this form is concerned."""
        return fingerprint(values_of(part, self.names))

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names of the model."""
        return {name: self.cleaned_data[name] for name in self.names}

    def save(self) -> Any:
        """Add the part, or change it; raises NotAllowed and EditConflict."""
        if self.part is None:
            return add_part(self.model(municipality=self.municipality, **self.values()), by=self.user)
        return change_part(self.part, shown=self.cleaned_data["shown"], by=self.user, **self.values())

    def told(self, part: Any) -> list[tuple[str, str]]:
        """Tell how a part stands, field by field, in the words of the form."""
        return [(str(self.fields[name].label), _as_text(part, name)) for name in self.names]

    def meet(self, current: Any) -> dict[str, str]:
        """Put the two texts side by side where they differ ({} where they do not), and let the next save name what is
        shown now.
        """
        mine = type(current)(**values_of(current, [f.attname for f in current._meta.concrete_fields]))
        for name, value in self.values().items():
            setattr(mine, name, value)
        pairs = zip(self.told(mine), self.told(current), strict=True)
        differ = [(mine, theirs) for mine, theirs in pairs if mine != theirs]
        self.data = cast("Any", retyped(self.data, shown=self.fingerprint_of(current)))  # type: ignore[arg-type]
        if not differ:
            return {}
        both = ["\n".join(f"{label}: {text}" for label, text in side) for side in zip(*differ, strict=True)]
        return {"mine": both[0], "theirs": both[1]}


def _as_text(part: Any, name: str) -> str:
    field = part._meta.get_field(name)
    value = getattr(part, name)
    if isinstance(value, date):
        return format_date(value)
    return str(getattr(part, f"get_{name}_display")() if field.choices else value or "") or NOTHING


def in_danish_order(field: forms.Field, rows: Iterable[Any], none: str) -> None:
    """Let a choice among rows stand in Danish alphabetical order; the empty choice says what it means."""
    ordered = sorted(rows, key=lambda row: sort_key(str(row)))
    cast("forms.ModelChoiceField[Any]", field).choices = [("", none), *((row.pk, str(row)) for row in ordered)]


class DeleteForm(forms.Form):
    """Delete a part, as it was shown."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: Any = None, *, user: Any, part: Model, form: PartForm) -> None:
        self.user, self.part, self.form = user, part, form
        super().__init__(data, initial={"shown": form.fingerprint_of(part)})

    def save(self) -> None:
        """Delete it; raises NotAllowed and EditConflict."""
        delete_part(self.part, shown=self.cleaned_data["shown"], names=self.form.names, by=self.user)


class MunicipalityForm(PartForm):
    """The municipality's own names."""

    model = Municipality

    name = forms.CharField(label="Navn", help_text="For eksempel: Hvidovre Kommune", max_length=80)
    council_name = forms.CharField(
        label="Hvad rådet hedder", help_text="For eksempel: Kommunalbestyrelsen eller Byrådet", max_length=60
    )


class TermForm(PartForm):
    """En valgperiode."""

    model = CouncilTerm

    starts_on = DayField(label="Fra", help_text="Den 1. januar efter valget. For eksempel: 1.1.2026")
    ends_on = DayField(label="Til og med", help_text="Lad feltet stå tomt, så bliver det fire år.", required=False)

    def clean(self) -> dict[str, Any]:
        """Four years, unless something else is typed."""
        cleaned = super().clean() or {}
        if (start := cleaned.get("starts_on")) and "ends_on" in cleaned and not cleaned["ends_on"]:
            if start.year > date.max.year - TERM_YEARS:
                self.add_error("starts_on", "Skriv et årstal, der kan være rigtigt.")
            else:
                cleaned["ends_on"] = date(start.year + TERM_YEARS, start.month, 1) - timedelta(days=1)
        return cleaned


class PersonForm(PartForm):
    """En person."""

    model = Person

    name = forms.CharField(label="Navn", help_text="For eksempel: Mette Medlem", max_length=120)
    user = forms.CharField(
        label="Brugernavn", required=False, max_length=150,
        help_text="Det navn, personen logger ind med. Så ser personen det, som medlemskabet giver ret til.",
    )  # fmt: skip

    def typed_of(self, part: Person) -> dict[str, Any]:
        return {"user": part.user.username if part.user else ""}

    def clean_user(self) -> User | None:
        """Find the login by its name."""
        username = self.cleaned_data["user"]
        if not username:
            return None
        user = User.objects.filter(username=username).first()
        if user is None:
            raise forms.ValidationError(f"Der er ingen bruger, der hedder “{username}”.")
        return user


class LeaderGroupForm(PartForm):
    """En lederkreds."""

    model = LeaderGroup

    name = forms.CharField(label="Navn", help_text="For eksempel: Dagtilbudslederne", max_length=160)


class OrgUnitForm(PartForm):
    """Et center, en afdeling eller en institution."""

    model = OrgUnit

    name = forms.CharField(label="Navn", help_text="For eksempel: Center for Børn og Familier", max_length=160)
    kind = forms.ChoiceField(label="Art", choices=OrgUnit.Kind.choices, initial=OrgUnit.Kind.INSTITUTION)
    parent = forms.ModelChoiceField(OrgUnit.objects.none(), label="Hører under", required=False)

    def fit(self) -> None:
        others = OrgUnit.objects.filter(municipality=self.municipality).exclude(pk=self.part and self.part.pk)
        field = cast("forms.ModelChoiceField[OrgUnit]", self.fields["parent"])
        field.queryset = others
        in_danish_order(field, others, "Ingen")


class _PlacedForm(PartForm):
    """Something with a place in a row; the new one is proposed last."""

    position = forms.IntegerField(label="Rækkefølge", help_text="1 står først.", min_value=1, max_value=999)

    def fit(self) -> None:
        rows = self.model._base_manager.filter(municipality=self.municipality)
        self.fields["position"].initial = (rows.aggregate(last=Max("position"))["last"] or 0) + 1


class HeadingForm(_PlacedForm):
    """En rubrik."""

    model = SectionHeading

    heading = forms.CharField(label="Rubrikkens navn", help_text="For eksempel: Beslutningstema", max_length=120)
    kind = forms.ChoiceField(
        label="Hvad rubrikken handler om", choices=SectionKind.choices,
        help_text="Så hører den sammen med det tilsvarende afsnit i andre dagsordener.",
    )  # fmt: skip
    field_order = ("heading", "kind", "position")


class PhraseForm(_PlacedForm):
    """En standardformulering."""

    model = HousePhrase

    text = forms.CharField(label="Formulering", help_text="For eksempel: Taget til efterretning.", max_length=200)
    category = forms.ChoiceField(
        label="Betydning", choices=Category.choices, help_text="Hvad udvalget har besluttet, når det står der."
    )
    field_order = ("text", "category", "position")

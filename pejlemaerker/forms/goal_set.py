"""Et sæt pejlemærker: making one for an area and a period, and putting right what is said of it."""

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import Q

from kit.clock import today
from kit.danish import join_words, sort_key
from kit.dates import format_date
from kit.once import NonceField
from meetings.forms.fields import DayField
from meetings.forms.organisation import in_danish_order
from meetings.models import Committee, LeaderGroup
from pejlemaerker.actions import create_set, edit_set
from pejlemaerker.actions.sets import Days, has_been_in_force, same_area, shown_of_set
from pejlemaerker.forms.periods import format_days, left_outside, overlapping, proposed_terms, unusual_length
from pejlemaerker.forms.shown import AskingForm, ShownForm
from pejlemaerker.models import GoalPeriod, GoalSet, PolicyArea

NEW = "ny"
ENDS_BEFORE = "Perioden kan ikke slutte, før den begynder."


class _WorkersForm(AskingForm):
    """Who works by a set: its leaders, and the committees that share it."""

    leader_group = forms.ModelChoiceField(
        LeaderGroup.objects.none(), label="Hvilken lederkreds arbejder efter pejlemærkerne?", required=False,
        help_text="For eksempel: Dagtilbudslederne. Det er dem, udvalget holder dialogmøder med.",
    )  # fmt: skip
    partners = forms.ModelMultipleChoiceField(
        Committee.objects.none(), label="Er sættet fælles med andre udvalg?", required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Et fælles sæt vises hos alle udvalgene, og hvert udvalg kan godkende ordlydene. "
        "Lad felterne stå tomme, hvis udvalget er alene om det.",
    )  # fmt: skip

    def fit(self, committee: Committee, *, also: Any = ()) -> None:
        """Offer the municipality's leader groups, and the other committees that still sit."""
        groups = LeaderGroup.objects.filter(municipality=committee.municipality_id)
        field = cast("forms.ModelChoiceField[LeaderGroup]", self.fields["leader_group"])
        field.queryset = groups
        in_danish_order(field, groups, "Ingen lederkreds endnu")
        sitting = Q(valid_to__isnull=True) | Q(valid_to__gte=today()) | Q(pk__in=also)
        others = Committee.objects.filter(sitting, municipality=committee.municipality_id).exclude(pk=committee.pk)
        partners = cast("forms.ModelMultipleChoiceField[Committee]", self.fields["partners"])
        partners.queryset = others
        partners.choices = [(one.pk, one.name) for one in sorted(others, key=lambda one: sort_key(one.name))]
        if not partners.choices:
            del self.fields["partners"]

    def workers(self) -> dict[str, Any]:
        """Return who works by the set."""
        return {
            "leader_group": self.cleaned_data["leader_group"],
            "partners": list(self.cleaned_data.get("partners", [])),
        }


class NewSetForm(_WorkersForm):
    """Nyt sæt pejlemærker."""

    nonce = NonceField()
    period = forms.ChoiceField(
        label="Hvilken periode?", widget=forms.RadioSelect, required=False,
        help_text="Et sæt gælder i en periode. Den følger som regel valgperioden, men behøver ikke gøre det.",
    )  # fmt: skip
    starts_on = DayField(label="Første dag", required=False)
    ends_on = DayField(label="Sidste dag", required=False)
    area = forms.ChoiceField(label="Hvilket område?", widget=forms.RadioSelect, required=False)
    area_name = forms.CharField(
        label="Navn på et nyt område", max_length=120, required=False, help_text="For eksempel: Dagtilbudsområdet"
    )
    field_order = ("period", "starts_on", "ends_on", "area", "area_name", "leader_group", "partners")

    def __init__(self, *args: Any, committee: Committee, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.committee, self.user = committee, user
        self.periods = list(GoalPeriod.objects.filter(committee=committee))
        self.areas = list(PolicyArea.objects.filter(committee=committee))
        self.terms = [days for days in proposed_terms(committee) if days not in map(_days, self.periods)]
        self._offer_periods()
        self._offer_areas()
        self.fit(committee)

    def _offer_periods(self) -> None:
        proposed = {_key(days): (days, "Valgperioden") for days in self.terms}
        there = {_key(_days(one)): (_days(one), "Perioden") for one in self.periods}
        offered = sorted((proposed | there).items(), key=lambda one: one[1][0], reverse=True)
        choices = [(key, f"{name} {format_days(days)}") for key, (days, name) in offered]
        field = cast("forms.ChoiceField", self.fields["period"])
        field.choices = [*choices, (NEW, "En anden periode. Skriv dagene nedenfor")]
        coming = [key for key, (days, _) in offered if days.starts_on <= today() <= days.ends_on]
        self.initial.setdefault("period", coming[0] if coming else None)

    def _offer_areas(self) -> None:
        field = cast("forms.ChoiceField", self.fields["area"])
        field.choices = [
            *((str(one.pk), one.name) for one in self.areas),
            (NEW, "Et nyt område. Skriv navnet nedenfor"),
        ]
        if not self.areas:
            del self.fields["area"]
            self.fields["area_name"].label = "Hvilket område handler pejlemærkerne om?"

    def clean(self) -> dict[str, Any]:
        """Find the days and the area, and ask about what is unusual."""
        cleaned = super().clean() or {}
        cleaned["days"], cleaned["policy_area"] = self._chosen_days(), self._chosen_area()
        if not self.errors:
            self.ask(self._unusual(cleaned["days"], cleaned["policy_area"]))
        return cleaned

    def _chosen_days(self) -> Days | None:
        if "period" in self.errors:
            return None
        chosen = self.cleaned_data["period"]
        start, end = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if chosen and chosen != NEW:
            if start or end:
                self.add_error("starts_on", "Du har valgt en periode. Vælg »En anden periode«, hvis dagene skal gælde.")
            start, end = (date.fromisoformat(day) for day in chosen.split("/"))
            return Days(start, end)
        if not chosen and not (start or end):
            self.add_error("period", "Vælg en periode.")
            return None
        for name in ("starts_on", "ends_on"):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, "Skriv datoen.")
        if not start or not end:
            return None
        if end <= start:
            self.add_error("ends_on", ENDS_BEFORE)
        return Days(start, end)

    def _chosen_area(self) -> PolicyArea | str:
        chosen, name = self.cleaned_data.get("area", ""), " ".join(self.cleaned_data.get("area_name", "").split())
        area = next((one for one in self.areas if str(one.pk) == chosen), None)
        if area and name and same_area(self.committee, name) != area:
            self.add_error("area_name", "Du har valgt et område. Vælg »Et nyt område«, hvis navnet skal gælde.")
        if area:
            return area
        if name:
            return same_area(self.committee, name) or name
        if "area" in self.fields and not chosen:
            self.add_error("area", "Vælg et område.")
        else:
            self.add_error("area_name", "Skriv områdets navn.")
        return ""

    def _unusual(self, days: Days, area: PolicyArea | str) -> list[str]:
        if days in map(_days, self.periods):
            return []  # the period is there; a second set in it is refused, with a link
        doubled = overlapping(self.committee, area.pk, days) if isinstance(area, PolicyArea) else []
        return [*unusual_length(days), *doubled]

    def save(self) -> GoalSet:
        """Make the set; raises SetTaken and NotAllowed."""
        return create_set(
            committee=self.committee, period=self.cleaned_data["days"], area=self.cleaned_data["policy_area"],
            nonce=self.cleaned_data["nonce"], by=self.user, **self.workers(),
        )  # fmt: skip


class EditSetForm(ShownForm, _WorkersForm):
    """Ret et sæt."""

    area_name = forms.CharField(label="Områdets navn", max_length=120)
    starts_on = DayField(label="Periodens første dag")
    ends_on = DayField(label="Periodens sidste dag")
    field_order = ("leader_group", "partners", "area_name", "starts_on", "ends_on")

    def __init__(self, data: Any = None, *, goal_set: GoalSet, user: Any) -> None:
        self.goal_set, self.user = goal_set, user
        partners = list(goal_set.partners.all())
        period = goal_set.period
        super().__init__(
            data,
            initial={
                "leader_group": goal_set.leader_group_id,
                "partners": [one.pk for one in partners],
                "area_name": goal_set.area.name,
                "starts_on": period.starts_on,
                "ends_on": period.ends_on,
                "shown": shown_of_set(goal_set),
            },
        )
        self.fit(period.committee, also=[one.pk for one in partners])
        self.keeps_name = has_been_in_force(goal_set.area)
        if self.keeps_name:
            del self.fields["area_name"]

    @property
    def others(self) -> str:
        """The other areas with sets in the period, for which the days hold too."""
        areas = PolicyArea.objects.filter(sets__period=self.goal_set.period).exclude(pk=self.goal_set.area_id)
        return join_words([one.name for one in areas])

    def clean(self) -> dict[str, Any]:
        """A period has a length, and what has happened in it is not left outside unseen."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        period, days = self.goal_set.period, Days(cleaned["starts_on"], cleaned["ends_on"])
        if days.ends_on <= days.starts_on:
            self.add_error("ends_on", ENDS_BEFORE)
        elif days != _days(period):
            doubled = overlapping(period.committee, self.goal_set.area_id, days, besides=period.pk)
            self.ask([*unusual_length(days), *doubled, *left_outside(period, days)])
        return cleaned

    def save(self) -> GoalSet:
        """Save the changes; raises NotAllowed and EditConflict."""
        return edit_set(
            goal_set=self.goal_set, shown=self.cleaned_data["shown"], by=self.user,
            days=Days(self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]),
            area_name=self.cleaned_data.get("area_name", self.goal_set.area.name), **self.workers(),
        )  # fmt: skip

    def fingerprint_of(self, row: GoalSet) -> str:
        return shown_of_set(row)

    def told_of(self, row: GoalSet) -> dict[str, str]:
        return self._told(row.leader_group, row.partners.all(), row.area.name, _days(row.period))

    def told_typed(self) -> dict[str, str]:
        typed = self.cleaned_data
        name = typed.get("area_name", self.goal_set.area.name)
        return self._told(
            typed["leader_group"], typed.get("partners", []), name, Days(typed["starts_on"], typed["ends_on"])
        )

    def _told(self, group: LeaderGroup | None, partners: Any, name: str, days: Days) -> dict[str, str]:
        told = {
            "leader_group": str(group or ""),
            "partners": ", ".join(sorted((one.name for one in partners), key=sort_key)),
            "area_name": name,
            "starts_on": format_date(days.starts_on),
            "ends_on": format_date(days.ends_on),
        }
        return {field: text for field, text in told.items() if field in self.fields}


def _days(period: GoalPeriod) -> Days:
    return Days(period.starts_on, period.ends_on)


def _key(days: Days) -> str:
    return f"{days.starts_on.isoformat()}/{days.ends_on.isoformat()}"

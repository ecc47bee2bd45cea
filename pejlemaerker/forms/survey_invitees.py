"""Hvem der spørges: whole lederkredse, single leaders, or somebody written in by hand."""

from collections.abc import Iterable
from typing import Any, NamedTuple, cast

from django import forms
from django.db.models import Count, Q

from kit.clock import today
from kit.danish import sort_key
from meetings.models import LeaderGroup, Leadership, OrgUnit
from pejlemaerker.actions.surveys import Addressee, ask, do_not_ask
from pejlemaerker.models import Invitee, Survey


class Added(NamedTuple):
    """What came of asking some: who was added, and who was asked already."""

    added: list[Invitee]
    twice: list[Addressee]


class _AskForm(forms.Form):
    """Somebody is to be asked."""

    def __init__(self, data: Any = None, *, survey: Survey, user: Any) -> None:
        super().__init__(data)
        self.survey, self.user = survey, user
        self.municipality = survey.committee.municipality
        self.fit()

    def fit(self) -> None:
        """Fit the fields to the round: who may be chosen."""

    def leaders(self) -> Iterable[Addressee]:
        """Those who were chosen."""
        raise NotImplementedError

    def save(self) -> Added:
        """Ask them; raises SurveyIsOpen."""
        return Added(*ask(survey=self.survey, leaders=self.leaders(), by=self.user))


class AskGroupsForm(_AskForm):
    """Hele lederkredse: all who lead something in them today."""

    leader_groups = forms.ModelMultipleChoiceField(
        LeaderGroup.objects.none(), label="Lederkredse", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Vælg mindst én lederkreds."},
    )  # fmt: skip

    def fit(self) -> None:
        now = today()
        current = Q(leaderships__valid_from__lte=now) & (
            Q(leaderships__valid_to__isnull=True) | Q(leaderships__valid_to__gte=now)
        )
        groups = LeaderGroup.objects.filter(municipality=self.municipality)
        field = cast("forms.ModelMultipleChoiceField[LeaderGroup]", self.fields["leader_groups"])
        field.queryset = groups
        counted = sorted(groups.annotate(leaders=Count("leaderships", filter=current)), key=lambda x: sort_key(x.name))
        field.choices = [(one.pk, f"{one.name} ({_count(one.leaders)})") for one in counted]
        own = self.survey.goal_sets.exclude(leader_group=None).values_list("leader_group", flat=True)
        self.initial = {} if self.survey.invitees.exists() else {"leader_groups": list(own)}

    def clean_leader_groups(self) -> Any:
        """Somebody leads in one of them."""
        groups = self.cleaned_data["leader_groups"]
        if not Leadership.objects.current(today()).filter(leader_group__in=groups).exists():
            raise forms.ValidationError("Der er ingen ledere skrevet ind i den lederkreds endnu. Skriv dem ind først.")
        return groups

    def leaders(self) -> Iterable[Addressee]:
        return _asked(_current(self.survey).filter(leader_group__in=self.cleaned_data["leader_groups"]))


class AskLeadersForm(_AskForm):
    """Enkelte ledere."""

    leaderships = forms.ModelMultipleChoiceField(
        Leadership.objects.none(), label="Ledere", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Vælg mindst én leder."},
    )  # fmt: skip

    def fit(self) -> None:
        field = cast("forms.ModelMultipleChoiceField[Leadership]", self.fields["leaderships"])
        current = _current(self.survey)
        field.queryset = current
        field.choices = [(one.pk, f"{one} · {one.leader_group}") for one in _in_order(current)]

    def leaders(self) -> Iterable[Addressee]:
        return _asked(self.cleaned_data["leaderships"])


class AskByHandForm(_AskForm):
    """En, der ikke står i en lederkreds."""

    name = forms.CharField(
        label="Navn", max_length=120, help_text="For eksempel: Lone Linde",
        error_messages={"required": "Skriv, hvem der skal spørges."},
    )  # fmt: skip
    unit_name = forms.CharField(
        label="Enhed", max_length=160, required=False, help_text="For eksempel: Børnehuset Linden"
    )
    email = forms.EmailField(
        label="E-mail", required=False, help_text="Uden e-mail sendes intet link, og svaret skrives ind for lederen.",
        error_messages={"invalid": "Skriv adressen som navn@kommunen.dk."},
    )  # fmt: skip

    def leaders(self) -> Iterable[Addressee]:
        typed = self.cleaned_data
        unit = OrgUnit.objects.filter(municipality=self.municipality, name__iexact=typed["unit_name"]).first()
        return [Addressee(typed["name"], typed["email"], unit.name if unit else typed["unit_name"], unit)]


class RemoveForm(forms.Form):
    """Nogen, der alligevel ikke skal spørges."""

    invitees = forms.ModelMultipleChoiceField(
        Invitee.objects.none(), error_messages={"required": "Sæt kryds ved dem, der ikke skal spørges."}
    )

    def __init__(self, data: Any = None, *, survey: Survey, user: Any) -> None:
        super().__init__(data)
        self.survey, self.user = survey, user
        cast("forms.ModelMultipleChoiceField[Invitee]", self.fields["invitees"]).queryset = survey.invitees.all()

    def save(self) -> int:
        """Take them out, and tell how many; raises SurveyIsOpen."""
        chosen = [one.pk for one in self.cleaned_data["invitees"]]
        return do_not_ask(survey=self.survey, invitees=chosen, by=self.user)


def _current(survey: Survey) -> Any:
    current = Leadership.objects.current(today()).filter(leader_group__municipality=survey.committee.municipality_id)
    return current.select_related("unit", "leader_group")


def _in_order(posts: Iterable[Leadership]) -> list[Leadership]:
    return sorted(posts, key=lambda one: (sort_key(str(one.unit or "")), sort_key(one.name)))


def _asked(posts: Iterable[Leadership]) -> list[Addressee]:
    return [
        Addressee(one.name, one.email, one.unit.name if one.unit else "", one.unit, one.leader_group)
        for one in _in_order(posts)
    ]


def _count(leaders: int) -> str:
    return "1 leder" if leaders == 1 else f"{leaders or 'ingen'} ledere"

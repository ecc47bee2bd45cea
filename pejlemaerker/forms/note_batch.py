"""Ordering a batch of notes: which sets, for whom, as of when, and in which form."""

from typing import Any, NamedTuple

from django import forms

from kit.clock import today
from kit.danish import sort_key
from kit.once import NonceField
from meetings.models import Committee, Municipality, Right
from pejlemaerker.actions.note_batches import order_batch
from pejlemaerker.documents.notes.batch import sets_for
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.forms.fields import date_field
from pejlemaerker.models import AsOf, Audience, NoteBatch, NoteKind, NoteRecipe


class Scope(NamedTuple):
    """Hvis sæt: one committee's, or those of a whole kommune for which the user writes notes."""

    key: str
    label: str
    municipality: Municipality
    committee: Committee | None
    committees: tuple[Committee, ...]


def scopes_of(user: Any) -> list[Scope]:
    """Return what the user may order notes of: each committee, and the kommune where there are several."""
    found = Committee.objects.where(user, Right.FOLLOW_UP).select_related("municipality")
    committees = sorted(found, key=lambda one: (one.municipality.name, sort_key(one.name)))
    by_house: dict[Municipality, list[Committee]] = {}
    for one in committees:
        by_house.setdefault(one.municipality, []).append(one)
    whole = [
        Scope(f"kommune-{house.pk}", f"Alle udvalg i {house}", house, None, tuple(own))
        for house, own in by_house.items()
        if len(own) > 1
    ]
    single = [Scope(f"udvalg-{one.pk}", one.name, one.municipality, one, (one,)) for one in committees]
    return [*whole, *single]


class NoteBatchForm(forms.Form):
    """En samling notater."""

    scope = forms.ChoiceField(
        label="Hvilke pejlemærker?", widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvis pejlemærker notaterne skal handle om."},
    )  # fmt: skip
    all_periods = forms.BooleanField(
        label="Også tidligere og kommende perioder", required=False,
        help_text="Uden kryds: kun de sæt, hvis periode omfatter datoen nedenfor.",
    )  # fmt: skip
    form = forms.ChoiceField(label="Hvordan?", choices=NoteBatch.Form, widget=forms.RadioSelect, initial="zip")
    audience = forms.ChoiceField(
        label="Til hvem?", choices=Audience, widget=forms.RadioSelect, initial=Audience.COMMITTEE,
        help_text="Den offentlige udgave tager kun de sæt med, der er offentliggjort.",
    )  # fmt: skip
    as_of = date_field("Pr. dato", help_text="Notaterne fortæller, hvad der gjaldt og var kendt den dag.")
    recipe = forms.ChoiceField(label="Hvad skal de rumme?", required=False)
    nonce = NonceField()

    def __init__(self, *args: Any, user: Any, asked: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.scopes = {one.key: one for one in scopes_of(user)}
        recipes = NoteRecipe.objects.filter(
            committee__in=Committee.objects.where(user, Right.FOLLOW_UP), kind=NoteKind.SET
        ).select_related("committee")
        self.recipes = {str(one.pk): one for one in recipes}
        self.fields["scope"].choices = [(one.key, one.label) for one in self.scopes.values()]  # type: ignore[attr-defined]
        self.fields["recipe"].choices = [  # type: ignore[attr-defined]
            ("", "Det sædvanlige"),
            *((key, f"{one.name} ({one.committee})") for key, one in self.recipes.items()),
        ]
        self.fields["as_of"].initial = today()
        self.fields["scope"].initial = next(
            (one.key for one in self.scopes.values() if one.committee and one.committee.slug == asked), None
        )

    def clean_as_of(self) -> Any:
        """A day to come has nothing to tell yet."""
        day = self.cleaned_data["as_of"]
        if day > today():
            raise forms.ValidationError("Vælg i dag eller en dag, der er gået.")
        return day

    def save(self) -> NoteBatch:
        """Order it."""
        data = self.cleaned_data
        scope, recipe = self.scopes[data["scope"]], self.recipes.get(data["recipe"])
        sets = sets_for(
            scope.committees, viewer=self.user, audience=data["audience"], on=data["as_of"],
            all_periods=data["all_periods"],
        )  # fmt: skip
        return order_batch(
            municipality=scope.municipality, committee=scope.committee, goal_sets=sets, form=data["form"],
            audience=data["audience"], at=AsOf.day(data["as_of"]),
            choices=Choices.from_data(recipe.choices, NoteKind.SET) if recipe else Choices.usual(NoteKind.SET),
            recipe_name=recipe.name if recipe else "", nonce=data["nonce"], by=self.user,
        )  # fmt: skip

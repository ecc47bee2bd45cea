"""Et udvalg and who sits in it."""

import re
from datetime import date
from typing import Any, cast

from django import forms

from kit.clock import today
from kit.danish import join_words
from meetings.actions.organisation import change_committee, rename_committee
from meetings.actions.refusals import NotAllowed
from meetings.actions.seating import LineRefused, Seated, seat_members
from meetings.forms.fields import DayField, VerbatimField
from meetings.forms.organisation import PartForm, in_danish_order
from meetings.models import Committee, CouncilTerm, Membership, Person

_NEW_NAME = "Skriv navnet på den nye person, eller vælg en, der står der i forvejen."
_LINE = re.compile(r"(?P<name>[^(),;]+?)\s*(?:\((?P<party>[^()]*)\))?\s*(?:[,;]\s*(?P<seat>[^,;]+))?")
_SEATS = {str(label).casefold(): seat for seat, label in Membership.Seat.choices}
_LONGEST_NAME, _LONGEST_PARTY, _MOST_LINES = 120, 3, 400


class CommitteeForm(PartForm):
    """Et udvalg. Once it has met, its name is changed only by a dated new name."""

    model = Committee

    name = forms.CharField(label="Navn", help_text="For eksempel: Børne- og Uddannelsesudvalget", max_length=120)
    abbreviation = forms.CharField(label="Forkortelse", help_text="For eksempel: BUU", max_length=12, required=False)
    kind = forms.ChoiceField(label="Art", choices=Committee.Kind.choices, initial=Committee.Kind.STANDING)
    valid_from = DayField(label="Fra", help_text="For eksempel: 1.1.2026. Tom, når dagen ikke kendes.", required=False)
    valid_to = DayField(
        label="Til og med", required=False,
        help_text="Udvalgets sidste dag. Medlemmer, der ikke har en slutdato, udtræder samme dag.",
    )  # fmt: skip
    successor_of = forms.ModelChoiceField(
        Committee.objects.none(), label="Efterfølger", required=False,
        help_text="Det udvalg, hvis opgaver det har overtaget.",
    )  # fmt: skip

    def fit(self) -> None:
        others = Committee.objects.filter(municipality=self.municipality).exclude(pk=self.part and self.part.pk)
        field = cast("forms.ModelChoiceField[Committee]", self.fields["successor_of"])
        field.queryset = others
        in_danish_order(field, others, "Intet udvalg")
        if self.part and self.part.meetings.exists():
            del self.fields["name"], self.fields["abbreviation"]

    def save(self) -> Committee:
        """Add the committee, or change it; `left` then tells how many members left with it."""
        self.left = 0
        if self.part is None:
            return cast("Committee", super().save())
        committee, self.left = change_committee(
            self.part, shown=self.cleaned_data["shown"], by=self.user, **self.values()
        )
        return committee


class RenameForm(PartForm):
    """Et nyt navn fra en dag; the old one stays on what happened before."""

    model = Committee

    since = DayField(label="Nyt navn fra den", help_text="Til og med dagen før hedder udvalget det, det hedder nu.")
    name = forms.CharField(label="Nyt navn", max_length=120)
    abbreviation = forms.CharField(label="Ny forkortelse", max_length=12, required=False)

    @property
    def names(self) -> list[str]:
        return ["name", "abbreviation"]

    def save(self) -> Committee:
        """Rename the committee."""
        return rename_committee(by=self.user, committee=self.part, **self.cleaned_data)


class SeatForm(PartForm):
    """Et hverv som det står: everything but whose it is."""

    model = Membership

    seat = forms.ChoiceField(label="Hverv", choices=Membership.Seat.choices, initial=Membership.Seat.MEMBER)
    party = forms.CharField(label="Parti", help_text="Partiets bogstav. For eksempel: A", max_length=3, required=False)
    valid_from = DayField(label="Fra")
    valid_to = DayField(label="Til og med", help_text="Tom, så længe hvervet varer.", required=False)


class EndSeatForm(PartForm):
    """Udtræden: the last day of a seat."""

    model = Membership

    valid_to = DayField(label="Udtræder den", help_text="Den sidste dag i udvalget. For eksempel: 31.12.2025")


class _SeatingForm(forms.Form):
    """People who are to sit in a committee from a day."""

    def __init__(self, data: Any = None, *, user: Any, committee: Committee) -> None:
        self.user, self.committee = user, committee
        super().__init__(data)
        self.fields["valid_from"].initial = committee.valid_from or _term_begins(committee)

    def _give_seats(self, members: list[Seated]) -> list[Membership]:
        """Give them their seats."""
        return seat_members(
            committee=self.committee, members=members, valid_from=self.cleaned_data["valid_from"],
            valid_to=self.cleaned_data["valid_to"] or self.committee.valid_to, by=self.user,
        )  # fmt: skip


class NewSeatForm(_SeatingForm):
    """Et nyt medlem: somebody who is known, or a new name."""

    person = forms.ModelChoiceField(Person.objects.none(), label="Person", required=False)
    new_name = forms.CharField(
        label="Eller en ny persons navn", help_text="For eksempel: Mette Medlem", max_length=120, required=False
    )
    seat = SeatForm.base_fields["seat"]
    party = SeatForm.base_fields["party"]
    valid_from = DayField(label="Fra")
    valid_to = SeatForm.base_fields["valid_to"]

    def __init__(self, data: Any = None, *, user: Any, committee: Committee) -> None:
        super().__init__(data, user=user, committee=committee)
        people = Person.objects.filter(municipality=committee.municipality_id)
        field = cast("forms.ModelChoiceField[Person]", self.fields["person"])
        field.queryset = people
        in_danish_order(field, people, "Ingen valgt")

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two is filled in."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("person")) == bool(cleaned.get("new_name")):
            self.add_error("new_name" if cleaned.get("person") else "person", _NEW_NAME)
        return cleaned

    def save(self) -> list[Membership]:
        """Give the person a seat."""
        typed = self.cleaned_data
        name = typed["person"].name if typed["person"] else typed["new_name"]
        return self._give_seats([Seated(1, name, typed["party"], typed["seat"], typed["person"])])


class ManySeatsForm(_SeatingForm):
    """Flere medlemmer på én gang: one a line, as they stand in the minutes of the constituent meeting."""

    lines = VerbatimField(
        label="Medlemmer", rows=10, max_length=40_000,
        help_text="Ét medlem på hver linje. For eksempel: Mette Medlem (B), formand",
        error_messages={"required": "Skriv mindst ét medlem."},
    )  # fmt: skip
    valid_from = DayField(label="Fra", help_text="Gælder dem alle. For eksempel: 1.1.2026")
    valid_to = SeatForm.base_fields["valid_to"]

    def clean_lines(self) -> list[Seated]:
        """Read every line; all that cannot be read are named at once."""
        lines = [(n, line.strip()) for n, line in enumerate(self.cleaned_data["lines"].split("\n"), start=1)]
        members, wrong = [], []
        for number, line in lines:
            if not line:
                continue
            try:
                members.append(_read(number, line))
            except forms.ValidationError as error:
                wrong += [f"Linje {number}: {message}" for message in error.messages]
        if len(lines) > _MOST_LINES:
            raise forms.ValidationError(f"Der er {len(lines)} linjer; der er plads til {_MOST_LINES}.")
        if wrong:
            raise forms.ValidationError(wrong)
        return members

    def save(self) -> list[Membership]:
        """Give them all seats, or none; a line that a rule stands against is named."""
        try:
            return self._give_seats(self.cleaned_data["lines"])
        except LineRefused as refused:
            raise NotAllowed(f"Linje {refused.line}: {refused}", field="lines") from refused


def _term_begins(committee: Committee) -> date | None:
    term = CouncilTerm.objects.filter(municipality=committee.municipality_id, starts_on__lte=today()).first()
    return term.starts_on if term else None


def _read(number: int, line: str) -> Seated:
    match = _LINE.fullmatch(line)
    if match is None:
        raise forms.ValidationError("Skriv linjen som “Mette Medlem (B), formand”.")
    name, party, seat = match["name"].strip(), (match["party"] or "").strip(), (match["seat"] or "medlem").strip()
    if len(name) > _LONGEST_NAME:
        raise forms.ValidationError(f"Navnet er længere end {_LONGEST_NAME} tegn.")
    if len(party) > _LONGEST_PARTY:
        raise forms.ValidationError(f"“{party}” er længere end {_LONGEST_PARTY} tegn. Skriv partiets bogstav.")
    if seat.casefold() not in _SEATS:
        words = [str(label).lower() for label in Membership.Seat.labels]
        raise forms.ValidationError(f"“{seat}” er ikke et hverv. Skriv {join_words(words).replace(' og ', ' eller ')}.")
    return Seated(number, name, party, _SEATS[seat.casefold()])

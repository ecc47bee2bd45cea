"""Deltagerne i et dialogmøde: who is invited, with which address, and who came."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from django import forms
from django.utils.safestring import SafeString

from kit.danish import sort_key
from meetings.models import OrgUnit
from pejlemaerker.actions.dialogue_people import Guest, add_participants, change_participants, note_attendance
from pejlemaerker.documents.participants import in_order, labels, proposed_participants
from pejlemaerker.models import Dialogue, Participant

_CAME = {"ja": True, "nej": False, "": None}
_OF_CAME = {value: key for key, value in _CAME.items()}


class ProposedForm(forms.Form):
    """Forslag: those who sit in the committee and lead in the leader groups, all ticked to begin with."""

    keys = forms.MultipleChoiceField(
        label="Hvem skal indbydes?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Vælg mindst én.", "invalid_choice": "Listen er ændret imens. Hent siden igen."},
    )

    def __init__(self, data: Any = None, *, dialogue: Dialogue, user: Any) -> None:
        super().__init__(data, auto_id="forslag_%s")
        self.dialogue, self.user = dialogue, user
        self.proposed = {one.key: one for one in proposed_participants(dialogue)}
        field = cast("forms.MultipleChoiceField", self.fields["keys"])
        field.choices = labels(self.proposed.values())
        field.initial = list(self.proposed)

    def save(self) -> list[Participant]:
        """Put the chosen on the list."""
        chosen = (self.proposed[key] for key in self.cleaned_data["keys"])
        guests = [Guest(one.side, one.name, one.email, one.person, one.leader_group, one.unit) for one in chosen]
        return add_participants(dialogue=self.dialogue, guests=guests, by=self.user)


class GuestForm(forms.Form):
    """En deltager, written by hand; after the meeting one who came uninvited."""

    side = forms.ChoiceField(label="Fra", choices=Participant.Side, initial=Participant.Side.ADMINISTRATION)
    name = forms.CharField(
        label="Navn", max_length=120, error_messages={"required": "Skriv navnet."}, help_text="For eksempel: Lone Leder"
    )
    email = forms.EmailField(
        label="E-mail", required=False, error_messages={"invalid": "Skriv adressen som navn@eksempel.dk."}
    )
    unit = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="Enhed", required=False, empty_label="Ingen enhed",
        help_text="For eksempel en leders institution.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, dialogue: Dialogue, user: Any, came: bool | None = None) -> None:
        super().__init__(data, auto_id="gaest_%s")
        self.dialogue, self.user, self.came = dialogue, user, came
        units = OrgUnit.objects.filter(municipality=dialogue.committee.municipality_id)
        field = cast("forms.ModelChoiceField[OrgUnit]", self.fields["unit"])
        field.queryset = units
        in_order = sorted(units, key=lambda one: sort_key(one.name))
        field.choices = [("", "Ingen enhed"), *((one.pk, one.name) for one in in_order)]
        if came:
            del self.fields["email"]
            self.initial["side"] = Participant.Side.LEADERS

    def save(self) -> list[Participant]:
        """Put somebody on the list."""
        guest = Guest(**self.cleaned_data, came=self.came)
        return add_participants(dialogue=self.dialogue, guests=[guest], by=self.user)


class Row(NamedTuple):
    """A participant's row in a form, with what stood in it when the page was made."""

    participant: Participant
    fields: tuple[forms.BoundField, ...]
    initial: SafeString


def _row(form: forms.Form, one: Participant, *names: str) -> Row:
    first = form[names[0]]
    return Row(one, tuple(form[name] for name in names), first.as_hidden(only_initial=True))


class ParticipantsForm(forms.Form):
    """Deltagerne, each with an address and the way out."""

    def __init__(self, data: Any = None, *, dialogue: Dialogue, user: Any) -> None:
        super().__init__(data, auto_id="deltager_%s")
        self.dialogue, self.user = dialogue, user
        self.people = in_order(dialogue)
        for one in self.people:
            self.fields[f"email-{one.pk}"] = forms.EmailField(
                label=f"E-mail til {one.name}", required=False, initial=one.email, show_hidden_initial=True,
                error_messages={"invalid": "Skriv adressen som navn@eksempel.dk."},
            )  # fmt: skip
            self.fields[f"fjern-{one.pk}"] = forms.BooleanField(label="Fjern", required=False)

    @property
    def rows(self) -> list[Row]:
        """The participants' rows."""
        return [_row(self, one, f"email-{one.pk}", f"fjern-{one.pk}") for one in self.people]

    def save(self) -> None:
        """Keep what was changed on this page, and only that: two who write at once do not undo each other."""
        changed = set(self.changed_data)
        emails = {one.pk: self.cleaned_data[f"email-{one.pk}"] for one in self.people if f"email-{one.pk}" in changed}
        removed = [one.pk for one in self.people if self.cleaned_data[f"fjern-{one.pk}"]]
        change_participants(dialogue=self.dialogue, emails=emails, removed=removed, by=self.user)


class DialogueAttendanceForm(forms.Form):
    """Fremmødet: yes, no or not known, one line each, gone through by the arrow keys and Tab."""

    def __init__(self, data: Any = None, *, dialogue: Dialogue, user: Any) -> None:
        super().__init__(data, auto_id="fremmoede_%s")
        self.dialogue, self.user = dialogue, user
        self.people = in_order(dialogue)
        for one in self.people:
            self.fields[f"kom-{one.pk}"] = forms.ChoiceField(
                label=one.name, required=False, initial=_OF_CAME[one.came], show_hidden_initial=True,
                choices=[("ja", "Ja"), ("nej", "Nej"), ("", "Ved ikke")], widget=forms.RadioSelect,
            )  # fmt: skip

    @property
    def rows(self) -> Iterator[Row]:
        """The participants' lines."""
        return (_row(self, one, f"kom-{one.pk}") for one in self.people)

    def save(self, *, rest_stayed_away: bool = False) -> None:
        """Keep what was changed on this page; perhaps those nothing was noted of did not come."""
        changed = set(self.changed_data)
        came = {one.pk: _CAME[self.cleaned_data[f"kom-{one.pk}"]] for one in self.people if f"kom-{one.pk}" in changed}
        if rest_stayed_away:
            came |= {one.pk: False for one in self.people if not self.cleaned_data[f"kom-{one.pk}"]}
        note_attendance(dialogue=self.dialogue, came=came, by=self.user)

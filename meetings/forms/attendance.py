"""Fremmødet: a line for every member, filled in beforehand with the usual."""

from typing import Any, NamedTuple

from django import forms

from meetings.actions import NotAllowed, Presence, attendance_mark, record_attendance
from meetings.documents.proceedings import People
from meetings.documents.treatment import named
from meetings.forms.fields import retyped
from meetings.models import Attendance, Meeting, Membership, Person, Roll

_STAND = "stand_"


class Line(NamedTuple):
    """One member's line."""

    name: str
    seat: str  # "formand", or nothing for an ordinary member
    stand: forms.BoundField
    substitute: forms.BoundField


class AttendanceForm(forms.Form):
    """How every member took part in the meeting, and who came instead of those who did not."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, user: Any, meeting: Meeting) -> None:
        self.user, self.meeting = user, meeting
        roll = Roll.of(meeting)
        self.people = People.for_meeting(meeting, roll)
        self.members = _members(roll)
        super().__init__(data, initial={"mark": attendance_mark(meeting)}, auto_id="fremmoede_%s")
        stands = {one.person_id: one.state for one in roll.attendances}
        substitutes = {one.substitute_for_id: one.person for one in roll.attendances if one.substitute_for_id}
        for person in self.members:
            self.fields[f"{_STAND}{person.pk}"] = forms.ChoiceField(
                label=person.name,
                choices=Attendance.State.choices,
                widget=forms.RadioSelect,
                initial=stands.get(person.pk, Attendance.State.PRESENT),
                error_messages={
                    "required": f"Skriv, om {person} var til stede.",
                    "invalid_choice": "Vælg et fremmøde.",
                },
            )
            self.fields[f"stedfortraeder_{person.pk}"] = forms.CharField(
                label=f"Stedfortræder for {person}",
                max_length=120,
                required=False,
                initial=_label(substitutes.get(person.pk), roll),
                widget=forms.TextInput(attrs={"list": "stedfortraedere", "autocomplete": "off"}),
            )

    @property
    def lines(self) -> list[Line]:
        """The members' lines, the chair first."""
        return [
            Line(
                named(seat.person.name, seat.party),
                "" if seat.seat == Membership.Seat.MEMBER else seat.get_seat_display().lower(),
                self[f"{_STAND}{person.pk}"],
                self[f"stedfortraeder_{person.pk}"],
            )
            for person, seat in self.members.items()
        ]

    def clean(self) -> dict[str, Any]:
        """A line for somebody without a seat is no line of this form."""
        cleaned = super().clean() or {}
        for name in self.data:
            if name.startswith(_STAND) and name not in self.fields:
                pk = name.removeprefix(_STAND)
                person = Person.objects.filter(pk=int(pk[:18])).first() if pk.isascii() and pk.isdigit() else None
                raise forms.ValidationError(f"{person or 'Personen'} er ikke medlem af udvalget den dag.")
        for person in self.members:
            typed = cleaned.get(f"stedfortraeder_{person.pk}")
            if typed and cleaned.get(f"{_STAND}{person.pk}") == Attendance.State.PRESENT:
                cleaned[f"stedfortraeder_{person.pk}"] = ""  # typed before the member came after all
        return cleaned

    def refuse(self, refusal: NotAllowed) -> None:
        """Say by the field why it may not be."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))

    def write_over(self) -> None:
        """Keep what was typed, and let the next save go over what stands there now."""
        typed = retyped(self.data)
        typed["mark"] = attendance_mark(self.meeting)
        self.data = typed

    def save(self) -> None:
        """Write the attendance down."""
        record_attendance(
            meeting=self.meeting, presences=self.presences, expected=self.cleaned_data["mark"], by=self.user
        )

    @property
    def presences(self) -> list[Presence]:
        """What was typed, member by member."""
        values = self.cleaned_data
        return [
            Presence(
                person.pk,
                values[f"{_STAND}{person.pk}"],
                self.people.find(values[f"stedfortraeder_{person.pk}"]) or None,
            )
            for person in self.members
        ]

    @property
    def told(self) -> str:
        """What was typed, a member a line, to compare with what somebody else wrote."""
        states = dict(Attendance.State.choices)
        return "\n".join(
            f"{self.fields[f'{_STAND}{person}'].label}: {states[state]}"
            + (f" (stedfortræder: {substitute})" if substitute else "")
            for person, state, substitute in self.presences
        )


def told_attendance(roll: Roll) -> str:
    """Tell what stands there in the same manner."""
    instead = {one.substitute_for_id: str(one.person) for one in roll.attendances if one.substitute_for_id}
    return "\n".join(
        f"{one.person}: {one.get_state_display()}"
        + (f" (stedfortræder: {instead[one.person_id]})" if one.person_id in instead else "")
        for one in roll.attendances
        if one.substitute_for_id is None
    )


def _members(roll: Roll) -> dict[Person, Membership]:
    members: dict[Person, Membership] = {}
    for seat in roll.seats:
        if seat.seat != Membership.Seat.SUBSTITUTE:
            members.setdefault(seat.person, seat)
    return members


def _label(person: Person | None, roll: Roll) -> str:
    return named(person.name, roll.party_of(person)) if person else ""

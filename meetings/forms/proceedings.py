"""Forhandlingen: small forms that each ask one thing of an item."""

from typing import Any, ClassVar

from django import forms

from kit.dates import format_date
from kit.once import NonceField
from meetings.actions import (
    NotAllowed,
    declare_stay,
    record_absences,
    record_note,
    record_promise,
    record_recusal,
    remove_line,
)
from meetings.actions.proceedings import REMOVABLE
from meetings.documents.proceedings import ProceedingsDocument
from meetings.documents.treatment import named
from meetings.forms.fields import DayField, VerbatimField
from meetings.models import Person, ProtocolNote, Roll


class ProceedingsForm(forms.Form):
    """One thing that can happen on an item; `what` is its word in the address of the page."""

    what: ClassVar[str]
    nonce = NonceField()

    def __init__(self, data: Any = None, *, user: Any, document: ProceedingsDocument) -> None:
        self.user, self.document, self.item = user, document, document.item
        super().__init__(data, auto_id=f"{self.what}_{document.item.pk}_%s")

    def refuse(self, refusal: NotAllowed) -> None:
        """Say by the field why it may not be."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))

    def save(self) -> Any:
        """Enter it in the protocol."""
        raise NotImplementedError


class PersonField(forms.TypedChoiceField):
    """One of a few people, by number."""

    def __init__(self, **options: Any) -> None:
        self.people: dict[str, Person] = {}
        super().__init__(empty_value=None, error_messages=_NOT_PRESENT, **options)

    def offer(self, people: Any, roll: Roll, *, empty: str = "Vælg") -> None:
        """Let these be chosen."""
        self.people = {str(person.pk): person for person in people}
        listed = [(pk, named(person.name, roll.party_of(person))) for pk, person in self.people.items()]
        self.choices = [("", empty), *listed]
        self.coerce = self._find  # a form's field is a copy of its class's

    def _find(self, pk: str) -> Person:
        return self.people[pk]


class PeopleField(forms.TypedMultipleChoiceField):
    """Some of a few people, by number."""

    def __init__(self, **options: Any) -> None:
        self.people: dict[str, Person] = {}
        super().__init__(widget=forms.CheckboxSelectMultiple, error_messages=_NOT_PRESENT, **options)

    def offer(self, people: Any, roll: Roll) -> None:
        """Let these be chosen."""
        self.people = {str(person.pk): person for person in people}
        self.choices = [(pk, named(person.name, roll.party_of(person))) for pk, person in self.people.items()]
        self.coerce = self._find

    def _find(self, pk: str) -> Person:
        return self.people[pk]


_NOT_PRESENT = {
    "required": "Vælg, hvem det gælder.",
    "invalid_choice": "Vælg blandt dem, der er til stede på mødet.",
}


class AbsenceForm(ProceedingsForm):
    """Ude af lokalet."""

    what = "ude"
    people = PeopleField(label="Hvem var ude af lokalet?")
    note = forms.CharField(
        label="Hvornår", help_text="For eksempel: forlod mødet kl. 18.10.", max_length=160, required=False
    )

    def __init__(self, data: Any = None, *, user: Any, document: ProceedingsDocument) -> None:
        super().__init__(data, user=user, document=document)
        able = [voter.person for voter in document.voters]
        # A second click on the same finds its people away already: that is no fault.
        everyone = [*document.roll.present, *(one for one in able if one not in document.roll.present)]
        self.fields["people"].offer(everyone if self.is_bound else able, document.roll)  # type: ignore[attr-defined]

    def save(self) -> None:
        """Note who was out."""
        values = self.cleaned_data
        record_absences(item=self.item, people=values["people"], note=values["note"], by=self.user)


class RecusalForm(ProceedingsForm):
    """Inhabilitet."""

    what = "inhabilitet"
    person = PersonField(label="Hvem")
    ground = forms.CharField(
        label="Grund",
        help_text="For eksempel: søster til lederen af institutionen. Grunden vises ikke offentligt.",
        max_length=300,
        error_messages={"required": "Skriv grunden."},
    )
    is_disqualified = forms.TypedChoiceField(
        label="Udvalgets afgørelse",
        help_text="Medlemmet siger til; udvalget afgør, om medlemmet er inhabilt (styrelseslovens § 14).",
        choices=[("ja", "Inhabil: deltager ikke i punktet"), ("nej", "Ikke inhabil: deltager som ellers")],
        coerce=lambda value: value == "ja",
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvad udvalget afgjorde.", "invalid_choice": "Vælg, hvad udvalget afgjorde."},
    )
    ruling = forms.CharField(label="Afgørelsen med ord", max_length=300, required=False)
    raised_by = forms.CharField(
        label="Rejst af", help_text="Udfyldes kun, hvis det ikke var medlemmet selv.", max_length=120, required=False
    )
    substitute = forms.CharField(
        label="Stedfortræder på punktet",
        help_text="Vælg fra listen, eller skriv et nyt navn.",
        max_length=120,
        required=False,
    )

    def __init__(self, data: Any = None, *, user: Any, document: ProceedingsDocument) -> None:
        super().__init__(data, user=user, document=document)
        asked = {one.person for one in document.roll.recusals.get(self.item.pk, ())}
        people = [one for one in document.roll.present if self.is_bound or one not in asked]
        self.fields["person"].offer(people, document.roll)  # type: ignore[attr-defined]
        self.fields["substitute"].widget.attrs |= {"list": f"stedfortraedere-{self.item.pk}", "autocomplete": "off"}

    def save(self) -> Any:
        """Enter the recusal."""
        values = self.cleaned_data | {"substitute": self.document.people.find(self.cleaned_data["substitute"]) or None}
        return record_recusal(item=self.item, by=self.user, **values)


class NoteForm(ProceedingsForm):
    """Bemærkning til protokollen."""

    what = "bemaerkning"
    kind = forms.ChoiceField(
        label="Art",
        help_text="En afvigende mening siger, hvad der burde være besluttet, og forudsætter en stemme imod.",
        choices=ProtocolNote.Kind.choices,
        initial=ProtocolNote.Kind.NOTE,
        widget=forms.RadioSelect,
    )
    speaker = forms.CharField(
        label="Hvem",
        help_text="For eksempel: Mette Medlem (B), eller Gruppe C.",
        max_length=200,
        error_messages={"required": "Skriv, hvis bemærkning det er."},
    )
    text = VerbatimField(
        label="Bemærkningen, ordret", error_messages={"required": "Skriv bemærkningen, som den skal stå i referatet."}
    )

    def __init__(self, data: Any = None, *, user: Any, document: ProceedingsDocument) -> None:
        super().__init__(data, user=user, document=document)
        self.fields["speaker"].widget.attrs |= {"list": f"stemmer-{self.item.pk}", "autocomplete": "off"}

    def save(self) -> Any:
        """Enter the note."""
        return record_note(item=self.item, by=self.user, **self.cleaned_data)


class StayForm(ProceedingsForm):
    """Standsning efter § 23."""

    what = "standsning"
    decision = forms.TypedChoiceField(
        label="Hvilken beslutning",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg den beslutning, der standses.",
            "invalid_choice": "Beslutningen kan ikke standses.",
        },
    )
    declared_by = PersonField(label="Hvem standser beslutningen?")
    reason = VerbatimField(label="Begrundelse", required=False, rows=2)
    confirmed = forms.BooleanField(
        label="Medlemmet har forlangt standsningen ført til protokol, før mødet blev lukket",
        error_messages={"required": "Bekræft det, før standsningen føres til protokollen."},
    )

    def __init__(self, data: Any = None, *, user: Any, document: ProceedingsDocument) -> None:
        super().__init__(data, user=user, document=document)
        offered = {
            str(one.decision.pk): one for one in document.decisions if self.is_bound or not one.is_stayed
        }  # fmt: skip
        decision: Any = self.fields["decision"]
        decision.choices = [(pk, one.label) for pk, one in offered.items()]
        decision.coerce = lambda pk: offered[pk].decision
        if len(offered) == 1:
            decision.widget = forms.HiddenInput()
            self.initial["decision"] = next(iter(offered))
        able = [voter.person for voter in document.voters]
        self.fields["declared_by"].offer(able, document.roll)  # type: ignore[attr-defined]
        self.fields["declared_by"].error_messages["invalid_choice"] = "Kun den, der deltog i punktet, kan standse."

    def save(self) -> Any:
        """Enter the stay."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "confirmed"}
        return declare_stay(item=self.item, by=self.user, **values)


class PromiseForm(ProceedingsForm):
    """Et løfte om at vende tilbage."""

    what = "loefte"
    text = forms.CharField(
        label="Hvad er lovet?",
        help_text="For eksempel: en oversigt over ventelister i dagtilbud.",
        max_length=400,
        error_messages={"required": "Skriv, hvad der er lovet."},
    )
    to_whom = forms.CharField(label="Til hvem", initial="Udvalget", max_length=160, required=False)
    responsible = forms.CharField(
        label="Hvem følger op", help_text="For eksempel: Center for Børn.", max_length=160, required=False
    )
    due_meeting = forms.TypedChoiceField(label="Senest mødet", required=False, empty_value=None)
    due_on = DayField(label="Eller senest den", required=False)

    def __init__(self, data: Any = None, *, user: Any, document: ProceedingsDocument) -> None:
        super().__init__(data, user=user, document=document)
        meetings = {str(one.pk): one for one in document.coming}
        due: Any = self.fields["due_meeting"]
        due.choices = [("", "Vælg møde"), *((pk, format_date(one.date)) for pk, one in meetings.items())]
        due.coerce = lambda pk: meetings[pk]
        due.error_messages["invalid_choice"] = "Vælg et af udvalgets kommende møder."

    def save(self) -> Any:
        """Enter the promise."""
        values = self.cleaned_data | {"to_whom": self.cleaned_data["to_whom"] or "Udvalget"}
        return record_promise(item=self.item, by=self.user, **values)


class RemoveForm(ProceedingsForm):
    """A wrong line, on its way out."""

    what = "slet"
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in REMOVABLE], widget=forms.HiddenInput)
    pk = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    def save(self) -> None:
        """Take the line out."""
        remove_line(item=self.item, by=self.user, kind=self.cleaned_data["kind"], pk=self.cleaned_data["pk"])

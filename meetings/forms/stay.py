"""Udfaldet af en standsning, and where it stands that it was decided so."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from kit.clock import today
from kit.dates import format_date
from kit.once import NonceField
from meetings.actions import record_stay_outcome
from meetings.forms.fields import DayField
from meetings.models import AgendaItem, Committee, Decision, Stay, StayOutcome

_MOST = 200  # council items to choose among, the newest first


class _CouncilItem(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among the council's items, told by meeting, number and title; they are the user's to read."""

    def label_from_instance(self, obj: AgendaItem) -> str:
        return f"{format_date(obj.meeting.date)}, punkt {obj.number}: {obj.title}"


def council_items(user: Any, decision: Decision) -> "QuerySet[AgendaItem]":
    """The items the council has decided since the decision was stayed, as far as the user may see them."""
    council = Committee.objects.filter(
        municipality=decision.item.meeting.committee.municipality_id, kind=Committee.Kind.COUNCIL
    )
    return (
        AgendaItem.including_closed.visible_to(user)
        .filter(
            Exists(Decision.including_closed.filter(item=OuterRef("pk"))),
            meeting__committee__in=council,
            meeting__date__gte=decision.decided_on,
        )
        .select_related("meeting")
        .order_by("-meeting__date", "position")
    )


class StayOutcomeForm(forms.Form):
    """What became of the stay."""

    verdict = forms.ChoiceField(
        label="Hvad blev der besluttet?",
        help_text="Kun en stadfæstet beslutning får virkning, og først fra den dag. Er den ændret, gælder det, der blev"
        " besluttet i stedet; er den ophævet, gælder den ikke.",
        choices=StayOutcome.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvad der blev besluttet."},
    )
    decided_on = DayField(label="Afgjort den")
    council_item = _CouncilItem(
        AgendaItem.including_closed.none(),
        label="Rådets punkt",
        help_text="Det punkt, hvor sagen blev afgjort, hvis det står her.",
        empty_label="Intet valgt",
        required=False,
    )
    note = forms.CharField(
        label="Bemærkning",
        help_text="Hvor afgørelsen står, når punktet ikke kan vælges. For eksempel: mødet den 20. december"
        " 2022, punkt 4.",
        max_length=300,
        required=False,
    )
    nonce = NonceField()

    def __init__(self, data: Any = None, *, user: Any, stay: Stay) -> None:
        self.user, self.stay = user, stay
        super().__init__(data)
        council = stay.decision.item.meeting.committee.municipality.council_name
        self.fields["council_item"].label = f"{council}s punkt"
        items = council_items(user, stay.decision)
        newest = list(items.values_list("pk", flat=True)[:_MOST])
        self.fields["council_item"].queryset = items.filter(pk__in=newest)  # type: ignore[attr-defined]

    def clean_decided_on(self) -> date:
        """Not before the decision itself, and not in the future."""
        day: date = self.cleaned_data["decided_on"]
        if day < self.stay.decision.decided_on:
            raise forms.ValidationError(f"Beslutningen er fra {format_date(self.stay.decision.decided_on)}.")
        if day > today():
            raise forms.ValidationError("Dagen er ikke kommet endnu.")
        return day

    def clean(self) -> dict[str, Any]:
        """What the council decided stands in its protocol: on an item, or where the note says."""
        cleaned = super().clean() or {}
        item: AgendaItem | None = cleaned.get("council_item")
        if cleaned.get("verdict") == StayOutcome.Verdict.ANNULLED:
            if item:
                self.add_error("council_item", "Udvalget har selv ophævet beslutningen; vælg intet punkt her.")
        elif "verdict" in cleaned and not (item or cleaned.get("note") or self.has_error("council_item")):
            self.add_error("council_item", "Vælg punktet, eller skriv i bemærkningen, hvor afgørelsen står.")
        if item and cleaned.get("decided_on") not in (None, item.meeting.date):
            self.add_error("decided_on", f"Punktet blev behandlet {format_date(item.meeting.date)}.")
        return cleaned

    def save(self) -> StayOutcome:
        """Write it down."""
        return record_stay_outcome(stay=self.stay, by=self.user, **self.cleaned_data)

"""Et dagsordenspunkt: its title, its openness, what is proposed and the case behind it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from kit.precheck import find_personal_data
from meetings.actions import NumberTaken, add_item, as_lines, edit_item, edit_public_trace
from meetings.documents.attachments import attachment_passages, public_attachments_of, reminders
from meetings.documents.public_texts import Passage, Publicity
from meetings.forms.fields import DraftForm, LinesField, VerbatimField
from meetings.forms.precheck import PrecheckedForm
from meetings.forms.routing import RoutingField, as_line, lost_columns, routing_of
from meetings.forms.sections import PREFIX, SectionFields, rows_of
from meetings.importing.case_numbers import is_known_form
from meetings.models import AgendaItem, Meeting, Recommendation, items_in_order, next_number

OPEN, CLOSED = "aaben", "lukket"
_NUMBER = RegexValidator(r"^\d{1,6}(?!\d)[\w.-]*\Z", "Skriv et nummer som 3, 3a eller 3.1.")
_AS_THEY_ARE = (
    "number", "title", "closed_reason", "public_heading", "open_decision", "case_no", "case_type", "case_officers",
    "revision",
)  # fmt: skip


class CaseNumberField(forms.CharField):
    """Et sagsnummer as the municipality writes it; a CPR number is none."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if any(suspect.kind == "CPR-nummer" for suspect in find_personal_data(text)):
            raise forms.ValidationError("Det ligner et CPR-nummer. Skriv sagens eget nummer, for eksempel 22/9628.")
        return text


class ItemForm(PrecheckedForm, DraftForm):
    """Add an item, or change one that is not decided yet."""

    item_pk = forms.IntegerField(widget=forms.HiddenInput, required=False)  # numbers may be handed out anew
    number = forms.CharField(label="Nummer", max_length=12, validators=[_NUMBER])
    title = forms.CharField(
        label="Titel", max_length=400, error_messages={"required": "Skriv punktets titel."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    case_type = forms.ChoiceField(
        label="Sagstype", choices=[("", "Ikke angivet"), *AgendaItem.CaseType.choices], required=False
    )
    openness = forms.ChoiceField(
        label="Åbent eller lukket",
        help_text="Et punkt lukkes efter en konkret vurdering af sagen.",
        choices=[(OPEN, "Åbent punkt"), (CLOSED, "Lukket punkt")],
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, om punktet er åbent eller lukket."},
    )
    closed_reason = forms.CharField(
        label="Hvorfor er punktet lukket?", help_text="Vises ikke uden for udvalget.", max_length=300, required=False
    )
    public_heading = forms.CharField(
        label="Offentlig overskrift for lukket punkt",
        help_text="Det eneste, andre ser af et lukket punkt. For eksempel: Ejendomssag",
        max_length=200,
        required=False,
    )
    open_decision = VerbatimField(
        label="Åben beslutning på lukket punkt",
        help_text="Det af beslutningen, som kan siges offentligt.",
        required=False,
    )
    recommended_by = forms.CharField(
        label="Hvem indstiller?", help_text="For eksempel: Direktøren for Børn og Unge", max_length=160, required=False
    )
    points = LinesField(
        label="Indstilling",
        help_text="Ét at-punkt på hver linje. For eksempel: at udvalget godkender pejlemærkerne.",
        longest_line=5_000,
        required=False,
    )
    case_no = CaseNumberField(label="Sagsnr.", help_text="For eksempel: 22/9628", max_length=60, required=False)
    case_officers = LinesField(
        label="Sagsbehandlere",
        help_text="Ét navn på hver linje. Vises kun internt.",
        longest_line=120,
        most_lines=20,
        rows=2,
        required=False,
    )
    routing = RoutingField(
        label="Sagsgang",
        help_text="De udvalg, sagen skal igennem, i rækkefølge. For eksempel: BUU → ØU → KB (eller BUU, ØU, KB)",
        required=False,
    )

    def __init__(self, data: Any = None, *, user: Any, meeting: Meeting, item: AgendaItem | None = None) -> None:
        self.user, self.meeting, self.item = user, meeting, item
        municipality = meeting.committee.municipality
        self.sections = SectionFields(municipality, rows_of(item))
        before = current_values(item, self.sections) if item else {"number": next_number(items_in_order(meeting))}
        super().__init__(data, initial=before)
        self.fields |= self.sections.form_fields(data)
        self.order_fields([*_fields_before("case_no"), *(n for n in self.fields if n.startswith(PREFIX))])
        way = self.fields["routing"]
        assert isinstance(way, RoutingField)  # noqa: S101  (tells mypy which field it is)
        way.of_municipality(municipality)
        if item and (known := lost_columns(item, routing_of(item))):
            way.help_text = f"{way.help_text}. {known}"

    def clean(self) -> dict[str, Any]:
        """A closed item has a reason (styrelsesloven § 10); an open one has no use for what belongs to closed ones. A
        text the page did not ask for stays what it is.
        """
        cleaned = super().clean() or {}
        cleaned |= {name: self.initial.get(name, "") for name in self.sections.headings if name not in self.data}
        is_closed = cleaned.get("openness") != OPEN
        if is_closed and "openness" in cleaned and not cleaned.get("closed_reason"):
            self.add_error("closed_reason", "Skriv, hvorfor punktet behandles for lukkede døre.")
        if not is_closed:
            cleaned |= {"closed_reason": "", "public_heading": "", "open_decision": ""}
        return cleaned

    def public_texts(self) -> Iterable[Passage]:
        """On an agenda that is public, all that is not as it was; of an item that is opened, all of it."""
        publicity = Publicity.of(self.meeting.pk)
        if not publicity.agenda:
            return
        values, is_opened = self.cleaned_data, self._is_opened
        if values["openness"] == CLOSED:
            names = ["public_heading", *(["open_decision"] if publicity.minutes else [])]
        else:
            names = ["title", "case_no", "recommended_by", "points", *(n for n in self.fields if n.startswith(PREFIX))]
        is_new = self.item is None or values["openness"] != self.initial["openness"]
        for name in names:
            if is_new or values[name] != self.initial.get(name):
                text = values[name]
                yield str(self.fields[name].label), "\n".join(text) if isinstance(text, list) else text
        if self.item and is_opened:
            yield from attachment_passages(public_attachments_of(self.item))

    def reminders(self) -> Iterable[str]:
        """The files that become public with an item that is opened."""
        if self.item and self._is_opened and Publicity.of(self.meeting.pk).agenda:
            return reminders(public_attachments_of(self.item))
        return ()

    @property
    def _is_opened(self) -> bool:
        return self.item is not None and self.item.is_closed and self.cleaned_data["openness"] == OPEN

    def save(self) -> AgendaItem:
        """Add or change the item; a number that was taken in the meantime raises NumberTaken."""
        values = {name: value for name, value in self.cleaned_data.items() if not name.startswith(PREFIX)}
        values["is_closed"] = values.pop("openness") == CLOSED
        values["sections"] = self.sections.texts(self.cleaned_data)
        nonce, revision, _ = values.pop("nonce"), values.pop("revision"), values.pop("item_pk")
        if self.item is None:
            return add_item(
                meeting=self.meeting, nonce=nonce, warnings_accepted=self.warnings_accepted, by=self.user, **values
            )
        if self._routing_line == self.initial["routing"]:  # a matrix that was read stays as it was read
            values["routing"] = None
        return edit_item(
            item=self.item, expected=revision, warnings_accepted=self.warnings_accepted, by=self.user, **values
        )

    @property
    def _routing_line(self) -> str:
        return (self["routing"].value() or "").strip()

    @property
    def remarks(self) -> list[str]:
        """What is kept as it was typed, though it may be a slip."""
        case_no = self.cleaned_data["case_no"]
        unknown = [body.abbreviation for body in self.cleaned_data["routing"] if body.committee is None]
        told = []
        if case_no and not is_known_form(case_no):
            told.append(
                f"Sagsnr. {case_no} ligner ikke de numre, vi kender (for eksempel 22/9628). Det står, som det er."
            )
        if unknown:
            told.append(
                f"{', '.join(unknown)} i sagsgangen er ikke et af kommunens udvalg. Det står, som det er skrevet."
            )
        return told

    def refuse_number(self, taken: NumberTaken) -> None:
        """Say by the field that the number is in use."""
        self.add_error("number", str(taken))

    def both(self, current: AgendaItem) -> tuple[dict[str, Any], dict[str, Any]]:
        """What was typed, and the item as somebody else has left it."""
        typed = {**self.cleaned_data, "routing": self._routing_line}
        return typed, current_values(current, self.sections)


def _fields_before(last: str) -> list[str]:
    names = list(ItemForm.base_fields)
    return names[: names.index(last)]


def current_values(item: AgendaItem, sections: SectionFields) -> dict[str, Any]:
    """The item as it stands, as the form shows it."""
    rows = list(Recommendation.including_closed.filter(item=item))
    return (
        {name: getattr(item, name) for name in _AS_THEY_ARE}
        | {
            "item_pk": item.pk,
            "openness": CLOSED if item.is_closed else OPEN,
            "recommended_by": rows[0].by if rows else "",
            "points": as_lines(rows),
            "routing": as_line(routing_of(item)),
        }
        | sections.values(rows_of(item))
    )


class PublicTraceForm(PrecheckedForm, DraftForm):
    """What outsiders may know of a closed item; may be written after the decision, which itself stays as it is."""

    public_heading = ItemForm.base_fields["public_heading"]
    open_decision = ItemForm.base_fields["open_decision"]

    def __init__(self, data: Any = None, *, user: Any, item: AgendaItem) -> None:
        self.user, self.item = user, item
        names = ("public_heading", "open_decision", "revision")
        super().__init__(data, initial={name: getattr(item, name) for name in names})

    def both(self, current: AgendaItem) -> tuple[dict[str, Any], dict[str, Any]]:
        """What was typed, and what somebody else has written."""
        return self.cleaned_data, {name: getattr(current, name) for name in ("public_heading", "open_decision")}

    def public_texts(self) -> Iterable[Passage]:
        """What outsiders get of it that they have not got already."""
        publicity = Publicity.of(self.item.meeting_id)
        for name, is_public in (("public_heading", publicity.agenda), ("open_decision", publicity.minutes)):
            if is_public and self.cleaned_data[name] != getattr(self.item, name):
                yield str(self.fields[name].label), self.cleaned_data[name]

    def save(self) -> AgendaItem:
        """Write down the public side of the closed item."""
        values = self.cleaned_data
        return edit_public_trace(
            item=self.item, expected=values["revision"], by=self.user, public_heading=values["public_heading"],
            open_decision=values["open_decision"], warnings_accepted=self.warnings_accepted,
        )  # fmt: skip

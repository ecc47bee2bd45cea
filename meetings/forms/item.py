"""Et dagsordenspunkt: its title, its openness, what is proposed and the case behind it."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from meetings.actions import PRESENTATION, NumberTaken, add_item, edit_item, edit_public_trace
from meetings.forms.fields import DraftForm, LinesField, VerbatimField
from meetings.models import AgendaItem, ItemSection, Meeting, Recommendation

OPEN, CLOSED = "aaben", "lukket"
_NUMBER = RegexValidator(r"^\d[\w.-]*$", "Skriv et nummer som 3, 3a eller 3.1.")


class ItemForm(DraftForm):
    """Add an item, or change one that is not decided yet."""

    number = forms.CharField(label="Nummer", max_length=12, validators=[_NUMBER])
    title = forms.CharField(
        label="Titel", max_length=400, error_messages={"required": "Skriv punktets titel."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
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
    presentation = VerbatimField(
        label="Sagsfremstilling", help_text="En tom linje skiller afsnit.", rows=6, max_length=100_000, required=False
    )
    case_no = forms.CharField(label="Sagsnr.", help_text="For eksempel: 22/9628", max_length=60, required=False)
    case_type = forms.ChoiceField(
        label="Sagstype", choices=[("", "Ikke angivet"), *AgendaItem.CaseType.choices], required=False
    )

    def __init__(self, data: Any = None, *, user: Any, meeting: Meeting, item: AgendaItem | None = None) -> None:
        self.user, self.meeting, self.item = user, meeting, item
        super().__init__(data, initial=current_values(item) if item else {"number": _next_number(meeting)})

    def clean(self) -> dict[str, Any]:
        """A closed item has a reason (styrelsesloven § 10); an open one has no use for what belongs to closed ones."""
        cleaned = super().clean() or {}
        is_closed = cleaned.get("openness") != OPEN
        if is_closed and "openness" in cleaned and not cleaned.get("closed_reason"):
            self.add_error("closed_reason", "Skriv, hvorfor punktet behandles for lukkede døre.")
        if not is_closed:
            cleaned |= {"closed_reason": "", "public_heading": "", "open_decision": ""}
        return cleaned

    def save(self) -> AgendaItem:
        """Add or change the item; a number that was taken in the meantime raises NumberTaken."""
        values = dict(self.cleaned_data)
        values["is_closed"] = values.pop("openness") == CLOSED
        nonce, revision = values.pop("nonce"), values.pop("revision")
        if self.item is None:
            return add_item(meeting=self.meeting, nonce=nonce, by=self.user, **values)
        return edit_item(item=self.item, expected=revision, by=self.user, **values)

    def refuse_number(self, taken: NumberTaken) -> None:
        """Say by the field that the number is in use."""
        self.add_error("number", str(taken))


def current_values(item: AgendaItem) -> dict[str, Any]:
    """The item as it stands, as the form shows it."""
    rows = list(Recommendation.including_closed.filter(item=item))
    section = ItemSection.including_closed.filter(item=item, kind=PRESENTATION).first()
    names = ("number", "title", "closed_reason", "public_heading", "open_decision", "case_no", "case_type", "revision")
    return {name: getattr(item, name) for name in names} | {
        "openness": CLOSED if item.is_closed else OPEN,
        "recommended_by": rows[0].by if rows else "",
        "points": [row.text for row in rows],
        "presentation": section.text if section else "",
    }


def differences(form: DraftForm, current: AgendaItem) -> tuple[str, str]:
    """Mine and theirs, field by field where they differ."""
    mine, theirs = form.cleaned_data, current_values(current)
    fields = {field.name: field.label for field in form.visible_fields() if mine[field.name] != theirs[field.name]}
    told = [
        "\n".join(f"{label}: {_as_text(values[name])}" for name, label in fields.items()) for values in (mine, theirs)
    ]
    return told[0], told[1]


def _as_text(value: Any) -> str:
    text = "\n".join(value) if isinstance(value, list) else str(value)
    return text or "(tom)"


def _next_number(meeting: Meeting) -> str:
    numbers = AgendaItem.including_closed.filter(meeting=meeting).values_list("number", flat=True)
    return str(max((int(number) for number in numbers if number.isdecimal()), default=0) + 1)


class PublicTraceForm(DraftForm):
    """What outsiders may know of a closed item; may be written after the decision, which itself stays as it is."""

    public_heading = ItemForm.base_fields["public_heading"]
    open_decision = ItemForm.base_fields["open_decision"]

    def __init__(self, data: Any = None, *, user: Any, item: AgendaItem) -> None:
        self.user, self.item = user, item
        names = ("public_heading", "open_decision", "revision")
        super().__init__(data, initial={name: getattr(item, name) for name in names})

    def save(self) -> AgendaItem:
        """Write down the public side of the closed item."""
        values = self.cleaned_data
        return edit_public_trace(
            item=self.item, expected=values["revision"], by=self.user, public_heading=values["public_heading"],
            open_decision=values["open_decision"],
        )  # fmt: skip

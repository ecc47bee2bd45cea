"""Lederposter: one at a time, or many lines at once as they come out of a spreadsheet."""

from typing import Any, NamedTuple, cast

from django import forms
from django.core.validators import validate_email
from django.db.models import QuerySet

from kit.clock import today
from meetings.actions.leaderships import LeaderLine, add_leaders, stands_already
from meetings.actions.organisation import add_part
from meetings.actions.refusals import NotAllowed
from meetings.actions.seating import LineRefused
from meetings.forms.fields import DayField, VerbatimField
from meetings.forms.organisation import PartForm, in_danish_order
from meetings.models import LeaderGroup, Leadership, Municipality, OrgUnit

_LONGEST_NAME, _LONGEST_UNIT, _MOST_LINES = 120, 160, 400
_HEADS = ("navn", "leder", "name")


class LeadershipForm(PartForm):
    """En lederpost."""

    model = Leadership

    leader_group = forms.ModelChoiceField(
        LeaderGroup.objects.none(), label="Lederkreds", error_messages={"required": "Vælg lederkredsen."}
    )
    unit = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="Enhed", required=False,
        help_text="Den institution eller afdeling, lederen står for.",
    )  # fmt: skip
    name = forms.CharField(
        label="Navn", help_text="For eksempel: Lone Linde", max_length=_LONGEST_NAME,
        error_messages={"required": "Skriv lederens navn."},
    )  # fmt: skip
    email = forms.EmailField(
        label="E-mail", help_text="Hertil sendes det personlige link. For eksempel: lone.linde@kommunen.dk",
        error_messages={"required": "Skriv lederens e-mail.", "invalid": "Skriv adressen som navn@kommunen.dk."},
    )  # fmt: skip
    valid_from = DayField(label="Fra", help_text="For eksempel: 1.8.2026")
    valid_to = DayField(
        label="Til og med", required=False, help_text="Lederens sidste dag. Tom, så længe lederen er der."
    )

    def fit(self) -> None:
        groups, units = _groups(self.municipality), OrgUnit.objects.filter(municipality=self.municipality)
        for name, rows, none in (("leader_group", groups, "Vælg"), ("unit", units, "Ingen bestemt enhed")):
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = cast("Any", rows)
            in_danish_order(field, rows, none)
        self.fields["valid_from"].initial = today()

    def save(self) -> Any:
        """Add the lederpost, or change it; raises NotAllowed and EditConflict."""
        return super().save() if self.part else add_part(Leadership(**self.values()), by=self.user)


class Read(NamedTuple):
    """A line as it was read: what will be written, and what to look at."""

    leader: LeaderLine
    note: str
    is_new: bool


class PasteLeadersForm(forms.Form):
    """Mange ledere på én gang: "navn; enhed; e-mail", one a line, also with tabs as a spreadsheet copies it."""

    leader_group = LeadershipForm.base_fields["leader_group"]
    valid_from = DayField(label="Fra", help_text="Gælder dem alle. For eksempel: 1.8.2026")
    lines = VerbatimField(
        label="Ledere", rows=12, max_length=60_000,
        help_text="Én leder på hver linje: navn; enhed; e-mail. For eksempel: Lone Linde; Børnehuset Linden; "
        "lone.linde@kommunen.dk. Kolonner fra et regneark kan sættes ind, som de er.",
        error_messages={"required": "Skriv mindst én leder."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: Any, municipality: Municipality) -> None:
        self.user, self.municipality = user, municipality
        super().__init__(data)
        field = cast("forms.ModelChoiceField[LeaderGroup]", self.fields["leader_group"])
        field.queryset = groups = _groups(municipality)
        in_danish_order(field, groups, "Vælg")
        self.fields["valid_from"].initial = today()

    def clean_lines(self) -> list[LeaderLine]:
        """Read every line; all that cannot be read are named at once."""
        lines = [(n, line) for n, line in enumerate(self.cleaned_data["lines"].split("\n"), start=1) if line.strip()]
        if len(lines) > _MOST_LINES:
            raise forms.ValidationError(f"Der er {len(lines)} linjer; der er plads til {_MOST_LINES}.")
        leaders: list[LeaderLine] = []
        wrong: list[str] = []
        for number, line in lines:
            if not leaders and not wrong and _is_head(line):
                continue
            try:
                leaders.append(_read(number, line, leaders))
            except forms.ValidationError as error:
                wrong += [f"Linje {number}: {message}" for message in error.messages]
        if wrong:
            raise forms.ValidationError(wrong)
        if not leaders:
            raise forms.ValidationError("Skriv mindst én leder under overskrifterne.")
        return leaders

    def preview(self) -> list[Read]:
        """Tell of each line what will become of it; nothing is written."""
        group, valid_from = self.cleaned_data["leader_group"], self.cleaned_data["valid_from"]
        posts = list(Leadership.objects.filter(leader_group=group))
        units = {unit.name.casefold(): unit for unit in OrgUnit.objects.filter(municipality=self.municipality)}
        told = []
        for leader in self.cleaned_data["lines"]:
            unit = units.get(leader.unit.casefold())
            post = Leadership(leader_group=group, unit=unit, email=leader.email, valid_from=valid_from)
            if (unit or not leader.unit) and stands_already(post, posts):
                told.append(Read(leader, "Står der allerede", is_new=False))
                continue
            now = [one for one in posts if unit and one.unit_id == unit.pk and one.valid_to is None]
            others = f"I dag leder {now[0].name} enheden; giv den lederpost en slutdato" if now else ""
            told.append(Read(leader, others if unit or not leader.unit else "Enheden er ny og oprettes", is_new=True))
        return told

    def save(self) -> list[Leadership]:
        """Write them in, or none; a line that a rule stands against is named."""
        try:
            return add_leaders(
                group=self.cleaned_data["leader_group"], leaders=self.cleaned_data["lines"],
                valid_from=self.cleaned_data["valid_from"], by=self.user,
            )  # fmt: skip
        except LineRefused as refused:
            raise NotAllowed(f"Linje {refused.line}: {refused}", field="lines") from refused


def _groups(municipality: Municipality) -> QuerySet[LeaderGroup]:
    return LeaderGroup.objects.filter(municipality=municipality)


def _cells(line: str) -> list[str]:
    cells = [" ".join(cell.split()) for cell in line.split("\t" if "\t" in line else ";")]
    while cells and not cells[-1]:  # a spreadsheet may copy empty columns along
        cells.pop()
    return cells


def _is_head(line: str) -> bool:
    cells = _cells(line)
    return bool(cells) and cells[0].casefold() in _HEADS and not any("@" in cell for cell in cells)


def _read(number: int, line: str, before: list[LeaderLine]) -> LeaderLine:
    cells = _cells(line)
    if len(cells) == 2 and "@" in cells[1]:  # a leader without a unit
        cells.insert(1, "")
    if len(cells) != 3 or not cells[0]:
        raise forms.ValidationError("Skriv linjen som “Lone Linde; Børnehuset Linden; lone.linde@kommunen.dk”.")
    name, unit, email = cells
    email = email.strip("<>").removeprefix("mailto:")
    if len(name) > _LONGEST_NAME:
        raise forms.ValidationError(f"Navnet er længere end {_LONGEST_NAME} tegn.")
    if len(unit) > _LONGEST_UNIT:
        raise forms.ValidationError(f"Enhedens navn er længere end {_LONGEST_UNIT} tegn.")
    try:
        validate_email(email)
    except forms.ValidationError:
        raise forms.ValidationError(f"“{email[:80]}” er ikke en e-mailadresse.") from None
    key = (email.casefold(), unit.casefold())
    if twin := next((one for one in before if (one.email.casefold(), one.unit.casefold()) == key), None):
        raise forms.ValidationError(f"{name} står også på linje {twin.line}. Slet den ene linje.")
    return LeaderLine(number, name, unit, email)

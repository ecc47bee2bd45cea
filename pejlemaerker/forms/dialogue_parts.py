"""What belongs to a dialogue meeting: its programme, that it is called off, and where the committee treated it."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from kit.dates import format_date
from kit.once import NonceField
from meetings.models import AgendaItem
from pejlemaerker.actions.dialogues import cancel_dialogue, link_item
from pejlemaerker.actions.programme import PlannedPoint, programme_mark, save_programme
from pejlemaerker.models import Dialogue, DialogueTreatment

MOST_POINTS = 60
_OFFERED = 60


class PointForm(forms.Form):
    """Et punkt på programmet."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label="Punkt", max_length=200, error_messages={"required": "Skriv, hvad punktet hedder."})
    minutes = forms.IntegerField(
        label="Minutter", required=False, min_value=1, max_value=600,
        error_messages={
            "invalid": "Skriv et helt tal.", "min_value": "Mindst 1 minut.", "max_value": "Højst 600 minutter.",
        },
    )  # fmt: skip


class _BasePoints(forms.BaseFormSet):  # type: ignore[type-arg]
    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = "Nr."
        form.fields["DELETE"].label = "Tag ud"


_Points = forms.formset_factory(
    PointForm, formset=_BasePoints, extra=1, can_order=True, can_delete=True, max_num=MOST_POINTS, validate_max=True
)


class ProgrammeForm(forms.Form):
    """Programmet: the points in order, and an empty line for one more."""

    mark = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, dialogue: Dialogue, user: Any) -> None:
        super().__init__(data, initial={"mark": programme_mark(dialogue)})
        self.dialogue, self.user = dialogue, user
        rows = list(dialogue.programme.values("pk", "title", "minutes"))
        self.points = _Points(data, initial=rows, prefix="punkt")

    def is_valid(self) -> bool:
        """Whether every point can be kept."""
        return super().is_valid() and self.points.is_valid()

    @property
    def in_order(self) -> list[PlannedPoint]:
        """The points as they are to stand; one without a number stands last."""
        return [
            PlannedPoint(form.cleaned_data.get("pk"), form.cleaned_data["title"], form.cleaned_data.get("minutes"))
            for form in self.points.ordered_forms
            if form.cleaned_data.get("title")
        ]

    def save(self) -> None:
        """Keep them in this order; raises ProgrammeChanged."""
        save_programme(dialogue=self.dialogue, points=self.in_order, mark=self.cleaned_data["mark"], by=self.user)

    def told(self) -> str:
        """What was typed, a point a line."""
        return told_points([(point.title, point.minutes) for point in self.in_order])

    def has_seen(self) -> None:
        """Now the writer has seen the other's programme: sent again, this one holds."""
        data = cast("QueryDict", self.data).copy()
        data["mark"] = programme_mark(self.dialogue)
        self.data = data


def told_points(points: list[tuple[str, int | None]]) -> str:
    """A programme as text, a point a line."""
    lines = [f"{n}. {title}{f' ({minutes} min.)' if minutes else ''}" for n, (title, minutes) in enumerate(points, 1)]
    return "\n".join(lines) or "(ingen punkter)"


class CancelDialogueForm(forms.Form):
    """Aflys et dialogmøde."""

    reason = forms.CharField(
        label="Hvorfor aflyses det?", max_length=200, error_messages={"required": "Skriv, hvorfor det aflyses."},
        help_text="For eksempel: Flyttet til foråret, fordi budgettet skal behandles først.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, dialogue: Dialogue, user: Any) -> None:
        super().__init__(data, initial={"reason": dialogue.cancelled})
        self.dialogue, self.user = dialogue, user

    def save(self) -> Dialogue:
        """Call it off."""
        return cancel_dialogue(dialogue=self.dialogue, reason=self.cleaned_data["reason"], by=self.user)


class _ItemField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: AgendaItem) -> str:
        return f"{format_date(obj.meeting.date)}, punkt {obj.number}: {obj.title}"


class TreatmentForm(forms.Form):
    """Udvalgets behandling: an agenda item the user may see, nearest the dialogue meeting's day first."""

    item = _ItemField(
        AgendaItem.objects.none(), label="Punkt på dagsordenen", empty_label="Vælg et punkt",
        error_messages={
            "required": "Vælg et punkt.", "invalid_choice": "Punktet er ikke et, du kan vælge. Hent siden igen.",
        },
    )  # fmt: skip
    when = forms.ChoiceField(
        label="Hvornår behandlede udvalget det?", choices=DialogueTreatment.When, widget=forms.RadioSelect,
        error_messages={"required": "Vælg, om det var før eller efter dialogmødet."},
    )  # fmt: skip
    nonce = NonceField()

    def __init__(self, data: Any = None, *, dialogue: Dialogue, user: Any) -> None:
        super().__init__(data)
        self.dialogue, self.user = dialogue, user
        field = cast("forms.ModelChoiceField[AgendaItem]", self.fields["item"])
        field.queryset = _offered(dialogue, user)

    def save(self) -> DialogueTreatment:
        """Link the item."""
        return link_item(dialogue=self.dialogue, by=self.user, **self.cleaned_data)


def _offered(dialogue: Dialogue, user: Any) -> Any:
    linked = DialogueTreatment.objects.filter(dialogue=dialogue).values("item")
    own = AgendaItem.including_closed.visible_to(user).filter(meeting__committee=dialogue.committee_id)
    days = own.exclude(pk__in=linked).values_list("pk", "meeting__date")
    nearest = sorted(days, key=lambda one: (abs((one[1] - dialogue.held_on).days), one[0]))[:_OFFERED]
    offered = own.filter(pk__in=[pk for pk, _ in nearest])
    return offered.select_related("meeting").order_by("meeting__date", "position", "pk")

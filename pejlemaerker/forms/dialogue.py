"""Et dialogmøde: writing it down, and changing what was written."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, cast

from django import forms
from django.db.models import QuerySet

from kit.clock import moment, today
from kit.danish import sort_key
from kit.dates import format_date
from kit.drafts import EditConflict
from kit.once import NonceField
from meetings.documents.public_texts import Passage
from meetings.forms.fields import HourField, retyped
from meetings.forms.precheck import PrecheckedForm
from meetings.forms.publishing import PublishForm
from meetings.models import LeaderGroup
from pejlemaerker.actions import create_dialogue, edit_dialogue
from pejlemaerker.documents.dialogue_when import lies_ahead, was_held
from pejlemaerker.documents.names import warnings_of_names
from pejlemaerker.documents.publicity import Publicity
from pejlemaerker.forms.fields import PlainText, StepField, date_field
from pejlemaerker.models import Dialogue, Goal, GoalSet
from pejlemaerker.permissions import can_read_notes

_BEFORE, _AFTERWARDS = ("invitation",), ("public_summary", "internal_notes")
_ORDER = [
    "kind", "held_on", "starts_at", "ends_at", "place", "step", "leader_groups", "goals", "invitation",
    "public_summary", "internal_notes",
]  # fmt: skip


class _GoalsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Goal) -> str:
        wordings = [version.text for version in obj.versions.all() if version.is_known]
        return f"{obj.goal_set.area}, pejlemærke {obj.number}" + (f": {wordings[-1]}" if wordings else "")


class Conflict(NamedTuple):
    """Two texts written at once."""

    mine: str
    theirs: str
    by: str
    at: str


class DialogueForm(PrecheckedForm):
    """Et dialogmøde. The form for a new one begins with all pejlemærker of its set."""

    kind = forms.ChoiceField(
        label="Hvilket dialogmøde?",
        choices=Dialogue.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvilket dialogmøde det er."},
    )
    held_on = date_field("Dato")
    starts_at = HourField(label="Fra klokken", required=False)
    ends_at = HourField(label="Til klokken", required=False)
    place = forms.CharField(
        label="Sted", max_length=160, required=False, help_text="For eksempel: Rådhuset, mødelokale 2"
    )
    leader_groups = forms.ModelMultipleChoiceField(
        LeaderGroup.objects.none(),
        label="Hvilke lederkredse deltog?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Vælg mindst én lederkreds."},
    )
    goals = _GoalsField(
        Goal.objects.none(),
        label="Hvilke pejlemærker blev drøftet?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    invitation = PlainText(
        "Indbydelse",
        rows=9,
        help_text="Sendes i brevet til dem, der indbydes. Dag, tid og sted står der af sig selv, og en kalenderaftale "
        "følger med.",
    )
    public_summary = PlainText(
        "Resumé",
        help_text="Kan offentliggøres. Skriv, hvad der blev talt om, uden navne og uden at nogen kan kendes. "
        "For eksempel: »Lederne fortalte, at flere forældre kommer til samtalerne.«",
    )
    internal_notes = PlainText("Interne noter", help_text="Læses kun af forvaltningen og bliver aldrig offentlige.")

    def __init__(
        self, *args: Any, step: StepField, goals: QuerySet[Goal], user: Any, is_ahead: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.is_ahead = user, is_ahead
        self.fields["step"] = step
        for name in _AFTERWARDS if is_ahead else _BEFORE:
            del self.fields[name]
        if is_ahead:
            self.fields["leader_groups"].label = "Hvilke lederkredse skal deltage?"
            self.fields["goals"].label = "Hvilke pejlemærker skal drøftes?"
            step.help_text = "Trinnet står som planlagt i forløbet, og som gennemført, når dialogmødet er holdt."
        self.order_fields(_ORDER)
        field = cast("forms.ModelMultipleChoiceField[Goal]", self.fields["goals"])
        goals = goals.select_related("goal_set__area").prefetch_related("versions")
        field.queryset = goals.order_by("goal_set__area__position", "goal_set_id", "number")

    def clean(self) -> dict[str, Any]:
        """Ask for hours that can be; a text that the page did not ask for stays as it is."""
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if ends and not starts:
            self.add_error("starts_at", "Skriv også, hvornår det begynder.")
        elif starts and ends and ends <= starts:
            self.add_error("ends_at", "Dialogmødet skal slutte efter, at det begynder.")
        for name in (*_BEFORE, *_AFTERWARDS):
            if name in cleaned and self.add_prefix(name) not in self.data:
                del cleaned[name]
        return cleaned

    def public_texts(self) -> Iterable[Passage]:
        """A dialogue meeting becomes public by an act of its own."""
        return ()

    def offer_leader_groups(self, municipality: int) -> None:
        """Offer the municipality's lederkredse, in Danish order."""
        groups = LeaderGroup.objects.filter(municipality=municipality)
        field = cast("forms.ModelMultipleChoiceField[LeaderGroup]", self.fields["leader_groups"])
        field.queryset = groups
        field.choices = [(group.pk, group.name) for group in sorted(groups, key=lambda one: sort_key(one.name))]


class NewDialogueForm(DialogueForm):
    """Nyt dialogmøde for et sæt: one that was held is written down, or one that lies ahead is planned."""

    def __init__(self, *args: Any, goal_set: GoalSet, user: Any, is_ahead: bool = False, **kwargs: Any) -> None:
        goals = Goal.objects.filter(goal_set=goal_set)
        super().__init__(*args, step=StepField(goal_set), goals=goals, user=user, is_ahead=is_ahead, **kwargs)
        self.goal_set = goal_set
        self.fields["nonce"] = NonceField()
        self.offer_leader_groups(goal_set.period.committee.municipality_id)
        self.initial.setdefault("goals", [goal.pk for goal in goals])
        self.initial.setdefault("leader_groups", [goal_set.leader_group_id] if goal_set.leader_group_id else [])

        self.initial.setdefault("invitation", default_invitation(goal_set))

    def clean_held_on(self) -> date:
        """A dialogue meeting that lies ahead is planned, so that people can be invited to it."""
        day: date = self.cleaned_data["held_on"]
        if day > today() and not self.is_ahead:
            raise forms.ValidationError("Dagen er ikke kommet endnu. Vælg »Planlæg et dialogmøde« på sættets side.")
        return day

    def save(self) -> Dialogue:
        """Write the dialogue meeting down."""
        return create_dialogue(goal_set=self.goal_set, by=self.user, **self.cleaned_data)


class EditDialogueForm(DialogueForm):
    """Ret et dialogmøde."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, dialogue: Dialogue, user: Any, **kwargs: Any) -> None:
        self.dialogue = dialogue
        super().__init__(
            *args,
            step=StepField(_set_of(dialogue), chosen=dialogue.step_id),
            goals=_goals_near(dialogue),
            user=user,
            is_ahead=lies_ahead(dialogue),
            initial=_as_initial(dialogue),
            **kwargs,
        )
        self.offer_leader_groups(dialogue.committee.municipality_id)
        if not can_read_notes(user, dialogue):
            self.fields.pop("internal_notes", None)

    def public_texts(self) -> Iterable[Passage]:
        """The summary, where the dialogue meeting is public: what is changed in it can be read by all at once."""
        if self._is_public_at_once:
            yield "Resumé", self.cleaned_data["public_summary"]

    def reminders(self) -> Iterable[str]:
        """The names of those who took part do not stand in it."""
        return self.names if self._is_public_at_once else ()

    @property
    def _is_public_at_once(self) -> bool:
        summary = self.cleaned_data.get("public_summary", self.dialogue.public_summary)
        return bool(summary != self.dialogue.public_summary and Publicity.of("dialogue", self.dialogue).is_public)

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the summary that was written, masked."""
        return warnings_of_names(self.dialogue, self.cleaned_data.get("public_summary", ""))

    def save(self) -> Dialogue:
        """Save the changes, unless somebody else was faster."""
        fields = dict(self.cleaned_data)
        return edit_dialogue(
            dialogue=self.dialogue, expected=fields.pop("revision"), by=self.user,
            warnings_accepted=self.warnings_accepted, **fields,
        )  # fmt: skip

    def conflict_with(self, conflict: EditConflict) -> Conflict:
        """Lay both texts beside each other; when this form is sent again, its writer has seen the other's."""
        current = cast("Dialogue", conflict.current)
        self.data = retyped(self.data, revision=current.revision)
        return Conflict(
            mine=_written(self.fields, self.cleaned_data),
            theirs=_written(self.fields, _as_initial(current)),
            by=str(current.edited_by or "en anden"),
            at=moment(current.edited_at),
        )


def default_invitation(goal_set: GoalSet) -> str:
    """What one usually writes, to begin with."""
    committee = goal_set.period.committee
    return (
        "Kære alle\n\n"
        f"{committee} indbyder til dialogmøde om de politiske pejlemærker for {goal_set.area}.\n\n"
        "Udvalget vil gerne høre, hvad I har gjort, hvad der virker, og hvad der er svært. Tag gerne et eksempel med "
        "fra hverdagen, uden navne.\n\n"
        f"Skriv til os, hvis du ikke kan komme.\n\nVenlig hilsen\n{committee}"
    )


def _written(fields: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The day, place and texts, as far as the writer sees them: what two who write at once must compare."""
    told = [("", f"{format_date(values['held_on'])}, {values['place']}".rstrip(", ") if values.get("held_on") else "")]
    names = {"invitation": "", "public_summary": "", "internal_notes": "Interne noter: "}
    told += [(label, str(values.get(name, ""))) for name, label in names.items() if name in fields]
    return "\n\n".join(f"{label}{text}" for label, text in told if text)


def _set_of(dialogue: Dialogue) -> GoalSet | None:
    if dialogue.step:
        return dialogue.step.plan.goal_set
    goal = dialogue.goals.select_related("goal_set").first()
    return goal.goal_set if goal else None


def _goals_near(dialogue: Dialogue) -> QuerySet[Goal]:
    """The pejlemærker of the periods this dialogue was about; without any, all of the committee's."""
    periods = dialogue.goals.values("goal_set__period")
    goals = Goal.objects.filter(goal_set__period__committee=dialogue.committee)
    return goals.filter(goal_set__period__in=periods) if dialogue.goals.exists() else goals


def _as_initial(dialogue: Dialogue) -> dict[str, Any]:
    return {
        "kind": dialogue.kind,
        "held_on": dialogue.held_on,
        "starts_at": dialogue.starts_at,
        "ends_at": dialogue.ends_at,
        "place": dialogue.place,
        "invitation": dialogue.invitation,
        "step": dialogue.step_id,
        "leader_groups": [group.pk for group in dialogue.leader_groups.all()],
        "goals": [goal.pk for goal in dialogue.goals.all()],
        "public_summary": dialogue.public_summary,
        "internal_notes": dialogue.internal_notes,
        "revision": dialogue.revision,
    }


class PublishDialogueForm(PublishForm):
    """Offentliggør et dialogmøde: what was talked about, once it was held."""

    record: Dialogue

    @property
    def refusal(self) -> str:
        """What stands in the way of publishing at all."""
        if was_held(self.record):
            return ""
        return "Mødet er aflyst." if self.record.cancelled else "Mødet er ikke holdt endnu."

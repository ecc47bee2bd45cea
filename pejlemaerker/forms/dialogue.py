"""Et dialogmøde: writing it down, and changing what was written."""

from typing import Any, NamedTuple, cast

from django import forms
from django.db.models import QuerySet

from kit.clock import moment
from kit.danish import sort_key
from kit.drafts import EditConflict
from kit.once import NonceField
from meetings.forms.fields import retyped
from meetings.models import LeaderGroup
from pejlemaerker.actions import create_dialogue, edit_dialogue
from pejlemaerker.forms.fields import PlainText, StepField, date_field
from pejlemaerker.models import Dialogue, Goal, GoalSet
from pejlemaerker.permissions import can_read_notes


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


class DialogueForm(forms.Form):
    """Et dialogmøde. The form for a new one begins with all pejlemærker of its set."""

    kind = forms.ChoiceField(
        label="Hvilket dialogmøde?",
        choices=Dialogue.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvilket dialogmøde det er."},
    )
    held_on = date_field("Dato")
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
    public_summary = PlainText(
        "Resumé",
        help_text="Kan offentliggøres. Skriv, hvad der blev talt om, uden navne og uden at nogen kan kendes. "
        "For eksempel: »Lederne fortalte, at flere forældre kommer til samtalerne.«",
    )
    internal_notes = PlainText("Interne noter", help_text="Læses kun af forvaltningen og bliver aldrig offentlige.")

    def __init__(self, *args: Any, step: StepField, goals: QuerySet[Goal], user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["step"] = step
        self.order_fields(["kind", "held_on", "step", "leader_groups", "goals", "public_summary", "internal_notes"])
        field = cast("forms.ModelMultipleChoiceField[Goal]", self.fields["goals"])
        goals = goals.select_related("goal_set__area").prefetch_related("versions")
        field.queryset = goals.order_by("goal_set__area__position", "goal_set_id", "number")

    def offer_leader_groups(self, municipality: int) -> None:
        """Offer the municipality's lederkredse, in Danish order."""
        groups = LeaderGroup.objects.filter(municipality=municipality)
        field = cast("forms.ModelMultipleChoiceField[LeaderGroup]", self.fields["leader_groups"])
        field.queryset = groups
        field.choices = [(group.pk, group.name) for group in sorted(groups, key=lambda one: sort_key(one.name))]


class NewDialogueForm(DialogueForm):
    """Nyt dialogmøde for et sæt."""

    def __init__(self, *args: Any, goal_set: GoalSet, user: Any, **kwargs: Any) -> None:
        goals = Goal.objects.filter(goal_set=goal_set)
        super().__init__(*args, step=StepField(goal_set), goals=goals, user=user, **kwargs)
        self.goal_set = goal_set
        self.fields["nonce"] = NonceField()
        self.offer_leader_groups(goal_set.period.committee.municipality_id)
        self.initial.setdefault("goals", [goal.pk for goal in goals])
        self.initial.setdefault("leader_groups", [goal_set.leader_group_id] if goal_set.leader_group_id else [])

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
            initial=_as_initial(dialogue),
            **kwargs,
        )
        self.offer_leader_groups(dialogue.committee.municipality_id)
        if not can_read_notes(user, dialogue):
            del self.fields["internal_notes"]

    def save(self) -> Dialogue:
        """Save the changes, unless somebody else was faster."""
        fields = dict(self.cleaned_data)
        return edit_dialogue(dialogue=self.dialogue, expected=fields.pop("revision"), by=self.user, **fields)

    def conflict_with(self, conflict: EditConflict) -> Conflict:
        """Lay both texts beside each other; when this form is sent again, its writer has seen the other's."""
        current = cast("Dialogue", conflict.current)
        self.data = retyped(self.data, revision=current.revision)
        return Conflict(
            mine=_written(self.cleaned_data.get("public_summary", ""), self.cleaned_data.get("internal_notes", "")),
            theirs=_written(current.public_summary, current.internal_notes if "internal_notes" in self.fields else ""),
            by=str(current.edited_by or "en anden"),
            at=moment(current.edited_at),
        )


def _written(summary: str, notes: str) -> str:
    return (
        "\n\n".join(text for text in (summary, f"Interne noter: {notes}" if notes else "") if text) or "(ingen tekst)"
    )


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
        "step": dialogue.step_id,
        "leader_groups": [group.pk for group in dialogue.leader_groups.all()],
        "goals": [goal.pk for goal in dialogue.goals.all()],
        "public_summary": dialogue.public_summary,
        "internal_notes": dialogue.internal_notes,
        "revision": dialogue.revision,
    }

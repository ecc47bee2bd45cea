"""En evaluering: opening it, and writing a status for each pejlemærke."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from kit.clock import moment, today
from kit.drafts import EditConflict
from kit.once import NonceField
from kit.precheck import find_personal_data
from pejlemaerker.actions import StatusText, TextStands, hand_in_statuses, open_evaluation, save_status_draft
from pejlemaerker.actions.standing_text import newest_act
from pejlemaerker.documents.evaluation import wordings_on
from pejlemaerker.documents.review import FROZEN
from pejlemaerker.forms.fields import PlainText, StepField, date_field
from pejlemaerker.models import AsOf, Assessment, EvaluationRound, FollowUpStep, Goal, GoalSet, StatusDraft, StatusEntry


class EvaluationForm(forms.Form):
    """Ny evaluering: its kind, its day and the step it carries out."""

    kind = forms.ChoiceField(label="Hvilken evaluering?", choices=EvaluationRound.Kind, widget=forms.RadioSelect)
    held_on = date_field(
        "Dato", help_text="Dagen, hvor lederne evaluerer. Status gælder den ordlyd, der er i kraft den dag."
    )
    nonce = NonceField()

    def __init__(self, *args: Any, goal_set: GoalSet, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal_set, self.user = goal_set, user
        self.fields["step"] = StepField(goal_set)
        self.initial.setdefault("kind", EvaluationRound.Kind.MIDTERM)
        self.initial.setdefault("held_on", today())
        self.initial.setdefault("step", self._midterm_ahead())

    def _midterm_ahead(self) -> FollowUpStep | None:
        """The plan's midterm evaluation, while nobody has begun it."""
        steps = cast("QuerySet[FollowUpStep]", cast("StepField", self.fields["step"]).queryset)
        return steps.filter(kind=FollowUpStep.Kind.MIDTERM_EVALUATION, evaluation_rounds=None).first()

    def save(self) -> EvaluationRound:
        """Begin the evaluation."""
        return open_evaluation(goal_set=self.goal_set, by=self.user, **self.cleaned_data)


class StatusForm(forms.Form):
    """Status for ét pejlemærke."""

    text = PlainText("Status", rows=4)
    assessment = forms.ChoiceField(
        label="Vurdering", choices=Assessment, required=False, widget=forms.RadioSelect,
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)
    # Ticked when two have written at once, and the writer has seen both texts: the revision that this text replaces.
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)


@dataclass
class WrittenStatus:
    """Et pejlemærke on the writing page: its wording, its form, and how it stands with the saving."""

    goal: Goal
    wording: str
    entry: StatusEntry | None
    draft: StatusDraft | None
    form: StatusForm
    conflict: StatusDraft | None = field(default=None)

    @property
    def revision(self) -> int:
        """The revision that the text on the page was written over; after a conflict still the old one."""
        if self.conflict:
            return int(self.form.cleaned_data["revision"])
        return self.draft.revision if self.draft else 0

    @property
    def saved_text(self) -> str:
        """Gemt kl. 14.32, or when it was handed in, or nothing."""
        if self.entry and (self.draft is None or self._is_handed_in(self.entry, self.draft)):
            return f"Afgivet {moment(self.entry.handed_in_at)}"
        return f"Gemt {moment(self.draft.edited_at)}" if self.draft and self.draft.revision else ""

    @staticmethod
    def _is_handed_in(entry: StatusEntry, draft: StatusDraft) -> bool:
        return (entry.text, entry.assessment) == (draft.text, draft.assessment)

    @property
    def theirs_name(self) -> str:
        """Who wrote the other text."""
        return str((self.conflict and self.conflict.edited_by) or "en anden")

    @property
    def theirs_at(self) -> str:
        """When the other text was saved."""
        return moment(self.conflict.edited_at) if self.conflict else ""

    @property
    def theirs_assessment(self) -> str:
        """The other text's assessment, in words."""
        return Assessment(self.conflict.assessment).label if self.conflict else ""

    @property
    def mine_assessment(self) -> str:
        """This text's assessment, in words."""
        return Assessment(self.form.cleaned_data["assessment"]).label

    @property
    def status_text(self) -> StatusText:
        """What is to be saved."""
        data = self.form.cleaned_data
        expected = data["revision"] if data["replaces"] is None else data["replaces"]
        return StatusText(self.goal, data["text"], data["assessment"], expected)


class StatusForms:
    """Alle statusser i en evaluering, written on one page: kept one by one as drafts, handed in together."""

    def __init__(self, *, evaluation: EvaluationRound, user: Any, data: Any = None) -> None:
        self.evaluation, self.user = evaluation, user
        self.nonce_form = _NonceForm(data)
        self.statuses = list(_statuses(evaluation, data))
        self.refusal = ""  # why nobody writes in the text now

    @property
    def is_elsewhere(self) -> bool:
        """Whether one goes to the roll-up instead: the leaders were asked, or the text stands as it was read."""
        return self.evaluation.survey_id is not None or newest_act(self.evaluation) in FROZEN

    @property
    def title(self) -> str:
        """The page's heading."""
        return str(self.evaluation)

    @property
    def saved_text(self) -> str:
        """How it stands with the saving as a whole."""
        if self.refusal:
            return f"Ikke gemt. {self.refusal}"
        if any(status.conflict for status in self.statuses):
            return "Ikke alt er gemt: en anden har skrevet imens."
        saved = [status.draft.edited_at for status in self.statuses if status.draft and status.draft.revision]
        return f"Gemt {moment(max(saved))}" if saved else ""

    @property
    def has_errors(self) -> bool:
        """Whether something stands in the way of saving or handing in."""
        return any(status.form.errors for status in self.statuses)

    def __iter__(self) -> Iterator[WrittenStatus]:
        return iter(self.statuses)

    def is_valid(self) -> bool:
        """Whether everything can be read; says nothing of whether it can be handed in."""
        return all([self.nonce_form.is_valid(), *(status.form.is_valid() for status in self.statuses)])

    def can_be_handed_in(self) -> bool:
        """Whether the texts are free of CPR numbers, and there is a text at all (DOMAIN § 2.3)."""
        if not any(status.form.cleaned_data["text"] for status in self.statuses):
            self.statuses[0].form.add_error("text", "Skriv en status for mindst ét pejlemærke, før du afgiver.")
        for status in self.statuses:
            for suspect in find_personal_data(status.form.cleaned_data.get("text", "")):
                if suspect.kind == "CPR-nummer":
                    status.form.add_error(
                        "text", f"Teksten rummer et CPR-nummer ({suspect.masked}). Tag det ud, før du afgiver."
                    )
        return not self.has_errors

    def save_drafts(self) -> bool:
        """Keep every text; tells whether all could be kept, and notes beside each other who wrote what at once."""
        for status in self.statuses:
            text = status.status_text
            if not (status.draft or text.text or text.assessment):
                continue
            try:
                status.draft = save_status_draft(evaluation=self.evaluation, status=text, by=self.user)
            except EditConflict as conflict:
                status.conflict = cast("StatusDraft", conflict.current)
            except TextStands as stands:
                self.refusal = str(stands)
                return False
        return not any(status.conflict for status in self.statuses)

    def hand_in(self) -> bool:
        """Hand in what is written; tells whether it could be, or somebody else wrote in the same moment."""
        texts = [status.status_text for status in self.statuses]
        nonce = self.nonce_form.cleaned_data["nonce"]
        try:
            hand_in_statuses(evaluation=self.evaluation, statuses=texts, nonce=nonce, by=self.user)
        except TextStands as stands:
            self.refusal = str(stands)
            return False
        except EditConflict:
            self.save_drafts()  # notes who wrote what
            return False
        return True

    @property
    def handed_in_text(self) -> str:
        """What was handed in: everything, or how much of it."""
        written = sum(1 for status in self.statuses if status.form.cleaned_data["text"].strip())
        if written == len(self.statuses):
            return "Evalueringen er afgivet."
        return f"Status er afgivet for {written} af {len(self.statuses)} pejlemærker. Resten kan afgives senere."


class _NonceForm(forms.Form):
    nonce = NonceField()


def _statuses(evaluation: EvaluationRound, data: Any) -> Iterator[WrittenStatus]:
    drafts = {draft.goal_id: draft for draft in evaluation.drafts.select_related("edited_by")}
    entries = {entry.goal_id: entry for entry in evaluation.entries.order_by("pk")}
    in_force = wordings_on(evaluation.goal_set_id, AsOf.hindsight(evaluation.held_on))
    for goal in evaluation.goal_set.goals.order_by("number"):
        draft, version = drafts.get(goal.pk), in_force.get(goal.pk)
        form = StatusForm(data, prefix=f"status-{goal.number}", initial=_initial(draft))
        form.fields["text"].label = f"Status for pejlemærke {goal.number}"
        yield WrittenStatus(goal, version.text if version else "", entries.get(goal.pk), draft, form)


def _initial(draft: StatusDraft | None) -> dict[str, Any]:
    return {"text": draft.text, "assessment": draft.assessment, "revision": draft.revision} if draft else {}

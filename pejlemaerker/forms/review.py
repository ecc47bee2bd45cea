"""Godkendelse og fremlæggelse: the forms of the centre's head and of the consultant."""

from typing import Any

from django import forms

from kit.clock import today
from kit.dates import format_date
from kit.once import NonceField
from meetings.forms.publishing import PublishForm
from meetings.models import Meeting, Publication
from pejlemaerker.actions import (
    approve,
    hand_in_common_text,
    present,
    publish_evaluation,
    request_review,
    send_back,
    take_back,
)
from pejlemaerker.actions.review import NOT_PRESENTED
from pejlemaerker.actions.standing_text import newest_act
from pejlemaerker.documents.review import CommonText
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.models import Dialogue, EvaluationRound, ReviewAct

REQUEST, TAKE_BACK, HAND_IN = "send", "tag-tilbage", "afgiv"
_SAID = {
    REQUEST: "Teksten er sendt til godkendelse.",
    TAKE_BACK: "Teksten er taget tilbage. Du kan skrive videre.",
    HAND_IN: "Evalueringen er afgivet.",
}


class SendForm(forms.Form):
    """Send, tag tilbage eller afgiv: a button each."""

    step = forms.ChoiceField(choices=[(one, one) for one in _SAID], widget=forms.HiddenInput)
    nonce = NonceField()

    def __init__(self, *args: Any, evaluation: EvaluationRound, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evaluation, self.user = evaluation, user

    def save(self) -> str:
        """Do it, and tell what was done."""
        step = self.cleaned_data["step"]
        asked: dict[str, Any] = {
            "evaluation": self.evaluation, "nonce": self.cleaned_data["nonce"], "by": self.user,
        }  # fmt: skip
        if step == REQUEST:
            request_review(**asked)
        elif step == TAKE_BACK:
            take_back(**asked)
        else:
            hand_in_common_text(**asked)
        return _SAID[step]


class ReviewForm(forms.Form):
    """Godkend, eller send tilbage med en bemærkning. One who has written in the text says who else has read it."""

    remark = PlainText(
        "Bemærkning",
        rows=3,
        help_text="Skal skrives, hvis du sender teksten tilbage. For eksempel: »Skriv mere om, hvad der er svært.«",
    )
    also_read = forms.BooleanField(
        label="Jeg har selv skrevet i teksten, og en anden har læst den igennem", required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    nonce = NonceField()

    def __init__(
        self, *args: Any, evaluation: EvaluationRound, text: CommonText, user: Any, approves: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.evaluation, self.text, self.user, self.approves = evaluation, text, user, approves
        self.initial.setdefault("seen", text.fingerprint)

    @property
    def is_own(self) -> bool:
        """Whether the one who approves has written in the text: nobody approves their own words alone."""
        return self.user.pk in self.text.writers

    def clean(self) -> dict[str, Any]:
        """Sending back needs a remark; approving one's own text another reader."""
        cleaned = super().clean() or {}
        if not self.approves and not cleaned.get("remark", "").strip():
            self.add_error("remark", "Skriv, hvad der skal ændres.")
        if self.approves and self.is_own and not cleaned.get("also_read"):
            self.add_error(
                "also_read", "Den, der har skrevet, godkender ikke alene. Sæt kryds, hvis en anden har læst med."
            )
        return cleaned

    def save(self) -> ReviewAct:
        """Approve what was read, or send it back."""
        data = self.cleaned_data
        if self.approves:
            return approve(evaluation=self.evaluation, seen=data["seen"], nonce=data["nonce"], by=self.user)
        return send_back(evaluation=self.evaluation, remark=data["remark"], nonce=data["nonce"], by=self.user)


class PresentForm(forms.Form):
    """Fremlagt: at one of the committee's meetings or dialogue meetings, and on which day."""

    where = forms.ChoiceField(
        label="Hvor blev den fremlagt?",
        error_messages={"required": "Vælg mødet eller dialogmødet.", "invalid_choice": "Vælg et møde på listen."},
    )
    presented_on = date_field(
        "Hvilken dag?", required=False, help_text="Lad feltet stå tomt, hvis det var på mødets egen dag."
    )
    nonce = NonceField()

    def __init__(self, *args: Any, evaluation: EvaluationRound, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evaluation, self.user = evaluation, user
        committee = evaluation.goal_set.period.committee
        committees = [committee.pk, *evaluation.goal_set.partners.values_list("pk", flat=True)]
        meetings = Meeting.objects.visible_to(user).filter(
            committee__in=committees, date__gte=evaluation.held_on, date__lte=today(), cancelled=""
        )
        dialogues = Dialogue.objects.visible_to(user).filter(
            committee__in=committees, held_on__gte=evaluation.held_on, held_on__lte=today(), cancelled=""
        )
        named = meetings.select_related("committee").prefetch_related("committee__former_names")
        self.meetings = {f"moede-{one.pk}": one for one in named}
        self.dialogues = {f"dialogmoede-{one.pk}": one for one in dialogues}
        self.fields["where"].choices = [  # type: ignore[attr-defined]
            ("", "Vælg"),
            ("Møder", [(key, str(one)) for key, one in self.meetings.items()]),
            ("Dialogmøder", [(key, str(one)) for key, one in self.dialogues.items()]),
        ]
        self.initial.setdefault("where", self._meant())

    def _meant(self) -> str:
        """The meeting that the round was for."""
        survey = self.evaluation.survey
        if survey is None:
            return ""
        return f"moede-{survey.meeting_id}" if survey.meeting_id else f"dialogmoede-{survey.dialogue_id}"

    @property
    def has_choices(self) -> bool:
        """Whether there is a meeting to choose."""
        return bool(self.meetings or self.dialogues)

    @property
    def since(self) -> str:
        """From which day on a meeting can be the one."""
        return format_date(self.evaluation.held_on)

    def save(self) -> ReviewAct:
        """Write it down."""
        where = self.cleaned_data["where"]
        meeting, dialogue = self.meetings.get(where), self.dialogues.get(where)
        own_day = meeting.date if meeting else self.dialogues[where].held_on
        return present(
            evaluation=self.evaluation, meeting=meeting, dialogue=dialogue,
            presented_on=self.cleaned_data["presented_on"] or own_day, nonce=self.cleaned_data["nonce"], by=self.user,
        )  # fmt: skip


class PublishEvaluationForm(PublishForm):
    """Offentliggør en evaluering: only once it was presented."""

    record: EvaluationRound

    @property
    def refusal(self) -> str:
        """What stands in the way of publishing at all."""
        return "" if newest_act(self.record) == ReviewAct.Act.PRESENTED else NOT_PRESENTED

    def save(self) -> Publication:
        """Make it public."""
        return publish_evaluation(evaluation=self.record, by=self.user, warnings_accepted=list(self.part.warnings))

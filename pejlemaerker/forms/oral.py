"""Et mundtligt svar: the leader's own page, filled in by the house on the leader's behalf."""

from typing import Any

from django import forms

from kit.clock import today
from meetings.actions import NotAllowed
from pejlemaerker.actions import AnswerText
from pejlemaerker.actions.invitees import record_oral_answer
from pejlemaerker.forms.answer import AnswerForms
from pejlemaerker.forms.fields import date_field
from pejlemaerker.models import Answer, AnswerDraft, AnswerSheet, Invitee


class DayForm(forms.Form):
    """On which day it was told."""

    told_on = date_field("Hvilken dag blev det fortalt?")


class OralForms(AnswerForms):
    """Alle svar, as they were told. The page begins with what was handed in, if anything was; what the leader has under
    way is the leader's own and does not stand here.
    """

    def __init__(self, *, invitee: Invitee, user: Any, data: Any = None) -> None:
        self.whose = invitee
        nobody = Invitee(  # who has written nothing
            survey=invitee.survey, unit=invitee.unit, unit_name=invitee.unit_name, name=invitee.name,
            email=invitee.email,
        )  # fmt: skip
        super().__init__(invitee=nobody, data=data, answered_by=invitee.name, user=user)
        self.day = DayForm(data, initial={"told_on": today()})
        name = self.who.fields["answered_by"]
        name.label = "Hvem fortalte det?"
        name.help_text = "Ret navnet, hvis det var en anden end den, der er spurgt."
        handed_in = Answer.objects.counting().filter(sheet__invitee=invitee)
        texts = {(one.question_id, one.goal_id): one.text for one in handed_in}
        for answer in self:
            goal = answer.asked.goal
            answer.form.initial["text"] = texts.get((answer.asked.question.pk, goal.pk if goal else None), "")

    def is_valid(self) -> bool:
        """Whether it can be handed in as it is typed."""
        is_told = self.day.is_valid()
        self.who.is_valid()
        for answer in self:
            answer.form.is_valid()
            answer.draft = AnswerDraft(text=answer.form.cleaned_data["text"])
        return self.can_be_handed_in() and is_told

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """What stands in the way, the day too."""
        days = list(self.day["told_on"].errors) if self.day.is_bound else []
        label = str(self.day.fields["told_on"].label)
        return [*super().errors, *((f"#{self.day['told_on'].id_for_label}", label, str(error)) for error in days)]

    def save(self) -> AnswerSheet | None:
        """Hand it in on the leader's behalf; None, where it is refused."""
        texts = [AnswerText(one.asked.question, one.asked.goal, one.text) for one in self]
        try:
            return record_oral_answer(
                invitee=self.whose, answers=texts, answered_by=self.answered_by, by=self.user,
                told_on=self.day.cleaned_data["told_on"], nonce=self.who.cleaned_data["nonce"],
            )  # fmt: skip
        except NotAllowed as refused:
            if refused.field:
                self.day.add_error(refused.field, str(refused))
            else:
                self.refusal = str(refused)
            return None

"""From forty answers to one text: quotations with their source, the review of the text, and its presentation."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.once import SubmittedOnce
from meetings.models import Meeting
from pejlemaerker.models.answer import Answer
from pejlemaerker.models.evaluation import EvaluationRound, stands_as_read
from pejlemaerker.models.goal import Goal


class ReviewAct(SubmittedOnce, AppendOnlyModel):
    """Et skridt i godkendelsen of an evaluation's common text: sent to the centre's head, taken back, sent back with a
    remark, approved; and presented at a named meeting or dialogue meeting. The newest tells how it stands.
    """

    class Act(models.TextChoices):
        REQUESTED = "requested", "Sendt til godkendelse"
        WITHDRAWN = "withdrawn", "Taget tilbage"
        SENT_BACK = "sent_back", "Sendt tilbage"
        APPROVED = "approved", "Godkendt"
        PRESENTED = "presented", "Fremlagt"

    evaluation = models.ForeignKey(EvaluationRound, on_delete=models.PROTECT, related_name="review_acts")
    act = models.CharField("skridt", max_length=20, choices=Act)
    remark = models.TextField("bemærkning", blank=True)
    seen = models.CharField("aftryk af teksten", max_length=64, blank=True)  # what the head read when approving
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="presented_evaluations"
    )
    dialogue = models.ForeignKey(
        "pejlemaerker.Dialogue", on_delete=models.PROTECT, null=True, blank=True, related_name="presented_evaluations"
    )
    presented_on = models.DateField("fremlagt den", null=True, blank=True)
    acted_at = models.DateTimeField("hvornår", default=timezone.now, editable=False)
    acted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["ReviewAct"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "skridt i godkendelsen"
        verbose_name_plural = "skridt i godkendelsen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(act="sent_back", remark=""), name="sent_back_with_a_remark"),
            models.CheckConstraint(
                condition=(
                    Q(act="presented", presented_on__isnull=False)
                    & (
                        Q(meeting__isnull=False, dialogue__isnull=True)
                        | Q(meeting__isnull=True, dialogue__isnull=False)
                    )
                )
                | (~Q(act="presented") & Q(presented_on__isnull=True, meeting__isnull=True, dialogue__isnull=True)),
                name="presented_at_one_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.evaluation}"


_IS_VERBATIM = pgtrigger.Trigger(
    name="is_verbatim",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM pejlemaerker_answer a WHERE a.id = NEW.answer_id AND position(NEW.text IN a.text) > 0
        ) THEN
            RAISE EXCEPTION 'a quotation is what the answer says, word for word' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class Quotation(SubmittedOnce):
    """Et citat: a piece of an answer, word for word, chosen for the common text about a pejlemærke, with its source."""

    evaluation = models.ForeignKey(EvaluationRound, on_delete=models.PROTECT, related_name="quotations")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="quotations")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="quotations")
    text = models.TextField("citat")
    source = models.CharField("kilde", max_length=200)  # "Lindehaven": the unit, or in general words
    position = models.PositiveSmallIntegerField("rækkefølge", default=1)
    chosen_at = models.DateTimeField("valgt", default=timezone.now, editable=False)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        triggers = [_IS_VERBATIM, stands_as_read("evaluation_id")]
        verbose_name = "citat"
        verbose_name_plural = "citater"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="quotation_has_a_text"),
            models.UniqueConstraint(fields=["evaluation", "goal", "answer", "text"], name="quotation_once"),
        ]

    def __str__(self) -> str:
        return f"Citat, {self.source}"

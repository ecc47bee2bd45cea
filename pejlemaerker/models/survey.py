"""Evaluation rounds: asking the leaders, each by a personal link, and what is asked."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kit.dates import format_date
from kit.drafts import Draft
from kit.once import SubmittedOnce
from meetings.models import Committee, Meeting, Municipality, Right
from pejlemaerker.models.evaluation import EvaluationRound
from pejlemaerker.models.period import GoalSet


class AbstractQuestion(models.Model):
    """Et spørgsmål: asked about each pejlemærke, or once about the work as a whole."""

    class Kind(models.TextChoices):
        TEXT = "text", "Fri tekst"
        CHOICE = "choice", "Ét svar af flere"
        ASSESSMENT = "assessment", "Vurdering (i god gang, på vej, kræver opmærksomhed)"
        NUMBER = "number", "Et tal"

    position = models.PositiveSmallIntegerField("rækkefølge")
    text = models.CharField("spørgsmål", max_length=300)
    help_text = models.CharField("hjælp", max_length=300, blank=True)
    kind = models.CharField("svar", max_length=20, choices=Kind, default=Kind.TEXT)
    choices = models.TextField("svarmuligheder", blank=True)  # one a line
    unit = models.CharField("enhed", max_length=40, blank=True)  # of a number: "børn", "pct."
    is_per_goal = models.BooleanField("stilles for hvert pejlemærke", default=True)
    is_required = models.BooleanField("skal besvares", default=False)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class QuestionTemplate(Draft):
    """En spørgeskabelon of the house, copied into each new evaluation round."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="question_templates")
    name = models.CharField("navn", max_length=120)

    class Meta:
        verbose_name = "spørgeskabelon"
        verbose_name_plural = "spørgeskabeloner"
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="question_template_once")]

    def __str__(self) -> str:
        return self.name


class TemplateQuestion(AbstractQuestion):
    """Et spørgsmål in a template."""

    template = models.ForeignKey(QuestionTemplate, on_delete=models.CASCADE, related_name="questions")

    class Meta(AbstractQuestion.Meta):
        verbose_name = "spørgsmål i skabelon"
        verbose_name_plural = "spørgsmål i skabeloner"


class SurveyQuerySet(models.QuerySet["Survey"]):
    """Evaluation rounds, by who may see them."""

    def visible_to(self, user: Any) -> Self:
        """Return those of committees whose internal notes the user reads: what a leader answers is not public."""
        return self.filter(committee__in=Committee.objects.where(user, Right.READ_NOTES))


class Survey(Draft, SubmittedOnce):
    """En evalueringsrunde: leaders are asked about the pejlemærker of one or more sets, by a day, for a meeting. A
    draft until it is opened; then each set has its evaluation, and the questions stand as they were asked.
    """

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="surveys")
    goal_sets = models.ManyToManyField(GoalSet, related_name="surveys", verbose_name="sæt af pejlemærker")
    kind = models.CharField("art", max_length=20, choices=EvaluationRound.Kind)
    held_on = models.DateField("evalueringsdag")  # the answers are about the wordings in force that day
    due_on = models.DateField("svarfrist")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="surveys", verbose_name="til mødet"
    )
    dialogue = models.ForeignKey(
        "pejlemaerker.Dialogue", on_delete=models.PROTECT, null=True, blank=True, related_name="surveys",
        verbose_name="til dialogmødet",
    )  # fmt: skip
    subject = models.CharField("emne i mailen", max_length=160)
    invitation = models.TextField("indbydelse")
    remind_days_before = models.PositiveSmallIntegerField("påmindelse, dage før fristen", default=7)  # 0: none
    opened_at = models.DateTimeField("åbnet", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("lukket", null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    is_demo = models.BooleanField("opdigtet til demo", default=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = "evalueringsrunde"
        verbose_name_plural = "evalueringsrunder"
        ordering = ["-due_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(meeting__isnull=True) | Q(dialogue__isnull=True), name="survey_is_for_one_meeting"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False), name="closed_survey_was_opened"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, svarfrist {format_date(self.due_on)}"

    def get_absolute_url(self) -> str:
        return reverse("survey", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether the leaders can answer."""
        return self.opened_at is not None and self.closed_at is None


_ASKED_AS_IT_STOOD = pgtrigger.Trigger(
    name="asked_as_it_stood",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="""
        IF EXISTS (
            SELECT 1 FROM pejlemaerker_survey s WHERE s.opened_at IS NOT NULL
               AND (TG_OP <> 'INSERT' AND s.id = OLD.survey_id OR TG_OP <> 'DELETE' AND s.id = NEW.survey_id)
        ) THEN
            RAISE EXCEPTION 'the round is open: its questions stand as they were asked'
                USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    """,
)


class SurveyQuestion(AbstractQuestion):
    """Et spørgsmål in an evaluation round."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")

    class Meta(AbstractQuestion.Meta):
        triggers = [_ASKED_AS_IT_STOOD]
        verbose_name = "spørgsmål i evalueringsrunde"
        verbose_name_plural = "spørgsmål i evalueringsrunder"

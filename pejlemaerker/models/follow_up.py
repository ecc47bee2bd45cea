"""The follow-up plan: how the work by the pejlemærker is to be followed through the period."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.dates import ImpreciseDate, format_date
from kit.once import SubmittedOnce
from meetings.models import SourceDocument
from pejlemaerker.models.knowledge import AsOf, known_by
from pejlemaerker.models.period import GoalSet
from pejlemaerker.models.request import AdditionRequest


class FollowUpPlanQuerySet(AppendOnlyQuerySet["FollowUpPlan"]):
    """Plans, by day."""

    def newest(self, at: AsOf) -> Self:
        """Return for each set the plan that held on a day, by what was known."""
        return (
            self.filter(Q(agreed_on__isnull=True) | Q(agreed_on__lte=at.on))
            .filter(known_by(at.known, "agreed_on", kept_since="goal_set__kept_since"))
            .order_by("goal_set_id", "-number")
            .distinct("goal_set_id")
        )


class FollowUpPlan(AppendOnlyModel):
    """En opfølgningsplan, one version of it. The newest version holds."""

    goal_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField("version")
    agreed_on = models.DateField("skrevet", null=True)
    reason = models.CharField("begrundelse", max_length=400, blank=True)
    answers = models.ForeignKey(
        AdditionRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="answering_plans"
    )
    source_document = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, null=True, related_name="plans")
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = FollowUpPlanQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "opfølgningsplan"
        verbose_name_plural = "opfølgningsplaner"
        ordering = ["goal_set", "-number"]
        constraints = [models.UniqueConstraint(fields=["goal_set", "number"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"Opfølgningsplan for {self.goal_set}, version {self.number}"


class FollowUpStep(AppendOnlyModel):
    """Et trin i opfølgningen, with its time in the words of the plan ("efteråret 2023") and as a span of days. A step
    that stands in several versions of the plan is the same step by its `trail`.
    """

    class Kind(models.TextChoices):
        BRIEFING = "briefing", "Oplæg til udvalget"
        FORMULATING_DIALOGUE = "formulating_dialogue", "Formulerende dialogmøde"
        COMMITTEE_DECISION = "committee_decision", "Udvalgsbehandling"
        AMENDMENT_NOTE = "amendment_note", "Notat om tilføjelse"
        LEADER_MEETINGS = "ongoing_leader_meetings", "Fælles ledermøder"
        ANNUAL_EVENT = "annual_event", "Konference, temadag eller seminar"
        LOCAL_DISCUSSIONS = "local_discussions", "Lokale drøftelser"
        MIDTERM_EVALUATION = "midterm_evaluation", "Midtvejsevaluering i lederkredsen"
        MIDTERM_DIALOGUE = "midterm_dialogue", "Dialogmøde med udvalget midtvejs"
        FINAL_DIALOGUE = "final_dialogue", "Afsluttende dialogmøde"
        AGREEMENT = "agreement", "Aftale fra et dialogmøde"
        LEARNING = "learning", "Læring til næste periode"

    plan = models.ForeignKey(FollowUpPlan, on_delete=models.PROTECT, related_name="steps")
    trail = models.UUIDField("samme trin", default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField("rækkefølge")
    kind = models.CharField("art", max_length=30, choices=Kind)
    title = models.CharField("navn", max_length=160, blank=True)
    when_text = models.CharField("hvornår, med planens ord", max_length=120, blank=True)
    earliest = models.DateField("tidligst", null=True)
    latest = models.DateField("senest", null=True)
    precision = models.CharField("nøjagtighed", max_length=12, default="unknown")
    is_recurring = models.BooleanField("tilbagevendende", default=False)
    responsible = models.CharField("hvem sørger for det", max_length=160, blank=True)
    participants = models.CharField("hvem deltager", max_length=240, blank=True)
    occurred_on = models.DateField("holdt, ifølge kilden", null=True)
    sentence = models.TextField("ordret fra kilden", blank=True)

    objects = AppendOnlyQuerySet["FollowUpStep"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "trin"
        verbose_name_plural = "trin"
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="follow_up_step_once"),
            models.UniqueConstraint(fields=["plan", "trail"], name="follow_up_step_trail_once"),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    @property
    def when(self) -> ImpreciseDate:
        """The planned time, as words and as a span."""
        return ImpreciseDate(self.when_text, self.earliest, self.latest, self.precision)  # type: ignore[arg-type]


class StepOutcomeQuerySet(AppendOnlyQuerySet["StepOutcome"]):
    """Outcomes, by day."""

    def known(self, at: AsOf) -> Self:
        """Return what had happened by a day, as far as was known, in the order it happened."""
        known = known_by(at.known, "occurred_on", kept_since="step__plan__goal_set__kept_since")
        return self.filter(known, occurred_on__lte=at.on).order_by("occurred_on", "pk")


class StepOutcome(SubmittedOnce, AppendOnlyModel):
    """Et udfald af et trin: when it was held and what came of it, or that it was called off. The latest holds; a
    recurring step has one for each time.
    """

    step = models.ForeignKey(FollowUpStep, on_delete=models.PROTECT, related_name="outcomes")
    occurred_on = models.DateField("dato")
    is_cancelled = models.BooleanField("aflyst", default=False)
    text = models.TextField("hvad der kom ud af det", blank=True)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = StepOutcomeQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "udfald af trin"
        verbose_name_plural = "udfald af trin"
        ordering = ["occurred_on", "pk"]

    def __str__(self) -> str:
        return f"{self.step}, {format_date(self.occurred_on)}"


class KnowledgeSource(AppendOnlyModel):
    """En videnskilde: something the administration gathers that can tell about the work, e.g.

    brugertilfredshedsundersøgelser.
    """

    goal_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, related_name="knowledge_sources")
    name = models.CharField("navn", max_length=200)
    source_document = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["KnowledgeSource"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "videnskilde"
        verbose_name_plural = "videnskilder"
        constraints = [models.UniqueConstraint(fields=["goal_set", "name"], name="knowledge_source_once")]

    def __str__(self) -> str:
        return self.name

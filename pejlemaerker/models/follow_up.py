"""The follow-up plan: how the work by the pejlemærker is to be followed through the period."""

from django.db import models

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.dates import ImpreciseDate
from meetings.models import SourceDocument
from pejlemaerker.models.goal import AdditionRequest
from pejlemaerker.models.period import GoalSet


class FollowUpPlan(AppendOnlyModel):
    """En opfølgningsplan, one version of it. The newest version holds."""

    goal_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField("version")
    agreed_on = models.DateField("skrevet", null=True)
    answers = models.ForeignKey(
        AdditionRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="answering_plans"
    )
    source_document = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, null=True, related_name="plans")

    objects = AppendOnlyQuerySet["FollowUpPlan"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "opfølgningsplan"
        verbose_name_plural = "opfølgningsplaner"
        ordering = ["goal_set", "-number"]
        constraints = [models.UniqueConstraint(fields=["goal_set", "number"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"Opfølgningsplan for {self.goal_set}, version {self.number}"


class FollowUpStep(AppendOnlyModel):
    """Et trin i opfølgningen, with its time in the words of the plan ("efteråret 2023") and as a span of days."""

    class Kind(models.TextChoices):
        BRIEFING = "briefing", "Oplæg til udvalget"
        FORMULATING_DIALOGUE = "formulating_dialogue", "Dialogmøde om formulering"
        COMMITTEE_DECISION = "committee_decision", "Udvalgsbehandling"
        AMENDMENT_NOTE = "amendment_note", "Notat om tilføjelse"
        LEADER_MEETINGS = "ongoing_leader_meetings", "Fælles ledermøder"
        ANNUAL_EVENT = "annual_event", "Konference, temadag eller seminar"
        LOCAL_DISCUSSIONS = "local_discussions", "Lokale drøftelser"
        MIDTERM_EVALUATION = "midterm_evaluation", "Midtvejsevaluering i lederkredsen"
        MIDTERM_DIALOGUE = "midterm_dialogue", "Dialogmøde med udvalget midtvejs"
        FINAL_DIALOGUE = "final_dialogue", "Afsluttende dialogmøde"
        LEARNING = "learning", "Læring til næste periode"

    plan = models.ForeignKey(FollowUpPlan, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField("rækkefølge")
    kind = models.CharField("art", max_length=30, choices=Kind)
    title = models.CharField("navn", max_length=160, blank=True)
    when_text = models.CharField("hvornår, med planens ord", max_length=120, blank=True)
    earliest = models.DateField("tidligst", null=True)
    latest = models.DateField("senest", null=True)
    precision = models.CharField("nøjagtighed", max_length=12, default="unknown")
    is_recurring = models.BooleanField("tilbagevendende", default=False)
    occurred_on = models.DateField("holdt, ifølge kilden", null=True)
    sentence = models.TextField("ordret fra kilden", blank=True)

    objects = AppendOnlyQuerySet["FollowUpStep"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "trin"
        verbose_name_plural = "trin"
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="follow_up_step_once")]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    @property
    def when(self) -> ImpreciseDate:
        """The planned time, as words and as a span."""
        return ImpreciseDate(self.when_text, self.earliest, self.latest, self.precision)  # type: ignore[arg-type]


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

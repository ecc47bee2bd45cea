"""What one council leaves to the next: learning, and where each pejlemærke goes when the period ends."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.dates import format_date
from kit.drafts import Draft
from kit.once import SubmittedOnce
from meetings.models import Committee
from pejlemaerker.models.goal import Goal, GoalClosing
from pejlemaerker.models.period import GoalSet


class Learning(SubmittedOnce, AppendOnlyModel):
    """En læring of one pejlemærke, or (without one) of the work as a whole: what was learned, what to carry on, and for
    whom.
    """

    goal_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, related_name="learnings")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="learnings")
    text = models.TextField("hvad vi har lært")
    carry_on = models.TextField("hvad der skal føres videre", blank=True)
    addressed_to = models.CharField("til hvem", max_length=200, blank=True)
    learned_on = models.DateField("den")
    evaluation = models.ForeignKey(
        "pejlemaerker.EvaluationRound", on_delete=models.PROTECT, null=True, blank=True, related_name="learnings",
        verbose_name="i evalueringen",
    )  # fmt: skip
    dialogue = models.ForeignKey(
        "pejlemaerker.Dialogue", on_delete=models.PROTECT, null=True, blank=True, related_name="learnings",
        verbose_name="på dialogmødet",
    )  # fmt: skip
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["Learning"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "læring"
        verbose_name_plural = "læring"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="learning_has_a_text")]

    def __str__(self) -> str:
        return f"Læring, {self.goal or self.goal_set}"


class HandoverDraft(Draft):
    """En kladde til overleveringen of a set: to whom it goes, and what was learned of the work as a whole."""

    goal_set = models.OneToOneField(GoalSet, on_delete=models.CASCADE, related_name="handover_draft")
    to_committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="til udvalget"
    )
    area_name = models.CharField("område i den nye periode", max_length=120, blank=True)
    starts_on = models.DateField("den nye periode fra", null=True, blank=True)
    ends_on = models.DateField("den nye periode til", null=True, blank=True)
    learning = models.TextField("hvad vi har lært af forløbet", blank=True)
    carry_on = models.TextField("hvad der skal føres videre", blank=True)

    class Meta:
        verbose_name = "kladde til overlevering"
        verbose_name_plural = "kladder til overlevering"

    def __str__(self) -> str:
        return f"Overlevering af {self.goal_set}"


class GoalHandoverDraft(Draft):
    """En kladde til overleveringen of one pejlemærke: how it ends, what was learned, and how it goes on."""

    handover = models.ForeignKey(HandoverDraft, on_delete=models.CASCADE, related_name="goals")
    goal = models.OneToOneField(Goal, on_delete=models.CASCADE, related_name="handover_draft")
    outcome = models.CharField(
        "hvordan", max_length=20, blank=True,
        choices=[(kind.value, kind.label) for kind in GoalClosing.Kind if kind != GoalClosing.Kind.RESUMED],
    )  # fmt: skip
    reason = models.TextField("begrundelse", blank=True)
    into = models.ForeignKey(
        Goal, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="sammen med"
    )
    wordings = models.TextField("ordlyd i den nye periode", blank=True)  # of a split one: one wording a line
    learning = models.TextField("hvad vi har lært", blank=True)
    carry_on = models.TextField("hvad der skal føres videre", blank=True)

    class Meta:
        verbose_name = "kladde til overlevering af pejlemærke"
        verbose_name_plural = "kladder til overlevering af pejlemærker"
        ordering = ["goal__number", "pk"]

    def __str__(self) -> str:
        return f"Overlevering af {self.goal}"


class SetClosing(SubmittedOnce, AppendOnlyModel):
    """Afslutningen af et sæt, when its period ends: from then on it is read, and the next set takes over."""

    goal_set = models.OneToOneField(GoalSet, on_delete=models.PROTECT, related_name="closing")
    closed_on = models.DateField("afsluttet den")
    to_set = models.ForeignKey(
        GoalSet, on_delete=models.PROTECT, null=True, blank=True, related_name="inherits_from",
        verbose_name="overleveret til",
    )  # fmt: skip
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["SetClosing"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "afslutning af sæt"
        verbose_name_plural = "afslutninger af sæt"

    def __str__(self) -> str:
        return f"{self.goal_set} afsluttet {format_date(self.closed_on)}"

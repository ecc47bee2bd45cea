"""Mål og nøgletal, optional: what a pejlemærke is turned into, and the figures that are followed. Never a verdict."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.dates import format_date
from kit.once import SubmittedOnce
from pejlemaerker.models.by_decision import ByDecision, ByDecisionQuerySet
from pejlemaerker.models.goal import Goal


class TargetQuerySet(ByDecisionQuerySet["Target"]):
    """Mål, by whether they hold."""

    kept_since = "goal__kept_since"
    day = "set_on"


class Target(SubmittedOnce, ByDecision):
    """Et mål: something more concrete that a pejlemærke is turned into, and that the committee approves (Hvidovre's
    middle level). One that replaces another says which; one without a text takes the other away.
    """

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="targets")
    text = models.TextField("mål", blank=True)
    set_on = models.DateField("fra")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects = TargetQuerySet.as_manager()

    class Meta(ByDecision.Meta):
        verbose_name = "mål"
        verbose_name_plural = "mål"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") | Q(replaces__isnull=False), name="target_has_a_text")
        ]

    def __str__(self) -> str:
        return f"Mål for {self.goal}"


class Indicator(SubmittedOnce):
    """Et nøgletal: a figure that is followed for a pejlemærke. What it is called and measured in lives in its
    definitions, the values in its measurements.
    """

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="indicators")

    class Meta:
        verbose_name = "nøgletal"
        verbose_name_plural = "nøgletal"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Nøgletal for {self.goal}"


class IndicatorDefinition(AppendOnlyModel):
    """En definition af et nøgletal; the newest holds. `is_retired` says that it is no longer followed."""

    class Frequency(models.TextChoices):
        MONTHLY = "monthly", "Hver måned"
        QUARTERLY = "quarterly", "Hvert kvartal"
        HALF_YEARLY = "half_yearly", "Hvert halve år"
        YEARLY = "yearly", "Hvert år"
        BIENNIAL = "biennial", "Hvert andet år"
        ONCE = "once", "Én gang"

    class Direction(models.TextChoices):
        UP = "up", "Højere er bedre"
        DOWN = "down", "Lavere er bedre"
        NEITHER = "neither", "Ingen retning er bedre"

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="definitions")
    number = models.PositiveSmallIntegerField("version")
    name = models.CharField("navn", max_length=160)
    unit = models.CharField("enhed", max_length=40)
    source = models.CharField("kilde", max_length=200)
    frequency = models.CharField("hvor ofte", max_length=20, choices=Frequency)
    direction = models.CharField("foretrukken retning", max_length=20, choices=Direction, default=Direction.NEITHER)
    target_value = models.DecimalField("målværdi", max_digits=14, decimal_places=4, null=True, blank=True)
    target_by = models.DateField("målet nås senest", null=True, blank=True)
    counts_people = models.BooleanField("tæller personer", default=False)  # then small numbers are not public
    is_retired = models.BooleanField("følges ikke længere", default=False)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["IndicatorDefinition"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "definition af nøgletal"
        verbose_name_plural = "definitioner af nøgletal"
        ordering = ["indicator", "number"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="indicator_definition_once"),
            models.CheckConstraint(
                condition=Q(target_by__isnull=True) | Q(target_value__isnull=False), name="indicator_target_has_a_value"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Measurement(AppendOnlyModel):
    """En måling: a value on a day, with where it comes from. A later row for the same day puts it right; one without a
    value takes it away.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="measurements")
    measured_on = models.DateField("målt den")
    value = models.DecimalField("værdi", max_digits=14, decimal_places=4, null=True, blank=True)
    source = models.CharField("kilde", max_length=200, blank=True)
    note = models.CharField("bemærkning", max_length=300, blank=True)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["Measurement"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "måling"
        verbose_name_plural = "målinger"
        ordering = ["measured_on", "pk"]
        indexes = [models.Index(fields=["indicator", "measured_on"], name="measurement_of_indicator")]

    def __str__(self) -> str:
        return f"Måling {format_date(self.measured_on)}"

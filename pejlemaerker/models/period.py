"""For whom and for how long pejlemærker are set."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from kit.clock import today
from meetings.models import Committee, CouncilTerm, LeaderGroup, PublishableQuerySet, Right, latest_act
from meetings.models.publication import Publication


class PolicyArea(models.Model):
    """Et område (dagtilbud, børne- og familieområdet): what a set of pejlemærker is about."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="areas")
    name = models.CharField("navn", max_length=120)
    position = models.PositiveSmallIntegerField("rækkefølge", default=1)

    class Meta:
        verbose_name = "område"
        verbose_name_plural = "områder"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["committee", "name"], name="policy_area_once")]

    def __str__(self) -> str:
        return self.name


class GoalPeriod(models.Model):
    """En pejlemærkeperiode of a committee; it need not equal the council term."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="goal_periods")
    council_term = models.ForeignKey(
        CouncilTerm, on_delete=models.PROTECT, null=True, blank=True, related_name="periods"
    )
    starts_on = models.DateField("fra")
    ends_on = models.DateField("til")

    class Meta:
        verbose_name = "pejlemærkeperiode"
        verbose_name_plural = "pejlemærkeperioder"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("starts_on")), name="goal_period_has_length"),
            models.UniqueConstraint(fields=["committee", "starts_on"], name="goal_period_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on.year}–{self.ends_on.year}"


class GoalSetQuerySet(PublishableQuerySet["GoalSet"]):
    """Sets, by who may see them."""

    subject = "goal_set"

    def visible_to(self, user: Any) -> Self:
        """Return the sets of committees where the user may read goals, their own, those they share and those that were
        handed over to them, and the published ones.
        """
        readable = Committee.objects.where(user, Right.READ_GOALS)
        shared = GoalSet.partners.through.objects.filter(goalset=OuterRef("pk"), committee__in=readable)
        return self.alias(_act=latest_act(self.subject, viewer=user)).filter(
            Q(period__committee__in=readable)
            | Q(_act=Publication.Act.PUBLISHED)
            | Exists(shared)
            | Q(closing__to_set__period__committee__in=readable)
        )


class GoalSet(models.Model):
    """Et sæt pejlemærker: one area in one period. Numbers restart from 1 in each set. A joint set (fælles sæt) belongs
    to the committee of its period and is shared with others.
    """

    period = models.ForeignKey(GoalPeriod, on_delete=models.PROTECT, related_name="sets")
    area = models.ForeignKey(PolicyArea, on_delete=models.PROTECT, related_name="sets")
    leader_group = models.ForeignKey(
        LeaderGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="goal_sets"
    )
    partners = models.ManyToManyField(Committee, related_name="shared_goal_sets", blank=True, verbose_name="fælles med")
    kept_since = models.DateField("ført her siden", default=today, editable=False)
    is_demo = models.BooleanField("opdigtet til demo", default=False)

    objects = GoalSetQuerySet.as_manager()

    class Meta:
        verbose_name = "sæt af pejlemærker"
        verbose_name_plural = "sæt af pejlemærker"
        ordering = ["-period__starts_on", "area__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["period", "area"], name="goal_set_once")]

    def __str__(self) -> str:
        return f"{self.area} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("goal_set", args=[self.pk])

    def is_decided_by(self, committee: int) -> bool:
        """Whether the committee (by its number) decides about the set: its own, or one that shares it."""
        return committee == self.period.committee_id or self.partners.filter(pk=committee).exists()

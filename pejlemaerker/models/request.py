"""What a committee asks to have added, and what becomes of it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.dates import format_date
from kit.once import SubmittedOnce
from meetings.models import AgendaItem, SourceDocument
from pejlemaerker.models.goal import Goal
from pejlemaerker.models.period import GoalSet


class AdditionRequestQuerySet(AppendOnlyQuerySet["AdditionRequest"]):
    """Requests, by what has become of them."""

    def unanswered(self) -> Self:
        """Return those that no wording or plan answers and that nobody has settled otherwise."""
        return self.filter(answering_versions=None, answering_plans=None, settlement=None)


class AdditionRequest(SubmittedOnce, AppendOnlyModel):
    """Et ønske om tilføjelse: a committee asked for something more in a wording or in the follow-up plan."""

    class About(models.TextChoices):
        WORDING = "wording", "Ordlyden"
        PLAN = "plan", "Opfølgningen"

    goal_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, related_name="addition_requests")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="addition_requests")
    about = models.CharField("hvad", max_length=20, choices=About)
    requested_on = models.DateField("ønsket den")
    requested_by = models.CharField("af hvem", max_length=200, blank=True)  # empty: the committee
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="addition_requests",
        verbose_name="på punktet",
    )  # fmt: skip
    text = models.TextField("ønsket, ordret", blank=True)
    source_document = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AdditionRequestQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "ønske om tilføjelse"
        verbose_name_plural = "ønsker om tilføjelse"

    def __str__(self) -> str:
        return f"Ønske om tilføjelse til {self.get_about_display().lower()}, {format_date(self.requested_on)}"


class RequestSettlement(AppendOnlyModel):
    """Hvad der blev af et ønske, that no new wording answers: it was turned down, taken back, or met in another way."""

    class Kind(models.TextChoices):
        DECLINED = "declined", "Ikke imødekommet"
        WITHDRAWN = "withdrawn", "Trukket tilbage"
        MET_OTHERWISE = "met_otherwise", "Imødekommet på anden vis"

    request = models.OneToOneField(AdditionRequest, on_delete=models.PROTECT, related_name="settlement")
    kind = models.CharField("hvad der blev af det", max_length=20, choices=Kind)
    settled_on = models.DateField("den")
    note = models.CharField("forklaring", max_length=400)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["RequestSettlement"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "afklaring af ønske"
        verbose_name_plural = "afklaringer af ønsker"
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="settlement_has_a_note")]

    def __str__(self) -> str:
        return f"{self.request}: {self.get_kind_display().lower()}"

"""The pejlemærke and its wordings."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from kit.append_only import APPEND_ONLY_TRIGGERS, AppendOnlyModel, AppendOnlyQuerySet
from kit.dates import format_date
from meetings.models import Decision, SourceDocument
from pejlemaerker.models.period import GoalSet


class GoalQuerySet(models.QuerySet["Goal"]):
    """Pejlemærker, by who may see them."""

    def visible_to(self, user: Any) -> Self:
        """Delegate to the set's own rule."""
        return self.filter(goal_set__in=GoalSet.objects.visible_to(user))


class Goal(models.Model):
    """Et politisk pejlemærke: a directional "Vi …" sentence that a committee works by; not a measurable target.

    The text lives in its versions. The number is a place in the set, not an identity.
    """

    goal_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, related_name="goals")
    number = models.PositiveSmallIntegerField("nummer")
    refers_to = models.CharField("henviser til", max_length=200, blank=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = "pejlemærke"
        verbose_name_plural = "pejlemærker"
        ordering = ["goal_set", "number"]
        constraints = [models.UniqueConstraint(fields=["goal_set", "number"], name="goal_number_once")]

    def __str__(self) -> str:
        return f"Pejlemærke {self.number}, {self.goal_set}"

    def get_absolute_url(self) -> str:
        return reverse("goal", args=[self.pk])


class AdditionRequest(AppendOnlyModel):
    """Et ønske om tilføjelse: a committee asked for something more in a wording or in the follow-up plan."""

    class About(models.TextChoices):
        WORDING = "wording", "Ordlyden"
        PLAN = "plan", "Opfølgningen"

    goal_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, related_name="addition_requests")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="addition_requests")
    about = models.CharField("hvad", max_length=20, choices=About)
    requested_on = models.DateField("ønsket den")
    text = models.TextField("ordret fra kilden", blank=True)
    source_document = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["AdditionRequest"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "ønske om tilføjelse"
        verbose_name_plural = "ønsker om tilføjelse"

    def __str__(self) -> str:
        return f"Ønske om tilføjelse til {self.get_about_display().lower()}, {format_date(self.requested_on)}"


class GoalVersionQuerySet(AppendOnlyQuerySet["GoalVersion"]):
    """Wordings, by what has become of them."""

    def awaiting_decision(self) -> Self:
        """Return known wordings that no decision has put in force, unless a later wording of the same goal has passed
        them by.
        """
        later = GoalVersion.objects.filter(goal=OuterRef("goal"), number__gt=OuterRef("number"))
        adopted = Adoption.objects.effective().filter(version=OuterRef("pk"))
        return self.exclude(text="").filter(~Exists(adopted), ~Exists(later))


class GoalVersion(AppendOnlyModel):
    """En ordlyd: one text of a pejlemærke, verbatim. An empty text means that the wording is not known."""

    class ChangeKind(models.TextChoices):
        NEW = "new", "Ny"
        ADDITION = "addition", "Tilføjelse"
        CHANGE = "change", "Ændring"
        LINGUISTIC = "linguistic", "Sproglig rettelse"

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    text = models.TextField("ordlyd", blank=True)
    change_kind = models.CharField("art", max_length=20, choices=ChangeKind, default=ChangeKind.NEW)
    reason = models.CharField("begrundelse", max_length=400, blank=True)
    worded_on = models.DateField("formuleret", null=True)
    answers = models.ForeignKey(
        AdditionRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="answering_versions"
    )
    source_document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="goal_versions"
    )
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)

    objects = GoalVersionQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "ordlyd"
        verbose_name_plural = "ordlyde"
        ordering = ["goal", "number"]
        constraints = [models.UniqueConstraint(fields=["goal", "number"], name="goal_version_once")]

    def __str__(self) -> str:
        return f"{self.goal}, version {self.number}"

    @property
    def is_known(self) -> bool:
        """Whether the text is known; an old wording may be lost, and is then never invented."""
        return bool(self.text)


class AdoptionQuerySet(AppendOnlyQuerySet["Adoption"]):
    """Adoptions, by whether they hold."""

    def effective(self) -> Self:
        """Return adoptions whose decision still approves after all corrections, and those by noted delegation."""
        return self.filter(Q(decision__isnull=True) | Q(decision__in=Decision.including_closed.approving()))

    def in_force(self, on: date) -> Self:
        """Return for each pejlemærke the one adoption that decides its wording on a day."""
        return (
            self.effective()
            .filter(in_force_from__lte=on)
            .exclude(decision__stay__outcome__decided_on__gt=on)  # stayed then, and confirmed only later
            .order_by("version__goal_id", "-in_force_from", "-pk")
            .distinct("version__goal_id")
        )


# A decision that only noted, discussed or postponed puts nothing in force, nor does one that is stayed (styrelsesloven
# § 23), whoever inserts the row (DESIGN § 4).
_DECISION_MUST_APPROVE = pgtrigger.Trigger(
    name="decision_must_approve",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NEW.decision_id IS NOT NULL AND COALESCE(
            (SELECT c.category FROM meetings_correction c
              WHERE c.decision_id = NEW.decision_id AND c.category <> '' ORDER BY c.id DESC LIMIT 1),
            (SELECT d.category FROM meetings_decision d WHERE d.id = NEW.decision_id)
        ) NOT IN ('approved', 'approved_amended') THEN
            RAISE EXCEPTION 'decision % does not approve: it cannot put a wording in force', NEW.decision_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT 1 FROM meetings_stay s LEFT JOIN meetings_stayoutcome o ON o.stay_id = s.id
             WHERE s.decision_id = NEW.decision_id AND o.verdict IS DISTINCT FROM 'confirmed'
        ) THEN
            RAISE EXCEPTION 'decision % is stayed: it cannot put a wording in force', NEW.decision_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class Adoption(AppendOnlyModel):
    """En ikrafttræden: this wording holds from this day, because of this decision or of a noted delegation; exactly one
    of them.
    """

    version = models.ForeignKey(GoalVersion, on_delete=models.PROTECT, related_name="adoptions")
    in_force_from = models.DateField("gældende fra")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="adoptions")
    delegation_note = models.CharField("efter bemyndigelse", max_length=400, blank=True)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AdoptionQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "ikrafttræden"
        verbose_name_plural = "ikrafttrædener"
        triggers = [*APPEND_ONLY_TRIGGERS, _DECISION_MUST_APPROVE]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__isnull=False, delegation_note="")
                | (Q(decision__isnull=True) & ~Q(delegation_note="")),
                name="adoption_by_decision_or_delegation",
            ),
            models.UniqueConstraint(fields=["version", "decision"], name="adoption_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version} gælder fra {format_date(self.in_force_from)}"

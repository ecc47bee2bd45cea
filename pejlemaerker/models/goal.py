"""The pejlemærke: what it is, where it stands, and how it ends."""

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from kit.append_only import APPEND_ONLY_TRIGGERS, AppendOnlyModel, AppendOnlyQuerySet
from kit.clock import today
from kit.dates import format_date
from kit.once import SubmittedOnce
from meetings.models import OrgUnit
from pejlemaerker.models.by_decision import ByDecision, ByDecisionQuerySet
from pejlemaerker.models.knowledge import AsOf, known_by
from pejlemaerker.models.period import GoalSet


class GoalQuerySet(models.QuerySet["Goal"]):
    """Pejlemærker, by who may see them."""

    def visible_to(self, user: Any) -> Self:
        """Delegate to the set's own rule."""
        return self.filter(goal_set__in=GoalSet.objects.visible_to(user))


# Where a pejlemærke stands is a fact with a date (Placement); the row shows where it stands now.
_IS_PLACED = pgtrigger.Trigger(
    name="is_placed",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    func="""
        INSERT INTO pejlemaerker_placement (goal_id, goal_set_id, number, reason, recorded_at)
             VALUES (NEW.id, NEW.goal_set_id, NEW.number, '', statement_timestamp());
        RETURN NULL;
    """,
)
_ONLY_A_PLACEMENT_MOVES = pgtrigger.Trigger(
    name="only_a_placement_moves",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition("OLD.goal_set_id <> NEW.goal_set_id OR OLD.number IS DISTINCT FROM NEW.number"),
    func="""
        IF pg_trigger_depth() < 2 THEN
            RAISE EXCEPTION 'a pejlemaerke is renumbered or moved by inserting a placement'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class Goal(SubmittedOnce):
    """Et politisk pejlemærke: a directional "Vi …" sentence that a committee works by; not a measurable target.

    The text lives in its versions. The number is a place in the set, not an identity: it may change, and one that has
    been dropped or merged has none.
    """

    goal_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, related_name="goals")
    number = models.PositiveSmallIntegerField("nummer", null=True)
    refers_to = models.CharField("henviser til", max_length=200, blank=True)
    responsible = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="goals", verbose_name="ansvarlig"
    )
    kept_since = models.DateField("ført her siden", default=today, editable=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        triggers = [_IS_PLACED, _ONLY_A_PLACEMENT_MOVES]
        verbose_name = "pejlemærke"
        verbose_name_plural = "pejlemærker"
        ordering = ["goal_set", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal_set", "number"], name="goal_number_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        number = self.number if self.number is not None else "uden nummer"
        return f"Pejlemærke {number}, {self.goal_set}"

    def get_absolute_url(self) -> str:
        return reverse("goal", args=[self.pk])


class PlacementQuerySet(AppendOnlyQuerySet["Placement"]):
    """Places, by day."""

    def at(self, at: AsOf) -> Self:
        """Return for each pejlemærke the place it had on a day, by what was known."""
        return (
            self.filter(Q(placed_from__isnull=True) | Q(placed_from__lte=at.on))
            .filter(Q(placed_from__isnull=True) | known_by(at.known, "placed_from", kept_since="goal__kept_since"))
            .order_by("goal_id", F("placed_from").desc(nulls_last=True), "-pk")
            .distinct("goal_id")
        )


_MOVES_THE_GOAL = pgtrigger.Trigger(
    name="moves_the_goal",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    func="""
        IF NEW.placed_from > (NEW.recorded_at AT TIME ZONE 'Europe/Copenhagen')::date THEN
            RAISE EXCEPTION 'a pejlemærke is placed from a day that has come' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.placed_from IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM pejlemaerker_placement p WHERE p.goal_id = NEW.goal_id AND p.placed_from > NEW.placed_from
        ) THEN
            UPDATE pejlemaerker_goal SET goal_set_id = NEW.goal_set_id, number = NEW.number WHERE id = NEW.goal_id;
        END IF;
        RETURN NULL;
    """,
)


class Placement(AppendOnlyModel):
    """En placering: the set a pejlemærke stands in and its number there, from a day. The first comes with the
    pejlemærke itself and has no day; without a number it stands outside the numbering.
    """

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="placements")
    goal_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, related_name="placements")
    number = models.PositiveSmallIntegerField("nummer", null=True)
    placed_from = models.DateField("fra", null=True)
    reason = models.CharField("begrundelse", max_length=400, blank=True)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PlacementQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        triggers = [*APPEND_ONLY_TRIGGERS, _MOVES_THE_GOAL]
        verbose_name = "placering"
        verbose_name_plural = "placeringer"
        ordering = ["pk"]

    def __str__(self) -> str:
        since = f" fra {format_date(self.placed_from)}" if self.placed_from else ""
        return f"Nr. {self.number}, {self.goal_set}{since}" if self.number else f"Uden nummer, {self.goal_set}{since}"


class GoalClosingQuerySet(ByDecisionQuerySet["GoalClosing"]):
    """Endings, by whether they hold."""

    kept_since = "goal__kept_since"
    day = "ended_on"

    def latest(self, at: AsOf) -> Self:  # type: ignore[override]
        """Return for each pejlemærke the latest ending or resumption that has effect on a day."""
        return (
            self.effective(at).filter(ended_on__lte=at.on).order_by("goal_id", "-ended_on", "-pk").distinct("goal_id")
        )


class GoalClosing(SubmittedOnce, ByDecision):
    """En afslutning: a pejlemærke is completed, carried on into the next period, or dropped, and why; or it is taken
    up again. One that is merged or split ends when the new wording comes into force (Derivation).
    """

    class Kind(models.TextChoices):
        COMPLETED = "completed", "Afsluttet"
        CONTINUED = "continued", "Videreført"
        MERGED = "merged", "Lagt sammen med et andet"
        SPLIT = "split", "Delt i flere"
        DROPPED = "dropped", "Udgået"
        RESUMED = "resumed", "Taget op igen"

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="closings")
    kind = models.CharField("hvordan", max_length=20, choices=Kind)
    ended_on = models.DateField("fra")
    reason = models.TextField("begrundelse")

    objects = GoalClosingQuerySet.as_manager()

    class Meta(ByDecision.Meta):
        verbose_name = "afslutning af pejlemærke"
        verbose_name_plural = "afslutninger af pejlemærker"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__isnull=True) | Q(delegation_note=""), name="closing_by_decision_or_delegation"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="closing_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.goal}: {self.get_kind_display()} {format_date(self.ended_on)}"

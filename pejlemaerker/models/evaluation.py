"""Evaluations: how the work by each pejlemærke goes, in words first."""

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.dates import format_date
from kit.drafts import Draft
from kit.once import SubmittedOnce
from meetings.models import Committee, PublishableQuerySet, Right, latest_act
from meetings.models.publication import Publication
from pejlemaerker.models.follow_up import FollowUpStep
from pejlemaerker.models.goal import Goal
from pejlemaerker.models.knowledge import AsOf, known_by
from pejlemaerker.models.period import GoalSet
from pejlemaerker.models.wording import GoalVersion


class Assessment(models.TextChoices):
    """A person's own judgement, optional, never computed (DOMAIN § 1.3)."""

    NOT_ASSESSED = "", "Ikke vurderet"
    GOOD_PROGRESS = "good_progress", "I god gang"
    UNDER_WAY = "under_way", "På vej"
    NEEDS_ATTENTION = "needs_attention", "Kræver opmærksomhed"


class EvaluationRoundQuerySet(PublishableQuerySet["EvaluationRound"]):
    """Rounds, by who may see them."""

    subject = "evaluation_round"

    def visible_to(self, user: Any) -> Self:
        """Return those of committees where the user may read goals, also of sets that were handed over to them, and the
        published ones of published sets.
        """
        readable = Committee.objects.where(user, Right.READ_GOALS)
        return self.alias(_act=latest_act(self.subject, viewer=user)).filter(
            Q(goal_set__period__committee__in=readable)
            | Q(goal_set__closing__to_set__period__committee__in=readable)
            | Q(_act=Publication.Act.PUBLISHED, goal_set__in=GoalSet.objects.visible_to(user))
        )


class EvaluationRound(SubmittedOnce):
    """En evaluering (midtvejs, afsluttende, ekstra) of one set of pejlemærker in its lederkreds: a common text for each
    pejlemærke. Where the leaders were asked by personal links, the `survey` (evalueringsrunde) has their own answers.
    """

    class Kind(models.TextChoices):
        MIDTERM = "midterm", "Midtvejsevaluering"
        FINAL = "final", "Afsluttende evaluering"
        EXTRA = "extra", "Ekstra evaluering"

    goal_set = models.ForeignKey(GoalSet, on_delete=models.PROTECT, related_name="evaluation_rounds")
    kind = models.CharField("art", max_length=20, choices=Kind)
    held_on = models.DateField("dato")
    step = models.ForeignKey(
        FollowUpStep, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluation_rounds",
        verbose_name="trin i planen",
    )  # fmt: skip
    survey = models.ForeignKey(
        "pejlemaerker.Survey", on_delete=models.PROTECT, null=True, blank=True, related_name="evaluations",
        verbose_name="evalueringsrunde",
    )  # fmt: skip
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    is_demo = models.BooleanField("opdigtet til demo", default=False)

    objects = EvaluationRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "evaluering"
        verbose_name_plural = "evalueringer"
        ordering = ["-held_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["survey", "goal_set"], name="evaluation_once_in_survey")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {format_date(self.held_on)}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation", args=[self.pk])


def stands_as_read(column: str) -> pgtrigger.Trigger:
    """Return the trigger that keeps a row of an evaluation's common text as it was read, while the text lies with the
    centre's head, is approved or has been presented (ReviewAct). `column` is the way to the evaluation.
    """
    return pgtrigger.Trigger(
        name="stands_as_read",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("newest", "TEXT")],
        func=f"""
            SELECT a.act INTO newest FROM pejlemaerker_reviewact a
             WHERE a.evaluation_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.{column} ELSE NEW.{column} END
             ORDER BY a.id DESC LIMIT 1;
            IF newest IN ('requested', 'approved', 'presented') THEN
                RAISE EXCEPTION 'the text lies for review or is approved: % stands as it was read', TG_TABLE_NAME
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (a constant of our own only)
    )


class StatusDraft(Draft):
    """En kladde til en status, until it is handed in."""

    round = models.ForeignKey(EvaluationRound, on_delete=models.PROTECT, related_name="drafts")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="status_drafts")
    text = models.TextField("status", blank=True)
    assessment = models.CharField("vurdering", max_length=20, choices=Assessment, blank=True)

    class Meta:
        triggers = [stands_as_read("round_id")]
        verbose_name = "kladde til status"
        verbose_name_plural = "kladder til status"
        constraints = [models.UniqueConstraint(fields=["round", "goal"], name="status_draft_once")]

    def __str__(self) -> str:
        return f"Kladde: {self.goal}"


class StatusEntryQuerySet(AppendOnlyQuerySet["StatusEntry"]):
    """Statuses, by who may see them."""

    def visible_to(self, user: Any) -> Self:
        """Delegate to the round's own rule."""
        return self.filter(round__in=EvaluationRound.objects.visible_to(user))

    def handed_in(self, at: AsOf) -> Self:
        """Return the statuses of evaluations held by a day, as far as they were known."""
        known = known_by(at.known, "round__held_on", recorded="handed_in_at", kept_since="goal__kept_since")
        return self.filter(known, round__held_on__lte=at.on)


class StatusEntry(AppendOnlyModel):
    """En status for et pejlemærke, handed in, about the wording that was in force that day.

    A correction is a new entry.
    """

    round = models.ForeignKey(EvaluationRound, on_delete=models.PROTECT, related_name="entries")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="status_entries")
    version = models.ForeignKey(GoalVersion, on_delete=models.PROTECT, null=True, related_name="status_entries")
    text = models.TextField("status")
    assessment = models.CharField("vurdering", max_length=20, choices=Assessment, blank=True)
    handed_in_at = models.DateTimeField("afgivet", default=timezone.now, editable=False)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    nonce = models.UUIDField("indsendelse", editable=False)

    objects = StatusEntryQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "status"
        verbose_name_plural = "statusser"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["nonce", "goal"], name="status_entry_once")]

    def __str__(self) -> str:
        return f"Status for {self.goal}"

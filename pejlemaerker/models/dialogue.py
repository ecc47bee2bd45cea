"""Dialogue meetings between the committee and the leaders."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.dates import format_date
from kit.drafts import Draft
from kit.once import SubmittedOnce
from meetings.models import Committee, LeaderGroup, PublishableQuerySet, Right, SourceDocument, latest_act
from meetings.models.publication import Publication
from pejlemaerker.models.follow_up import FollowUpStep
from pejlemaerker.models.goal import Goal


class DialogueQuerySet(PublishableQuerySet["Dialogue"]):
    """Dialogue meetings, by who may see them."""

    subject = "dialogue"

    def visible_to(self, user: Any) -> Self:
        """Return those of committees where the user may read goals, and those whose summary is published."""
        return self.alias(_act=latest_act(self.subject, viewer=user)).filter(
            Q(committee__in=Committee.objects.where(user, Right.READ_GOALS)) | Q(_act=Publication.Act.PUBLISHED)
        )


class Dialogue(Draft, SubmittedOnce):
    """Et dialogmøde, planned or held. The notes are internal: what a politician said is never quoted in public
    (udtalelse 84.1.5).
    """

    class Kind(models.TextChoices):
        FORMULATING = "formulating", "Formulerende dialogmøde"
        MIDTERM = "midterm", "Dialogmøde midtvejs"
        FINAL = "final", "Afsluttende dialogmøde"
        LEADERS = "leaders", "Institutionsledermøde"
        OTHER = "other", "Andet dialogmøde"

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="dialogues")
    kind = models.CharField("art", max_length=20, choices=Kind)
    held_on = models.DateField("dato")
    starts_at = models.TimeField("fra klokken", null=True, blank=True)
    ends_at = models.TimeField("til klokken", null=True, blank=True)
    place = models.CharField("sted", max_length=160, blank=True)
    invitation = models.TextField("indbydelse", blank=True)
    cancelled = models.CharField("aflyst, fordi", max_length=200, blank=True)
    leader_groups = models.ManyToManyField(LeaderGroup, related_name="dialogues", verbose_name="lederkredse")
    goals = models.ManyToManyField(
        Goal, related_name="dialogues", verbose_name="pejlemærker, der blev drøftet", blank=True
    )
    step = models.ForeignKey(
        FollowUpStep,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="dialogues",
        verbose_name="trin i planen",
    )
    public_summary = models.TextField("resumé uden navne", blank=True)
    internal_notes = models.TextField("interne noter", blank=True)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    is_demo = models.BooleanField("opdigtet til demo", default=False)
    source_document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="dialogues"
    )

    objects = DialogueQuerySet.as_manager()

    class Meta:
        verbose_name = "dialogmøde"
        verbose_name_plural = "dialogmøder"
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {format_date(self.held_on)}"

    def get_absolute_url(self) -> str:
        return reverse("dialogue", args=[self.pk])


class DialogueSummary(AppendOnlyModel):
    """Et resumé, as it was told from a moment on: what a paper of that day says, whatever is written later."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.PROTECT, related_name="summaries")
    text = models.TextField("resumé uden navne", blank=True)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["DialogueSummary"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "resumé, som det stod"
        verbose_name_plural = "resuméer, som de stod"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Resumé, {self.dialogue}"

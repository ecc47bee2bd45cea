"""The wordings of a pejlemærke: written, put before the committee, and put in force or not."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.dates import format_date
from kit.drafts import Draft
from kit.once import SubmittedOnce
from kit.search import FoldedField, SearchField, Spellings, Words
from meetings.models import AgendaItem, SourceDocument
from pejlemaerker.models.by_decision import ByDecision, ByDecisionQuerySet, decision_or_delegation
from pejlemaerker.models.goal import Goal
from pejlemaerker.models.knowledge import AsOf, known_by
from pejlemaerker.models.request import AdditionRequest


class ChangeKind(models.TextChoices):
    """What a wording is, held against the one before it (DOMAIN § 4.1)."""

    NEW = "new", "Ny"
    ADDITION = "addition", "Tilføjelse"
    CHANGE = "change", "Ændring"
    LINGUISTIC = "linguistic", "Sproglig rettelse"
    MERGED = "merged", "Sammenlægning"
    SPLIT = "split", "Deling"
    MOVED = "moved", "Flytning til et andet område"
    CONTINUED = "continued", "Videreført fra sidste periode"


class GoalVersionQuerySet(AppendOnlyQuerySet["GoalVersion"]):
    """Wordings, by what has become of them."""

    def written(self, at: AsOf) -> Self:
        """Return the wordings that had been written by a day, as far as was known."""
        return self.filter(Q(worded_on__isnull=True) | Q(worded_on__lte=at.on)).filter(
            known_by(at.known, "worded_on", kept_since="goal__kept_since")
        )

    def awaiting_decision(self) -> Self:
        """Return known wordings that no decision has put in force, unless a later wording of the same goal has passed
        them by.
        """
        later = GoalVersion.objects.filter(goal=OuterRef("goal"), number__gt=OuterRef("number"))
        adopted = Adoption.objects.effective(AsOf.now()).filter(version=OuterRef("pk"))
        return self.exclude(text="").filter(~Exists(adopted), ~Exists(later))


class GoalVersion(AppendOnlyModel):
    """En ordlyd: one text of a pejlemærke, verbatim. An empty text means that the wording is not known."""

    ChangeKind = ChangeKind

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    text = models.TextField("ordlyd", blank=True)
    change_kind = models.CharField("art", max_length=20, choices=ChangeKind, default=ChangeKind.NEW)
    reason = models.CharField("begrundelse", max_length=400, blank=True)
    worded_on = models.DateField("formuleret", null=True)
    answers = models.ForeignKey(
        AdditionRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="answering_versions"
    )
    dialogue = models.ForeignKey(
        "pejlemaerker.Dialogue", on_delete=models.PROTECT, null=True, blank=True, related_name="goal_versions",
        verbose_name="formuleret på",
    )  # fmt: skip
    source_document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="goal_versions"
    )
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    search = SearchField(Words("text", weight="A"), Spellings("text"))
    folded_text = FoldedField("text")

    objects = GoalVersionQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "ordlyd"
        verbose_name_plural = "ordlyde"
        ordering = ["goal", "number"]
        constraints = [models.UniqueConstraint(fields=["goal", "number"], name="goal_version_once")]
        indexes = [
            GinIndex(fields=["search"], name="goal_version_search"),
            GinIndex(fields=["folded_text"], opclasses=["gin_trgm_ops"], name="goal_version_parts"),
        ]

    def __str__(self) -> str:
        return f"{self.goal}, version {self.number}"

    @property
    def is_known(self) -> bool:
        """Whether the text is known; an old wording may be lost, and is then never invented."""
        return bool(self.text)


class WordingDraft(Draft):
    """En kladde til en ordlyd, until it is put before the committee; one for each pejlemærke."""

    goal = models.OneToOneField(Goal, on_delete=models.CASCADE, related_name="wording_draft")
    text = models.TextField("ordlyd", blank=True)
    change_kind = models.CharField("art", max_length=20, choices=ChangeKind, blank=True)
    reason = models.CharField("begrundelse", max_length=400, blank=True)
    worded_on = models.DateField("formuleret", null=True, blank=True)
    answers = models.ForeignKey(
        AdditionRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="answering_drafts",
        verbose_name="svarer på ønsket",
    )  # fmt: skip
    dialogue = models.ForeignKey(
        "pejlemaerker.Dialogue", on_delete=models.PROTECT, null=True, blank=True, related_name="wording_drafts",
        verbose_name="formuleret på",
    )  # fmt: skip

    class Meta:
        verbose_name = "kladde til ordlyd"
        verbose_name_plural = "kladder til ordlyd"

    def __str__(self) -> str:
        return f"Kladde: {self.goal}"


class Derivation(AppendOnlyModel):
    """En afstamning: a wording that takes over from another pejlemærke, by merging, splitting or carrying it on. Where
    it ends the other, that one ends on the day this wording comes into force.
    """

    class Kind(models.TextChoices):
        MERGED = "merged", "Lagt sammen"
        SPLIT = "split", "Delt"
        CONTINUED = "continued", "Videreført"

    version = models.ForeignKey(GoalVersion, on_delete=models.PROTECT, related_name="derivations")
    source = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="derived")
    kind = models.CharField("hvordan", max_length=20, choices=Kind)
    ends_source = models.BooleanField("afslutter det andet", default=False)

    objects = AppendOnlyQuerySet["Derivation"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "afstamning"
        verbose_name_plural = "afstamninger"
        constraints = [models.UniqueConstraint(fields=["version", "source"], name="derivation_once")]

    def __str__(self) -> str:
        return f"{self.source} → {self.version}"


class Submission(AppendOnlyModel):
    """En forelæggelse: a wording is put before a committee on an agenda item."""

    version = models.ForeignKey(GoalVersion, on_delete=models.PROTECT, related_name="submissions")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="submissions")
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["Submission"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "forelæggelse"
        verbose_name_plural = "forelæggelser"
        constraints = [models.UniqueConstraint(fields=["version", "item"], name="submission_once")]

    def __str__(self) -> str:
        return f"{self.version} forelagt"


class AdoptionQuerySet(ByDecisionQuerySet["Adoption"]):
    """Adoptions, by whether they hold."""

    kept_since = "version__goal__kept_since"
    day = "in_force_from"

    def effective(self, at: AsOf) -> Self:
        """Return the adoptions that hold by what was known, and that no annulment has taken back by that day."""
        annulled = Annulment.objects.effective(at).filter(adoption=OuterRef("pk"), annulled_from__lte=at.on)
        return super().effective(at).filter(~Exists(annulled))

    def in_force(self, at: AsOf) -> Self:
        """Return for each pejlemærke the one adoption that decides its wording on a day, by what was known."""
        return (
            self.effective(at)
            .filter(in_force_from__lte=at.on)
            .order_by("version__goal_id", "-in_force_from", "-pk")
            .distinct("version__goal_id")
        )


class Adoption(ByDecision):
    """En ikrafttræden: this wording holds from this day, because of this decision or of a noted delegation; exactly one
    of them.
    """

    version = models.ForeignKey(GoalVersion, on_delete=models.PROTECT, related_name="adoptions")
    in_force_from = models.DateField("gældende fra")

    objects = AdoptionQuerySet.as_manager()

    class Meta(ByDecision.Meta):
        verbose_name = "ikrafttræden"
        verbose_name_plural = "ikrafttrædener"
        constraints = [
            decision_or_delegation("adoption_by_decision_or_delegation"),
            models.UniqueConstraint(fields=["version", "decision"], name="adoption_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version} gælder fra {format_date(self.in_force_from)}"


class AnnulmentQuerySet(ByDecisionQuerySet["Annulment"]):
    """Annulments, by whether they hold."""

    kept_since = "adoption__version__goal__kept_since"
    day = "annulled_from"


class Annulment(SubmittedOnce, ByDecision):
    """En ophævelse: by a later decision the adoption has no effect from this day, and the wording before it holds
    again.
    """

    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, related_name="annulments")
    annulled_from = models.DateField("ophævet fra")
    reason = models.CharField("begrundelse", max_length=400)

    objects = AnnulmentQuerySet.as_manager()

    class Meta(ByDecision.Meta):
        verbose_name = "ophævelse"
        verbose_name_plural = "ophævelser"
        constraints = [
            decision_or_delegation("annulment_by_decision_or_delegation"),
            models.CheckConstraint(condition=~Q(reason=""), name="annulment_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.adoption.version} ophævet fra {format_date(self.annulled_from)}"

"""What was decided: the fact, the draft before it and the additions after it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.drafts import Draft
from kit.once import SubmittedOnce
from meetings.models.agenda_item import AgendaItem, OfItemQuerySet, OfOpenItemManager, Recommendation
from meetings.models.meeting import Meeting
from meetings.models.source_document import SourceDocument


class Category(models.TextChoices):
    """What kind of decision it was; the coded value that always stands beside the verbatim text (DOMAIN § 1.5)."""

    APPROVED = "approved", "Godkendt"
    APPROVED_AMENDED = "approved_amended", "Godkendt med ændring"
    RECOMMENDED = "recommended", "Anbefalet"
    NOTED = "noted", "Taget til efterretning"
    DISCUSSED = "discussed", "Drøftet"
    POSTPONED = "postponed", "Udsat"
    FORWARDED = "forwarded", "Sendt videre"
    REJECTED = "rejected", "Ikke godkendt"
    WITHDRAWN = "withdrawn", "Taget af dagsordenen"
    BROUGHT_TO_COUNCIL = "brought_to_council", "Indbragt for kommunalbestyrelsen"
    ELECTED = "elected", "Valgt"
    NONE = "none", "Ingen beslutning"


# Only these can put a wording in force (DESIGN § 4).
APPROVING = (Category.APPROVED, Category.APPROVED_AMENDED)


class DecisionQuerySet(AppendOnlyQuerySet["Decision"]):
    """Decisions, by who may see them and what they amount to after corrections."""

    def visible_to(self, user: Any) -> Self:
        """Return decisions on items the user may see, once the minutes are public or the committee is the user's."""
        return self.filter(
            item__in=AgendaItem.including_closed.visible_to(user),
            item__meeting__in=Meeting.objects.minutes_visible_to(user),
        )

    def with_effective_category(self) -> Self:
        """Annotate `effective_category`: that of the latest correction which gave one, else the recorded."""
        corrected = Correction.including_closed.filter(decision=OuterRef("pk")).exclude(category="").order_by("-pk")
        return self.annotate(effective_category=Coalesce(Subquery(corrected.values("category")[:1]), F("category")))

    def approving(self) -> Self:
        """Return the decisions that can put a wording in force."""
        return self.with_effective_category().filter(effective_category__in=APPROVING)


class OpenDecisionManager(OfOpenItemManager["Decision"].from_queryset(DecisionQuerySet)):  # type: ignore[misc]
    """The safe default: decisions on open items."""


class Decision(SubmittedOnce, AppendOnlyModel):
    """En beslutning as it was entered in the protocol: verbatim text beside a coded category. Corrected only by
    `Correction`.

    Styrelsesloven § 13 and § 20, stk. 3: decisions are entered in a beslutningsprotokol.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions")
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    category = models.CharField("art", max_length=20, choices=Category)
    text = models.TextField("beslutning, ordret", blank=True)
    decided_on = models.DateField("besluttet")
    recorded_at = models.DateTimeField("ført til protokol", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    source_document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )

    objects = OpenDecisionManager()
    including_closed = DecisionQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "beslutning"
        verbose_name_plural = "beslutninger"
        ordering = ["item__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "recommendation"], nulls_distinct=False, name="one_decision_per_item_or_point"
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False) | Q(source_document__isnull=False), name="decision_has_an_origin"
            ),
        ]

    def __str__(self) -> str:
        return f"Beslutning om {self.item}"


class DecisionDraft(Draft):
    """En kladde til en beslutning: what the secretary is typing while the committee still talks."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="decision_draft")
    category = models.CharField("art", max_length=20, choices=Category, blank=True)
    text = models.TextField("beslutning, ordret", blank=True)

    objects = OfOpenItemManager["DecisionDraft"]()
    including_closed = OfItemQuerySet["DecisionDraft"].as_manager()

    class Meta:
        verbose_name = "kladde til beslutning"
        verbose_name_plural = "kladder til beslutninger"

    def __str__(self) -> str:
        return f"Kladde til {self.item}"


class CorrectionQuerySet(AppendOnlyQuerySet["Correction"]):
    """Corrections, seen only with the decision they correct."""

    def visible_to(self, user: Any) -> Self:
        """Delegate to the decision's own rule."""
        return self.filter(decision__in=Decision.including_closed.visible_to(user))


class OpenCorrectionManager(models.Manager.from_queryset(CorrectionQuerySet)):  # type: ignore[misc]
    """The safe default: corrections of decisions on open items."""

    def get_queryset(self) -> CorrectionQuerySet:
        queryset: CorrectionQuerySet = super().get_queryset()
        return queryset.filter(decision__item__is_closed=False)


class Correction(SubmittedOnce, AppendOnlyModel):
    """En rettelse ved dateret tilføjelse: stands below the original, which is left as it was (udtalelse 04.1.4)."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="corrections")
    text = models.TextField("tilføjelse")
    category = models.CharField("rettet art", max_length=20, choices=Category, blank=True)
    recorded_at = models.DateTimeField("tilføjet", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OpenCorrectionManager()
    including_closed = CorrectionQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "rettelse"
        verbose_name_plural = "rettelser"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Rettelse af {self.decision}"


def lacks_decision(item: str = "pk") -> Q:
    """Return the condition that an item has no decision at all; for `filter` and `annotate` on agenda items."""
    return ~Q(Exists(Decision.including_closed.filter(item=OuterRef(item))))

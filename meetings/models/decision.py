"""What was decided: the fact, the draft before it and the additions after it."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from kit.append_only import APPEND_ONLY_TRIGGERS, AppendOnlyModel, AppendOnlyQuerySet
from kit.drafts import Draft
from kit.once import SubmittedOnce
from kit.search import SearchField, Words
from meetings.models.after_closing import no_more_after_closing
from meetings.models.agenda_item import (
    AgendaItem,
    OfItemQuerySet,
    OfOpenItemManager,
    OfProtocolQuerySet,
    Recommendation,
)
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
    NOT_TREATED = "not_treated", "Ikke behandlet"


# Only these can put a wording in force (DESIGN § 4).
APPROVING = (Category.APPROVED, Category.APPROVED_AMENDED)
# What is decided so follows no indstilling, whether or not anybody marks it.
DEPARTING = (Category.APPROVED_AMENDED, Category.REJECTED)
# On procedure only, or on nothing at all: no member can have these stayed (styrelsesloven § 23; udtalelse 99.1.3).
PROCEDURAL = (
    Category.POSTPONED, Category.FORWARDED, Category.WITHDRAWN, Category.NONE, Category.NOT_TREATED,
)  # fmt: skip


class DecisionQuerySet(OfProtocolQuerySet["Decision"], AppendOnlyQuerySet["Decision"]):  # type: ignore[override]
    """Decisions, by who may see them and what they amount to after corrections and stays."""

    def with_effective_category(self) -> Self:
        """Annotate `effective_category`: that of the latest correction which gave one, else the recorded."""
        corrected = Correction.including_closed.filter(decision=OuterRef("pk")).exclude(category="").order_by("-pk")
        return self.annotate(effective_category=Coalesce(Subquery(corrected.values("category")[:1]), F("category")))

    def approving(self) -> Self:
        """Return the decisions that can put a wording in force: none that a stay holds back (styrelsesloven § 23)."""
        return self.with_effective_category().filter(
            Q(stay__isnull=True) | Q(stay__outcome__verdict="confirmed"), effective_category__in=APPROVING
        )

    def departing(self) -> Self:
        """Return the decisions that depart from the indstilling: marked so, or of a kind that cannot but do so."""
        has_proposal = Exists(Recommendation.including_closed.filter(item=OuterRef("item")))
        by_kind = Q(departs__isnull=True, effective_category__in=DEPARTING)
        return self.with_effective_category().filter(Q(departs=True) | (by_kind & Q(has_proposal)))


class OpenDecisionManager(OfOpenItemManager["Decision"].from_queryset(DecisionQuerySet)):  # type: ignore[misc]
    """The safe default: decisions on open items."""


# An item is decided as a whole or at-point by at-point, never both; and "Ad 2" is this item's own second point.
_FITS_THE_ITEM = pgtrigger.Trigger(
    name="fits_the_item",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF EXISTS (SELECT 1 FROM meetings_decision d WHERE d.item_id = NEW.item_id
                    AND (d.recommendation_id IS NULL) <> (NEW.recommendation_id IS NULL)) THEN
            RAISE EXCEPTION 'item % is decided as a whole or by its points, not both', NEW.item_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.recommendation_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM meetings_recommendation r WHERE r.id = NEW.recommendation_id AND r.item_id = NEW.item_id
        ) THEN
            RAISE EXCEPTION 'at-point % is not of item %', NEW.recommendation_id, NEW.item_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


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
    conditions = models.TextField("betingelser", blank=True)
    departs = models.BooleanField("afviger fra indstillingen", null=True)  # unknown in what was read from documents
    decided_on = models.DateField("besluttet")
    recorded_at = models.DateTimeField("ført til protokol", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    source_document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    search = SearchField(Words("text"), Words("conditions"))

    objects = OpenDecisionManager()
    including_closed = DecisionQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        triggers = [*APPEND_ONLY_TRIGGERS, no_more_after_closing(), _FITS_THE_ITEM]
        verbose_name = "beslutning"
        verbose_name_plural = "beslutninger"
        ordering = ["item__position", "pk"]
        indexes = [
            GinIndex(fields=["search"], name="decision_search"),
            models.Index(fields=["-decided_on", "-id"], name="decision_by_day"),
        ]
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
    conditions = models.TextField("betingelser", blank=True)
    departs = models.BooleanField("afviger fra indstillingen", default=False)
    points = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="gælder at-punkterne", default=list, blank=True
    )

    objects = OfOpenItemManager["DecisionDraft"]()
    including_closed = OfItemQuerySet["DecisionDraft"].as_manager()

    class Meta:
        verbose_name = "kladde til beslutning"
        verbose_name_plural = "kladder til beslutninger"

    def __str__(self) -> str:
        return f"Kladde til {self.item}"


class CorrectionQuerySet(OfProtocolQuerySet["Correction"], AppendOnlyQuerySet["Correction"]):  # type: ignore[override]
    """Corrections, seen only with the decision they correct."""

    item = "decision__item"


class OpenCorrectionManager(OfOpenItemManager["Correction"].from_queryset(CorrectionQuerySet)):  # type: ignore[misc]
    """The safe default: corrections of decisions on open items."""


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
    """Return the condition that an item is not decided yet: neither as a whole nor on every at-point; for `filter` and
    `annotate` on agenda items.
    """
    decisions = Decision.including_closed.filter(item=OuterRef(item))
    undecided_points = Recommendation.including_closed.filter(item=OuterRef(item), decisions__isnull=True)
    return ~Q(Exists(decisions)) | Q(Exists(decisions.filter(recommendation__isnull=False)), Exists(undecided_points))

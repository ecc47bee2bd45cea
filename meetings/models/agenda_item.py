"""Agenda items, and the one rule for the closed ones."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from kit.drafts import Draft
from kit.once import SubmittedOnce
from kit.search import FoldedField, SearchedDay, SearchField, Spellings, Words
from meetings.models.after_closing import OF_MEETING, frozen_after_closing
from meetings.models.committee import Committee
from meetings.models.meeting import Meeting
from meetings.models.noticed import NoticedItem
from meetings.models.role import Right
from meetings.models.searched_day import day_given_to, day_taken_from


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    """Agenda items, by who may see them."""

    def visible_to(self, user: Any) -> Self:
        """Return open items of the meetings the user may see, and closed ones only of committees where the user may
        read those.

        This is the one place where the rule for closed doors stands (styrelsesloven § 10; DOMAIN § 2.1). Call it on
        `including_closed`; everything that hangs on an item delegates here.
        """
        may_read_closed = Committee.objects.where(user, Right.READ_CLOSED)
        meeting = Exists(Meeting.objects.visible_to(user).filter(pk=OuterRef("meeting")))  # asked of each, not of all
        return self.filter(Q(meeting__committee__in=may_read_closed) | Q(meeting, is_closed=False))

    def closed_traces(self) -> "models.QuerySet[AgendaItem, Any]":
        """Return what outsiders may know of closed items: a number, a public heading, an open decision. Nothing else
        comes along.
        """
        return self.filter(is_closed=True).values("number", "position", "public_heading", "open_decision")


class OpenItemManager(models.Manager.from_queryset(AgendaItemQuerySet)):  # type: ignore[misc]
    """The safe default: closed items do not exist here."""

    def get_queryset(self) -> AgendaItemQuerySet:
        queryset: AgendaItemQuerySet = super().get_queryset()
        return queryset.filter(is_closed=False)


# The public side of a closed item may come after the meeting, when it is known what secrecy allows. What is searched by
# follows from the rest, and is not computed yet when the trigger looks.
_STILL_WRITTEN_AFTER_CLOSING = (
    "public_heading",
    "open_decision",
    "revision",
    "edited_at",
    "edited_by_id",
    "search",
    "folded_title",
)


class AgendaItem(NoticedItem, Draft, SubmittedOnce):
    """Et dagsordenspunkt. Closed until somebody says it is open."""

    class CaseType(models.TextChoices):
        DECISION = "decision", "Beslutning"
        DISCUSSION = "discussion", "Drøftelse"
        BRIEFING = "briefing", "Orientering"

    class Continuation(models.TextChoices):
        MOVED = "moved", "Flyttet"
        REPEATED = "repeated", "Gentaget"
        FORWARDED = "forwarded", "Sendt videre"
        SPLIT = "split", "Delt"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.CharField("nummer", max_length=12)
    position = models.PositiveIntegerField("rækkefølge")
    title = models.CharField("titel", max_length=400)
    case_no = models.CharField("sagsnr.", max_length=60, blank=True)
    case_type = models.CharField("sagstype", max_length=20, choices=CaseType, blank=True)
    case_officers = ArrayField(
        models.CharField(max_length=120), verbose_name="sagsbehandlere", default=list, blank=True
    )
    is_closed = models.BooleanField("lukket punkt", default=True)
    closed_reason = models.CharField("begrundelse for lukning", max_length=300, blank=True)
    public_heading = models.CharField("offentlig overskrift for lukket punkt", max_length=200, blank=True)
    open_decision = models.TextField("åben beslutning på lukket punkt", blank=True)
    # Crosses in the routing matrix whose column was lost when the text was extracted (DOMAIN § 1.6).
    unplaced_marks = models.PositiveSmallIntegerField("krydser uden kendt kolonne", default=0)
    # Sagens forløb: all treatments of one case, in whatever body, carry the same number; `continues` is the one before.
    trail = models.UUIDField("sagens forløb", db_default=RandomUUID(), editable=False, db_index=True)
    continues = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continuations", verbose_name="fortsætter"
    )
    continuation = models.CharField("hvordan", max_length=20, choices=Continuation, blank=True)
    search = SearchField(
        Words("title", weight="A"),
        Spellings("title"),
        Spellings("case_no"),
    )
    folded_title = FoldedField("title")
    day = SearchedDay()

    objects = OpenItemManager()
    including_closed = AgendaItemQuerySet.as_manager()

    class Meta:
        triggers = [
            *frozen_after_closing(OF_MEETING, but=_STILL_WRITTEN_AFTER_CLOSING),
            day_taken_from("meetings_meeting", "meeting_id", "date"),
            day_given_to("meetings_itemsection", "item_id", "day"),
        ]
        verbose_name = "dagsordenspunkt"
        verbose_name_plural = "dagsordenspunkter"
        ordering = ["position"]
        constraints = [
            # Deferred: two items that change places have for a moment the same number.
            models.UniqueConstraint(
                fields=["meeting", "number"], name="item_number_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(continues__isnull=True, continuation="")
                | (Q(continues__isnull=False) & ~Q(continuation="")),
                name="continuation_says_how",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="item_search"),
            GinIndex(fields=["folded_title"], opclasses=["gin_trgm_ops"], name="item_title_parts"),
            models.Index(fields=["-day", "-id"], name="item_by_day"),
        ]

    def __str__(self) -> str:
        return f"Punkt {self.number}"  # never the title: this string reaches logs and messages

    def get_absolute_url(self) -> str:
        return reverse("item", args=[self.meeting_id, self.number])


class OfItemQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that hang on an agenda item and are seen only with it."""

    item: ClassVar[str] = "item"  # the way from the row to its item

    def visible_to(self, user: Any) -> Self:
        """Delegate to the item's own rule."""
        return self.filter(**{f"{self.item}__in": AgendaItem.including_closed.visible_to(user)})


class OfProtocolQuerySet[M: models.Model](OfItemQuerySet[M]):
    """Rows of the protocol: seen with the item, by those who may read the minutes."""

    def visible_to(self, user: Any) -> Self:
        """Delegate to the item's rule and the meeting's."""
        return (
            super().visible_to(user).filter(**{f"{self.item}__meeting__in": Meeting.objects.minutes_visible_to(user)})
        )


class OfOpenItemManager[M: models.Model](models.Manager[M]):
    """The safe default for rows that hang on an agenda item."""

    def get_queryset(self) -> models.QuerySet[M]:
        rows = super().get_queryset()
        item = rows.item if isinstance(rows, OfItemQuerySet) else "item"
        return rows.filter(**{f"{item}__is_closed": False})


class ItemSection(models.Model):
    """Et afsnit under en rubrik (Sagsresume, Sagsfremstilling …), with the heading as printed."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField("rubrik", max_length=30)
    heading = models.CharField("overskrift som trykt", max_length=120)
    text = models.TextField("tekst")
    blocks = models.JSONField("afsnit, mellemrubrikker og lister", default=list)
    search = SearchField(Words("text"))
    day = SearchedDay()

    objects = OfOpenItemManager["ItemSection"]()
    including_closed = OfItemQuerySet["ItemSection"].as_manager()

    class Meta:
        triggers = [*frozen_after_closing(), day_taken_from("meetings_agendaitem", "item_id", "day")]
        verbose_name = "afsnit"
        verbose_name_plural = "afsnit"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["item", "position"], name="item_section_once")]
        indexes = [
            GinIndex(fields=["search"], name="item_section_search"),
            models.Index(fields=["-day", "-id"], name="item_section_by_day"),
        ]

    def __str__(self) -> str:
        return self.heading


class Routing(models.Model):
    """Et led i sagsgangen: a body the case may pass, in order, and whether it was marked; unknown is a value. The body
    itself is known where the abbreviation is one of the municipality's own.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="routing")
    position = models.PositiveSmallIntegerField()
    abbreviation = models.CharField("forkortelse", max_length=12)
    is_marked = models.BooleanField("krydset", null=True)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfOpenItemManager["Routing"]()
    including_closed = OfItemQuerySet["Routing"].as_manager()

    class Meta:
        triggers = frozen_after_closing()
        verbose_name = "sagsgang"
        verbose_name_plural = "sagsgang"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["item", "position"], name="routing_once")]

    def __str__(self) -> str:
        return self.abbreviation


class Recommendation(models.Model):
    """En indstilling, one at-point of it: what somebody proposes that the body decides. Never the decision itself."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="recommendations")
    number = models.PositiveSmallIntegerField("nummer")
    by = models.CharField("hvem indstiller", max_length=160, blank=True)
    text = models.TextField("at-punkt")

    objects = OfOpenItemManager["Recommendation"]()
    including_closed = OfItemQuerySet["Recommendation"].as_manager()

    class Meta:
        triggers = frozen_after_closing()
        verbose_name = "indstilling"
        verbose_name_plural = "indstillinger"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="recommendation_once")]

    def __str__(self) -> str:
        return self.text[:80]

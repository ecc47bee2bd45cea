"""Agenda items, and the one rule for the closed ones."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from kit.drafts import Draft
from kit.once import SubmittedOnce
from meetings.models.committee import Committee
from meetings.models.meeting import Meeting
from meetings.models.role import Right


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    """Agenda items, by who may see them."""

    def visible_to(self, user: Any) -> Self:
        """Return open items of the meetings the user may see, and closed ones only of committees where the user may
        read those.

        This is the one place where the rule for closed doors stands (styrelsesloven § 10; DOMAIN § 2.1). Call it on
        `including_closed`; everything that hangs on an item delegates here.
        """
        may_read_closed = Committee.objects.where(user, Right.READ_CLOSED)
        return self.filter(
            Q(meeting__committee__in=may_read_closed) | Q(is_closed=False, meeting__in=Meeting.objects.visible_to(user))
        )

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


class AgendaItem(Draft, SubmittedOnce):
    """Et dagsordenspunkt. Closed until somebody says it is open."""

    class CaseType(models.TextChoices):
        DECISION = "decision", "Beslutning"
        DISCUSSION = "discussion", "Drøftelse"
        BRIEFING = "briefing", "Orientering"

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

    objects = OpenItemManager()
    including_closed = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "dagsordenspunkt"
        verbose_name_plural = "dagsordenspunkter"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="item_number_once")]

    def __str__(self) -> str:
        return f"Punkt {self.number}"  # never the title: this string reaches logs and messages

    def get_absolute_url(self) -> str:
        return reverse("item", args=[self.meeting_id, self.number])


class OfItemQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that hang on an agenda item and are seen only with it."""

    def visible_to(self, user: Any) -> Self:
        """Delegate to the item's own rule."""
        return self.filter(item__in=AgendaItem.including_closed.visible_to(user))


class OfOpenItemManager[M: models.Model](models.Manager[M]):
    """The safe default for rows that hang on an agenda item."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(item__is_closed=False)


class ItemSection(models.Model):
    """Et afsnit under en rubrik (Sagsresume, Sagsfremstilling …), with the heading as printed."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField("rubrik", max_length=30)
    heading = models.CharField("overskrift som trykt", max_length=120)
    text = models.TextField("tekst")
    blocks = models.JSONField("afsnit, mellemrubrikker og lister", default=list)

    objects = OfOpenItemManager["ItemSection"]()
    including_closed = OfItemQuerySet["ItemSection"].as_manager()

    class Meta:
        verbose_name = "afsnit"
        verbose_name_plural = "afsnit"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["item", "position"], name="item_section_once")]

    def __str__(self) -> str:
        return self.heading


class Routing(models.Model):
    """En kolonne i udvalgsmatrixen: a body the case may pass, and whether it was marked; unknown is a value."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="routing")
    position = models.PositiveSmallIntegerField()
    abbreviation = models.CharField("forkortelse", max_length=12)
    is_marked = models.BooleanField("krydset", null=True)

    objects = OfOpenItemManager["Routing"]()
    including_closed = OfItemQuerySet["Routing"].as_manager()

    class Meta:
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
        verbose_name = "indstilling"
        verbose_name_plural = "indstillinger"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="recommendation_once")]

    def __str__(self) -> str:
        return self.text[:80]

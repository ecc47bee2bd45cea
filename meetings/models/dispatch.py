"""Udsendelse af dagsordenen: from then on it stands as it was sent, and what is changed shows as a change."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from kit.append_only import APPEND_ONLY_TRIGGERS, AppendOnlyModel, AppendOnlyQuerySet
from kit.once import SubmittedOnce
from meetings.models.after_closing import OF_MEETING, no_more_after_closing
from meetings.models.agenda_item import AgendaItem, OfItemQuerySet, OfOpenItemManager
from meetings.models.meeting import Meeting


class Dispatch(SubmittedOnce, AppendOnlyModel):
    """En udsendelse til medlemmerne (styrelsesloven § 8): the agenda, or an extra one (tillægsdagsorden) after it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="dispatches")
    is_supplementary = models.BooleanField("tillægsdagsorden", default=False)
    sent_at = models.DateTimeField("udsendt", default=timezone.now, editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["Dispatch"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        triggers = [*APPEND_ONLY_TRIGGERS, no_more_after_closing(OF_MEETING)]
        verbose_name = "udsendelse"
        verbose_name_plural = "udsendelser"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(is_supplementary=False), name="agenda_sent_once"
            )
        ]

    def __str__(self) -> str:
        return "Tillægsdagsorden" if self.is_supplementary else "Dagsorden"


class DispatchedItemQuerySet(  # type: ignore[override]  # each of the two has its own as_manager
    OfItemQuerySet["DispatchedItem"], AppendOnlyQuerySet["DispatchedItem"]
):
    """Items as they were sent out, seen only with the item."""


class OpenCopyManager(OfOpenItemManager["DispatchedItem"].from_queryset(DispatchedItemQuerySet)):  # type: ignore[misc]
    """The safe default: open items as they were sent out."""


class DispatchedItem(AppendOnlyModel):
    """Et punkt, som det blev udsendt: a frozen copy to hold the item against."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="dispatched")
    number = models.CharField("nummer", max_length=12)
    position = models.PositiveIntegerField("rækkefølge")
    content = models.JSONField("titel, åbenhed, indstilling, afsnit og bilag, som de blev udsendt")

    objects = OpenCopyManager()
    including_closed = DispatchedItemQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "udsendt punkt"
        verbose_name_plural = "udsendte punkter"
        ordering = ["dispatch", "position"]
        constraints = [models.UniqueConstraint(fields=["dispatch", "item"], name="item_dispatched_once")]

    def __str__(self) -> str:
        return f"Punkt {self.number}, som udsendt"

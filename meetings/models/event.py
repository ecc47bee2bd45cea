"""The log: who did what to which, and when."""

from typing import Any

from django.db import models
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet


class EventQuerySet(AppendOnlyQuerySet["Event"]):
    """The log, and the one way to write in it."""

    def record(self, action: str, target: models.Model, *, by: Any, **changes: Any) -> "Event":
        """Write that `by` did `action` to `target`; called inside the transaction of the write itself."""
        return self.create(
            actor_pk=by.pk if by else None,
            actor=str(by) if by else "Systemet",
            action=action,
            target_type=target._meta.label_lower,
            target_pk=target.pk,
            target=str(target)[:300],
            changes=changes,
        )


class Event(AppendOnlyModel):
    """En hændelse. Actor and target are text and number, without foreign keys, so that the log outlives what it tells
    of.
    """

    at = models.DateTimeField("tidspunkt", default=timezone.now, editable=False)
    actor = models.CharField("hvem", max_length=160)
    actor_pk = models.BigIntegerField(null=True)
    action = models.CharField("handling", max_length=60)
    target_type = models.CharField("genstandens art", max_length=60)
    target_pk = models.BigIntegerField()
    target = models.CharField("genstand", max_length=300)
    changes = models.JSONField("ændringer", default=dict)

    objects = EventQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "hændelse"
        verbose_name_plural = "hændelser"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["target_type", "target_pk"], name="event_target")]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.target}"

"""The log: who did what to which, and when."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kit.append_only import APPEND_ONLY_TRIGGERS, AppendOnlyModel, AppendOnlyQuerySet
from meetings.models.belonging import home_of
from meetings.models.organisation import Municipality
from meetings.models.role import Right

SYSTEM = "Systemet"


class EventQuerySet(AppendOnlyQuerySet["Event"]):
    """The log, the one way to write in it, and the one rule of who reads it."""

    def record(self, action: str, target: models.Model, *, by: Any, **changes: Any) -> "Event":
        """Write that `by` did `action` to `target`; called inside the transaction of the write itself."""
        home = home_of(target)
        return self.create(
            actor_pk=by.pk if by else None,
            actor=str(by) if by else SYSTEM,
            action=action,
            target_type=target._meta.label_lower,
            target_pk=target.pk,
            target=str(target)[:300],
            municipality_pk=home.municipality,
            committee_pk=home.committee,
            changes=changes,
        )

    def visible_to(self, user: Any) -> Self:
        """Return what the user may read of the log: all of a municipality, or of the one committee the right is held
        in. What belongs to the whole installation is only for those who read the log of every municipality in it.
        """
        if not user.is_authenticated:
            return self.none()
        held = user.holds(Right.READ_LOG)
        whole = {role.municipality for role in held if role.committee is None}
        rule = Q(municipality_pk__in=whole) | Q(committee_pk__in=[role.committee for role in held if role.committee])
        if whole and not Municipality.objects.exclude(pk__in=whole).exists():
            rule |= Q(municipality_pk__isnull=True)
        return self.filter(rule)


class Event(AppendOnlyModel):
    """En hændelse. Actor and target are text and number, without foreign keys, so that the log outlives what it tells
    of; the municipality and the committee are where the target belonged when it was written.
    """

    at = models.DateTimeField("tidspunkt", default=timezone.now, editable=False)
    actor = models.CharField("hvem", max_length=160)
    actor_pk = models.BigIntegerField(null=True)
    action = models.CharField("handling", max_length=60)
    target_type = models.CharField("genstandens art", max_length=60)
    target_pk = models.BigIntegerField()
    target = models.CharField("genstand", max_length=300)
    municipality_pk = models.BigIntegerField("kommune", null=True)
    committee_pk = models.BigIntegerField("udvalg", null=True)
    changes = models.JSONField("ændringer", default=dict)

    objects = EventQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "hændelse"
        verbose_name_plural = "hændelser"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_pk"], name="event_target"),
            models.Index(fields=["municipality_pk", "-id"], name="event_of_municipality"),
            models.Index(fields=["actor_pk", "-at"], name="event_of_actor"),
        ]
        triggers = [
            *APPEND_ONLY_TRIGGERS,
            pgtrigger.Trigger(
                name="awaits_seal",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="INSERT INTO meetings_unsealedevent (event_pk) VALUES (NEW.id); RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.target}"

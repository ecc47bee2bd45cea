"""Drafts: ordinary rows that may change until the act makes them a fact, and are never overwritten unseen."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone


class EditConflict(Exception):
    """Somebody else saved in between; `current` is what stands there now, so that the person can choose."""

    def __init__(self, current: models.Model) -> None:
        super().__init__("Teksten er ændret af en anden imens")
        self.current = current


class Draft(models.Model):
    """A text under way, with a revision number that every save must name."""

    revision = models.PositiveIntegerField("udgave", default=0)
    edited_at = models.DateTimeField("gemt", default=timezone.now)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name="gemt af", related_name="+", null=True
    )

    class Meta:
        abstract = True

    def save_if_unchanged(self, *, expected: int, by: Any, **values: Any) -> Self:
        """Write `values` if the row still has the expected revision, in one statement; otherwise raise EditConflict."""
        manager = type(self)._base_manager  # a draft on a closed item is also a draft
        changed = manager.filter(pk=self.pk, revision=expected).update(
            revision=expected + 1, edited_at=timezone.now(), edited_by=by, **values
        )
        current = manager.get(pk=self.pk)
        if not changed:
            raise EditConflict(current)
        return current

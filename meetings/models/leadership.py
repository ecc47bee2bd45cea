"""Who leads what: the people behind a lederkreds, with dates."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from meetings.models.organisation import LeaderGroup, Municipality, OrgUnit


class LeadershipQuerySet(models.QuerySet["Leadership"]):
    """Leaderships, by date."""

    def current(self, on: date) -> Self:
        """Return those that hold on a day."""
        return self.filter(Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on)))


class Leadership(models.Model):
    """En lederpost: who leads a unit (or works without one) and belongs to a lederkreds, from when to when. It needs no
    login: the leader is written to by e-mail.
    """

    leader_group = models.ForeignKey(
        LeaderGroup, on_delete=models.PROTECT, related_name="leaderships", verbose_name="lederkreds"
    )
    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="leaderships", verbose_name="enhed"
    )
    name = models.CharField("navn", max_length=120)
    email = models.EmailField("e-mail")
    valid_from = models.DateField("fra")
    valid_to = models.DateField("til", null=True, blank=True)

    objects = LeadershipQuerySet.as_manager()

    class Meta:
        verbose_name = "lederpost"
        verbose_name_plural = "lederposter"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="leadership_has_length"
            ),
            models.UniqueConstraint(
                fields=["leader_group", "email", "unit", "valid_from"], name="leadership_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.unit}" if self.unit_id else self.name

    @property
    def municipality(self) -> Municipality:
        """Whose organisation it is a part of."""
        return self.leader_group.municipality

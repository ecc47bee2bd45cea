"""Publishing is an act per record: nothing is public because it exists (offentlighedsloven; DOMAIN § 2.1, § 20, stk.
7).
"""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.db.models.lookups import Exact
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.clock import beginning_of


class Publication(AppendOnlyModel):
    """En offentliggørelse, or its withdrawal. The latest row for a subject tells whether it is public now."""

    class Act(models.TextChoices):
        PUBLISHED = "published", "Offentliggjort"
        WITHDRAWN = "withdrawn", "Trukket tilbage"

    subject = models.CharField("hvad", max_length=60)
    subject_pk = models.BigIntegerField()
    act = models.CharField("handling", max_length=20, choices=Act)
    at = models.DateTimeField("tidspunkt", default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    warnings_accepted = models.JSONField("advarsler, der blev set og godtaget", default=list)

    objects = AppendOnlyQuerySet["Publication"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "offentliggørelse"
        verbose_name_plural = "offentliggørelser"
        indexes = [models.Index(fields=["subject", "subject_pk", "-id"], name="publication_latest")]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.subject} {self.subject_pk}"


def latest_act(subject: str, *, pk: str = "pk", viewer: Any = None) -> Subquery | Case:
    """Return an expression: the latest act of publishing for the row, or NULL where there never was one. To a visitor
    of an earlier day (`came_on`) a thing is public only if it was so then, and still is: what was withdrawn since is
    not shown again.
    """
    acts = Publication.objects.filter(subject=subject, subject_pk=OuterRef(pk)).order_by("-id")
    latest = Subquery(acts.values("act")[:1])
    came_on = getattr(viewer, "came_on", None)
    if came_on is None:
        return latest
    then = acts.filter(at__lt=beginning_of(came_on + timedelta(days=1)))
    return Case(When(Exact(latest, Publication.Act.PUBLISHED), then=Subquery(then.values("act")[:1])), default=latest)


class PublishableQuerySet[M: models.Model](QuerySet[M]):
    """A queryset of things that are published one by one, under one subject."""

    subject: ClassVar[str]

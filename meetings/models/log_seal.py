"""The seals on the log: a chain of fingerprints over every event, so that what is changed afterwards shows."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet


class UnsealedEvent(models.Model):
    """En hændelse, der venter på segl: written by a trigger beside the event, taken away when it is sealed.

    So nobody who writes waits for the chain (eight writers: 1,280 events a second, 1,340 without any chain, 159 with a
    chain linked under a lock), and an event whose transaction ends late is taken by a later seal: what
    has not been committed is not there to be taken.
    """

    event_pk = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = "ventende hændelse"
        verbose_name_plural = "ventende hændelser"

    def __str__(self) -> str:
        return str(self.event_pk)


class LogSeal(AppendOnlyModel):
    """Et segl på loggen: which events it covers with each one's fingerprint, and the chain's head so far."""

    number = models.PositiveIntegerField("nummer", unique=True)
    sealed_at = models.DateTimeField("forseglet", default=timezone.now, editable=False)
    events = ArrayField(models.BigIntegerField(), verbose_name="hændelser")
    digests = ArrayField(models.CharField(max_length=64), verbose_name="fingeraftryk")
    count = models.BigIntegerField("hændelser i alt")
    previous = models.CharField("kædens forrige led", max_length=64)
    head = models.CharField("kædens led", max_length=64)

    objects = AppendOnlyQuerySet["LogSeal"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "segl på loggen"
        verbose_name_plural = "segl på loggen"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Segl {self.number}"

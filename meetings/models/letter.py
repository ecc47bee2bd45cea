"""Letters by e-mail: each is sent once, whatever is restarted in between."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters, by how far they have come."""

    def waiting(self) -> Self:
        """Return those that nobody has begun to send."""
        return self.filter(claimed_at__isnull=True, returned_at__isnull=True)

    def uncertain(self) -> Self:
        """Return those that were on their way when the sender was cut off: nobody knows whether they arrived, and they
        are not sent again by themselves.
        """
        return self.filter(claimed_at__isnull=False, sent_at__isnull=True, returned_at__isnull=True)


class Letter(models.Model):
    """Et brev by e-mail: that it is to be sent, was sent, or came back. Its text is not kept; a personal link in it is
    known to the receiver only.

    The key names the one occasion ("indbydelse:17"), so that the same letter is never sent twice. It is claimed before
    it is sent, in a transaction of its own: a sender that is cut off in between leaves it uncertain, never doubled.
    """

    key = models.CharField("anledning", max_length=200, unique=True)
    kind = models.CharField("art", max_length=40)
    about = models.CharField("om", max_length=80, blank=True, db_index=True)  # "adspurgt:17"
    to = models.EmailField("til")
    subject = models.CharField("emne", max_length=200)
    asked_at = models.DateTimeField("bestilt", default=timezone.now, editable=False)
    claimed_at = models.DateTimeField("på vej", null=True, editable=False)
    sent_at = models.DateTimeField("sendt", null=True, editable=False)
    returned_at = models.DateTimeField("kom retur", null=True, editable=False)
    returned_why = models.CharField("hvorfor", max_length=300, blank=True)
    message_id = models.CharField("Message-ID", max_length=200, blank=True, db_index=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "brev"
        verbose_name_plural = "breve"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(claimed_at__isnull=False), name="sent_letter_was_claimed"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class ReminderStop(models.Model):
    """Et fravalg: a kind of reminder that somebody with a login does not want."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_stops")
    kind = models.CharField("art", max_length=40)
    stopped_at = models.DateTimeField("fravalgt", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "fravalg af påmindelse"
        verbose_name_plural = "fravalg af påmindelser"
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="reminder_stop_once")]

    def __str__(self) -> str:
        return self.kind

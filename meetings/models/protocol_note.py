"""Protokolbemærkninger: what a member wants to stand beside the decision."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from kit.once import SubmittedOnce
from meetings.models.after_closing import frozen_after_closing
from meetings.models.agenda_item import AgendaItem, OfOpenItemManager, OfProtocolQuerySet


class ProtocolNoteQuerySet(OfProtocolQuerySet["ProtocolNote"]):
    """Protocol notes, seen with the protocol."""


class OpenNoteManager(OfOpenItemManager["ProtocolNote"].from_queryset(ProtocolNoteQuerySet)):  # type: ignore[misc]
    """The safe default: notes on open items."""


class ProtocolNote(SubmittedOnce):
    """En protokolbemærkning: any participant may have a dissent briefly recorded (styrelsesloven § 13; § 20, stk. 3).

    It says what should have been decided instead, so it presupposes a vote against; who abstained can only dissent on
    procedure (udtalelse 95.1.4).
    """

    class Kind(models.TextChoices):
        NOTE = "note", "Protokolbemærkning"
        DISSENT = "dissent", "Afvigende mening"
        RESERVATION = "reservation", "Forbehold"
        EXPLANATION = "explanation", "Stemmeforklaring"

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="protocol_notes")
    kind = models.CharField("art", max_length=20, choices=Kind, default=Kind.NOTE)
    by = models.CharField("hvem", max_length=200)  # persons or party groups, as they are to be printed
    text = models.TextField("bemærkning, ordret")
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OpenNoteManager()
    including_closed = ProtocolNoteQuerySet.as_manager()

    class Meta:
        triggers = frozen_after_closing()
        verbose_name = "protokolbemærkning"
        verbose_name_plural = "protokolbemærkninger"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.item}"

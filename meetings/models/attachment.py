"""Bilag: files that belong to an agenda item, each with its own word on whether the public may have it."""

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kit.once import SubmittedOnce
from meetings.models.after_closing import frozen_after_closing
from meetings.models.agenda_item import AgendaItem, OfItemQuerySet, OfOpenItemManager
from meetings.models.committee import Committee
from meetings.models.role import Right


class StoredFile(models.Model):
    """En fil: its bytes, kept once however many items it is attached to. Fetched only where it is served.

    It never changes. It goes when the last attachment that names it is taken off: a file laid on by mistake may hold
    personal data, and must not stay (databeskyttelsesforordningen, art. 17).
    """

    sha256 = models.CharField("fingeraftryk", max_length=64, unique=True)
    content = models.BinaryField("indhold")
    size = models.PositiveIntegerField("bytes")
    stored_at = models.DateTimeField("gemt", default=timezone.now, editable=False)

    class Meta:
        triggers = [pgtrigger.Protect(name="bytes_stay", operation=pgtrigger.Update)]
        verbose_name = "fil"
        verbose_name_plural = "filer"

    def __str__(self) -> str:
        return self.sha256[:12]


class AttachmentQuerySet(OfItemQuerySet["Attachment"]):
    """Attachments, by who may see them."""

    def visible_to(self, user: Any) -> Self:
        """Return attachments of items the user may see: outsiders get those that are marked for the public."""
        inside = Committee.objects.where(user, Right.READ_MEETINGS)
        return super().visible_to(user).filter(Q(is_public=True) | Q(item__meeting__committee__in=inside))


class OpenAttachmentManager(OfOpenItemManager["Attachment"].from_queryset(AttachmentQuerySet)):  # type: ignore[misc]
    """The safe default: attachments of open items."""


class Attachment(SubmittedOnce):
    """Et bilag, named in the agenda. Not for the public until somebody says so (SBSYS calls it MaaPubliceres)."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="attachments")
    position = models.PositiveSmallIntegerField("rækkefølge")
    title = models.CharField("titel", max_length=200)
    doc_no = models.CharField("doknr.", max_length=60, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    file_name = models.CharField("filnavn", max_length=255)
    is_public = models.BooleanField("må offentliggøres", default=False)
    added_at = models.DateTimeField("lagt på", default=timezone.now, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OpenAttachmentManager()
    including_closed = AttachmentQuerySet.as_manager()

    class Meta:
        triggers = frozen_after_closing(but=("is_public",))
        verbose_name = "bilag"
        verbose_name_plural = "bilag"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"Bilag {self.pk}"  # never the title: this string reaches logs

    def get_absolute_url(self) -> str:
        return reverse("attachment", args=[self.item.meeting_id, self.item.number, self.pk])

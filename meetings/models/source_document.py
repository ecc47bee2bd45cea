"""Documents that were read in: the original, unchanged, and what was found in it."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from meetings.models.committee import Committee
from meetings.models.organisation import Municipality


class SourceDocument(AppendOnlyModel):
    """Et kildedokument (dagsorden, referat, notat): its text is kept as it came, typing errors and all."""

    class Kind(models.TextChoices):
        MINUTES = "referat", "Referat"
        AGENDA = "dagsorden", "Dagsorden"
        NOTE = "notat", "Notat"
        GOALS = "maaldokument", "Måldokument"
        EXTRACT = "uddrag", "Uddrag"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="source_documents")
    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="source_documents"
    )
    kind = models.CharField("art", max_length=20, choices=Kind)
    title = models.CharField("titel", max_length=400, blank=True)
    case_no = models.CharField("sagsnr.", max_length=60, blank=True)
    doc_no = models.CharField("doknr.", max_length=60, blank=True)
    date = models.DateField("dato", null=True)
    sender_unit = models.CharField("afsender", max_length=200, blank=True)
    author = models.CharField("forfatter", max_length=120, blank=True)
    author_title = models.CharField("forfatterens titel", max_length=120, blank=True)
    initials = models.CharField("initialer", max_length=12, blank=True)
    file_name = models.CharField("filnavn", max_length=255)
    sha256 = models.CharField("fingeraftryk (SHA-256)", max_length=64)
    text = models.TextField("tekst")
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField("indlæst", default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet["SourceDocument"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "kildedokument"
        verbose_name_plural = "kildedokumenter"
        constraints = [models.UniqueConstraint(fields=["municipality", "sha256"], name="source_document_once")]

    def __str__(self) -> str:
        return self.title or self.file_name

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.pk])


class Finding(AppendOnlyModel):
    """Et fund: one value read out of a document, with the line it came from and how sure the reader was."""

    class Confidence(models.TextChoices):
        SURE = "sure", "Sikkert"
        LIKELY = "likely", "Sandsynligt"
        UNKNOWN = "unknown", "Ukendt"

    document = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="findings")
    position = models.PositiveIntegerField()
    field = models.CharField("felt", max_length=120)
    value = models.TextField("værdi", blank=True)
    line = models.PositiveIntegerField("linje", null=True)
    confidence = models.CharField("sikkerhed", max_length=10, choices=Confidence)

    objects = AppendOnlyQuerySet["Finding"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "fund"
        verbose_name_plural = "fund"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["document", "position"], name="finding_once")]

    def __str__(self) -> str:
        return f"{self.field}: {self.value[:60]}"

"""Husets egne ord: the headings a municipality's agendas use, and the phrases its protocols use."""

from django.db import models

from meetings.models.decision import Category
from meetings.models.organisation import Municipality


class SectionKind(models.TextChoices):
    """What a section of an item is about, whatever the house calls it (DOMAIN § 1.5)."""

    SUMMARY = "summary", "Sagsresume"
    PRESENTATION = "presentation", "Sagsfremstilling"
    ECONOMY = "economy", "Økonomi"
    LEGAL_BASIS = "legal_basis", "Lovgrundlag"
    CONSULTATION = "consultation", "Høring og inddragelse"
    OTHER_CONSEQUENCES = "other_consequences", "Øvrige konsekvenser"
    HISTORY = "history", "Sagens forløb"


class SectionHeading(models.Model):
    """En rubrik as this house calls it: "Sagsresume" here is "Beslutningstema" there."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="section_headings")
    kind = models.CharField("hvad rubrikken handler om", max_length=30, choices=SectionKind)
    heading = models.CharField("rubrikkens navn", max_length=120)
    position = models.PositiveSmallIntegerField("rækkefølge")

    class Meta:
        verbose_name = "rubrik"
        verbose_name_plural = "rubrikker"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "heading"], name="section_heading_once"),
        ]

    def __str__(self) -> str:
        return self.heading


class HousePhrase(models.Model):
    """En standardformulering of the house, and the kind of decision it expresses."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="phrases")
    text = models.CharField("formulering", max_length=200)
    category = models.CharField("betydning", max_length=20, choices=Category)
    position = models.PositiveSmallIntegerField("rækkefølge")

    class Meta:
        verbose_name = "standardformulering"
        verbose_name_plural = "standardformuleringer"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["municipality", "text"], name="house_phrase_once")]

    def __str__(self) -> str:
        return self.text


# What a house that has not chosen its own words begins with.
DEFAULT_SECTIONS = (SectionKind.SUMMARY, SectionKind.PRESENTATION, SectionKind.ECONOMY, SectionKind.LEGAL_BASIS)


def section_headings(municipality: Municipality) -> list[tuple[SectionKind, str]]:
    """Tell what the sections of an item are about and what the house calls them, in the house's order (rubrikker)."""
    own = [(SectionKind(row.kind), row.heading) for row in SectionHeading.objects.filter(municipality=municipality)]
    return own or [(kind, str(kind.label)) for kind in DEFAULT_SECTIONS]

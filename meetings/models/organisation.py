"""The municipality and its parts: data with dates, because names and structures change in mid-term."""

from django.db import models


class Municipality(models.Model):
    """En kommune. One installation serves one, or several that share."""

    name = models.CharField("navn", max_length=80, unique=True)
    slug = models.SlugField("kortnavn", unique=True)
    code = models.CharField("kommunekode", max_length=3, blank=True)
    council_name = models.CharField("byrådets navn", max_length=60, default="Kommunalbestyrelsen")

    class Meta:
        verbose_name = "kommune"
        verbose_name_plural = "kommuner"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CouncilTerm(models.Model):
    """En valgperiode: four years from 1 January after the election."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="council_terms")
    starts_on = models.DateField("fra")
    ends_on = models.DateField("til")

    class Meta:
        verbose_name = "valgperiode"
        verbose_name_plural = "valgperioder"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="council_term_has_length"
            ),
            models.UniqueConstraint(fields=["municipality", "starts_on"], name="council_term_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on.year}–{self.ends_on.year}"


class OrgUnit(models.Model):
    """Et center, en afdeling eller en institution i forvaltningen."""

    class Kind(models.TextChoices):
        EXECUTIVE = "executive", "Direktion"
        CENTRE = "centre", "Center"
        DEPARTMENT = "department", "Afdeling"
        INSTITUTION = "institution", "Institution"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="org_units")
    name = models.CharField("navn", max_length=160)
    kind = models.CharField("art", max_length=20, choices=Kind)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = "enhed"
        verbose_name_plural = "enheder"
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="org_unit_once")]

    def __str__(self) -> str:
        return self.name


class LeaderGroup(models.Model):
    """En lederkreds: the leaders who work by an area's pejlemærker, e.g. dagtilbudslederne."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="leader_groups")
    name = models.CharField("navn", max_length=160)

    class Meta:
        verbose_name = "lederkreds"
        verbose_name_plural = "lederkredse"
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="leader_group_once")]

    def __str__(self) -> str:
        return self.name

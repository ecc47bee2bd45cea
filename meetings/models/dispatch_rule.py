"""How long before a meeting the papers are due: the house's own rule, counted in days."""

from django.core.validators import MaxValueValidator
from django.db import models

from meetings.models.committee import Committee
from meetings.models.organisation import Municipality


class DispatchRuleQuerySet(models.QuerySet["DispatchRule"]):
    """Rules, by committee."""

    def of(self, committee: Committee) -> "DispatchRule":
        """Return the committee's own rule, else the municipality's, else the usual one (not stored)."""
        own = self.filter(municipality=committee.municipality_id).filter(
            models.Q(committee=committee) | models.Q(committee__isnull=True)
        )
        found = own.order_by(models.F("committee").asc(nulls_last=True)).first()
        return found or DispatchRule(municipality_id=committee.municipality_id)


class DispatchRule(models.Model):
    """En frist i huset: when the agenda is sent, when the text must be with the secretariat before that, and when those
    who are asked must answer so that there is time to write it. Of one committee, or of all without a rule of their
    own. The agenda must reach the members in due time (styrelsesloven § 8).
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="dispatch_rules")
    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="dispatch_rules", verbose_name="udvalg"
    )
    sent_days = models.PositiveSmallIntegerField(
        "dagsordenen udsendes, dage før mødet", default=7, validators=[MaxValueValidator(90)]
    )
    secretariat_days = models.PositiveSmallIntegerField(
        "teksten er hos sekretariatet, dage før mødet", default=22, validators=[MaxValueValidator(180)]
    )
    answer_days = models.PositiveSmallIntegerField(
        "lederne svarer, dage før sekretariatets frist", default=14, validators=[MaxValueValidator(180)]
    )

    objects = DispatchRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "frist før møde"
        verbose_name_plural = "frister før møder"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "committee"], nulls_distinct=False, name="dispatch_rule_once"
            ),
            models.CheckConstraint(
                condition=models.Q(secretariat_days__gte=models.F("sent_days")), name="secretariat_comes_before_sending"
            ),
        ]

    def __str__(self) -> str:
        return f"Frister, {self.committee or self.municipality}"

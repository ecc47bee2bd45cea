"""What a dialogue meeting consists of: who came, the programme and its notes, the themes, and what was agreed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kit.drafts import Draft
from kit.once import SubmittedOnce
from meetings.models import AgendaItem, LeaderGroup, OrgUnit, Person, Promise
from pejlemaerker.models.dialogue import Dialogue
from pejlemaerker.models.goal import Goal


class Participant(models.Model):
    """En deltager in a dialogue meeting: invited, and whether they came. Names stay internal; in public only how many
    came from each side.
    """

    class Side(models.TextChoices):
        COMMITTEE = "committee", "Udvalget"
        LEADERS = "leaders", "Lederne"
        ADMINISTRATION = "administration", "Forvaltningen"
        GUESTS = "guests", "Gæster"

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="participants")
    side = models.CharField("fra", max_length=20, choices=Side)
    name = models.CharField("navn", max_length=120)
    email = models.EmailField("e-mail", blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    leader_group = models.ForeignKey(
        LeaderGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lederkreds"
    )
    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhed"
    )
    came = models.BooleanField("kom", null=True, blank=True)  # unknown until it is noted

    class Meta:
        verbose_name = "deltager"
        verbose_name_plural = "deltagere"
        constraints = [models.UniqueConstraint(fields=["dialogue", "name", "email"], name="participant_once")]

    def __str__(self) -> str:
        return f"{self.name}, {self.unit}" if self.unit_id else self.name


class ProgrammePoint(Draft):
    """Et punkt på programmet: a pejlemærke or something else to talk about, and the internal notes of it."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="programme")
    position = models.PositiveSmallIntegerField("rækkefølge")
    title = models.CharField("punkt", max_length=200)
    goal = models.ForeignKey(
        Goal,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="programme_points",
        verbose_name="pejlemærke",
    )
    minutes = models.PositiveSmallIntegerField("minutter", null=True, blank=True)
    notes = models.TextField("noter", blank=True)

    class Meta:
        verbose_name = "punkt på programmet"
        verbose_name_plural = "punkter på programmet"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class Theme(SubmittedOnce):
    """Et tema, that came up at a dialogue meeting, perhaps about one pejlemærke. Internal."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="themes")
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="themes", verbose_name="pejlemærke"
    )
    text = models.CharField("tema", max_length=200)

    class Meta:
        verbose_name = "tema"
        verbose_name_plural = "temaer"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dialogue", "goal", "text"], name="theme_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.text


class Agreement(SubmittedOnce):
    """En aftale from a dialogue meeting: what, who sees to it, and when. One that the administration owes the committee
    stands among its promises (løfter); one for the work stands in the follow-up plan, as the step with this trail.
    """

    dialogue = models.ForeignKey(Dialogue, on_delete=models.PROTECT, related_name="agreements")
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name="pejlemærke"
    )
    text = models.CharField("aftale", max_length=400)
    responsible = models.CharField("hvem følger op", max_length=160)
    due_on = models.DateField("senest", null=True, blank=True)
    when = models.CharField("hvornår, i ord", max_length=120, blank=True)
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    step_trail = models.UUIDField("trin i planen", null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "aftale"
        verbose_name_plural = "aftaler"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(promise__isnull=True) | Q(due_on__isnull=False), name="promised_agreement_has_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.text


class DialogueTreatment(SubmittedOnce):
    """Udvalgets behandling of what a dialogue meeting was about: on an agenda item, before it or after it."""

    class When(models.TextChoices):
        BEFORE = "before", "Før dialogmødet"
        AFTER = "after", "Efter dialogmødet"

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="treatments")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+", verbose_name="punkt")
    when = models.CharField("hvornår", max_length=20, choices=When)

    class Meta:
        verbose_name = "udvalgets behandling"
        verbose_name_plural = "udvalgets behandlinger"
        constraints = [models.UniqueConstraint(fields=["dialogue", "item"], name="dialogue_treatment_once")]

    def __str__(self) -> str:
        return f"{self.get_when_display()}: {self.dialogue}"

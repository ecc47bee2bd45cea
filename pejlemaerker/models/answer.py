"""What the leaders answer: who is asked, the personal links, what is written, and what is handed in."""

import secrets
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from kit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kit.drafts import Draft
from kit.once import SubmittedOnce
from meetings.models import LeaderGroup, OrgUnit
from pejlemaerker.models.goal import Goal
from pejlemaerker.models.survey import Survey, SurveyQuestion
from pejlemaerker.models.wording import GoalVersion

OPEN_AFTER_DUE = timedelta(days=30)  # a link still opens so long after the deadline, for those who are late or reopened


class InviteeQuerySet(models.QuerySet["Invitee"]):
    """The asked, by how far they have come."""

    def with_state(self) -> Self:
        """Tell with each: when it last wrote (`written_at`), handed in (`handed_in_at`) and was reopened
        (`reopened_at`), if ever. One query.
        """
        drafts = AnswerDraft.objects.filter(invitee=OuterRef("pk"), revision__gt=0).order_by("-edited_at")
        sheets = AnswerSheet.objects.filter(invitee=OuterRef("pk")).order_by("-handed_in_at")
        reopenings = Reopening.objects.filter(invitee=OuterRef("pk")).order_by("-reopened_at")
        return self.annotate(
            written_at=Subquery(drafts.values("edited_at")[:1]),
            handed_in_at=Subquery(sheets.values("handed_in_at")[:1]),
            reopened_at=Subquery(reopenings.values("reopened_at")[:1]),
        )

    def missing(self) -> Self:
        """Return those who are still asked and have never handed in."""
        return self.filter(~Exists(AnswerSheet.objects.filter(invitee=OuterRef("pk"))), withdrawn_at__isnull=True)


class Invitee(models.Model):
    """En adspurgt: a leader who is asked in an evaluation round, by name and e-mail as they were then."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitees")
    leader_group = models.ForeignKey(
        LeaderGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lederkreds"
    )
    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhed"
    )
    unit_name = models.CharField("enhed, som den hed", max_length=160, blank=True)
    name = models.CharField("navn", max_length=120)
    email = models.EmailField("e-mail", blank=True)  # one who is only asked orally has none
    withdrawn_at = models.DateTimeField("spørges ikke længere", null=True, blank=True, editable=False)
    no_reminders_at = models.DateTimeField("vil ikke mindes om det", null=True, blank=True, editable=False)

    objects = InviteeQuerySet.as_manager()

    class Meta:
        verbose_name = "adspurgt"
        verbose_name_plural = "adspurgte"
        constraints = [models.UniqueConstraint(fields=["survey", "email", "unit_name", "name"], name="invitee_once")]

    def __str__(self) -> str:
        return f"{self.name}, {self.unit_name}" if self.unit_name else self.name

    @property
    def source(self) -> str:
        """What an answer is told to come from: the unit, else the leader."""
        return self.unit_name or self.name


def new_token() -> str:
    """Return a token that nobody can guess: 256 bits."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what is kept of a token. It has 256 bits of chance in it, so a plain SHA-256 cannot be searched."""
    return sha256(token.encode()).hexdigest()


class PersonalLinkQuerySet(models.QuerySet["PersonalLink"]):
    """Personal links, by their token."""

    def opened_by(self, token: str) -> Self:
        """Return the link of this token, if it opens anything now."""
        now = timezone.now()
        return self.filter(
            token_hash=hash_of(token), revoked_at__isnull=True, expires_at__gt=now,
            invitee__withdrawn_at__isnull=True, invitee__survey__opened_at__isnull=False,
        )  # fmt: skip

    def make(self, invitee: Invitee) -> str:
        """Make a link and return its token, for the letter alone: it cannot be found again."""
        token = new_token()
        last_day = datetime.combine(invitee.survey.due_on + OPEN_AFTER_DUE, time.max)
        self.create(invitee=invitee, token_hash=hash_of(token), expires_at=timezone.make_aware(last_day))
        return token


class PersonalLink(models.Model):
    """Et personligt link: opens the answer of one leader without an account, until it expires or is revoked. Only the
    token's hash is kept; every letter carries a link of its own, and they all open the same answer.
    """

    invitee = models.ForeignKey(Invitee, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField("aftryk", max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("lavet", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("udløber")
    revoked_at = models.DateTimeField("trukket tilbage", null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PersonalLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "personligt link"
        verbose_name_plural = "personlige links"

    def __str__(self) -> str:
        return f"Link til {self.invitee}"


class AnswerDraft(Draft):
    """En kladde til et svar: one leader's words to one question, about one pejlemærke or the whole. The writer has no
    login, so `edited_by` is somebody only where it was written down on a leader's behalf.
    """

    invitee = models.ForeignKey(Invitee, on_delete=models.CASCADE, related_name="drafts")
    question = models.ForeignKey(SurveyQuestion, on_delete=models.PROTECT, related_name="drafts")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, related_name="answer_drafts")
    text = models.TextField("svar", blank=True)  # of a choice its value, of a number the digits as typed

    class Meta:
        verbose_name = "kladde til svar"
        verbose_name_plural = "kladder til svar"
        constraints = [
            models.UniqueConstraint(
                fields=["invitee", "question", "goal"], name="answer_draft_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"Kladde: {self.question}"


class KeptText(models.Model):
    """Den anden tekst: what a second browser wrote to the same question at once, kept until the leader has chosen."""

    draft = models.ForeignKey(AnswerDraft, on_delete=models.CASCADE, related_name="kept_texts")
    text = models.TextField("tekst")
    kept_at = models.DateTimeField("gemt", default=timezone.now, editable=False)
    chosen_at = models.DateTimeField("valgt mellem", null=True, editable=False)

    class Meta:
        verbose_name = "tekst, der er skrevet samtidig"
        verbose_name_plural = "tekster, der er skrevet samtidig"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Samtidig: {self.draft}"


class AnswerSheet(SubmittedOnce, AppendOnlyModel):
    """En besvarelse, handed in as a whole. The newest of a leader counts; the earlier ones are kept."""

    invitee = models.ForeignKey(Invitee, on_delete=models.PROTECT, related_name="sheets")
    answered_by = models.CharField("svaret af", max_length=120)  # a link may be forwarded to a colleague
    handed_in_at = models.DateTimeField("afgivet", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # who wrote down what was told orally
    reported_orally_on = models.DateField("fortalt mundtligt den", null=True)

    objects = AppendOnlyQuerySet["AnswerSheet"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "besvarelse"
        verbose_name_plural = "besvarelser"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True, reported_orally_on__isnull=True)
                | Q(recorded_by__isnull=False, reported_orally_on__isnull=False),
                name="oral_report_has_a_day_and_a_writer",
            )
        ]

    def __str__(self) -> str:
        return f"Besvarelse, {self.invitee}"


class AnswerQuerySet(AppendOnlyQuerySet["Answer"]):
    """Answers, by who may see them and which count."""

    def counting(self) -> Self:
        """Return those of each leader's newest sheet."""
        later = AnswerSheet.objects.filter(invitee=OuterRef("sheet__invitee"), pk__gt=OuterRef("sheet"))
        return self.filter(~Exists(later))

    def visible_to(self, user: Any) -> Self:
        """Delegate to the round's own rule."""
        return self.filter(sheet__invitee__survey__in=Survey.objects.visible_to(user))


class Answer(AppendOnlyModel):
    """Et svar, handed in, about the wording that was in force on the round's day."""

    sheet = models.ForeignKey(AnswerSheet, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(SurveyQuestion, on_delete=models.PROTECT, related_name="answers")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, related_name="answers")
    version = models.ForeignKey(GoalVersion, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField("svar")
    number = models.DecimalField("tal", max_digits=16, decimal_places=4, null=True)

    objects = AnswerQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "svar"
        verbose_name_plural = "svar"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "question", "goal"], name="answer_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"Svar: {self.question}"


class Reopening(AppendOnlyModel):
    """En genåbning of an answer that was handed in: by the leader before the deadline, by the consultant also after,
    until a day and for a reason.
    """

    invitee = models.ForeignKey(Invitee, on_delete=models.PROTECT, related_name="reopenings")
    reopened_at = models.DateTimeField("genåbnet", default=timezone.now, editable=False)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateField("kan rettes til og med", null=True)
    reason = models.CharField("hvorfor", max_length=300, blank=True)

    objects = AppendOnlyQuerySet["Reopening"].as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "genåbning"
        verbose_name_plural = "genåbninger"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reopened_by__isnull=True) | (Q(until__isnull=False) & ~Q(reason="")),
                name="reopening_by_the_house_is_explained",
            )
        ]

    def __str__(self) -> str:
        return f"Genåbning, {self.invitee}"

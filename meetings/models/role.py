"""Roles and what they give, as a table a politician could read aloud (DOMAIN § 4.4)."""

from datetime import date
from typing import NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from kit.clock import today


class Right(models.TextChoices):
    """One thing a role may do, and what it is called when it is read aloud."""

    READ_GOALS = "read_goals", "læse pejlemærker og status, før de er offentlige"
    READ_MEETINGS = "read_meetings", "læse dagsordener og referater, før de er offentlige"
    READ_CLOSED = "read_closed", "læse lukkede punkter"
    READ_NOTES = "read_notes", "læse interne noter, de enkelte lederes svar og kildedokumenter"
    PLAN_MEETINGS = "plan_meetings", "indkalde møder og lægge dagsordenen"
    RECORD_DECISIONS = "record_decisions", "føre beslutninger til protokol"
    PUT_IN_FORCE = "put_in_force", "sætte en ordlyd i kraft med en beslutning"
    FOLLOW_UP = "follow_up", "skrive ordlyde, planer, evalueringer og dialogmøder og bygge notater"
    REVIEW = "review", "godkende evalueringens fælles tekst"
    PUBLISH = "publish", "offentliggøre"
    READ_LOG = "read_log", "se hændelserne"
    EDIT_ORGANISATION = "edit_organisation", "rette udvalg, medlemmer, brugere, roller og husets ord"


class Role(models.TextChoices):
    """A part somebody plays in a municipality or in one committee."""

    MEMBER = "member", "Udvalgsmedlem"
    CHAIR = "chair", "Udvalgsformand"
    LEADER = "leader", "Leder"
    CONSULTANT = "consultant", "Fagkonsulent"
    SECRETARY = "secretary", "Udvalgssekretær"
    HEAD = "head", "Centerchef"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Revision"


class RoleRights(NamedTuple):
    """What a role means in a sentence, and the rights it carries."""

    means: str
    rights: frozenset[Right]


_READ = frozenset({Right.READ_GOALS, Right.READ_MEETINGS})
_READ_ALL = _READ | {Right.READ_CLOSED}
_SECRETARY = _READ_ALL | {
    Right.READ_NOTES, Right.PLAN_MEETINGS, Right.RECORD_DECISIONS, Right.PUT_IN_FORCE, Right.FOLLOW_UP, Right.PUBLISH,
}  # fmt: skip

ROLES: dict[Role, RoleRights] = {
    Role.MEMBER: RoleRights("Læser alt i eget udvalg, også lukkede punkter", _READ_ALL),
    Role.CHAIR: RoleRights("Som udvalgsmedlem", _READ_ALL),
    Role.LEADER: RoleRights("Læser områdets pejlemærker og status", frozenset({Right.READ_GOALS})),
    Role.CONSULTANT: RoleRights(
        "Skriver evalueringer og dialogmøder, læser åbne punkter, udskriver notater",
        _READ | {Right.READ_NOTES, Right.FOLLOW_UP},
    ),
    Role.SECRETARY: RoleRights("Opretter møder, fører beslutninger til protokol, offentliggør", _SECRETARY),
    Role.HEAD: RoleRights(
        "Læser alt i forvaltningens udvalg, godkender evalueringens fælles tekst",
        _READ_ALL | {Right.READ_NOTES, Right.REVIEW},
    ),
    Role.ADMINISTRATOR: RoleRights(
        "Som udvalgssekretær, retter udvalg, medlemmer og husets ord, og ser hændelser",
        _SECRETARY | {Right.READ_LOG, Right.EDIT_ORGANISATION},
    ),
    Role.AUDITOR: RoleRights("Læser alt, også hændelser", _READ_ALL | {Right.READ_NOTES, Right.READ_LOG}),
}


# What one may do that leaves a trace: whoever holds one of these logs in with two factors (REQUIRE_SECOND_FACTOR).
WRITING = frozenset(Right) - _READ_ALL - {Right.READ_NOTES, Right.READ_LOG}


class Combination(NamedTuple):
    """Two roles that one person had better not hold in the same committee, and why (adskillelse af opgaver)."""

    roles: frozenset[Role]
    why: str


# Warned of, never forbidden: a small municipality has few people (DOMAIN § 4.4).
COMBINATIONS = (
    Combination(
        frozenset({Role.CONSULTANT, Role.SECRETARY}),
        "kan selv skrive en ordlyd og føre den beslutning til protokol, der sætter den i kraft",
    ),
    Combination(
        frozenset({Role.CONSULTANT, Role.HEAD}),
        "kan selv godkende den tekst, vedkommende selv har skrevet om en evaluering",
    ),
    Combination(
        frozenset({Role.MEMBER, Role.SECRETARY}), "sidder i udvalget og fører selv dets beslutninger til protokol"
    ),
    Combination(
        frozenset({Role.ADMINISTRATOR, Role.AUDITOR}), "giver rollerne og skal selv se efter, hvem der har fået dem"
    ),
)  # fmt: skip


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Grants, by date."""

    def in_effect(self, on: date) -> Self:
        """Return the grants that hold on a day."""
        return self.filter(Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on)))


class GrantSource(models.TextChoices):
    """Who gave a role: a person, or the group that the municipality's own login told of."""

    MANUAL = "manual", "Givet her"
    LOGIN = "login", "Fra kommunens login"


class RoleGrant(models.Model):
    """En tildelt rolle: who plays which part, in the whole municipality or in one committee, from when to when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField("rolle", max_length=20, choices=Role)
    municipality = models.ForeignKey("meetings.Municipality", on_delete=models.PROTECT, related_name="role_grants")
    committee = models.ForeignKey(
        "meetings.Committee", on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants"
    )
    source = models.CharField("hvorfra", max_length=10, choices=GrantSource, default=GrantSource.MANUAL)
    valid_from = models.DateField("fra", default=today)
    valid_to = models.DateField("til", null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = "tildelt rolle"
        verbose_name_plural = "tildelte roller"

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

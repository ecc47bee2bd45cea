"""Committees and who sits on them."""

from datetime import date
from itertools import chain, count
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from kit.danish import address_of
from meetings.models.organisation import Municipality
from meetings.models.role import Right


class CommitteeQuerySet(models.QuerySet["Committee"]):
    """Committees, by what a user may do in them: the one place where memberships and roles become rights."""

    def where(self, user: Any, right: Right) -> Self:
        """Return the committees in which the user holds this right today, by membership or by granted role."""
        if not user.is_authenticated:
            return self.none()
        held = user.holds(right)
        whole = [role.municipality for role in held if role.committee is None]
        return self.filter(Q(municipality__in=whole) | Q(pk__in=[role.committee for role in held if role.committee]))


class Committee(models.Model):
    """Et udvalg, or the council itself: a body that meets and decides."""

    class Kind(models.TextChoices):
        COUNCIL = "council", "Kommunalbestyrelse eller byråd"
        FINANCE = "finance", "Økonomiudvalg"
        STANDING = "standing", "Stående udvalg"
        SPECIAL = "special", "Særligt udvalg (§ 17, stk. 4)"
        ADVISORY = "advisory", "Råd"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="committees")
    name = models.CharField("navn", max_length=120)
    slug = models.SlugField("adresse", max_length=120, unique=True)
    abbreviation = models.CharField("forkortelse", max_length=12, blank=True)
    kind = models.CharField("art", max_length=20, choices=Kind, default=Kind.STANDING)
    valid_from = models.DateField("fra", null=True, blank=True)
    valid_to = models.DateField("til", null=True, blank=True)
    successor_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors")

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = "udvalg"
        verbose_name_plural = "udvalg"
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="committee_name_once"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="committee_has_length",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("committee", args=[self.slug])

    def name_on(self, day: date) -> str:
        """The name the committee bore that day: history keeps the old one. Asks once, or not at all where
        `former_names` is prefetched.
        """
        return next((former.name for former in self.former_names.all() if former.until >= day), self.name)


def free_address(name: str, municipality: Municipality) -> str:
    """Addresses are shared by all municipalities of an installation; the second of a name gets the municipality's with
    it, and one that is still taken a number.
    """
    short = address_of(name)[:60] or "udvalg"
    with_municipality = f"{short}-{municipality.slug}"
    taken = set(Committee.objects.filter(slug__startswith=short).values_list("slug", flat=True))
    addresses = chain([short, with_municipality], (f"{with_municipality}-{n}" for n in count(2)))
    return next(address for address in addresses if address not in taken)


class FormerName(models.Model):
    """Et tidligere navn: what a committee was called until and including a day."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField("navn", max_length=120)
    abbreviation = models.CharField("forkortelse", max_length=12, blank=True)
    until = models.DateField("til og med")

    class Meta:
        verbose_name = "tidligere navn"
        verbose_name_plural = "tidligere navne"
        ordering = ["until"]
        constraints = [models.UniqueConstraint(fields=["committee", "until"], name="former_name_once")]

    def __str__(self) -> str:
        return self.name


def committee_name(committee: str, day: str) -> Coalesce:
    """Return the expression for a committee's name on a day; both are given as paths from the row that asks."""
    former = FormerName.objects.filter(committee=OuterRef(committee), until__gte=OuterRef(day)).order_by("until")
    return Coalesce(Subquery(former.values("name")[:1]), F(f"{committee}__name"))


class Person(models.Model):
    """En person: a politician, leader or official by name; never a CPR number."""

    name = models.CharField("navn", max_length=120)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="people")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="person"
    )

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "personer"

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, by date."""

    def current(self, on: date) -> Self:
        """Return the memberships that hold on a day."""
        return self.filter(Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on)))


class Membership(models.Model):
    """Et medlemskab: a person's seat in a committee, from when to when, for which party."""

    class Seat(models.TextChoices):
        CHAIR = "chair", "Formand"
        VICE_CHAIR = "vice_chair", "Næstformand"
        MEMBER = "member", "Medlem"
        SUBSTITUTE = "substitute", "Stedfortræder"

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    seat = models.CharField("hverv", max_length=20, choices=Seat, default=Seat.MEMBER)
    party = models.CharField("parti", max_length=3, blank=True)
    valid_from = models.DateField("fra")
    valid_to = models.DateField("til", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "medlemskab"
        verbose_name_plural = "medlemskaber"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="membership_has_length",
            ),
            models.UniqueConstraint(fields=["committee", "person", "valid_from"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.committee})"

    @property
    def municipality(self) -> Municipality:
        """Whose organisation the seat is a part of."""
        return self.committee.municipality

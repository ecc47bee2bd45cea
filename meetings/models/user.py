"""Who can log in."""

from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.db import models

from kit.clock import today
from meetings.models.committee import Committee, Membership
from meetings.models.role import ROLES, Right, Role, RoleGrant


class HeldRole(NamedTuple):
    """A role somebody holds today, in one committee or (committee is None) in a whole municipality."""

    role: Role
    municipality: int
    committee: int | None


class User(AbstractUser):
    """En bruger: a person with a login.

    What the user may do follows from memberships and granted roles, never from this row.
    """

    display_name = models.CharField("navn", max_length=120, blank=True)

    class Meta:
        verbose_name = "bruger"
        verbose_name_plural = "brugere"

    def __str__(self) -> str:
        return self.display_name or self.username

    @cached_property
    def held_roles(self) -> tuple[HeldRole, ...]:
        """The roles held today, by grant and by seat in a committee. Two queries, once per request."""
        grants = RoleGrant.objects.in_effect(today()).filter(user=self)
        seats = Membership.objects.current(today()).filter(person__user=self)
        granted = [
            HeldRole(Role(role), municipality, committee)
            for role, municipality, committee in grants.values_list("role", "municipality", "committee")
        ]
        seated = [
            HeldRole(Role.MEMBER, municipality, committee)
            for municipality, committee in seats.values_list("committee__municipality", "committee")
        ]
        return (*granted, *seated)

    def holds(self, right: Right) -> list[HeldRole]:
        """Return the held roles that carry a right."""
        return [held for held in self.held_roles if right in ROLES[held.role].rights]


def has_right(user: Any, right: Right, committee: Committee) -> bool:
    """Whether the user holds a right in a committee today: `Committee.objects.where` for one committee at hand, which
    asks nothing of the database beyond the user's own roles.
    """
    return user.is_authenticated and any(
        held.committee == committee.pk if held.committee else held.municipality == committee.municipality_id
        for held in user.holds(right)
    )

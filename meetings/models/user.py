"""Who can log in."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser, AnonymousUser
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


class Visitor(AnonymousUser):
    """En besøgende on an earlier day, without a login: sees what was public by then and still is."""

    def __init__(self, came_on: date) -> None:
        """Give the day."""
        super().__init__()
        self.came_on = came_on


class Reader:
    """En læser without a person: what the readers of one edition of a paper may see, whoever prints it. It holds the
    rights it is given in the committees it is given, and in no other.
    """

    is_authenticated = True
    is_active = True
    pk = None

    def __init__(self, rights: frozenset[Right], committees: Iterable[Committee]) -> None:
        """Give the rights and the committees in which they are held."""
        self._rights = rights
        self.held_roles = tuple(HeldRole(Role.MEMBER, one.municipality_id, one.pk) for one in committees)

    def holds(self, right: Right) -> list[HeldRole]:
        """Return where a right is held."""
        return list(self.held_roles) if right in self._rights else []

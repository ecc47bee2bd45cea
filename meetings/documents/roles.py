"""Roller: who plays which part in a municipality, what each part gives, and which had better not meet in one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import NamedTuple, Self

from kit.danish import sort_key
from kit.dates import format_date
from meetings.models import COMBINATIONS, ROLES, Membership, Municipality, Right, Role, RoleGrant, User


class HeldLine(NamedTuple):
    """En rolle somebody has, will have or had; a seat in a committee is ended where the committee is kept."""

    label: str
    where: str
    when: str
    grant: RoleGrant | None

    @property
    def can_end(self) -> bool:
        return self.grant is not None and self.grant.valid_to is None


@dataclass(frozen=True, slots=True)
class UserLine:
    """En bruger, the roles held or to come, those that are over, and what to be careful about."""

    user: User
    current: tuple[HeldLine, ...]
    earlier: tuple[HeldLine, ...]
    warnings: tuple[str, ...]


class RightLine(NamedTuple):
    """One thing that can be done, and the roles that may."""

    right: str
    roles: tuple[str, ...]


class _Held(NamedTuple):
    role: Role
    committee: int | None
    valid_from: date
    valid_to: date | None
    line: HeldLine

    def meets(self, other: "_Held") -> bool:
        """Whether both are held in the same committee on the same day."""
        together = self.committee is None or other.committee is None or self.committee == other.committee
        ends = (self.valid_to or date.max, other.valid_to or date.max)
        return together and max(self.valid_from, other.valid_from) <= min(ends)


@dataclass(frozen=True, slots=True)
class RolesDocument:
    """The roles of a municipality as of a day. Two queries."""

    municipality: Municipality
    users: tuple[UserLine, ...]
    former: tuple[UserLine, ...]
    meanings: tuple[dict[str, str], ...]
    rights: tuple[RightLine, ...]

    @classmethod
    def of(cls, municipality: Municipality, *, on: date) -> Self:
        """Gather everyone with a role or a seat and a login."""
        lines = [_user_line(user, held, on) for user, held in _everyone(municipality).items()]
        lines.sort(key=lambda line: sort_key(str(line.user)))
        return cls(
            municipality,
            users=tuple(line for line in lines if line.current),
            former=tuple(line for line in lines if not line.current),
            meanings=tuple({"label": role.label, "value": f"{given.means}."} for role, given in ROLES.items()),
            rights=tuple(
                RightLine(
                    right.label.capitalize(),
                    tuple(role.label for role, given in ROLES.items() if right in given.rights),
                )
                for right in Right
            ),
        )


def cautions(user: User, municipality: Municipality, *also: RoleGrant) -> tuple[str, ...]:
    """Tell what to be careful about if the user got these roles too. Two queries."""
    held = _everyone(municipality, user).get(user, [])
    before = set(_cautions(held))
    after = _cautions([*held, *(_of_grant(grant) for grant in also)])
    return tuple(why for why in after if why not in before)


def _everyone(municipality: Municipality, user: User | None = None) -> dict[User, list[_Held]]:
    grants = RoleGrant.objects.filter(municipality=municipality).select_related("user", "committee")
    seats = Membership.objects.filter(committee__municipality=municipality, person__user__isnull=False)
    if user:
        grants, seats = grants.filter(user=user), seats.filter(person__user=user)
    found: dict[User, list[_Held]] = {}
    for grant in grants:
        found.setdefault(grant.user, []).append(_of_grant(grant))
    for seat in seats.select_related("person__user", "committee"):
        if seat.person.user:
            line = HeldLine(seat.get_seat_display(), seat.committee.name, _when(seat.valid_from, seat.valid_to), None)
            held = _Held(Role.MEMBER, seat.committee_id, seat.valid_from, seat.valid_to, line)
            found.setdefault(seat.person.user, []).append(held)
    return found


def _of_grant(grant: RoleGrant) -> _Held:
    where = grant.committee.name if grant.committee else "hele kommunen"
    line = HeldLine(Role(grant.role).label, where, _when(grant.valid_from, grant.valid_to), grant)
    return _Held(Role(grant.role), grant.committee_id, grant.valid_from, grant.valid_to, line)


def _user_line(user: User, held: list[_Held], on: date) -> UserLine:
    held.sort(key=lambda one: (list(Role).index(one.role), sort_key(one.line.where), one.valid_from))
    current = [one for one in held if not _is_over(one, on)]
    return UserLine(
        user,
        current=tuple(one.line for one in current),
        earlier=tuple(one.line for one in held if _is_over(one, on)),
        warnings=_cautions(current),
    )


def _cautions(held: Iterable[_Held]) -> tuple[str, ...]:
    pairs = [frozenset({one.role, other.role}) for one, other in combinations(held, 2) if one.meets(other)]
    return tuple(combination.why for combination in COMBINATIONS if combination.roles in pairs)


def _is_over(held: _Held, on: date) -> bool:
    return held.valid_to is not None and held.valid_to < max(on, held.valid_from)


def _when(valid_from: date, valid_to: date | None) -> str:
    if valid_to is None:
        return f"fra {format_date(valid_from)}"
    if valid_to < valid_from:
        return "trukket tilbage, før den begyndte"
    return f"{format_date(valid_from)} – {format_date(valid_to)}"

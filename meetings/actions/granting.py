"""Brugere og roller: who can log in, and which part each plays, from when to when.

A grant is never deleted: it gets a last day, so that the log and the list can tell who could do what on any day.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import get_random_string

from kit.clock import today
from kit.dates import format_date
from kit.drafts import EditConflict
from meetings.actions.organisation import fingerprint, values_of
from meetings.actions.refusals import NotAllowed
from meetings.models import Committee, Event, Municipality, Role, RoleGrant, User

USER_FIELDS = ("display_name", "email", "is_active")
_PASSWORD_LENGTH = 20
_READABLE = (
    "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without l, I, O, i, o, 0 and 1: it is read aloud
)


@transaction.atomic
def grant_role(
    *, user: User, role: Role, municipality: Municipality, committee: Committee | None, valid_from: date,
    valid_to: date | None, by: Any,
) -> RoleGrant:  # fmt: skip
    """Tildel en rolle. The very same sent twice is one; raises NotAllowed when the user holds it already."""
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    grant = RoleGrant(
        user=user, role=role, municipality=municipality, committee=committee, valid_from=valid_from, valid_to=valid_to
    )
    same = RoleGrant.objects.filter(user=user, role=role, municipality=municipality, committee=committee)
    if twin := same.filter(valid_from=valid_from, valid_to=valid_to).first():
        return twin
    _check(grant)
    if held := _overlapping(same, grant).first():
        raise NotAllowed(f"{user} har allerede rollen {_span(held)}.", field="role")
    grant.save()
    Event.objects.record("role_granted", grant, by=by, **_told(grant))
    return grant


@transaction.atomic
def end_grant(grant: RoleGrant, *, valid_to: date, by: Any) -> RoleGrant:
    """Afslut en rolle with its last day. What it gave until now it has given: the day is yesterday at the earliest."""
    Municipality.objects.select_for_update().get(pk=grant.municipality_id)
    current = RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    if current.valid_to == valid_to:
        return current
    yesterday = today() - timedelta(days=1)
    if current.valid_to and current.valid_to < today():
        raise NotAllowed(f"Rollen sluttede {format_date(current.valid_to)}.", field="valid_to")
    if valid_to < yesterday:
        raise NotAllowed("Rollen har virket til i dag, så den sidste dag kan tidligst være i går.", field="valid_to")
    before = current.valid_to
    current.valid_to = max(valid_to, current.valid_from - timedelta(days=1))  # taken back before it began
    if current.role == Role.ADMINISTRATOR and not _other_administrators(current).exists():
        raise NotAllowed("Kommunen skal have en administrator. Giv først en anden rollen.", field="valid_to")
    current.save(update_fields=["valid_to"])
    Event.objects.record(
        "role_ended", current, by=by, valid_to=[before and before.isoformat(), current.valid_to.isoformat()]
    )
    return current


@transaction.atomic
def create_user(
    *, username: str, display_name: str, email: str, role: Role, municipality: Municipality,
    committee: Committee | None, valid_from: date, by: Any,
) -> User:  # fmt: skip
    """Opret en bruger with a first role, and no password yet. The very same sent twice is one."""
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    there = User.objects.filter(username__iexact=username).first()
    if there:
        grants = RoleGrant.objects.filter(user=there, role=role, municipality=municipality, committee=committee)
        is_twin = (there.username, there.display_name, there.email) == (username, display_name, email)
        if is_twin and grants.filter(valid_from=valid_from).exists():
            return there
        raise NotAllowed(
            "Der er allerede en bruger med det brugernavn. Er det den samme person, så tildel en rolle i stedet.",
            field="username",
        )
    user = User(username=username, display_name=display_name, email=email)
    user.set_unusable_password()
    user.save()
    Event.objects.record("user_created", user, by=by)
    grant_role(
        user=user, role=role, municipality=municipality, committee=committee, valid_from=valid_from, valid_to=None,
        by=by,
    )  # fmt: skip
    return user


@transaction.atomic
def change_user(user: User, *, shown: str, by: Any, **values: Any) -> User:
    """Ret en bruger, if it still is as it was shown; otherwise raises EditConflict. Nobody closes their own login."""
    current = User.objects.select_for_update().get(pk=user.pk)
    if fingerprint(values_of(current, values)) != shown:
        raise EditConflict(current)
    before = values_of(current, values)
    changed = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    if not changed:
        return current
    if by.pk == current.pk and not values.get("is_active", True):
        raise NotAllowed("Du kan ikke lukke din egen bruger.", field="is_active")
    for name, value in values.items():
        setattr(current, name, value)
    current.save(update_fields=list(values))
    Event.objects.record("user_changed", current, by=by, fields=sorted(changed))  # not the texts: they are personal
    return current


@transaction.atomic
def give_password(user: User, *, by: Any) -> str:
    """Giv en bruger en ny adgangskode, told once; whoever is logged in as the user is logged out."""
    current = User.objects.select_for_update().get(pk=user.pk)
    password = get_random_string(_PASSWORD_LENGTH, _READABLE)
    current.set_password(password)
    current.save(update_fields=["password"])
    Event.objects.record("password_given", current, by=by)
    return password


@transaction.atomic
def begin_municipality(*, slug: str, name: str, administrator: User) -> Municipality:
    """Begynd en kommune with its first administrator; one that has an administrator already is refused."""
    municipality, _ = Municipality.objects.get_or_create(slug=slug, defaults={"name": name})
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    if _administrators(municipality).exists():
        raise NotAllowed(f"{municipality} har en administrator allerede. Lad den tildele rollen under Roller.")
    Event.objects.record("municipality_begun", municipality, by=None)
    grant_role(
        user=administrator, role=Role.ADMINISTRATOR, municipality=municipality, committee=None, valid_from=today(),
        valid_to=None, by=None,
    )  # fmt: skip
    return municipality


def _check(grant: RoleGrant) -> None:
    if grant.valid_to and grant.valid_to < grant.valid_from:
        raise NotAllowed("Rollen skal slutte, efter at den er begyndt.", field="valid_to")
    if grant.role == Role.ADMINISTRATOR and grant.committee_id:
        raise NotAllowed("En administrator er det for hele kommunen.", field="committee")
    if grant.role in (Role.MEMBER, Role.CHAIR) and not grant.committee_id:
        raise NotAllowed("Vælg udvalget.", field="committee")


def _overlapping(grants: Any, grant: RoleGrant) -> Any:
    until = grant.valid_to or date.max
    return grants.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=grant.valid_from), valid_from__lte=until)


def _administrators(municipality: Municipality, on: date | None = None) -> Any:
    """Those who can log in and hold the role on a day and for good."""
    return RoleGrant.objects.in_effect(on or today()).filter(
        role=Role.ADMINISTRATOR, municipality=municipality, committee=None, user__is_active=True
    )


def _other_administrators(grant: RoleGrant) -> Any:
    day_after = (grant.valid_to or today()) + timedelta(days=1)
    return _administrators(grant.municipality, max(day_after, today())).exclude(pk=grant.pk)


def _span(grant: RoleGrant) -> str:
    start = format_date(grant.valid_from)
    return f"{start} – {format_date(grant.valid_to)}" if grant.valid_to else f"fra {start}"


def _told(grant: RoleGrant) -> Mapping[str, Any]:
    return {
        "role": grant.role, "committee": str(grant.committee or ""), "valid_from": grant.valid_from.isoformat(),
        "valid_to": grant.valid_to and grant.valid_to.isoformat(),
    }  # fmt: skip

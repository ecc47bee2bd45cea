"""Roles that come from the groups of the municipality's own login, set right at every login."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction

from kit.clock import today
from meetings.models import Committee, Event, GrantSource, Municipality, RoleGrant, User


class GroupGrant(NamedTuple):
    """A role that a group gives, in a municipality (by its kortnavn) or in one committee of it (by its address)."""

    role: str
    municipality: str
    committee: str


@transaction.atomic
def grant_from_login(*, user: User, grants: Iterable[GroupGrant]) -> list[GroupGrant]:
    """Give what the groups give and end what they no longer give; what was given here by hand is left alone. Returns
    those that name a municipality or a committee which is not here.
    """
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    held = {
        (one.role, one.municipality_id, one.committee_id): one
        for one in RoleGrant.objects.in_effect(today()).filter(user=user, source=GrantSource.LOGIN)
    }
    wanted, unknown = {}, []
    for grant in grants:
        place = _place(grant)
        if place is None:
            unknown.append(grant)
        else:
            municipality, committee = place
            wanted[grant.role, municipality.pk, committee.pk if committee else None] = (municipality, committee)
    for key, (municipality, committee) in wanted.items():
        if key not in held:
            given = RoleGrant.objects.create(
                user=user, role=key[0], municipality=municipality, committee=committee, source=GrantSource.LOGIN
            )
            _tell("role_granted_by_login", given, user)
    for key, ended in held.items():
        if key not in wanted:
            ended.valid_to = today() - timedelta(days=1)  # today is no longer a day of the role
            ended.save(update_fields=["valid_to"])
            _tell("role_ended_by_login", ended, user)
    return unknown


def _place(grant: GroupGrant) -> tuple[Municipality, Committee | None] | None:
    municipality = Municipality.objects.filter(slug=grant.municipality).first()
    if municipality is None or not grant.committee:
        return None if municipality is None else (municipality, None)
    committee = Committee.objects.filter(municipality=municipality, slug=grant.committee).first()
    return (municipality, committee) if committee else None


def _tell(action: str, grant: RoleGrant, user: User) -> None:
    Event.objects.record(
        action, grant, by=None, user=user.pk, role=grant.role, municipality=grant.municipality_id,
        committee=grant.committee_id,
    )  # fmt: skip

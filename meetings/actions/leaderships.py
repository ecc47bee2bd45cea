"""Lederposter: who leads what, many written in at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from meetings.actions.organisation_rules import check_leadership
from meetings.actions.refusals import NotAllowed
from meetings.actions.seating import LineRefused
from meetings.models import Event, LeaderGroup, Leadership, Municipality, OrgUnit


class LeaderLine(NamedTuple):
    """A leader as written on a line: a unit that the municipality does not know is a new institution."""

    line: int
    name: str
    unit: str
    email: str


@transaction.atomic
def add_leaders(*, group: LeaderGroup, leaders: Sequence[LeaderLine], valid_from: date, by: Any) -> list[Leadership]:
    """Write leaders into a lederkreds, all or none. Who stands there already is left alone, so the same lines sent
    twice are written once. Asks for units and leaders once, however many come.
    """
    Municipality.objects.select_for_update().get(pk=group.municipality_id)
    posts = list(Leadership.objects.filter(leader_group=group))
    units = {unit.name.casefold(): unit for unit in OrgUnit.objects.filter(municipality=group.municipality_id)}
    added = []
    for leader in leaders:
        post = Leadership(
            leader_group=group, unit=_unit(leader.unit, units, group, by), name=leader.name, email=leader.email,
            valid_from=valid_from,
        )  # fmt: skip
        if stands_already(post, posts):
            continue
        try:
            check_leadership(post, posts)
        except NotAllowed as refused:
            raise LineRefused(leader.line, refused) from refused
        post.save()
        Event.objects.record("leadership_added", post, by=by)
        posts.append(post)
        added.append(post)
    return added


def stands_already(post: Leadership, posts: Sequence[Leadership]) -> bool:
    """Whether the leader has the same post on the day it would begin."""
    return any(
        (one.email.casefold(), one.unit_id) == (post.email.casefold(), post.unit_id)
        and one.valid_from <= post.valid_from <= (one.valid_to or date.max)
        for one in posts
    )


def _unit(name: str, units: dict[str, OrgUnit], group: LeaderGroup, by: Any) -> OrgUnit | None:
    if not name:
        return None
    key = name.casefold()
    if key not in units:
        units[key] = OrgUnit.objects.create(
            municipality_id=group.municipality_id, name=name, kind=OrgUnit.Kind.INSTITUTION
        )
        Event.objects.record("orgunit_added", units[key], by=by)
    return units[key]

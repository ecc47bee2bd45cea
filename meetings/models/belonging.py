"""Where a thing belongs: which municipality, and which committee where there is one."""

from collections import deque
from functools import cache
from typing import Any, NamedTuple

from django.db import models

from meetings.models.committee import Membership

_FAR_ENOUGH = 7  # steps from a thing to its municipality
_SHARED = {"meetings.user", "meetings.storedfile"}  # these belong to nobody's municipality


class Home(NamedTuple):
    """The municipality and the committee something belongs to, by number; None is the whole installation."""

    municipality: int | None
    committee: int | None


def home_of(thing: models.Model) -> Home:
    """Find where a thing belongs by walking its foreign keys, the shortest way first; a login belongs to the
    municipality it plays its parts in, if that is one.
    """
    model = thing._meta.model  # not its type: the request's user is wrapped in something lazy
    if model._meta.label_lower == "meetings.user":
        return Home(_only_municipality_of(thing), None)
    committee = _at_end_of(ways_to(model, "meetings.committee"), thing)
    if committee is not None:
        return Home(committee.municipality_id, committee.pk)
    municipality = _at_end_of(ways_to(model, "meetings.municipality"), thing)
    return Home(municipality.pk if municipality is not None else None, None)


def _only_municipality_of(user: Any) -> int | None:
    granted = user.role_grants.order_by().values_list("municipality", flat=True)
    seated = (
        Membership.objects.filter(person__user=user.pk).order_by().values_list("committee__municipality", flat=True)
    )
    found = set(granted) | set(seated)
    return found.pop() if len(found) == 1 else None


def _at_end_of(ways: tuple[tuple[str, ...], ...], thing: Any) -> Any:
    for way in ways:
        found = thing
        for step in way:
            found = getattr(found, step) if found is not None else None
        if found is not None:
            return found
    return None


@cache
def ways_to(model: type[models.Model], end: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways from a model to another over foreign keys, the shortest first; none of them over a person."""
    if model._meta.label_lower == end:
        return ((),)
    ways: list[tuple[str, ...]] = []
    waiting: deque[tuple[type[models.Model], tuple[str, ...]]] = deque([(model, ())])
    seen = {model: 0}  # how far away a model is; two ways of one length are both ways
    while waiting:
        at, way = waiting.popleft()
        for field in at._meta.concrete_fields:
            to = field.related_model
            if not isinstance(to, type) or to._meta.label_lower in _SHARED or len(way) == _FAR_ENOUGH:
                continue
            if to._meta.label_lower == end:
                ways.append((*way, field.name))
            elif seen.setdefault(to, len(way) + 1) == len(way) + 1:
                waiting.append((to, (*way, field.name)))
    return tuple(ways)

"""Et år i et udvalg: the sets that the committee worked by in it."""

from datetime import date
from typing import Any

from django.db.models import Q, prefetch_related_objects

from kit.clock import today
from meetings.models import Committee
from pejlemaerker.documents.kept_since import kept_since_in
from pejlemaerker.documents.set_history import changed_since, key_of, sets_as_known
from pejlemaerker.models import AsOf, GoalSet


def sets_of_year(committee: Committee, year: int, *, viewer: Any, at: AsOf) -> tuple[GoalSet, ...]:
    """Return the sets of a year that the viewer may see, the committee's own and those it shares, as they were known:
    none whose period was not under way that year, and none that was not kept yet and had no pejlemærker.
    """
    kept_since = kept_since_in(committee)
    own_or_shared = Q(period__committee=committee) | Q(partners=committee)
    found = (
        GoalSet.objects.visible_to(viewer)
        .filter(own_or_shared)
        .select_related("period__committee__municipality", "area", "leader_group")
        .order_by("period__starts_on", "area__position", "pk")
        .distinct()
    )
    then = [one for one in found if _was_there(one, kept_since, at)]
    known = sets_as_known(_shared_then(then, committee, at), at)
    prefetch_related_objects(known, "partners__former_names", "period__committee__former_names")
    first, last = date(year, 1, 1), date(year, 12, 31)
    return tuple(one for one in known if one.period.starts_on <= last and one.period.ends_on >= first)


def _was_there(goal_set: GoalSet, kept_since: date, at: AsOf) -> bool:
    """Whether it was kept here; of days before any of the committee's sets was, all count whose period had begun."""
    has_begun = goal_set.period.starts_on <= at.on
    return goal_set.kept_since <= at.known or (at.known < kept_since and has_begun)


def _shared_then(sets: list[GoalSet], committee: Committee, at: AsOf) -> list[GoalSet]:
    """Those that were the committee's own, or known to be shared with it."""
    before = changed_since(sets, at) if at.known < today() else {}
    partners = {one.pk: before.get(key_of(one), {}).get("partners", [committee.pk]) for one in sets}
    return [one for one in sets if one.period.committee_id == committee.pk or committee.pk in partners[one.pk]]

"""Møderne, som de var kendt: the meetings a viewer may see, of those that were known on a day."""

from copy import copy
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kit.clock import today
from meetings.models import Committee, Event, Meeting
from pejlemaerker.models import AsOf, end_of


def known_meetings(viewer: Any, *, at: AsOf) -> "QuerySet[Meeting]":
    """Return the meetings that had been held by a day, or had been called by then; today all of them. A meeting that
    was moved stands on the day it was moved to.
    """
    visible = Meeting.objects.visible_to(viewer)
    if at.known >= today():
        return visible
    called = Event.objects.filter(
        action="meeting_created", target_type="meetings.meeting", target_pk=OuterRef("pk"), at__lt=end_of(at.known)
    )
    return visible.filter(Q(date__lte=at.on) | Exists(called))


def held_in_year(committee: Committee, year: int, *, viewer: Any, at: AsOf, kept_since: date) -> list[Meeting]:
    """Return the meetings of a year that had been held by a day, as far as was known then, earliest first: with the day
    they were known to have, and none that was known to be called off. In three queries.
    """
    end, label = end_of(at.known), Meeting._meta.label_lower
    changed = Event.objects.filter(action="meeting_changed", target_type=label, at__gte=end, changes__has_key="was")
    was: dict[int, dict[str, str]] = {}
    for pk, changes in changed.order_by("-pk").values_list("target_pk", "changes"):
        was[pk] = changes["was"]  # before the first of the changes since
    found = Meeting.objects.visible_to(viewer).filter(Q(date__year=year) | Q(pk__in=was), committee=committee)
    written_later = Event.objects.filter(
        action__in=["meeting_created", "meeting_imported"], target_type=label, target_pk=OuterRef("pk"), at__gte=end
    )
    if at.known >= kept_since:
        found = found.filter(~Exists(written_later))
    known = [_as_known(one, was.get(one.pk)) for one in found]
    held = [one for one in known if one.date.year == year and one.date <= at.on and not one.cancelled]
    return sorted(held, key=lambda one: (one.date, one.pk))


def _as_known(meeting: Meeting, was: dict[str, str] | None) -> Meeting:
    if was is None:
        return meeting
    known = copy(meeting)
    known.date, known.cancelled = date.fromisoformat(was["date"]), was["cancelled"]
    return known

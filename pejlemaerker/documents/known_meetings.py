"""Møderne, som de var kendt: the meetings a viewer may see, of those that were known on a day."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kit.clock import today
from meetings.models import Event, Meeting
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

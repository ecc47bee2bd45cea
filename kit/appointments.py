"""Appointments for other programs' calendars: from when to when, in local time."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def span_of(day: date, starts_at: time | None, ends_at: time | None) -> tuple[date | datetime, datetime | None]:
    """Local time with its zone, so that a calendar also abroad shows the right hour; the whole day where the hour is
    not known, and the end only if it is. One that ends before it begins ends the day after.
    """
    if starts_at is None:
        return day, None
    zone = timezone.get_default_timezone()
    start = datetime.combine(day, starts_at, tzinfo=zone)
    if ends_at is None:
        return start, None
    end = datetime.combine(day, ends_at, tzinfo=zone)
    return start, end if end > start else end + timedelta(days=1)

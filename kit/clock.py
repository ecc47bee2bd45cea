"""What day and hour it is, in Copenhagen."""

from datetime import date, datetime, time

from django.utils import timezone

from kit.dates import format_datetime, format_time


def today() -> date:
    """Return the local date; never evaluated at import time."""
    return timezone.localdate()


def beginning_of(day: date) -> datetime:
    """Return the day's first moment here: a paper carries the day and not the second, so that two copies of a day are
    the same file.
    """
    return timezone.make_aware(datetime.combine(day, time()))


def moment(at: datetime) -> str:
    """Tell when something was done: only the hour on the day itself ("kl. 14.32"), else the date too."""
    local = timezone.localtime(at)
    return format_time(local) if local.date() == today() else format_datetime(local)

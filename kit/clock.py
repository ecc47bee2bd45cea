"""What day and hour it is, in Copenhagen."""

from datetime import date, datetime

from django.utils import timezone

from kit.dates import format_datetime, format_time


def today() -> date:
    """Return the local date; never evaluated at import time."""
    return timezone.localdate()


def moment(at: datetime) -> str:
    """Tell when something was done: only the hour on the day itself ("kl. 14.32"), else the date too."""
    local = timezone.localtime(at)
    return format_time(local) if local.date() == today() else format_datetime(local)

"""What day it is, in Copenhagen."""

from datetime import date

from django.utils import timezone


def today() -> date:
    """Return the local date; never evaluated at import time."""
    return timezone.localdate()

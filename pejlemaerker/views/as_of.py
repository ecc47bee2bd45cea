"""The day a page shows, as its address asks."""

from datetime import date

from django.http import Http404, HttpRequest

from kit.clock import today
from pejlemaerker.models import AsOf


def as_of_asked_for(request: HttpRequest) -> AsOf:
    """Read `?dato=` (else today), and `&viden=nu` for what is known today of that day; a day that does not exist has
    no page.
    """
    raw = request.GET.get("dato")
    if not raw:
        return AsOf.now()
    try:
        day = date.fromisoformat(raw)
    except ValueError as error:
        raise Http404 from error
    return AsOf.hindsight(day) if request.GET.get("viden") == "nu" else AsOf.day(day)


def is_today(at: AsOf) -> bool:
    """Whether the page shows what holds now, and may offer to write."""
    return at.on == today()

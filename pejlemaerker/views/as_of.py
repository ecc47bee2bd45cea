"""The day a page shows, as its address asks."""

from datetime import date

from django.http import Http404, HttpRequest

from kit.clock import today
from kit.dates import find_dates
from pejlemaerker.models import AsOf


class NoSuchDay(Http404):
    """En dag, der ikke findes: the page says so, and lets one choose another."""

    def __init__(self, asked: str) -> None:
        """Keep what was asked for, to say it back."""
        super().__init__()
        self.asked = asked[:40]


def as_of_asked_for(request: HttpRequest) -> AsOf:
    """Read `?dato=` (else today), and `&viden=nu` for what is known today of that day; a day that does not exist has
    no page.
    """
    raw = request.GET.get("dato", "").strip()
    if not raw:
        return AsOf.now()
    day = _day(raw)
    return AsOf.hindsight(day) if request.GET.get("viden") == "nu" else AsOf.day(day)


def _day(raw: str) -> date:
    """Read a day as a browser sends it, or as people write it ("05-10-2022", "5. oktober 2022")."""
    try:
        return date.fromisoformat(raw)
    except ValueError:
        pass
    written = next(find_dates(raw, is_date_field=True), None)
    if written and (written.start, written.end) == (0, len(raw)):
        return written.day
    raise NoSuchDay(raw)


def is_today(at: AsOf) -> bool:
    """Whether the page shows what holds now, and may offer to write."""
    return at.on == today()

"""What a page says of the day it shows."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from kit.clock import today
from kit.dates import format_date
from pejlemaerker.models import AsOf


@dataclass(frozen=True, slots=True)
class AsOfNote:
    """Datoen, siden viser: which day, and by whose knowledge."""

    at: AsOf
    kept_since: date
    kept: dict[str, str] = field(default_factory=dict)  # what the page is narrowed by

    @property
    def is_hindsight(self) -> bool:
        """Whether the page tells by what is known today."""
        return self.at.known > self.at.on

    @property
    def title(self) -> str:
        """Som det var 5. oktober 2022."""
        day = format_date(self.at.on)
        return f"{day}, efter det, vi ved i dag" if self.is_hindsight else f"Som det var {day}"

    @property
    def text(self) -> str:
        """What counts, and what does not."""
        if self.is_hindsight:
            return (
                "Siden viser, hvad der gjaldt den dag, også efter rettelser og beslutninger, der er skrevet ind siden."
            )
        told = "Siden viser, hvad der gjaldt og var kendt den dag."
        if self.at.known >= self.kept_since:
            return told
        since = format_date(self.kept_since)
        return f"{told} Pejlemærkerne er ført her siden {since}; det, der skete før, står på den dag, det skete."

    @property
    def other_query(self) -> str:
        """The same day by the other knowledge."""
        other = AsOf.day(self.at.on) if self.is_hindsight else AsOf.hindsight(self.at.on)
        return address(self.kept | day_parts(other))

    @property
    def other_text(self) -> str:
        """What that other page shows."""
        return "Vis kun det, man vidste den dag" if self.is_hindsight else "Vis den dag efter det, vi ved i dag"


def day_parts(at: AsOf) -> dict[str, str]:
    """The day as an address asks for it; nothing for today."""
    if at.on == today():
        return {}
    return {"dato": at.on.isoformat()} | ({"viden": "nu"} if at.known > at.on else {})


def address(parts: dict[str, str]) -> str:
    """A query of an address; nothing where nothing is asked."""
    return f"?{urlencode(parts)}" if parts else ""


def day_query(at: AsOf) -> str:
    """The query that keeps a link on the day the page shows; nothing for today."""
    return address(day_parts(at))


def chosen_day(at: AsOf) -> str:
    """The day as the form that chooses it shows it; nothing for today."""
    return "" if at.on == today() else at.on.isoformat()

"""What a page says of the day it shows."""

from dataclasses import dataclass
from datetime import date

from kit.dates import format_date
from pejlemaerker.models import AsOf


@dataclass(frozen=True, slots=True)
class AsOfNote:
    """Datoen, siden viser: which day, and by whose knowledge."""

    at: AsOf
    kept_since: date

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
        query = f"?dato={self.at.on.isoformat()}"
        return query if self.is_hindsight else f"{query}&viden=nu"

    @property
    def other_text(self) -> str:
        """What that other page shows."""
        return "Vis kun det, man vidste den dag" if self.is_hindsight else "Vis den dag efter det, vi ved i dag"

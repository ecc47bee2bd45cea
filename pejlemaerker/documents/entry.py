"""One dot of a dated story."""

from dataclasses import dataclass
from datetime import date

from kit.dates import format_date


@dataclass(frozen=True, slots=True)
class Entry:
    """One dot of a dated story: a day and a sentence."""

    on: date
    text: str
    detail: str = ""
    url: str = ""
    link_text: str = ""
    kind: str = ""
    is_demo: bool = False

    @property
    def date_text(self) -> str:
        """The day, as a Danish letter prints it."""
        return format_date(self.on)

"""Small parts that documents are put together from."""

from dataclasses import dataclass
from datetime import date

from kit.dates import format_date


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and a value."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One dot of a dated story: a day and a sentence."""

    on: date
    text: str
    detail: str = ""
    url: str = ""
    link_text: str = ""
    kind: str = ""

    @property
    def date_text(self) -> str:
        """The day, as a Danish letter prints it."""
        return format_date(self.on)


_COUNTS = ("ingen", "ét", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv")


def count_word(count: int) -> str:
    """Spell a small number, as running text does."""
    return _COUNTS[count] if count < len(_COUNTS) else str(count)

"""Hvornår og hvor: the day, the hours and the place of a dialogue meeting, and whether it lies ahead."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from kit.clock import today
from kit.dates import format_date, format_hours
from pejlemaerker.models import Dialogue


@dataclass(frozen=True, slots=True)
class Appointment:
    """En aftale om at mødes: what an invitation promises, and what may have changed since it was sent."""

    day: date
    hours: str
    place: str

    @classmethod
    def of(cls, dialogue: Dialogue) -> Self:
        """Take it from a dialogue meeting."""
        hours = format_hours(dialogue.starts_at, dialogue.ends_at) if dialogue.starts_at else ""
        return cls(dialogue.held_on, hours, dialogue.place)

    @property
    def when(self) -> str:
        """4. oktober 2026 kl. 16–18."""
        return " ".join(part for part in (format_date(self.day), self.hours) if part)

    @property
    def where(self) -> str:
        """Kl. 16–18, Rådhuset."""
        return ", ".join(part for part in (self.hours, self.place) if part)

    def __str__(self) -> str:
        return ", ".join(part for part in (self.when, self.place) if part)

    def as_told(self) -> dict[str, Any]:
        """What the log keeps of it."""
        return {"day": self.day.isoformat(), "hours": self.hours, "place": self.place}


def lies_ahead(dialogue: Dialogue) -> bool:
    """Whether it is planned for a day that has not come."""
    return dialogue.held_on > today() and not dialogue.cancelled


def was_held(dialogue: Dialogue) -> bool:
    """Whether it has been held, by all we know: its day has come, and it was not called off."""
    return dialogue.held_on <= today() and not dialogue.cancelled


def takes_letters(dialogue: Dialogue) -> bool:
    """Whether it makes sense to write to people about it: until the day is over."""
    return dialogue.held_on >= today()


def standing_of(dialogue: Dialogue) -> str:
    """Planlagt til 4. oktober 2026 kl. 16–18, Rådhuset; or held, or called off and why."""
    appointment = Appointment.of(dialogue)
    if dialogue.cancelled:
        return f"Aflyst. Det skulle have været holdt {appointment}."
    if dialogue.held_on == today():
        return f"I dag, {appointment}"
    return f"{'Planlagt til' if lies_ahead(dialogue) else 'Holdt'} {appointment}"

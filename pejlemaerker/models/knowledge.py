"""What was known when: every page and paper tells what held on a day, by what was known on a day."""

from datetime import date, datetime, timedelta
from typing import NamedTuple, Self

from django.db.models import Q

from kit.clock import beginning_of, today


class AsOf(NamedTuple):
    """En dato at se det fra: what held `on` a day, by what was `known` that day, or by what is known now."""

    on: date
    known: date

    @classmethod
    def day(cls, on: date) -> Self:
        """As it was, and as it was known, on a day."""
        return cls(on, on)

    @classmethod
    def hindsight(cls, on: date) -> Self:
        """What held on a day, by all that is known today."""
        return cls(on, max(on, today()))

    @classmethod
    def now(cls) -> Self:
        """As it is today."""
        return cls.day(today())


def known_by(day: date, event: str, *, kept_since: str | date, recorded: str = "recorded_at") -> Q:
    """Return the condition that a fact was known on a day: it had been written down by then.

    Of days before the pejlemærke was taken into the app (`kept_since`, a day or the path to it) all counts that had
    happened: then the app was not yet the place where it was written. `event` and `recorded` are paths from the row
    that asks; the day on which the fact happened may be unknown.
    """
    written = Q(**{f"{recorded}__lt": end_of(day)})
    had_happened = Q(**{f"{event}__lte": day}) | Q(**{f"{event}__isnull": True})
    if isinstance(kept_since, date):
        return written | had_happened if day < kept_since else written
    return written | Q(had_happened, **{f"{kept_since}__gt": day})


def was_known(day: date, event: date, recorded_at: datetime, *, kept_since: date) -> bool:
    """Whether a fact at hand was known on a day, by the same rule."""
    return recorded_at < end_of(day) or event <= day < kept_since


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over, here."""
    return beginning_of(min(day, date.max - timedelta(days=2)) + timedelta(days=1))

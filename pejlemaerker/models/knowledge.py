"""What was known when: every page and paper tells what held on a day, by what was known on a day."""

from datetime import date, datetime, timedelta
from typing import NamedTuple, Self

from django.db.models import F, Q

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

    What happened before the pejlemærke was taken into the app (`kept_since`, a day or the path to it) counts as known
    from the day it happened: then the app was not yet the place where it was written. `event` and `recorded` are paths
    from the row that asks; the day on which the fact happened may be unknown.
    """
    written = Q(**{f"{recorded}__lt": end_of(day)})
    if isinstance(kept_since, date):
        taken_over = Q(**{f"{event}__lt": kept_since, f"{event}__lte": day})
        undated = Q(**{f"{event}__isnull": True}) if kept_since > day else Q(pk__in=[])
    else:
        taken_over = Q(**{f"{event}__lt": F(kept_since), f"{event}__lte": day})
        undated = Q(**{f"{event}__isnull": True, f"{kept_since}__gt": day})
    return written | taken_over | undated


def was_known(day: date, event: date, recorded_at: datetime, *, kept_since: date) -> bool:
    """Whether a fact at hand was known on a day, by the same rule."""
    return recorded_at < end_of(day) or (event < kept_since and event <= day)


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over, here."""
    return beginning_of(min(day, date.max - timedelta(days=2)) + timedelta(days=1))

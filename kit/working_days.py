"""Working days of a Danish municipality: no weekend, no holiday, and not the days it is closed anyway."""

from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

# Optional in the almanac, and days off in every municipality. 1 May is not: there the local agreements differ.
_CLOSED_TOO = ((6, 5), (12, 24), (12, 31))


def is_working_day(day: date) -> bool:
    """Whether somebody is at the town hall to take in a text."""
    is_weekend = day.weekday() >= 5
    return not (is_weekend or (day.month, day.day) in _CLOSED_TOO or day in _public_holidays(day.year))


def working_day_by(day: date) -> date:
    """Return the day itself, or the working day before: a deadline never moves so that there is less time."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


@cache
def _public_holidays(year: int) -> frozenset[date]:
    """Return the holidays by law; store bededag is one until 2023."""
    return frozenset(country_holidays("DK", years=year))

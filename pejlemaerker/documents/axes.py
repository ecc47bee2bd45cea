"""The axes of a chart: round numbers up the side, months and years along the bottom. No Django, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kit.dates import MONTHS

_NEAR = Decimal("0.05")  # values that differ by less than this part of their size would lie flat above zero
_ROUND = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_STEPS = 4


@dataclass(frozen=True, slots=True)
class Axis:
    """The value axis: where it begins and ends, and its round numbers."""

    low: Decimal
    high: Decimal
    steps: tuple[Decimal, ...]

    @property
    def size(self) -> Decimal:
        """The largest number beside it, by which all of them are shortened alike."""
        return max(abs(self.low), abs(self.high))

    @property
    def has_zero(self) -> bool:
        """Whether zero is on it; a reader must know when it is not."""
        return self.low <= 0 <= self.high


def value_axis(values: Sequence[Decimal], *, from_zero: bool) -> Axis:
    """Make an axis that holds the values, and zero too unless they all lie close together far from it."""
    low, high = min(values), max(values)
    size = max(abs(low), abs(high))
    if from_zero or low == high or high - low >= size * _NEAR:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high = low + 1
    step = _step((high - low) / _STEPS, whole=all(value == value.to_integral_value() for value in values))
    first, last = (low / step).to_integral_value("ROUND_FLOOR"), (high / step).to_integral_value("ROUND_CEILING")
    return Axis(first * step, last * step, tuple((first + n) * step for n in range(int(last - first) + 1)))


def _step(least: Decimal, *, whole: bool) -> Decimal:
    """The smallest round step that is large enough; between whole numbers a whole one."""
    power = Decimal(1).scaleb(least.adjusted())
    steps = [power * factor for factor in _ROUND if power * factor >= least]
    if not whole:
        return steps[0]
    return next((step for step in steps if step == step.to_integral_value()), Decimal(1))


def day_ticks(first: date, last: date, *, most: int) -> list[tuple[date, date, str, str]]:
    """Choose spans of days to name below the axis, at most so many: years, else months with the year below the first of
    each; every span with its first day and the first day after it.
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    if months >= 24 or months > most * 6:
        years = range(first.year, last.year + 1)
        every = next(step for step in (1, 2, 5, 10, 20, 50, 100) if len(years) <= (most + 1) * step)
        return [(date(y, 1, 1), date(y + 1, 1, 1), str(y), "") for y in years if (y - years[0]) % every == 0]
    every = next(step for step in (1, 2, 3, 6) if months < most * step or step == 6)
    ticks: list[tuple[date, date, str, str]] = []
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        if month % every == 0:
            day, after = _first_of(month), _first_of(month + 1)
            is_new_year = not ticks or ticks[-1][0].year != day.year
            ticks.append((day, after, _short(day), str(day.year) if is_new_year else ""))
    return ticks


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _short(day: date) -> str:
    name = MONTHS[day.month - 1]
    return name if len(name) < 4 else f"{name[:3]}."

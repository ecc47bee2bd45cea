"""Danish numbers as they are written: "1.234,5", "−3", "82 %"."""

from decimal import Decimal

_COMPACT = ((Decimal(10**9), "mia."), (Decimal(10**6), "mio."))
_HARD_SPACE = "\u00a0"


def format_number(value: Decimal) -> str:
    """Write a number with a decimal comma and points between the thousands, without zeros that say nothing."""
    plain = f"{abs(value):,f}"
    whole, _, fraction = plain.partition(".")
    fraction = fraction.rstrip("0")
    sign = "−" if value < 0 else ""
    return f"{sign}{whole.replace(',', '.')}{',' if fraction else ''}{fraction}"


def with_unit(value: Decimal, unit: str) -> str:
    """Write a number with its unit, which is never parted from it: "82 %"."""
    return f"{format_number(value)}{_HARD_SPACE}{unit}" if unit else format_number(value)


def compact(value: Decimal, size: Decimal) -> str:
    """Write a number shortly, as beside an axis whose largest number is `size`: "1,5 mio."."""
    for step, word in _COMPACT:
        if abs(size) >= step and value:
            return f"{format_number(value / step)}{_HARD_SPACE}{word}"
    return format_number(value)

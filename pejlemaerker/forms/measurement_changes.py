"""What an import of measurements will change, shown before anything is stored."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from kit.dates import format_date
from pejlemaerker.documents.numbers import with_unit
from pejlemaerker.importing.measurements import Row
from pejlemaerker.models import Indicator, Measurement

Kind = Literal["new", "changed", "same"]


class Change(NamedTuple):
    """What one line does: a new measurement, another value or source than before, or nothing."""

    kind: Kind
    row: Row
    current: Measurement | None
    text: str
    before: str

    @property
    def day(self) -> str:
        """The day it is about."""
        return format_date(self.row.day)

    @property
    def effect(self) -> str:
        """Ny · ændres fra 12 % til 13 %."""
        if self.kind == "new":
            return "Ny"
        if self.before != self.text:
            return f"Ændres fra {self.before} til {self.text}"
        return "Værdien er den samme; kilden eller bemærkningen ændres"


@dataclass(frozen=True, slots=True)
class Changes:
    """All that an import will change."""

    new: tuple[Change, ...]
    changed: tuple[Change, ...]
    same: tuple[Change, ...]

    @property
    def fingerprint(self) -> str:
        """Tells these changes from others: what is stored is what was shown."""
        told = [
            (one.row.day, str(one.row.value), one.row.source, one.row.note, one.current.pk if one.current else 0)
            for one in (*self.new, *self.changed)
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()

    @property
    def to_store(self) -> tuple[Change, ...]:
        """Those that change anything, from the oldest day."""
        return tuple(sorted((*self.new, *self.changed), key=lambda one: one.row.day))


def current_measurements(indicator: Indicator) -> dict[date, Measurement]:
    """Find the measurement that stands for each day; one that was withdrawn stands without a value."""
    rows = Measurement.objects.filter(indicator=indicator).order_by("measured_on", "-pk").distinct("measured_on")
    return {row.measured_on: row for row in rows}


def changes_by(rows: Iterable[Row], indicator: Indicator, *, unit: str) -> Changes:
    """Hold what was read against what stands there. An empty source or note says nothing, and takes nothing away."""
    standing = current_measurements(indicator)
    changes = [_change(row, standing.get(row.day), unit) for row in sorted(rows, key=lambda one: one.day)]
    return Changes(*(tuple(one for one in changes if one.kind == kind) for kind in ("new", "changed", "same")))


def _change(row: Row, current: Measurement | None, unit: str) -> Change:
    text = with_unit(row.value, unit)
    if current is None or current.value is None:
        return Change("new", row, current, text, "")
    row = Row(row.line, row.day, row.value, row.source or current.source, row.note or current.note)
    before = with_unit(current.value, unit)
    is_same = (row.value, row.source, row.note) == (current.value, current.source, current.note)
    return Change("same" if is_same else "changed", row, current, text, before)

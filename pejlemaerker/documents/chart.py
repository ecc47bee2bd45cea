"""The chart of a nøgletal, as geometry: what stands where, for the page and the paper alike. No Django, no database.

Every coordinate is text, with a decimal point: a template would write a number with a Danish comma.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from pejlemaerker.documents.axes import Axis, day_ticks, value_axis
from pejlemaerker.documents.numbers import compact, with_unit

HIDDEN = "<\u00a05"


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day; None where the value is not shown."""

    day: date
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which something happened that a reader of the line must know: a new wording came into force."""

    day: date
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Text:
    """A word or number where it stands; `anchor` says which of its ends is there."""

    x: str
    y: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A point or sign, with its middle."""

    x: str
    y: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing of the chart, for wide or for narrow places."""

    name: str
    width: int
    height: int
    grid: tuple[Line, ...]
    base: Line
    scale: tuple[Text, ...]
    ticks: tuple[Line, ...]
    days: tuple[Text, ...]
    marks: tuple[Line, ...]
    mark_labels: tuple[Text, ...]
    target: Line | None
    target_label: Text | None
    strokes: tuple[str, ...]
    bridges: tuple[Line, ...]
    points: tuple[Marker, ...]
    hidden: tuple[Marker, ...]
    labels: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its gist in words, what a reader must know to read it, and its drawings."""

    key: str
    title: str
    description: str
    notes: tuple[str, ...]
    wide: Drawing
    narrow: Drawing

    @property
    def drawings(self) -> tuple[Drawing, Drawing]:
        """Both, of which a page shows the one there is room for."""
        return self.wide, self.narrow


@dataclass(frozen=True, slots=True)
class Series:
    """What is to be drawn."""

    points: tuple[Point, ...]
    unit: str
    target: Decimal | None = None
    target_by: date | None = None
    marks: tuple[Mark, ...] = ()
    from_zero: bool = False
    gap_days: int = 0  # longer than this between two measurements, some are missing

    @property
    def shown(self) -> list[tuple[date, Decimal]]:
        """The points whose value is shown."""
        return [(point.day, point.value) for point in self.points if point.value is not None]

    @property
    def axis(self) -> Axis:
        """The axis, from what is shown only: nothing of it tells of a value that is not."""
        values = [value for _, value in self.shown] + ([self.target] if self.target is not None else [])
        return value_axis(values, from_zero=self.from_zero or len(self.shown) < len(self.points))


def draw(series: Series, *, name: str) -> Drawing | None:
    """Draw the series ("wide" or "narrow"); nothing to show, nothing to draw."""
    return _Sheet(series, *_SIZES[name], name=name).drawing() if series.shown else None


_SIZES = {"wide": (680, 300), "narrow": (340, 280)}
_LETTER = 7.4  # about the width of a letter at the size they are drawn in
_HEIGHT = 15
_LEAST_YEAR = 22


@dataclass(frozen=True, slots=True)
class _Box:
    """The room something takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class _Sheet:
    """The sheet a drawing is made on: where each day and value lies, and what is taken already."""

    def __init__(self, series: Series, width: int, height: int, *, name: str) -> None:
        self.series, self.width, self.height, self.name = series, width, height, name
        self.axis = series.axis
        self.scale = [compact(step, self.axis.size) for step in self.axis.steps]
        self.marks = series.marks
        self.left = 10 + _LETTER * max(len(text) for text in self.scale)
        self.right = width - 14.0
        self.rows = _rows(self.marks, self._mark_room)
        self.top = 24.0 + 18 * (max(self.rows.values(), default=-1) + 1)
        self.bottom = height - 44.0
        self.taken: list[_Box] = []

    @property
    def first(self) -> int:
        days = [point.day.toordinal() for point in self.series.points]
        days += [mark.day.toordinal() for mark in self.marks]
        return min(days) - (183 if min(days) == max(days) else 0)

    @property
    def last(self) -> int:
        days = [point.day.toordinal() for point in self.series.points]
        days += [mark.day.toordinal() for mark in self.marks]
        return max(days) + (183 if min(days) == max(days) else 0)

    def x(self, day: date) -> float:
        inner = self.left + 28
        return inner + (day.toordinal() - self.first) / (self.last - self.first) * (self.right - 28 - inner)

    def y(self, value: Decimal) -> float:
        low, high = self.axis.low, self.axis.high
        return self.bottom - float((value - low) / (high - low)) * (self.bottom - self.top)

    def _mark_room(self, mark: Mark, text: str) -> tuple[float, float, str]:
        """Where a mark's label begins and ends, and on which side of its line it stands."""
        x, room = self.x(mark.day), _LETTER * len(text) + 6
        return (x, x + room, "start") if x + room < self.width else (x - room, x, "end")

    def drawing(self) -> Drawing:
        """Set everything where it belongs; the labels last, where there is room for them."""
        points = [(self.x(day), self.y(value)) for day, value in self.series.shown]
        self.taken += [_Box(x - 5, y - 5, x + 5, y + 5) for x, y in points]
        self.taken += [box for one, other in pairwise(points) for box in _along(one, other)]
        for mark in self.marks:
            left, right, _ = self._mark_room(mark, mark.label)
            self.taken.append(_Box(left, 18 * self.rows[mark], right, 18 * self.rows[mark] + 22))
        if self.series.target is not None:
            self.taken.append(_Box(self.left, y := self.y(self.series.target) - 1, self.right, y + 2))
        base = max(self.axis.low, min(Decimal(0), self.axis.high))
        hidden = tuple(self._hidden(point.day) for point in self.series.points if point.value is None)
        labels = tuple(self._labels())
        ticks = day_ticks(date.fromordinal(self.first), date.fromordinal(self.last), most=7 if self.width > 500 else 4)
        return Drawing(
            name=self.name,
            width=self.width,
            height=self.height,
            grid=tuple(self._across(step) for step in self.axis.steps),
            base=self._across(base),
            scale=tuple(
                Text(_n(self.left - 6), _n(self.y(step) + 4.5), text, "end")
                for step, text in zip(self.axis.steps, self.scale, strict=True)
            ),
            ticks=tuple(
                Line(_n(x), _n(self.bottom), _n(x), _n(self.bottom + 5))
                for day, _, _, _ in ticks
                if (x := self.x(day)) >= self.left
            ),
            days=tuple(self._day_labels(ticks)),
            marks=tuple(
                Line(_n(self.x(mark.day)), _n(18 + 18 * self.rows[mark] - 12), _n(self.x(mark.day)), _n(self.bottom))
                for mark in self.marks
            ),
            mark_labels=tuple(self._mark_label(mark) for mark in self.marks),
            target=self._across(self.series.target) if self.series.target is not None else None,
            target_label=self._target_label(),
            strokes=tuple(self._strokes()),
            bridges=tuple(
                Line(_n(self.x(a.day)), _n(self.y(a.value)), _n(self.x(b.day)), _n(self.y(b.value)))
                for a, b in pairwise(self.series.points)
                if a.value is not None and b.value is not None and self._is_gap(a, b)
            ),
            points=tuple(Marker(_n(x), _n(y)) for x, y in points),
            hidden=hidden,
            labels=labels,
        )

    def _day_labels(self, ticks: Iterable[tuple[date, date, str, str]]) -> Iterable[Text]:
        """Name each year or month in the middle of what is seen of it, where there is room for the word."""
        for day, after, label, year in ticks:
            begins, ends = max(self.x(day), self.left), min(self.x(after), self.right)
            if label.isdecimal() and ends - begins < _LEAST_YEAR:
                continue
            middle = _n((begins + ends) / 2)
            yield Text(middle, _n(self.bottom + 20), label, "middle")
            if year:
                yield Text(middle, _n(self.bottom + 37), year, "middle")

    def _across(self, value: Decimal) -> Line:
        y = _n(self.y(value))
        return Line(_n(self.left), y, _n(self.right), y)

    def _is_gap(self, one: Point, other: Point) -> bool:
        return bool(self.series.gap_days) and (other.day - one.day).days > self.series.gap_days

    def _strokes(self) -> Iterable[str]:
        """The line, broken where measurements are missing or not shown."""
        run: list[str] = []
        before: Point | None = None
        for point in self.series.points:
            if point.value is None or (before and self._is_gap(before, point)):
                if len(run) > 1:
                    yield " ".join(run)
                run = []
            if point.value is not None:
                run.append(f"{_n(self.x(point.day))},{_n(self.y(point.value))}")
            before = point
        if len(run) > 1:
            yield " ".join(run)

    def _hidden(self, day: date) -> Marker:
        """A sign on the base line: the same wherever the value lies."""
        x, y = self.x(day), self.bottom
        self.taken.append(_Box(x - 6, y - 6, x + 6, y + 6))
        path = f"{_n(x)},{_n(y - 6)} {_n(x + 6)},{_n(y)} {_n(x)},{_n(y + 6)} {_n(x - 6)},{_n(y)}"
        return Marker(_n(x), _n(y), path)

    def _labels(self) -> Iterable[Text]:
        """The values, from the newest back, as far as they do not stand in each other's way."""
        shown = self.series.shown
        wanted = range(len(shown)) if len(shown) <= (10 if self.width > 500 else 6) else [len(shown) - 1, 0]
        for index in sorted(wanted, reverse=True):
            day, value = shown[index]
            label = self._place(with_unit(value, self._short_unit), self.x(day), self.y(value))
            if label:
                yield label
        for point in self.series.points:
            if point.value is None and (label := self._place(HIDDEN, self.x(point.day), self.bottom)):
                yield label

    @property
    def _short_unit(self) -> str:
        return self.series.unit if len(self.series.unit) < 3 else ""

    def _place(self, text: str, x: float, y: float) -> Text | None:
        half = _LETTER * len(text) / 2
        middle = min(max(x, self.left + half + 2), self.width - half - 2)
        for baseline in (y - 11, y + 22, y - 24):
            box = _Box(middle - half, baseline - _HEIGHT + 3, middle + half, baseline + 3)
            inside = box.top >= 0 and box.bottom <= self.bottom + 1
            if inside and not any(box.meets(other) for other in self.taken):
                self.taken.append(box)
                return Text(_n(middle), _n(baseline), text, "middle")
        return None

    def _target_label(self) -> Text | None:
        """Name the target line, above or below it, where nothing else stands."""
        if self.series.target is None:
            return None
        text = f"Mål {with_unit(self.series.target, self._short_unit)}"
        if self.series.target_by:
            text += f" i {self.series.target_by.year}"
        room, y = _LETTER * len(text), self.y(self.series.target)
        for x in (self.left + 6, self.right - room - 4, (self.left + self.right - room) / 2):
            for baseline in (y - 6, y + 17):
                box = _Box(x, baseline - _HEIGHT + 3, x + room, baseline + 3)
                if box.top >= 0 and box.bottom < self.bottom and not any(map(box.meets, self.taken)):
                    return Text(_n(x), _n(baseline), text, "start")
        return Text(_n(self.left + 6), _n(max(y - 6, self.top - 4)), text, "start")

    def _mark_label(self, mark: Mark) -> Text:
        _, _, anchor = self._mark_room(mark, mark.label)
        x = self.x(mark.day) + (4 if anchor == "start" else -4)
        return Text(_n(x), _n(18 + 18 * self.rows[mark]), mark.label, anchor)


def _n(number: float) -> str:
    return f"{number:.1f}"


def is_near(day: date, points: Sequence[Point]) -> bool:
    """Whether a mark belongs on the drawing: not so far from the measurements that it would push them together."""
    first, last = points[0].day.toordinal(), points[-1].day.toordinal()
    room = max(366, (last - first) // 2)
    return first - room <= day.toordinal() <= last + room


def _along(one: tuple[float, float], other: tuple[float, float]) -> list[_Box]:
    """The room a piece of line takes, as small boxes along it."""
    pieces = 12
    return [
        _Box(
            x := one[0] + (other[0] - one[0]) * step / pieces - 2,
            y := one[1] + (other[1] - one[1]) * step / pieces - 2,
            x + 4,
            y + 4,
        )
        for step in range(1, pieces)
    ]


def _rows(marks: Sequence[Mark], room: Callable[[Mark, str], tuple[float, float, str]]) -> dict[Mark, int]:
    """Give each mark's label a row above the drawing, in which it meets no other."""
    rows: dict[Mark, int] = {}
    for mark in marks:
        left, right, _ = room(mark, mark.label)
        beside = [
            row for other, row in rows.items() if (span := room(other, other.label))[0] < right and left < span[1]
        ]
        rows[mark] = next(row for row in range(len(beside) + 1) if row not in beside)
    return rows

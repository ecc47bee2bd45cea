"""Årshjulet as lines: a year laid round a circle, pure geometry.

January begins at the top and the year goes clockwise to the seam, where the rings' letters stand. Each ring has as many
lanes as its marks need, so that no number covers another; a wheel with more lanes is drawn larger.
"""

import operator
from calendar import isleap, monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from math import asin, cos, degrees, radians, sin
from typing import Any, Literal, NamedTuple

from kit.dates import MONTHS

type Shape = Literal["meeting", "day", "span"]

SEAM = 14.0  # degrees at the top that are no part of the year
FIRST, LAST = SEAM / 2, 360 - SEAM / 2
NUMBER = 11.5  # the radius that a number takes up, also in the larger type of a narrow screen
BREATH = 1.5  # between two marks of a lane
EDGE = 32.0  # outside the year's circle: the names of the months
CENTRE = 74.0  # inside all rings: the year
BETWEEN = 10.0  # between two rings
SMALLEST = 280.0  # half the width of a wheel with few lanes
LANE_WIDTHS = (34.0, 30.0, 26.0, 24.0)
LANES_ENOUGH = 3  # with more than these, what falls together is drawn as one mark


class Mark(NamedTuple):
    """Et mærke to be drawn: a meeting, a day, or a span of days, all within the year."""

    number: int
    shape: Shape
    starts: date
    ends: date
    is_done: bool = False
    is_cancelled: bool = False


class Ring(NamedTuple):
    """En ring to be drawn: its letter, its marks, and the days for which it runs (those of the period)."""

    letter: str
    marks: tuple[Mark, ...]
    runs: tuple[date, date] | None = None


class Point(NamedTuple):
    """Et punkt in the drawing."""

    across: float
    down: float

    @property
    def x(self) -> str:
        """As SVG writes it, whatever the language."""
        return f"{self.across:.1f}"

    @property
    def y(self) -> str:
        """As SVG writes it, whatever the language."""
        return f"{self.down:.1f}"


@dataclass(frozen=True, slots=True)
class Arc:
    """En bue: part of a circle, in degrees clockwise from the top."""

    centre: float
    radius: float
    begins: float
    ends: float

    @property
    def path(self) -> str:
        """As SVG writes it."""
        start, end = (_point(self.centre, self.radius, angle) for angle in (self.begins, self.ends))
        large = 1 if self.ends - self.begins > 180 else 0
        return f"M{start.x} {start.y}A{self.radius:.1f} {self.radius:.1f} 0 {large} 1 {end.x} {end.y}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Et mærke as drawn: its number's place, and its arc when it is a span; one mark may stand for several."""

    mark: Mark
    at: Point
    angle: float
    radius: float
    arc: Arc | None
    stands_for: int
    takes: tuple[float, float]  # the angles it takes up in its lane

    @property
    def text(self) -> str:
        """The number it bears; that of the first, when it stands for several."""
        return str(self.mark.number)

    @property
    def corner(self) -> Point:
        """The upper left corner of a day's square."""
        return Point(self.at.across - 10, self.at.down - 10)

    @property
    def outer_corner(self) -> Point:
        """The same of the square around it, when it stands for several."""
        return Point(self.at.across - 12.5, self.at.down - 12.5)


@dataclass(frozen=True, slots=True)
class DrawnRing:
    """En ring as drawn: a thin line for each lane, and what stands on them."""

    letter: str
    letter_at: Point
    outer: float
    inner: float
    lines: tuple[Arc, ...]
    marks: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class MonthDrawn:
    """En måned: the line it begins with and its name along the circle."""

    name: str
    begins: tuple[Point, Point]
    name_at: Point
    turn: str


@dataclass(frozen=True, slots=True)
class Wheel:
    """Et årshjul, ready for SVG."""

    half: float
    year: int
    edge: Arc
    months: tuple[MonthDrawn, ...]
    seam: tuple[Point, Point]
    rings: tuple[DrawnRing, ...]
    today: tuple[Point, Point] | None

    @property
    def size(self) -> str:
        """Its width and height in its own units."""
        return f"{2 * self.half:.0f}"

    @property
    def middle(self) -> str:
        """Where its centre is, both ways."""
        return f"{self.half:.1f}"

    @property
    def below_middle(self) -> str:
        """Where the baseline of the year in the centre is."""
        return f"{self.half + 15:.1f}"


def angle_of(day: date, year: int, *, part: float = 0) -> float:
    """The angle of a moment of the year: the beginning of a day, or so large a part of the day later."""
    days = 366 if isleap(year) else 365
    passed = min(max((day - date(year, 1, 1)).days + part, 0), days)
    return FIRST + passed / days * (LAST - FIRST)


def draw(year: int, rings: Sequence[Ring], *, today: date | None) -> Wheel:
    """Lay a year out, the first ring outermost; the smallest wheel, and the widest lanes, in which all find a place."""
    half = SMALLEST
    while True:
        for width in LANE_WIDTHS:
            drawn = _rings(year, rings, half, width)
            if not drawn or drawn[-1].inner >= CENTRE:
                return _wheel(year, drawn, half, today)
        half += 20


def _point(half: float, radius: float, angle: float) -> Point:
    turned = radians(angle)
    return Point(half + radius * sin(turned), half - radius * cos(turned))


def _wheel(year: int, rings: tuple[DrawnRing, ...], half: float, today: date | None) -> Wheel:
    edge = half - EDGE
    inner = rings[-1].inner if rings else CENTRE
    mark = None
    if today and today.year == year:
        angle = angle_of(today, year, part=0.5)
        mark = _point(half, inner - 8, angle), _point(half, edge, angle)
    return Wheel(
        half=half,
        year=year,
        edge=Arc(half, edge, FIRST, LAST),
        months=tuple(_month(year, month, half, inner) for month in range(1, 13)),
        seam=(_point(half, inner, LAST), _point(half, edge, LAST)),
        rings=rings,
        today=mark,
    )


def _month(year: int, month: int, half: float, inner: float) -> MonthDrawn:
    begins = angle_of(date(year, month, 1), year)
    ends = angle_of(date(year, month, monthrange(year, month)[1]), year, part=1)  # there is no year 10000
    middle = (begins + ends) / 2
    is_upside_down = 90 < middle < 270
    at = _point(half, half - (12 if is_upside_down else 22), middle)  # the baseline of letters that stand upright
    turn = middle + 180 if is_upside_down else middle
    line = _point(half, inner, begins), _point(half, half - EDGE + 6, begins)
    return MonthDrawn(MONTHS[month - 1], line, at, f"rotate({turn:.1f} {at.x} {at.y})")


# --- Lanes ------------------------------------------------------------------------------------------------------------


def _rings(year: int, rings: Sequence[Ring], half: float, width: float) -> tuple[DrawnRing, ...]:
    drawn = []
    outer = half - EDGE - BETWEEN / 2
    for ring in rings:
        drawn.append(_ring(year, ring, half, outer, width))
        outer = drawn[-1].inner - BETWEEN
    return tuple(drawn)


def _ring(year: int, ring: Ring, half: float, outer: float, width: float) -> DrawnRing:
    lanes = _crowded(ring.marks, lambda marks: _lanes(year, marks, half, outer, width))
    inner = outer - width * len(lanes)
    runs = ring.runs or (date(year, 1, 1), date(year, 12, 31))
    begins, ends = angle_of(runs[0], year), angle_of(runs[1], year, part=1)
    radii = [_lane_radius(outer, width, n) for n in range(len(lanes))]
    return DrawnRing(
        letter=ring.letter,
        letter_at=_point(half, (outer + inner) / 2 - 5, 0),
        outer=outer,
        inner=inner,
        lines=tuple(Arc(half, radius, begins, ends) for radius in radii),
        marks=tuple(mark for lane in lanes for mark in lane.marks),
    )


def _lane_radius(outer: float, width: float, lane: int) -> float:
    return outer - width * (lane + 0.5)


@dataclass(slots=True)
class _Lane:
    """En bane of a ring, while it is filled."""

    marks: list[Drawn] = field(default_factory=list)

    def has_room(self, takes: tuple[float, float]) -> bool:
        return all(takes[1] <= one.takes[0] or one.takes[1] <= takes[0] for one in self.marks)


def _lanes(year: int, marks: Sequence[list[Mark]], half: float, outer: float, width: float) -> list[_Lane]:
    """Put each mark into the outermost lane that has room for it."""
    lanes = [_Lane()]
    for together in marks:
        for n in range(len(lanes) + 1):
            if n == len(lanes):
                lanes.append(_Lane())
            radius = max(_lane_radius(outer, width, n), 2 * NUMBER)  # too small a wheel, which is thrown away
            drawn = _drawn(year, together, half, radius)
            if lanes[n].has_room(drawn.takes):
                lanes[n].marks.append(drawn)
                break
    return lanes


def _crowded(marks: Iterable[Mark], lay: Callable[[Sequence[list[Mark]]], list[_Lane]]) -> list[_Lane]:
    """Lay marks one by one while there is room; where many fall together, let one stand for those of a day, then of a
    week, a fortnight, a month.
    """
    in_order = sorted(marks, key=lambda mark: (mark.starts, mark.ends, mark.number))
    lanes = lay([[mark] for mark in in_order])
    for part in (_DAY, _WEEK, _FORTNIGHT, _MONTH):
        if len(lanes) <= LANES_ENOUGH:
            break
        lanes = lay(_together(in_order, part))
    return lanes


def _part_of_year(days: int) -> Callable[[date], int]:
    return lambda day: (day.timetuple().tm_yday - 1) // days


_DAY, _WEEK, _FORTNIGHT = (_part_of_year(days) for days in (1, 7, 14))
_MONTH = operator.attrgetter("month")


def _together(in_order: Sequence[Mark], part: Callable[[date], int]) -> list[list[Mark]]:
    def falls(mark: Mark) -> tuple[Any, ...]:
        return mark.shape, part(mark.starts), part(mark.ends)

    return [list(same) for _, same in groupby(sorted(in_order, key=falls), key=falls)]


def _drawn(year: int, together: list[Mark], half: float, radius: float) -> Drawn:
    mark = together[0]._replace(
        starts=min(one.starts for one in together),
        ends=max(one.ends for one in together),
        is_done=all(one.is_done for one in together),
        is_cancelled=all(one.is_cancelled for one in together),
    )
    room = degrees(asin(NUMBER / radius))  # half the angle a number takes up
    breath = degrees(BREATH / radius)
    if mark.shape != "span":
        angle = min(max(angle_of(together[0].starts, year, part=0.5), FIRST + room), LAST - room)
        return _at(mark, half, radius, angle, None, len(together), (angle - room - breath, angle + room + breath))
    arc = Arc(half, radius, angle_of(mark.starts, year), angle_of(mark.ends, year, part=1))
    angle = _number_angle(arc, room, breath)
    takes = min(arc.begins, angle - room) - breath, max(arc.ends, angle + room) + breath
    return _at(mark, half, radius, angle, arc, len(together), takes)


def _number_angle(arc: Arc, room: float, breath: float) -> float:
    """On the middle of a long arc, else after it, else, late in the year, before it."""
    if arc.ends - arc.begins >= 5 * room:
        return (arc.begins + arc.ends) / 2
    after = arc.ends + breath + room
    return after if after + room <= LAST else arc.begins - breath - room


def _at(
    mark: Mark, half: float, radius: float, angle: float, arc: Arc | None, stands_for: int, takes: tuple[float, float]
) -> Drawn:
    return Drawn(mark, _point(half, radius, angle), angle, radius, arc, stands_for, takes)

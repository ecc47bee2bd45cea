"""The year wheel's geometry: whatever the year holds, each mark stands in its ring and none covers another."""

from calendar import isleap
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import dist
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pejlemaerker.documents.wheel_drawing import (
    CENTRE,
    FIRST,
    LAST,
    NUMBER,
    SMALLEST,
    Drawn,
    Mark,
    Ring,
    Wheel,
    angle_of,
    draw,
)

A_RING = st.lists(
    st.tuples(st.sampled_from(["meeting", "day", "span"]), st.integers(0, 364), st.integers(0, 364)), max_size=40
)


def ring(year: int, marks: list[tuple[str, int, int]]) -> Ring:
    return Ring("A", tuple(mark(year, n, *one) for n, one in enumerate(marks)))


def mark(year: int, number: int, shape: Any, begins: int, long: int) -> Mark:
    """A mark so many days into the year, and for a span so many days long, if the year lasts."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    starts = first + timedelta(begins)
    return Mark(number, shape, starts, min(starts + timedelta(long), last) if shape == "span" else starts)


def marks_of(wheel: Wheel) -> list[Drawn]:
    return [mark for ring in wheel.rings for mark in ring.marks]


@settings(max_examples=60, deadline=None)
@given(year=st.sampled_from([2023, 2024]), rings=st.lists(A_RING, max_size=5))
def test_wheel_keeps_each_mark_in_its_ring_and_its_year(year: int, rings: list[list[tuple[str, int, int]]]) -> None:
    wheel = draw(year, [ring(year, one) for one in rings], today=None)
    edge = wheel.half
    for drawn in wheel.rings:
        assert CENTRE <= drawn.inner < drawn.outer < edge
        edge = drawn.inner
        for mark in drawn.marks:
            assert drawn.inner < mark.radius < drawn.outer
            assert FIRST <= mark.angle <= LAST
            if mark.arc:
                assert FIRST - 1e-9 <= mark.arc.begins < mark.arc.ends <= LAST + 1e-9
                assert mark.arc.radius == mark.radius


@settings(max_examples=60, deadline=None)
@given(year=st.sampled_from([2023, 2024]), rings=st.lists(A_RING, max_size=5))
def test_wheel_lets_no_number_cover_another_and_no_two_marks_share_a_place(
    year: int, rings: list[list[tuple[str, int, int]]]
) -> None:
    wheel = draw(year, [ring(year, one) for one in rings], today=None)
    for one, other in combinations(marks_of(wheel), 2):
        assert dist(one.at, other.at) >= 2 * NUMBER - 1e-6
        if one.radius == other.radius:
            first, last = sorted([one.takes, other.takes])
            assert first[1] <= last[0] + 1e-9


@settings(max_examples=40, deadline=None)
@given(marks=A_RING)
def test_wheel_loses_no_mark(marks: list[tuple[str, int, int]]) -> None:
    wheel = draw(2023, [ring(2023, marks)], today=None)
    assert sum(drawn.stands_for for drawn in marks_of(wheel)) == len(marks)


@pytest.mark.parametrize("year", [2023, 2024])
def test_year_goes_once_round_whether_it_leaps_or_not(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(n) for n in range(366 if isleap(year) else 365)]
    angles = [angle_of(day, year) for day in days]
    assert angles[0] == FIRST
    assert angle_of(days[-1], year, part=1) == LAST
    steps = [after - before for before, after in pairwise(angles)]
    assert max(steps) - min(steps) < 1e-9


def test_sixty_meetings_find_room_with_their_own_numbers() -> None:
    meetings = [("meeting", n * 6, 0) for n in range(60)]
    wheel = draw(2023, [ring(2023, meetings)], today=None)
    assert wheel.half == SMALLEST
    assert [mark.stands_for for mark in marks_of(wheel)] == [1] * 60


def test_meetings_on_one_day_share_a_mark_where_they_would_fill_the_wheel() -> None:
    wheel = draw(2023, [ring(2023, [("meeting", n // 5 * 30, 0) for n in range(25)])], today=None)
    assert [mark.stands_for for mark in marks_of(wheel)] == [5] * 5


def test_empty_year_is_still_a_year() -> None:
    wheel = draw(2023, [], today=date(2023, 6, 30))
    assert (len(wheel.months), wheel.rings, wheel.today is not None) == (12, (), True)


@pytest.mark.parametrize("day", [None, date(2022, 12, 31), date(2024, 1, 1)])
def test_today_is_marked_in_its_own_year_only(day: date | None) -> None:
    assert draw(2023, [], today=day).today is None


def test_span_to_the_end_of_the_year_has_its_number_before_it() -> None:
    wheel = draw(2023, [ring(2023, [("span", 360, 4)])], today=None)
    (mark,) = marks_of(wheel)
    assert mark.arc
    assert mark.angle < mark.arc.begins
    assert mark.arc.ends == LAST


def test_drawing_writes_numbers_as_svg_reads_them() -> None:
    (mark,) = marks_of(draw(2023, [ring(2023, [("span", 30, 40)])], today=None))
    assert mark.arc
    assert "," not in mark.arc.path + mark.at.x + mark.at.y
    assert mark.arc.path.startswith("M")

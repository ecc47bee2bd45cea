"""The chart of a nøgletal: what is drawn where, whatever the values are, and what it says in words and on paper."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import page
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.models import User
from pejlemaerker.documents.axes import value_axis
from pejlemaerker.documents.chart import Drawing, Mark, Point, Series, draw
from pejlemaerker.documents.notes.choices import Choices, SectionKey
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, GoalSet
from pejlemaerker.papers import make
from tests.kit.test_pdf import failures
from tests.pejlemaerker.test_figures import follow, measure


def drawn(*values: str | None, name: str = "wide", **told: Any) -> Drawing:
    """A drawing of yearly values from 2021."""
    points = tuple(
        Point(date(2021 + number, 12, 31), None if value is None else Decimal(value))
        for number, value in enumerate(values)
    )
    drawing = draw(Series(points, "%", **told), name=name)
    assert drawing is not None
    return drawing


def scale_of(drawing: Drawing) -> list[str]:
    return [text.text for text in drawing.scale]


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (["62", "71"], ["0", "20", "40", "60", "80"]),
        (["98.2", "98.9"], ["98,2", "98,4", "98,6", "98,8", "99"]),
        (["-3", "2"], ["−4", "−2", "0", "2"]),
        (["5", "5"], ["0", "2", "4", "6"]),
        (["0"], ["0", "1"]),
        (["1200000", "1700000"], ["0", "0,5\u00a0mio.", "1\u00a0mio.", "1,5\u00a0mio.", "2\u00a0mio."]),
    ],
)
def test_axis_has_round_danish_numbers(values: list[str], scale: list[str]) -> None:
    assert scale_of(drawn(*values)) == scale


def test_axis_holds_the_target_too() -> None:
    drawing = drawn("62", target=Decimal(130), target_by=date(2025, 12, 31))
    assert scale_of(drawing)[-1] == "150"
    assert drawing.target_label is not None
    assert drawing.target_label.text == "Mål 130\u00a0% i 2025"


def test_nothing_shown_is_nothing_drawn() -> None:
    assert draw(Series((), "%"), name="wide") is None
    assert draw(Series((Point(date(2021, 12, 31), None),), "%"), name="wide") is None


def test_line_is_broken_where_measurements_are_missing_or_hidden() -> None:
    assert len(drawn("7", "8", None, "9", "10").strokes) == 2
    gap = drawn("7", "8", "9", gap_days=300)
    assert (gap.strokes, len(gap.bridges)) == ((), 2)


def test_wordings_that_follow_closely_stand_in_rows_of_their_own() -> None:
    marks = tuple(Mark(date(2022, 1, day), f"Ordlyd {day}") for day in (1, 2, 3))
    assert len({label.y for label in drawn("7", "8", marks=marks, name="narrow").mark_labels}) == 3


@given(
    st.lists(st.decimals(min_value=-(10**10), max_value=10**10, places=4), min_size=1, max_size=8),
    st.none() | st.decimals(min_value=-(10**10), max_value=10**10, places=4),
    st.sampled_from(["wide", "narrow"]),
)
def test_everything_lies_on_the_sheet(values: list[Decimal], target: Decimal | None, name: str) -> None:
    drawing = drawn(*map(str, values), name=name, target=target)
    assert all(
        0 <= float(point.x) <= drawing.width and 0 <= float(point.y) <= drawing.height for point in drawing.points
    )
    axis = value_axis(values, from_zero=False)
    assert (axis.low <= min(values), max(values) <= axis.high, 2 <= len(axis.steps) <= 9) == (True, True, True)


def test_note_has_the_chart_as_a_figure_with_words(
    published_goal_set: GoalSet, adoption: object, consultant: User
) -> None:
    goal = published_goal_set.goals.get(number=1)
    indicator = follow(goal, consultant, counts_people=True, unit="børn", name="Børn i forløb")
    measure(indicator, consultant, {date(2021, 12, 31): "12", date(2022, 12, 31): "3", date(2023, 12, 31): "9"})
    choices = Choices((SectionKey.FIGURES,))
    note = paper_of(Subject.of_set(published_goal_set), audience="public", at=AsOf.now(), choices=choices)
    paper = make(note, "pdf").content
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A):
        assert failures(paper, profile) == []
    with pikepdf.open(BytesIO(paper)) as pdf:
        figures = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        (heard,) = (str(one.Alt) for one in figures)
        assert heard == (
            "Kurve over Børn i forløb: fra 12\u00a0børn den 31. december 2021 til 9\u00a0børn den 31. december 2023. "
            "3 målinger. 1 er færre end 5 og vises ikke nærmere. Ordlyd 1 gælder fra 3. oktober 2022. "
            "Tallene står i tabellen."
        )

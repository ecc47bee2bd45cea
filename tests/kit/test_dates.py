"""Danish dates, written and read."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.dates import (
    ImpreciseDate,
    find_dates,
    find_imprecise_dates,
    format_date,
    format_datetime,
    format_time,
    format_week,
    read_date,
    week_number,
)


def test_dates_are_written_as_in_a_letter() -> None:
    assert format_date(date(2022, 5, 30)) == "30. maj 2022"
    assert format_date(date(2022, 5, 30), weekday=True) == "mandag den 30. maj 2022"
    assert format_time(time(17, 0)) == "kl. 17.00"
    assert format_datetime(datetime(2022, 9, 5, 8, 5)) == "5. september 2022 kl. 08.05"  # noqa: DTZ001 (already local)


def test_week_belongs_to_the_year_of_its_thursday() -> None:
    assert week_number(date(2022, 5, 30)) == 22
    assert format_week(date(2023, 1, 1)) == "uge 52, 2022"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("efter møde i Børne- og Uddannelsesudvalget d. 05.09.22", date(2022, 9, 5)),
        ("møde d. 5. september 2022.", date(2022, 9, 5)),
        ("dialogmøder den 30. maj 2022, afholdt", date(2022, 5, 30)),
        ("08-09-2022/fto", date(2022, 9, 8)),
        ("Mandag, 3 oktober, 2022 - 16:30", date(2022, 10, 3)),
        ("04-06-2020 09:00:00", date(2020, 6, 4)),
        ("Besluttet i Byrådet 5.9.2016", date(2016, 9, 5)),
        ("2021-02-10", date(2021, 2, 10)),
        ("1. jan. 2024", date(2024, 1, 1)),
    ],
)
def test_exact_dates_are_read_in_every_house_format(text: str, expected: date) -> None:
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "05.09.22",  # could be a KLE topic
        "KLE 00.22.04",
        "d. 00.22.04",
        "00.01.10-G01-1-21",
        "2020-016062",
        "For Fremtiden II (2022-2025)",
        "31. februar 2024",
        "22/9628",
        "",
    ],
)
def test_numbers_that_only_look_like_dates_are_not_read(text: str) -> None:
    assert read_date(text) is None


def test_short_year_is_read_where_a_label_promised_a_date() -> None:
    assert read_date("05.09.22", is_date_field=True) == date(2022, 9, 5)


def test_all_dates_of_a_text_are_found_with_their_place() -> None:
    text = "den 30. maj 2022 og d. 05.09.22"
    assert [text[span.start : span.end] for span in find_dates(text)] == ["30. maj 2022", "05.09.22"]


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("efteråret 2023", date(2023, 9, 1), date(2023, 11, 30), "season"),
        ("slutningen af foråret 2025", date(2025, 5, 1), date(2025, 5, 31), "season"),
        ("i starten af efteråret 2024", date(2024, 9, 1), date(2024, 9, 30), "season"),
        ("vinteren 2023/24", date(2023, 12, 1), date(2024, 2, 29), "season"),
        ("vinteren 2023", date(2023, 1, 1), date(2024, 2, 29), "season"),  # either winter: the wider span holds
        ("maj 2024", date(2024, 5, 1), date(2024, 5, 31), "month"),
        ("ultimo maj 2023", date(2023, 5, 21), date(2023, 5, 31), "month"),
        ("2. halvår 2024", date(2024, 7, 1), date(2024, 12, 31), "half_year"),
        ("første halvår 2024", date(2024, 1, 1), date(2024, 6, 30), "half_year"),
        ("3. kvartal 2024", date(2024, 7, 1), date(2024, 9, 30), "season"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "year"),
        ("i starten af 2024", date(2024, 1, 1), date(2024, 4, 30), "year"),
        ("30. maj 2022", date(2022, 5, 30), date(2022, 5, 30), "day"),
        ("løbende", None, None, "unknown"),
        ("2022-2025", None, None, "unknown"),
    ],
)
def test_vague_times_keep_their_words_and_their_span(
    text: str, earliest: date | None, latest: date | None, precision: str
) -> None:
    when = ImpreciseDate.read(text)
    assert (when.text, when.earliest, when.latest, when.precision) == (text, earliest, latest, precision)


def test_only_a_day_is_firm() -> None:
    assert ImpreciseDate.read("30. maj 2022").is_firm
    assert not ImpreciseDate.read("maj 2022").is_firm


def test_label_spells_a_firm_date_out_and_leaves_a_season_in_its_words() -> None:
    assert ImpreciseDate.read("08-09-2022").label == "8. september 2022"
    assert ImpreciseDate.read("slutningen af foråret 2025").label == "slutningen af foråret 2025"


def test_vague_times_are_found_inside_a_sentence() -> None:
    sentence = "For Fremtiden II (2022-2025) evalueres i slutningen af foråret 2025, og i 2026 begyndes forfra"
    assert [span.when.text for span in find_imprecise_dates(sentence)] == ["slutningen af foråret 2025", "i 2026"]


@given(st.text())
def test_any_text_can_be_asked_for_a_time(text: str) -> None:
    assert ImpreciseDate.read(text).text == text.strip()


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_what_is_written_is_read_back(day: date) -> None:
    assert read_date(format_date(day, weekday=True)) == day

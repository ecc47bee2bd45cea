"""Measurements out of a spreadsheet: read exactly, refused by line, and never with an exception."""

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from pejlemaerker.importing.measurements import MOST_ROWS, read_day, read_measurements, read_number
from pejlemaerker.importing.spreadsheets import LARGEST_FILE, Unreadable, decoded, text_of_file

TODAY = date(2026, 11, 22)


def values(text: str) -> list[tuple[date, Decimal]]:
    reading = read_measurements(text, latest=TODAY)
    assert reading.problems == ()
    return [(row.day, row.value) for row in reading.rows]


def problems(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.message) for one in read_measurements(text, latest=TODAY).problems]


def workbook(rows: list[list[object]], **formats: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, number_format in formats.items():
        sheet[cell].number_format = number_format
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# --- Days and numbers ----------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31.12.2023", date(2023, 12, 31)),
        ("31/12/2023", date(2023, 12, 31)),
        ("2023-12-31", date(2023, 12, 31)),
        ("2023-12-31 00:00:00", date(2023, 12, 31)),
        ("2023", date(2023, 12, 31)),
        ("2. kvartal 2023", date(2023, 6, 30)),
        ("2023K2", date(2023, 6, 30)),
        ("K2 2023", date(2023, 6, 30)),
        ("marts 2023", date(2023, 3, 31)),
        ("feb. 2024", date(2024, 2, 29)),
        ("2023M03", date(2023, 3, 31)),
        ("1. halvår 2023", date(2023, 6, 30)),
        ("31.02.2023", None),
        ("2023/24", None),
        ("31.12.2023 kl. 8", None),
        ("i går", None),
    ],
)
def test_day_is_the_last_of_its_period(text: str, day: date | None) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12,5", "12.5"), ("1.234,5", "1234.5"), ("1 234", "1234"), ("1.234", "1234"), ("82 %", "82"), ("−3", "-3"),
        ("-0,5", "-0.5"), ("12.5", None), ("12,12345", None), ("1e5", None), ("12345678901", None), ("<5", None),
        ("..", None),
    ],
)  # fmt: skip
def test_number_is_danish(text: str, number: str | None) -> None:
    assert read_number(text) == (None if number is None else Decimal(number))


# --- Lines and columns ----------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2023\t12,5\n2024\t13",
        "2023;12,5\r\n\r\n2024;13\r\n",
        'År,Værdi\n2023,"12,5"\n2024,13',
        "Kilde\tVærdi\tDato\nBUF\t12,5\t31.12.2023\n\t13\t2024",
        "År;Trivsel i procent\n2023;12,5 %\n2024;13 %",
    ],
)
def test_columns_are_known_by_heading_or_place(text: str) -> None:
    assert values(text) == [(date(2023, 12, 31), Decimal("12.5")), (date(2024, 12, 31), Decimal(13))]


def test_year_and_quarter_may_stand_in_two_columns() -> None:
    assert values("År\tKvartal\tAntal\n2023\t2\t7\n2023\tK3\t8") == [
        (date(2023, 6, 30), Decimal(7)), (date(2023, 9, 30), Decimal(8)),
    ]  # fmt: skip
    assert values("År\tMåned\tAntal\n2023\t2\t7\n2023\tmarts\t8") == [
        (date(2023, 2, 28), Decimal(7)), (date(2023, 3, 31), Decimal(8)),
    ]  # fmt: skip


def test_source_and_note_come_along() -> None:
    (row,) = read_measurements("2023\t7\tBUF\tForeløbigt", latest=TODAY).rows
    assert (row.line, row.source, row.note) == (1, "BUF", "Foreløbigt")


def test_line_without_a_value_is_passed_over() -> None:
    assert read_measurements("2023\t7\n2024\t\n2025\t9", latest=TODAY).skipped == (2,)


def test_problem_names_its_line_and_what_stands_there() -> None:
    (problem,) = read_measurements("Dato;Værdi\n2023;7\n\n2024;mange", latest=TODAY).problems
    assert (problem.line, problem.text) == (4, "2024 · mange")
    assert "»mange« er ikke et tal" in problem.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2023,12,5", "Kommaet skiller både kolonner og decimaler. Brug semikolon mellem kolonnerne."),
        ("2023;7\n31.12.2023;8", "31. december 2023 står også på linje 1."),
        ("31.12.2026;7", "31. december 2026 er ikke nået endnu."),
        (";7", "Datoen mangler."),
        ("Kilde;Bemærkning\nBUF;ja", "Hvilken kolonne er datoen? Kald den »dato«."),
        ("Dato;Piger;Drenge\n2023;7;8", "Hvilken kolonne er tallet? Kald den »værdi«."),
        (f"2023;7;{'x' * 201}", "Kilden kan fylde 200 tegn og bemærkningen 300."),
    ],
)
def test_what_is_uncertain_is_refused(text: str, message: str) -> None:
    assert [told for _, told in problems(text)] == [message]


def test_too_many_lines_are_refused() -> None:
    many = "\n".join(["2023;7"] * (MOST_ROWS + 2))
    assert problems(many) == [(MOST_ROWS + 2, "Der er 2002 linjer; der kan indlæses 2000 ad gangen.")]
    assert "meget" in problems("1" * 1_000_001)[0][1]


@given(st.text(max_size=300))
def test_nothing_pasted_is_an_exception(text: str) -> None:
    reading = read_measurements(text, latest=TODAY)
    assert all(row.day <= TODAY for row in reading.rows)


_CELLS = st.sampled_from(
    ["dato", "værdi", "år", "kvartal", "kilde", "2023", "31.12.2023", "2. kvartal 2023", "K2", "12,5", "1.234", "-",
     '"', "", "٣", "\x00", "3/4/0000"]
)  # fmt: skip


@given(st.lists(st.lists(_CELLS, max_size=5), max_size=8), st.sampled_from("\t;,"))
def test_nothing_that_looks_like_a_sheet_is_an_exception(rows: list[list[str]], sign: str) -> None:
    reading = read_measurements("\n".join(sign.join(row) for row in rows), latest=TODAY)
    assert len({row.day for row in reading.rows}) == len(reading.rows)


# --- Files ----------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_danish_letters_survive_every_encoding(encoding: str) -> None:
    assert decoded("År;Bemærkning: æøå".encode(encoding)) == "År;Bemærkning: æøå"


def test_workbook_is_read_as_it_is_shown() -> None:
    content = workbook(
        [["Dato", "Værdi", "Kilde"], [datetime(2023, 12, 31), 0.825, "BUF"], [date(2024, 12, 31), 0.1 + 0.2, None]],  # noqa: DTZ001
        B2="0.0%",
    )
    assert text_of_file(content).split("\n") == ["Dato\tVærdi\tKilde", "2023-12-31\t82,5 %\tBUF", "2024-12-31\t0,3"]


def test_workbook_works_no_formula_out() -> None:
    content = workbook([["Dato", "Værdi"], [2023, "=1+1"]])
    assert text_of_file(content).split("\n") == ["Dato\tVærdi", "2023"]


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"x" * (LARGEST_FILE + 1),
        b"PK\x03\x04 ikke en fil",
        b"\xd0\xcf\x11\xe0gammelt",
        zipped(**{"xl/workbook.xml": b"<workbook/>"}),
        zipped(**{"word/document.xml": b"<document/>"}),
        zipped(**{"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b"0" * 21_000_000}),
        zipped(**{"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><w>&b;</w>'}),
        zipped(**{"xl/workbook.xml": b"<w/>", "xl/vbaProject.bin": b"makro"}),
        zipped(**{"xl/workbook.xml": b"<w/>"} | {f"xl/{number}.xml": b"" for number in range(201)}),
    ],
    ids=["large", "broken", "xls", "empty", "word", "bomb", "entities", "macros", "parts"],
)
def test_unreadable_file_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^(Filen|Regnearket) "):
        text_of_file(content)


@given(st.binary(max_size=400), st.booleans())
def test_no_file_is_another_exception(content: bytes, looks_like_a_workbook: bool) -> None:
    with suppress(Unreadable):
        read_measurements(text_of_file(b"PK" + content if looks_like_a_workbook else content), latest=TODAY)

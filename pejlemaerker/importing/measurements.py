"""Measurements out of what is pasted from a spreadsheet: pure functions, and never an exception.

What cannot be read with certainty is a problem with its line, never a guess: a wrong figure is worse than none.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from kit.dates import MONTHS, find_imprecise_dates, format_date

MOST_ROWS = 2000
MOST_CHARACTERS = 1_000_000
LONGEST_SOURCE, LONGEST_NOTE = 200, 300
_LONGEST_QUOTE = 80
_FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Row:
    """A measurement that was read, and the line it stands on."""

    line: int
    day: date
    value: Decimal
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot be read: what stands there, and what is wrong with it."""

    line: int
    text: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the measurements, the problems, and the lines without a value, which are passed over."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: tuple[int, ...] = ()


def read_measurements(text: str, *, latest: date) -> Reading:
    """Read pasted lines, separated by tabs, semicolons or commas; no measurement can be newer than `latest`."""
    if len(text) > MOST_CHARACTERS:
        return Reading(problems=(Problem(1, "", "Der er for meget tekst på én gang."),))
    lines = _lines(text)
    try:
        records = list(lines)
    except csv.Error:
        return Reading(problems=(Problem(1, "", "Teksten kan ikke læses som et regneark."),))
    if len(records) > MOST_ROWS + 1:
        too_many = f"Der er {len(records)} linjer; der kan indlæses {MOST_ROWS} ad gangen."
        return Reading(problems=(Problem(records[MOST_ROWS + 1].line, "", too_many),))
    return _read(records, latest)


# --- Lines and columns --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    cells: tuple[str, ...]
    is_comma: bool

    @property
    def text(self) -> str:
        quoted = " · ".join(cell for cell in self.cells if cell)
        return quoted if len(quoted) <= _LONGEST_QUOTE else f"{quoted[:_LONGEST_QUOTE]} …"

    def cell(self, column: int | None) -> str:
        return self.cells[column] if column is not None and column < len(self.cells) else ""


_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00a0\u2007\u202f\ufeff\ud800-\udfff]+")


def _lines(text: str) -> Iterator[_Record]:
    """Split the text into lines and cells; lines without anything in them do not count."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
    delimiter = next((sign for sign in "\t;" if sign in plain), ",")
    reader = csv.reader(plain.split("\n"), delimiter=delimiter)
    line = 1
    for cells in reader:
        clean = tuple(_SPACES.sub(" ", cell).strip() for cell in cells)
        if any(clean):
            yield _Record(line, clean, delimiter == ",")
        line = reader.line_num + 1


_HEADINGS = {
    "day": {"dato", "dag", "periode", "tid", "tidspunkt", "måledato", "målt", "målt den"},
    "year": {"år", "årstal"},
    "part": {"måned", "kvartal"},
    "value": {"værdi", "tal", "antal", "andel", "måling", "resultat", "procent"},
    "source": {"kilde"},
    "note": {"bemærkning", "bemærkninger", "note", "kommentar"},
}


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column is what."""

    day: int | None
    value: int | None
    source: int | None = None
    note: int | None = None
    year: int | None = None
    part: str = ""  # "måned" or "kvartal", where it has a column of its own
    count: int = 0  # how many the headings name; 0 without headings


_BY_POSITION = _Columns(day=0, value=1, source=2, note=3)


def _columns(first: _Record) -> _Columns | None:
    """Read the headings; None where the first line is no heading."""
    named: dict[str, int] = {}
    unknown, part = [], ""
    for number, cell in enumerate(first.cells):
        heading = cell.casefold().strip(" .:")
        kind = next((kind for kind, words in _HEADINGS.items() if heading in words), None)
        if kind is None:
            unknown.append(number)
        elif kind not in named:
            named[kind] = number
            part = heading if kind == "part" else part
    if not named:
        return None
    year = named.get("year")
    day = named.get("day", named.get("part", year))
    value = named.get("value", unknown[0] if len(unknown) == 1 else None)
    return _Columns(
        day=day,
        value=value,
        source=named.get("source"),
        note=named.get("note"),
        year=year if year != day else None,
        part=part if "day" not in named else "",
        count=len(first.cells),
    )


def _read(records: Sequence[_Record], latest: date) -> Reading:
    if not records:
        return Reading()
    first = records[0]
    columns = _columns(first)
    if columns and (columns.day is None or columns.value is None):
        missing = "datoen? Kald den »dato«" if columns.day is None else "tallet? Kald den »værdi«"
        return Reading(problems=(Problem(first.line, first.text, f"Hvilken kolonne er {missing}."),))
    rest = records[1:] if columns else records
    rows: dict[date, Row] = {}
    problems: list[Problem] = []
    skipped: list[int] = []
    for record in rest:
        found = _row(record, columns or _BY_POSITION, latest)
        if isinstance(found, str):
            problems.append(Problem(record.line, record.text, found))
        elif found is None:
            skipped.append(record.line)
        elif found.day in rows:
            same = f"{format_date(found.day)} står også på linje {rows[found.day].line}."
            problems.append(Problem(record.line, record.text, same))
        else:
            rows[found.day] = found
    return Reading(tuple(rows.values()), tuple(problems), tuple(skipped))


def _row(record: _Record, columns: _Columns, latest: date) -> Row | str | None:
    """Read one line: a measurement, what is wrong with it, or None where it has no value."""
    assert columns.value is not None  # noqa: S101  (asked for before)
    value_text, day_text = record.cell(columns.value), record.cell(columns.day)
    if record.is_comma and (
        record.cell(columns.value + 1).isdecimal() or (columns.count and len(record.cells) > columns.count)
    ):
        return "Kommaet skiller både kolonner og decimaler. Brug semikolon mellem kolonnerne."
    if columns.year is not None:
        day_text = _in_year(day_text, record.cell(columns.year), columns.part)
    day = read_day(day_text)
    if day is None:
        return (
            f"»{_quoted(day_text)}« er ikke en dato, en måned, et kvartal eller et år."
            if day_text
            else "Datoen mangler."
        )
    if not value_text:
        return None
    value = read_number(value_text)
    source, note = record.cell(columns.source), record.cell(columns.note)
    if value is None:
        return f"»{_quoted(value_text)}« er ikke et tal. Skriv for eksempel 12,5 eller 1.234,5."
    if day > latest:
        return f"{format_date(day)} er ikke nået endnu."
    if day.year < _FIRST_YEAR:
        return "Er årstallet rigtigt?"
    if len(source) > LONGEST_SOURCE or len(note) > LONGEST_NOTE:
        return f"Kilden kan fylde {LONGEST_SOURCE} tegn og bemærkningen {LONGEST_NOTE}."
    return Row(record.line, day, value, source, note)


def _quoted(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]} …"


# --- Days and numbers ---------------------------------------------------------------------------------------------

_QUARTER_FIRST = re.compile(r"(?:k|q|kv\.?|kvt\.?)\s?([1-4])[ ,/-]*(\d{4})", re.IGNORECASE)
_QUARTER_LAST = re.compile(r"(\d{4})[ ,/-]*(?:k|q|kv\.?|kvt\.?)\s?([1-4])", re.IGNORECASE)
_QUARTER = re.compile(r"([1-4])\.?\s*(?:kvartal|kvt\.|kv\.|k)[ ,]*(\d{4})", re.IGNORECASE)
_MONTH_NUMBER = re.compile(r"(\d{4})(?:[mM]|-)(0[1-9]|1[0-2])")
_MONTH_WORD = re.compile(rf"({'|'.join(name[:3] for name in MONTHS)})[.\s-]+(\d{{4}})", re.IGNORECASE)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?")


def read_day(text: str) -> date | None:
    """Read the day a figure is of: "31.12.2023", "2. kvartal 2023", "2023K2", "marts 2023", "2023"; a period is its
    last day. Only where nothing else stands in the text.
    """
    plain = _in_words(_SPACES.sub(" ", text[:200]).strip())
    span = next(find_imprecise_dates(plain, is_date_field=True), None)
    if span is None or (span.start, span.end) != (0, len(plain)):
        return None
    return span.when.latest


def _in_words(text: str) -> str:
    """Write the short forms of spreadsheets and statistics as one says them."""
    if match := _MIDNIGHT.fullmatch(text):
        return match[1]
    if match := _SLASHES.fullmatch(text):
        return ".".join(match.groups())
    if match := _QUARTER_LAST.fullmatch(text):
        return f"{int(match[2])}. kvartal {match[1]}"
    if match := _QUARTER_FIRST.fullmatch(text) or _QUARTER.fullmatch(text):
        return f"{int(match[1])}. kvartal {match[2]}"
    if match := _MONTH_NUMBER.fullmatch(text):
        return f"{MONTHS[int(match[2]) - 1]} {match[1]}"
    if match := _MONTH_WORD.fullmatch(text):
        return f"{next(name for name in MONTHS if name.startswith(match[1].lower()))} {match[2]}"
    return text


def _in_year(day: str, year: str, part: str) -> str:
    """Put a month or quarter together with the year of another column: "2" and "2023", "marts" and "2023"."""
    if not day or re.search(r"\d{4}", day):
        return day or year
    number = re.fullmatch(r"[kq]?\s?(\d{1,2})\.?(?:\s?kvartal)?", day, re.IGNORECASE)
    if number and part == "kvartal":
        return f"K{int(number[1])} {year}"
    if number and part == "måned" and 1 <= int(number[1]) <= len(MONTHS):
        return f"{MONTHS[int(number[1]) - 1]} {year}"
    return f"{day} {year}"


_NUMBER = re.compile(r"([+−–-]?)(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(\d+))?\s?%?", re.ASCII)
_MOST_DIGITS, _MOST_DECIMALS = 10, 4


def read_number(text: str) -> Decimal | None:
    """Read a Danish number: "12,5", "1.234,5", "−3", "82 %". A point parts thousands and nothing else."""
    match = _NUMBER.fullmatch(_SPACES.sub(" ", text[:60]).strip())
    if match is None:
        return None
    whole, fraction = re.sub(r"[. ]", "", match[2]), (match[3] or "").rstrip("0")
    if len(whole.lstrip("0")) > _MOST_DIGITS or len(fraction) > _MOST_DECIMALS:
        return None
    try:
        number = Decimal(f"{whole}.{fraction}" if fraction else whole)
    except InvalidOperation:
        return None
    return -number if match[1] in ("−", "–", "-") and match[1] else number

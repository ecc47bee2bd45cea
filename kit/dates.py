"""Danish dates: written ("30. maj 2022"), read ("d. 05.09.22"), and kept as vague as they are ("efteråret 2023")."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, Self

Precision = Literal["day", "month", "season", "half_year", "year", "unknown"]

MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")


# Written ---------------------------------------------------------------------------------------------------------


def format_date(day: date, *, weekday: bool = False) -> str:
    """A date as a Danish letter prints it: "30. maj 2022", or "mandag den 30. maj 2022"."""
    plain = f"{day.day}. {MONTHS[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]} den {plain}" if weekday else plain


def format_time(moment: time | datetime) -> str:
    """A time of day with a full stop, as Danish orthography has it: "kl. 17.00"."""
    return f"kl. {moment.hour:02}.{moment.minute:02}"


def format_datetime(moment: datetime, *, weekday: bool = False) -> str:
    """When a meeting begins: "30. maj 2022 kl. 17.00" (the caller has already turned it to local time)."""
    return f"{format_date(moment, weekday=weekday)} {format_time(moment)}"


def format_hours(starts: time, ends: time | None = None) -> str:
    """From when to when, as one says it: "kl. 16–18", "kl. 16.30–18.00", "kl. 16.00"."""
    if ends is None:
        return format_time(starts)
    if starts.minute or ends.minute:
        return f"{format_time(starts)}–{ends.hour:02}.{ends.minute:02}"
    return f"kl. {starts.hour}–{ends.hour}"


def week_number(day: date) -> int:
    """The ISO week number, the one printed in Danish calendars (uge 1 holds the year's first Thursday)."""
    return day.isocalendar().week


def format_week(day: date) -> str:
    """The week a day lies in, with the year the week belongs to: "uge 22, 2022"."""
    return f"uge {week_number(day)}, {day.isocalendar().year}"


def format_span(first: date, last: date) -> str:
    """A span of days as one says it: "september–november 2023", "maj 2025", "1.–10. maj 2023", or both days in full."""
    if first == last:
        return format_date(first)
    is_months = first.day == 1 and (last == date.max or (last + timedelta(days=1)).day == 1)
    begins, ends = (f"{MONTHS[day.month - 1]} {day.year}" for day in (first, last))
    if is_months and first.year == last.year:
        return ends if first.month == last.month else f"{MONTHS[first.month - 1]}–{ends}"
    if is_months:
        return f"{begins} – {ends}"
    if begins == ends:
        return f"{first.day}.–{format_date(last)}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day}. {MONTHS[first.month - 1]}{year} – {format_date(last)}"


# Read: exact dates -----------------------------------------------------------------------------------------------


class DateSpan(NamedTuple):
    """An exact date and where in the text it was printed."""

    start: int
    end: int
    day: date


_MONTH_NAMES = "|".join(MONTHS)
_MONTH_WORD = rf"(?:{_MONTH_NAMES}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|okt|nov|dec)\.)"
_MONTH_NUMBER = {name[:3]: number for number, name in enumerate(MONTHS, start=1)}

_EXACT = re.compile(
    rf"(?<![\w.,/-])(?:"
    rf"(?P<word_day>\d{{1,2}})\.?\s?(?P<word_month>{_MONTH_WORD}),?\s(?P<word_year>(?:19|20)\d\d)(?!\d)"
    r"|(?P<iso_year>(?:19|20)\d\d)-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)(?![\w-])"
    r"|(?P<day>\d{1,2})(?P<sep>[.-])(?P<month>\d{1,2})(?P=sep)(?P<year>(?:19|20)\d\d)(?![\d-])"
    r"|(?P<slash_day>\d{1,2})/(?P<slash_month>\d{1,2})[ -](?P<slash_year>(?:19|20)\d\d)(?![\d-])"
    r"|(?P<short_day>\d{1,2})(?P<short_sep>[.-])(?P<short_month>\d{1,2})(?P=short_sep)(?P<short_year>\d\d)(?![\w-]|\.\d)"
    r")",
    re.IGNORECASE,
)
# A two-digit year looks like a KLE number (00.22.04), so it needs one of these words right before it.
_DATE_WORD = re.compile(r"\b(?:d\.|den|dato:?|pr\.)\s*$", re.IGNORECASE)


def find_dates(text: str, *, is_date_field: bool = False) -> Iterator[DateSpan]:
    """Every exact date in a text; `is_date_field` says that a label already promised a date ("Dato: 08-09-22")."""
    for match in _EXACT.finditer(text):
        before = text[max(0, match.start() - 8) : match.start()]
        if match["short_day"] and not (is_date_field or _DATE_WORD.search(before)):
            continue
        if day := _matched_date(match):
            yield DateSpan(match.start(), match.end(), day)


def read_date(text: str, *, is_date_field: bool = False) -> date | None:
    """The first exact date in a text, or None."""
    return next((span.day for span in find_dates(text, is_date_field=is_date_field)), None)


def _matched_date(match: re.Match[str]) -> date | None:
    if name := match["word_month"]:
        return _real_date(int(match["word_year"]), _MONTH_NUMBER[name[:3].lower()], int(match["word_day"]))
    if match["short_year"]:
        year = int(match["short_year"])
        century = 2000 if year < 70 else 1900
        return _real_date(century + year, int(match["short_month"]), int(match["short_day"]))
    for kind in ("iso_", "slash_", ""):
        if match[f"{kind}year"]:
            return _real_date(*(int(match[f"{kind}{part}"]) for part in ("year", "month", "day")))
    return None


def _real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# Read: vague dates -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ImpreciseDate:
    """A time as vague as it was printed ("efteråret 2023"), with the days it can mean at most."""

    text: str
    earliest: date | None = None
    latest: date | None = None
    precision: Precision = "unknown"

    @classmethod
    def on(cls, day: date, text: str = "") -> Self:
        """A firm day."""
        return cls(text or format_date(day), day, day, "day")

    @classmethod
    def read(cls, text: str) -> Self:
        """What a Danish phrase says about when; a phrase that names no time keeps its words and nothing else."""
        stripped = text.strip()
        span = next(find_imprecise_dates(stripped, is_date_field=True), None)
        if span is None:
            return cls(stripped)
        return cls(stripped, span.when.earliest, span.when.latest, span.when.precision)

    @property
    def is_firm(self) -> bool:
        """Only a firm date can be overdue; a season cannot."""
        return self.precision == "day"

    @property
    def label(self) -> str:
        """The words for a reader: a firm date spelled out, anything vaguer as it was printed."""
        return format_date(self.latest) if self.is_firm and self.latest else self.text

    def __str__(self) -> str:
        return self.label


class ImpreciseSpan(NamedTuple):
    """A vague or exact time and where in the text it was printed."""

    start: int
    end: int
    when: ImpreciseDate


_PART = (
    r"(?P<first>(?:begyndelsen|starten)\s+af|primo|tidligt\s+(?:i|på))"
    r"|(?P<middle>midten\s+af|medio)"
    r"|(?P<last>(?:slutningen|udgangen)\s+af|ultimo|sent\s+(?:i|på))"
)
_VAGUE = re.compile(
    rf"\b(?:(?:{_PART})\s+)?"
    r"(?:(?P<season>forår|sommer|efterår|vinter)(?:e[nt])?\s+"
    rf"|(?<!\d\. )(?P<month>{_MONTH_NAMES})\s+"  # "31. februar" is a misprint, not a month
    r"|(?P<half>1\.|2\.|første|andet)\s+halvår\s+"
    r"|(?P<quarter>[1-4]\.)\s+kvartal\s+"
    r"|(?P<in_year>i\s+(?:løbet\s+af\s+)?)?)"
    r"(?P<year>20\d\d)(?P<winter>\s?[/-]\s?(?:20)?\d\d)?(?![\d/-])",
    re.IGNORECASE,
)
_SEASON_START = {"forår": 3, "sommer": 6, "efterår": 9, "vinter": 12}


def find_imprecise_dates(text: str, *, is_date_field: bool = False) -> Iterator[ImpreciseSpan]:
    """Every time in a text, exact or vague; a bare year counts only in a field ("strategi 2022" is a name)."""
    exact = list(find_dates(text, is_date_field=is_date_field and not text[:1].isalpha()))
    spans = [ImpreciseSpan(s.start, s.end, ImpreciseDate.on(s.day, text[s.start : s.end])) for s in exact]
    taken = {position for span in exact for position in range(span.start, span.end)}
    for match in _VAGUE.finditer(text):
        if not {match.start(), match.end() - 1} & taken and (when := _vague(match, is_date_field)):
            spans.append(ImpreciseSpan(match.start(), match.end(), when))
    yield from sorted(spans, key=lambda span: span.start)


def _vague(match: re.Match[str], is_date_field: bool) -> ImpreciseDate | None:
    period = _period(match, is_date_field)
    if period is None:
        return None
    start, months, precision = period
    earliest, latest = _part_of(match, start, months)
    return ImpreciseDate(match[0].strip(), earliest, latest, precision)


def _period(match: re.Match[str], is_date_field: bool) -> tuple[date, int, Precision] | None:
    """First day, number of months and precision of the printed period; a quarter is as precise as a season."""
    year = int(match["year"])
    if season := match["season"]:
        return _season(season.lower(), year, bool(match["winter"]))
    if match["winter"]:
        return None
    if month := match["month"]:
        return date(year, MONTHS.index(month.lower()) + 1, 1), 1, "month"
    if half := match["half"]:
        return date(year, 1 if half.lower() in ("1.", "første") else 7, 1), 6, "half_year"
    if quarter := match["quarter"]:
        return date(year, 3 * int(quarter[0]) - 2, 1), 3, "season"
    is_bare = not (match["in_year"] or match["first"] or match["middle"] or match["last"])
    return None if is_bare and not is_date_field else (date(year, 1, 1), 12, "year")


def _season(name: str, year: int, spans_new_year: bool) -> tuple[date, int, Precision] | None:
    if name == "vinter" and not spans_new_year:
        return date(year, 1, 1), 14, "season"  # "vinteren 2023" may mean either end of the year: the wider span holds
    return date(year, _SEASON_START[name], 1), 3, "season"


def _part_of(match: re.Match[str], start: date, months: int) -> tuple[date, date]:
    """The whole period, or the third of it that "starten af", "midten af" or "slutningen af" means (our convention)."""
    third = next((index for index, part in enumerate(("first", "middle", "last")) if match[part]), None)
    if third is None or months not in (1, 3, 6, 12):
        return start, _last_day(start, months)
    if months == 1:
        begin = start.replace(day=10 * third + 1)
        return begin, _last_day(start, 1) if third == 2 else begin + timedelta(days=9)
    begin = _add_months(start, third * months // 3)
    return begin, _last_day(begin, max(1, months // 3))


def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def _last_day(start: date, months: int) -> date:
    return _add_months(start, months) - timedelta(days=1)

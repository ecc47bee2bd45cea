"""Mødekalenderen: a month of meetings as a Danish wall calendar has it, Monday first and with week numbers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db.models import Max, Min, Q, QuerySet

from kit.dates import MONTHS, WEEKDAYS, format_time, week_number
from meetings.documents.meeting_list import CALENDAR, Choice, MeetingFilters, year_of
from meetings.models import Committee, Meeting

_MONTH_NUMBERS = [f"{number:02}" for number in range(1, 13)]


@dataclass(frozen=True, slots=True)
class CalendarMeeting:
    """Et møde on its day."""

    committee: str
    time: str
    url: str
    is_cancelled: bool
    is_demo: bool

    @property
    def breakable(self) -> str:
        """The name with soft hyphens where a narrow column may break it: "Uddannelses-udvalget"."""
        return self.committee.replace("udvalg", "\N{SOFT HYPHEN}udvalg")


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """En dag in the grid; days of the months around it are there to make the week whole."""

    day: date
    is_in_month: bool
    is_today: bool
    meetings: tuple[CalendarMeeting, ...]

    @property
    def name(self) -> str:
        """Mandag 2. november."""
        return f"{WEEKDAYS[self.day.weekday()]} {self.day.day}. {MONTHS[self.day.month - 1]}"


@dataclass(frozen=True, slots=True)
class CalendarWeek:
    """En uge with its number."""

    number: int
    days: tuple[CalendarDay, ...]


@dataclass(frozen=True, slots=True)
class MeetingCalendarDocument:
    """One month of the meetings a viewer may see."""

    filters: MeetingFilters
    first: date
    weeks: tuple[CalendarWeek, ...]
    committees: tuple[Committee, ...]
    selected: Committee | None
    nearest: tuple[tuple[str, str], ...]  # months with meetings, where this one has none: name and address

    @classmethod
    def for_viewer(cls, viewer: Any, *, filters: MeetingFilters, today: date) -> Self:
        """Ask for the meetings of the weeks that the month touches, and where the nearest others are."""
        first = month_of(filters.maaned) or today.replace(day=1)
        choice = Choice.of(viewer, filters)
        days = _days(first)
        meetings: dict[date, list[CalendarMeeting]] = defaultdict(list)
        for meeting in choice.meetings.filter(date__range=(days[0], days[-1])).order_by("date", "starts_at", "pk"):
            meetings[meeting.date].append(_meeting(meeting))
        grid = [
            CalendarDay(day, day.month == first.month, day == today, tuple(meetings[day])) for day in days
        ]  # fmt: skip
        chosen = MeetingFilters(udvalg=choice.selected.slug if choice.selected else "", vis=CALENDAR)
        weeks = tuple(
            CalendarWeek(week_number(grid[n].day), tuple(grid[n : n + 7])) for n in range(0, len(grid), 7)
        )  # fmt: skip
        return cls(chosen, first, weeks, choice.committees, choice.selected, _nearest(choice.meetings, first, chosen))

    @property
    def name(self) -> str:
        """November 2026."""
        return _month_name(self.first).capitalize()

    @property
    def days(self) -> tuple[CalendarDay, ...]:
        """The days of the month that have meetings; what a narrow screen lists."""
        return tuple(day for week in self.weeks for day in week.days if day.is_in_month and day.meetings)

    @property
    def has_demo(self) -> bool:
        """Whether some of it was made up for the demo; then that is said below."""
        return any(meeting.is_demo for week in self.weeks for day in week.days for meeting in day.meetings)

    @property
    def before(self) -> tuple[str, str]:
        """The month before: its name and its address."""
        return self._turned(-1)

    @property
    def after(self) -> tuple[str, str]:
        """The next month: its name and its address."""
        return self._turned(1)

    def _turned(self, months: int) -> tuple[str, str]:
        month = _plus(self.first, months)
        return _month_name(month), self.filters.address(maaned=f"{month:%Y-%m}")


def month_of(text: str) -> date | None:
    """Read "2026-11"; nonsense is no month."""
    year, _, month = text.partition("-")
    if year_of(year) and month in _MONTH_NUMBERS:
        return date(int(year), int(month), 1)
    return None


def _plus(month: date, months: int) -> date:
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)


def _month_name(month: date) -> str:
    return f"{MONTHS[month.month - 1]} {month.year}"


def _days(first: date) -> list[date]:
    """Every day of the weeks a month touches, from a Monday to a Sunday."""
    start = first.toordinal() - first.weekday()
    last = _plus(first, 1).toordinal() - 1
    end = last + 6 - date.fromordinal(last).weekday()
    return [date.fromordinal(day) for day in range(start, end + 1)]


def _meeting(meeting: Meeting) -> CalendarMeeting:
    return CalendarMeeting(
        committee=meeting.held_by,
        time=format_time(meeting.starts_at) if meeting.starts_at else "",
        url=meeting.get_absolute_url(),
        is_cancelled=bool(meeting.cancelled),
        is_demo=meeting.is_demo,
    )


def _nearest(meetings: "QuerySet[Meeting]", first: date, chosen: MeetingFilters) -> tuple[tuple[str, str], ...]:
    """The nearest months before and after that have meetings."""
    around = meetings.aggregate(
        before=Max("date", filter=Q(date__lt=first)), after=Min("date", filter=Q(date__gte=_plus(first, 1)))
    )
    months = [day.replace(day=1) for day in (around["before"], around["after"]) if day]
    return tuple((_month_name(month), chosen.address(maaned=f"{month:%Y-%m}")) for month in months)

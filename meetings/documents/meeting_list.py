"""Listen over møder: those to come first, the nearest on top, then the earlier ones, the latest on top."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Max, Min, QuerySet

from kit.danish import sort_key
from kit.dates import format_date
from meetings.documents.paging import Paging
from meetings.documents.parts import when_and_where
from meetings.documents.state import MeetingState, with_state
from meetings.models import Committee, Meeting

MOST = 1_000  # in the list; what lies before is found by its year
_YEARS = {str(year) for year in range(1970, 2200)}
COMING, EARLIER, CALENDAR = "kommende", "tidligere", "kalender"


def year_of(text: str) -> str:
    """Return a year that meetings can lie in, or nothing."""
    return text if text in _YEARS else ""


@dataclass(frozen=True, slots=True)
class MeetingFilters:
    """Valget: which meetings one looks at, and how. All of it stands in the address, so it survives back and reload."""

    udvalg: str = ""
    aar: str = ""
    tid: str = ""
    vis: str = ""
    maaned: str = ""

    @classmethod
    def of(cls, query: Any) -> Self:
        """Read the choice from an address; what makes no sense there counts as not chosen."""
        return cls(
            udvalg=query.get("udvalg", ""),
            aar=year_of(query.get("aar", "")),
            tid=time if (time := query.get("tid", "")) in {COMING, EARLIER} else "",
            vis=CALENDAR if query.get("vis") == CALENDAR else "",
            maaned=query.get("maaned", ""),
        )

    def address(self, **changes: str) -> str:
        """The address of this choice with something changed, nothing in it that is not chosen."""
        chosen = {name: getattr(self, name) for name in ("udvalg", "aar", "tid", "vis", "maaned")} | changes
        return "?" + urlencode({name: value for name, value in chosen.items() if value})

    @property
    def is_calendar(self) -> bool:
        """Whether the months are asked for, not the list."""
        return self.vis == CALENDAR

    @property
    def as_list(self) -> str:
        """The same choice as a list."""
        return self.address(vis="", maaned="")

    @property
    def as_calendar(self) -> str:
        """The same choice as months; there a year or a side of today is told by where one turns to."""
        return self.address(vis=CALENDAR, aar="", tid="", maaned=f"{self.aar}-01" if self.aar else "")

    @property
    def narrows(self) -> bool:
        """Whether something is chosen away."""
        return bool(self.udvalg or self.aar or self.tid)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting in the list."""

    date_text: str
    committee: str
    url: str
    detail: str
    year: int
    is_coming: bool
    is_demo: bool
    cancelled: str
    state: MeetingState | None

    @classmethod
    def of(cls, meeting: Meeting, *, with_municipality: bool, today: date) -> Self:
        """Tell a meeting in a line; its municipality where several share the installation."""
        kind = "" if meeting.kind == Meeting.Kind.ORDINARY else meeting.get_kind_display()
        municipality = meeting.committee.municipality.name if with_municipality else ""
        detail = " · ".join(part for part in (municipality, kind, when_and_where(meeting)) if part)
        return cls(
            format_date(meeting.date), meeting.held_by, meeting.get_absolute_url(), detail, meeting.date.year,
            meeting.date >= today, meeting.is_demo, meeting.cancelled, MeetingState.of(meeting),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeetingListDocument:
    """The meetings a viewer may see, a page of them, and what one can choose among."""

    filters: MeetingFilters
    coming: tuple[MeetingRow, ...]
    years: tuple[tuple[int, tuple[MeetingRow, ...]], ...]
    committees: tuple[Committee, ...]
    selected: Committee | None
    known_years: tuple[str, ...]
    paging: Paging

    @classmethod
    def for_viewer(cls, viewer: Any, *, filters: MeetingFilters, page: str, today: date) -> Self:
        """Ask for a page of meetings; as many queries for 300 as for one."""
        choice = Choice.of(viewer, filters)
        filters = replace(filters, udvalg=choice.selected.slug if choice.selected else "")
        found = choice.meetings
        if filters.aar:
            found = found.filter(date__year=int(filters.aar))
        if filters.tid:
            found = found.filter(date__gte=today) if filters.tid == COMING else found.filter(date__lt=today)
        ordered = _InOrder(with_state(found, viewer=viewer), today)
        shown, paging = Paging.through(ordered, page, **asdict(filters))
        rows = [MeetingRow.of(one, with_municipality=choice.has_several, today=today) for one in shown]
        earlier = (row for row in rows if not row.is_coming)
        return cls(
            filters=filters,
            coming=tuple(row for row in rows if row.is_coming),
            years=tuple((year, tuple(group)) for year, group in groupby(earlier, key=lambda row: row.year)),
            committees=choice.committees,
            selected=choice.selected,
            known_years=choice.years,
            paging=paging,
        )

    @property
    def goes_on(self) -> bool:
        """Whether there may be earlier meetings that only a choice of year shows."""
        return self.paging.total >= MOST and not self.filters.aar

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to list."""
        return not (self.coming or self.years)


@dataclass(frozen=True, slots=True)
class Choice:
    """What one can choose among, and the meetings of the committee that is chosen."""

    meetings: "QuerySet[Meeting]"
    committees: tuple[Committee, ...]
    selected: Committee | None
    years: tuple[str, ...]

    @classmethod
    def of(cls, viewer: Any, filters: MeetingFilters) -> Self:
        """Ask which committees and years have meetings the viewer may see."""
        visible = Meeting.objects.visible_to(viewer)
        having_some = Committee.objects.filter(pk__in=visible.values("committee")).select_related("municipality")
        committees = tuple(sorted(having_some, key=lambda committee: sort_key(committee.name)))
        selected = next((committee for committee in committees if committee.slug == filters.udvalg), None)
        meetings = visible.select_related("committee__municipality").prefetch_related("committee__former_names")
        days = visible.aggregate(first=Min("date"), last=Max("date"))  # the ends of an index, not a walk through it
        years = range(days["last"].year, days["first"].year - 1, -1) if days["first"] else ()
        return cls(
            meetings.filter(committee=selected) if selected else meetings,
            committees,
            selected,
            tuple(str(year) for year in years),
        )

    @property
    def has_several(self) -> bool:
        """Whether several municipalities share the installation."""
        return len({committee.municipality_id for committee in self.committees}) > 1


class _InOrder:
    """To come: the nearest first. Before: the latest first. Asked for a page at a time, so that nothing is looked
    through that is not shown, and never counted beyond `MOST`.
    """

    def __init__(self, meetings: "QuerySet[Meeting]", today: date) -> None:
        self._coming = meetings.filter(date__gte=today).order_by("date", "starts_at", "pk")
        self._earlier = meetings.filter(date__lt=today).order_by("-date", "starts_at", "pk")
        self._ahead = self._coming.order_by()[:MOST].count()

    def count(self) -> int:
        """How many there are, to `MOST`."""
        return self._ahead + self._earlier.order_by()[: MOST - self._ahead].count()

    def __getitem__(self, page: slice) -> list[Meeting]:
        """The meetings of a page."""
        coming = list(self._coming[page.start : min(page.stop, self._ahead)]) if page.start < self._ahead else []
        first, last = max(page.start - self._ahead, 0), max(page.stop - self._ahead, 0)
        return coming + (list(self._earlier[first:last]) if last else [])

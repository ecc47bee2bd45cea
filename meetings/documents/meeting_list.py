"""Listen over møder: newest first, a heading a year."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

from kit.danish import sort_key
from kit.dates import format_date
from meetings.documents.parts import when_and_where
from meetings.models import Committee, Meeting


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting in the list."""

    date_text: str
    committee: str
    url: str
    detail: str
    year: int
    is_demo: bool

    @classmethod
    def of(cls, meeting: Meeting, *, with_municipality: bool) -> Self:
        """Tell a meeting in a line; its municipality where several share the installation."""
        kind = "" if meeting.kind == Meeting.Kind.ORDINARY else meeting.get_kind_display()
        municipality = meeting.committee.municipality.name if with_municipality else ""
        detail = " · ".join(part for part in (municipality, kind, when_and_where(meeting)) if part)
        return cls(
            format_date(meeting.date), meeting.committee.name, meeting.get_absolute_url(), detail, meeting.date.year,
            meeting.is_demo,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeetingListDocument:
    """The meetings a viewer may see, all or those of one committee."""

    years: tuple[tuple[int, tuple[MeetingRow, ...]], ...]
    committees: tuple[Committee, ...]
    selected: Committee | None

    @classmethod
    def for_viewer(cls, viewer: Any, *, committee_slug: str = "") -> Self:
        """Ask for all meetings once; the committees to choose from are those that have some."""
        meetings = list(Meeting.objects.visible_to(viewer).select_related("committee__municipality"))
        committees = sorted({meeting.committee for meeting in meetings}, key=lambda committee: sort_key(committee.name))
        selected = next((committee for committee in committees if committee.slug == committee_slug), None)
        several = len({meeting.committee.municipality_id for meeting in meetings}) > 1
        rows = [
            MeetingRow.of(meeting, with_municipality=several)
            for meeting in meetings
            if selected is None or meeting.committee == selected
        ]
        years = tuple((year, tuple(group)) for year, group in groupby(rows, key=lambda row: row.year))
        return cls(years, tuple(committees), selected)

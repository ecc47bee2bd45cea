"""Parts that several pages about meetings share: facts, the indstilling, the outcome."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.utils import timezone

from kit.dates import format_date, format_datetime, format_time
from meetings.models import Category, Committee, Correction, Decision, Meeting, Recommendation, Right

CATEGORY_KINDS = {
    Category.APPROVED: "success",
    Category.APPROVED_AMENDED: "success",
    Category.ELECTED: "success",
    Category.POSTPONED: "warning",
    Category.BROUGHT_TO_COUNCIL: "warning",
    Category.REJECTED: "error",
}


def holds(viewer: Any, right: Right, committee: Committee) -> bool:
    """Whether the viewer holds a right in the committee today."""
    return Committee.objects.where(viewer, right).filter(pk=committee.pk).exists()


def when_and_where(meeting: Meeting) -> str:
    """kl. 17.00, Rådhuset; as much of it as is known."""
    known = [format_time(meeting.starts_at) if meeting.starts_at else "", meeting.place]
    return ", ".join(part for part in known if part)


def meeting_name(meeting: Meeting) -> str:
    """Børne- og Uddannelsesudvalget · 12. december 2022."""
    return f"{meeting.committee.name} · {format_date(meeting.date)}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and a value."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Et at-punkt, with the mark that stands before it."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Indstillingen: who proposes what; empty when nobody does."""

    by: str
    points: tuple[Point, ...]

    @classmethod
    def of(cls, recommendations: Iterable[Recommendation]) -> Self:
        """Gather the at-points; where several propose, each point says whose it is."""
        rows = list(recommendations)
        proposers = {row.by for row in rows}
        shared = proposers.pop() if len(proposers) == 1 else ""
        return cls(shared, tuple(Point(_mark(row, rows), _point_text(row, shared)) for row in rows))


def _mark(row: Recommendation, rows: list[Recommendation]) -> str:
    return f"{row.number}." if len(rows) > 1 else "•"


def _point_text(row: Recommendation, shared: str) -> str:
    return row.text if row.by == shared else f"{row.by} indstiller, {row.text}"


@dataclass(frozen=True, slots=True)
class Addition:
    """En dateret tilføjelse below a decision. Outsiders are not told which official wrote it."""

    date_text: str
    by: str
    text: str
    category: str

    @classmethod
    def of(cls, correction: Correction, *, by: str) -> Self:
        """Tell a correction."""
        day = format_date(timezone.localdate(correction.recorded_at))
        return cls(day, by, correction.text, correction.get_category_display())


@dataclass(frozen=True, slots=True)
class Outcome:
    """Udfaldet: the decision verbatim, what it amounts to after corrections, and its dated additions."""

    pk: int
    text: str
    category: str
    category_kind: str
    is_approving: bool
    decided_on: date
    recorded: str
    additions: tuple[Addition, ...]

    @classmethod
    def of(cls, decision: Decision, corrections: Iterable[Correction] = (), *, names_officials: bool = False) -> Self:
        """Tell a decision that came through `with_effective_category`."""
        effective = Category(decision.effective_category)  # type: ignore[attr-defined]
        return cls(
            pk=decision.pk,
            text=decision.text,
            category=effective.label,
            category_kind=CATEGORY_KINDS.get(effective, "plain"),
            is_approving=effective in (Category.APPROVED, Category.APPROVED_AMENDED),
            decided_on=decision.decided_on,
            recorded=_recorded(decision) if names_officials else "",
            additions=tuple(
                Addition.of(correction, by=str(correction.recorded_by) if names_officials else "Forvaltningen")
                for correction in corrections
            ),
        )

    @property
    def decided(self) -> str:
        """Besluttet 12. december 2022."""
        return f"Besluttet {format_date(self.decided_on)}"


def _recorded(decision: Decision) -> str:
    """Only the hour when it was entered on the day it was decided, else the date too."""
    local = timezone.localtime(decision.recorded_at)
    when = format_time(local) if local.date() == decision.decided_on else format_datetime(local)
    return f"Ført til protokollen {when} af {decision.recorded_by}" if decision.recorded_by else f"Indlæst {when}"

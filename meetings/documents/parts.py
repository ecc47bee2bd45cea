"""Parts that several pages about meetings share: facts, the indstilling, the outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.utils import timezone

from kit.danish import join_words
from kit.dates import format_date, format_datetime, format_time
from meetings.models import (
    APPROVING,
    DEPARTING,
    AgendaItem,
    Category,
    Correction,
    Decision,
    Meeting,
    MinutesAddition,
    Recommendation,
    Right,
    Stay,
    StayOutcome,
    has_right,
)

CATEGORY_KINDS = {
    Category.APPROVED: "success",
    Category.APPROVED_AMENDED: "success",
    Category.ELECTED: "success",
    Category.POSTPONED: "warning",
    Category.BROUGHT_TO_COUNCIL: "warning",
    Category.REJECTED: "error",
}


def reads_minutes(viewer: Any, meeting: Meeting) -> bool:
    """Whether the viewer may read what was decided: `minutes_visible_to` for one meeting, without asking for those
    whose own committee it is.
    """
    if has_right(viewer, Right.READ_MEETINGS, meeting.committee):
        return True
    return Meeting.objects.minutes_visible_to(viewer).filter(pk=meeting.pk).exists()


def when_and_where(meeting: Meeting) -> str:
    """kl. 17.00, Rådhuset; as much of it as is known."""
    known = [format_time(meeting.starts_at) if meeting.starts_at else "", meeting.place]
    return ", ".join(part for part in known if part)


def meeting_name(meeting: Meeting) -> str:
    """Børne- og Uddannelsesudvalget · 12. december 2022."""
    return f"{meeting.held_by} · {format_date(meeting.date)}"


def item_name(item: AgendaItem) -> str:
    """Punkt 4 · Børne- og Uddannelsesudvalget · 12. december 2022."""
    return f"Punkt {item.number} · {meeting_name(item.meeting)}"


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


def additions_to_minutes(meeting: Meeting, *, names_officials: bool) -> tuple[Addition, ...]:
    """Tell what was added to the minutes as a whole after the meeting was closed."""
    rows = MinutesAddition.objects.filter(meeting=meeting).select_related("recorded_by")
    return tuple(
        Addition(
            format_date(timezone.localdate(one.recorded_at)),
            str(one.recorded_by or "Forvaltningen") if names_officials else "Forvaltningen", one.text, "",
        )
        for one in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standstill:
    """En standsning as the reader meets it: who declared it, and what the council has made of it."""

    text: str
    reason: str
    outcome: str
    is_released: bool
    url: str = ""

    @classmethod
    def of(cls, stay: Stay, *, council: str, url: str = "") -> Self:
        """Tell a stay that came with `outcome` and the person who declared it."""
        outcome: StayOutcome | None = getattr(stay, "outcome", None)
        verdict = outcome.verdict if outcome else ""
        told = {
            StayOutcome.Verdict.CONFIRMED: f"{council} har stadfæstet beslutningen",
            StayOutcome.Verdict.CHANGED: f"{council} har ændret beslutningen",
            StayOutcome.Verdict.ANNULLED: "Udvalget har selv ophævet beslutningen",
        }
        return cls(
            text=f"{stay.declared_by} har begæret sagen indbragt for {council}, jf. styrelseslovens § 23.",
            reason=stay.reason,
            outcome=f"{told[StayOutcome.Verdict(verdict)]} {format_date(outcome.decided_on)}." if outcome else "",
            is_released=verdict == StayOutcome.Verdict.CONFIRMED,
            url=url,
        )

    @property
    def banner(self) -> str:
        """What one must know before one reads the decision."""
        if self.outcome:
            return f"Beslutningen blev standset. {self.text} {self.outcome}"
        return f"Beslutningen er standset og har ingen virkning endnu. {self.text}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Udfaldet: a decision verbatim, what it amounts to after corrections and stay, and its dated additions; of the
    whole item, or of the at-points in its label ("Ad 1–3").
    """

    pk: int
    label: str
    points: tuple[int, ...]
    text: str
    conditions: str
    category: str
    category_kind: str
    is_approving: bool
    departs: bool
    decided_on: date
    recorded: str
    additions: tuple[Addition, ...]
    standstill: Standstill | None

    @classmethod
    def of(
        cls,
        decision: Decision,
        corrections: Iterable[Correction] = (),
        *,
        names_officials: bool = False,
        standstill: Standstill | None = None,
        points: tuple[int, ...] = (),
        has_proposal: bool = True,
    ) -> Self:
        """Tell a decision that came through `with_effective_category`."""
        effective = Category(decision.effective_category)  # type: ignore[attr-defined]
        return cls(
            pk=decision.pk,
            label=ad(points),
            points=points,
            text=decision.text,
            conditions=decision.conditions,
            category=effective.label,
            category_kind=CATEGORY_KINDS.get(effective, "plain"),
            is_approving=effective in APPROVING and (standstill is None or standstill.is_released),
            departs=decision.departs if decision.departs is not None else has_proposal and effective in DEPARTING,
            decided_on=decision.decided_on,
            recorded=_recorded(decision) if names_officials else "",
            additions=tuple(
                Addition.of(correction, by=str(correction.recorded_by) if names_officials else "Forvaltningen")
                for correction in corrections
            ),
            standstill=standstill,
        )

    @property
    def says_its_category(self) -> bool:
        """Whether the words begin with what they amount to ("Godkendt.", "Anbefales."), or amount to nothing: then it
        need not be said twice.
        """
        stem = self.category.casefold()[:-1]
        return self.text.casefold().startswith(stem) or self.category == Category.NONE.label

    @property
    def decided(self) -> str:
        """Besluttet 12. december 2022."""
        return f"Besluttet {format_date(self.decided_on)}"


def ad(points: Sequence[int]) -> str:
    """Name at-points as a protocol does: "Ad 2", "Ad 1–3", "Ad 1 og 3"; nothing for the whole item."""
    if not points:
        return ""
    runs: list[list[int]] = []
    for point in sorted(points):
        if runs and point == runs[-1][-1] + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return "Ad " + join_words([str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs])


def _recorded(decision: Decision) -> str:
    """Only the hour when it was entered on the day it was decided, else the date too."""
    local = timezone.localtime(decision.recorded_at)
    when = format_time(local) if local.date() == decision.decided_on else format_datetime(local)
    return f"Ført til protokollen {when} af {decision.recorded_by}" if decision.recorded_by else f"Indlæst {when}"

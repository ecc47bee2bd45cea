"""Mål and nøgletal of pejlemærker on a day: values with where they come from, told, never judged.

A value under five of something that counts people is not shown to the public, and neither is anything it could be
worked out from: its note and source, a line through it, an axis that depends on it.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from kit.danish import count_word
from kit.dates import format_date
from meetings.models import Committee, Right
from pejlemaerker.documents.chart import Chart, Mark
from pejlemaerker.documents.figure_chart import figure_chart
from pejlemaerker.documents.numbers import with_unit
from pejlemaerker.documents.standing import Standing
from pejlemaerker.documents.targets import TargetLine, targets_of
from pejlemaerker.models import Adoption, AsOf, Goal, Indicator, IndicatorDefinition, Measurement, end_of, known_by

SMALL = 5
FEWER = "færre end 5"
_ON_PAPER = 12
_MONTHS = {
    IndicatorDefinition.Frequency.MONTHLY: 1,
    IndicatorDefinition.Frequency.QUARTERLY: 3,
    IndicatorDefinition.Frequency.HALF_YEARLY: 6,
    IndicatorDefinition.Frequency.YEARLY: 12,
    IndicatorDefinition.Frequency.BIENNIAL: 24,
}


def is_small(value: Decimal, *, counts_people: bool) -> bool:
    """Whether the public may not see a value: so few people could be known."""
    return counts_people and value < SMALL


def public_value(value: Decimal, unit: str, *, counts_people: bool) -> str:
    """Tell a value as the public may see it: "82 %", or "færre end 5"."""
    return FEWER if is_small(value, counts_people=counts_people) else with_unit(value, unit)


@dataclass(frozen=True, slots=True)
class Value:
    """En måling, as the viewer may see it."""

    day: date
    number: Decimal | None  # None where the viewer may not see it
    text: str
    source: str
    note: str
    entered: str  # by whom and when, for insiders
    before: str  # what stood there before it was put right, for insiders


@dataclass(frozen=True, slots=True)
class Figure:
    """Et nøgletal, for one viewer on one day."""

    indicator: Indicator
    definition: IndicatorDefinition
    values: tuple[Value, ...]
    at: AsOf
    is_internal: bool
    chart: Chart | None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.definition.name

    @property
    def latest(self) -> Value | None:
        """The newest measurement."""
        return self.values[-1] if self.values else None

    @property
    def latest_text(self) -> str:
        """82 %, målt 31. december 2023."""
        return f"{self.latest.text}, målt {format_date(self.latest.day)}" if self.latest else "Ikke målt endnu"

    @property
    def frequency_text(self) -> str:
        """hvert kvartal."""
        return self.definition.get_frequency_display().lower()

    @property
    def due_on(self) -> date | None:
        """The day by which the next measurement should be there; None when none is awaited."""
        months = _MONTHS.get(IndicatorDefinition.Frequency(self.definition.frequency))
        if self.latest is None or months is None or self.definition.is_retired:
            return None
        return later(self.latest.day, months)

    @property
    def is_stale(self) -> bool:
        """Forældet: by its own frequency there should be a newer measurement."""
        return self.due_on is not None and self.due_on < self.at.on

    @property
    def stale_text(self) -> str:
        """Sidst målt 1. marts 2024; skulle måles hvert kvartal."""
        if not self.is_stale or self.latest is None:
            return ""
        return f"Sidst målt {format_date(self.latest.day)}; skulle måles {self.frequency_text}."

    @property
    def target_text(self) -> str:
        """80 % senest 31. december 2025."""
        if self.definition.target_value is None:
            return ""
        by = f" senest {format_date(self.definition.target_by)}" if self.definition.target_by else ""
        return f"{with_unit(self.definition.target_value, self.definition.unit)}{by}"

    @property
    def target_sentence(self) -> str:
        """The target, with a full stop; a unit like "kr." has its own."""
        return self.target_text if self.target_text.endswith(".") else f"{self.target_text}."

    @property
    def told(self) -> str:
        """Måles i % hvert år. Højere er bedre. Mål: 80 % senest 31. december 2025. Kilde: …"""
        target = f" Mål: {self.target_sentence}" if self.target_text else ""
        direction = self.definition.get_direction_display()
        measured = f"Måles i {self.definition.unit} {self.frequency_text}."
        return f"{measured} {direction}.{target} Kilde: {self.definition.source}."

    @property
    def newest_first(self) -> tuple[Value, ...]:
        """The measurements, as a table tells them."""
        return self.values[::-1]

    @property
    def on_paper(self) -> tuple[Value, ...]:
        """The newest measurements: as many as a paper has patience for."""
        return self.newest_first[:_ON_PAPER]

    @property
    def left_out(self) -> str:
        """What a paper says of the others."""
        rest = len(self.values) - _ON_PAPER
        return f"De {_ON_PAPER} nyeste målinger; de ældre står på pejlemærkets side." if rest > 0 else ""

    @property
    def count_text(self) -> str:
        """fire målinger."""
        return "én måling" if len(self.values) == 1 else f"{count_word(len(self.values))} målinger"

    @property
    def has_sources(self) -> bool:
        """Whether any measurement names a source of its own."""
        return any(value.source for value in self.values)

    @property
    def has_notes(self) -> bool:
        """Whether anything is noted beside a measurement."""
        return any(value.note for value in self.values)


@dataclass(frozen=True, slots=True)
class Figures:
    """Mål and nøgletal of one pejlemærke."""

    goal: Goal
    targets: tuple[TargetLine, ...]
    followed: tuple[Figure, ...]
    retired: tuple[Figure, ...]

    @property
    def has_any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.targets or self.followed or self.retired)


@dataclass(frozen=True, slots=True)
class FiguresOfOne:
    """Mål and nøgletal of one of a set's pejlemærker, under its name."""

    name: str
    figures: Figures


def figures_in(listed: Iterable[Standing], *, viewer: Any, at: AsOf) -> tuple[FiguresOfOne, ...]:
    """Tell the mål and nøgletal of a set's pejlemærker, in their order; those without any are left out."""
    listed = list(listed)
    told = figures_of([standing.goal for standing in listed], viewer=viewer, at=at)
    found = [FiguresOfOne(standing.name, told[standing.goal.pk]) for standing in listed]
    return tuple(one for one in found if one.figures.targets or one.figures.followed)


def later(day: date, months: int) -> date:
    """The same day some months later; the last day of a month leads to the last day of a month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    length = monthrange(year, month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, length if is_last else min(day.day, length))


def figures_of(goals: Iterable[Goal], *, viewer: Any, at: AsOf) -> dict[int, Figures]:
    """Tell the mål and nøgletal of each pejlemærke, in the same number of queries however many there are."""
    goals = list(goals)
    definitions = _definitions(goals, at)
    values = _measurements(definitions, at)
    internal = _internal(goals, viewer) if definitions else set()
    marks = _wordings(goals, at) if values else {}
    targets = targets_of(goals, viewer=viewer, at=at)
    figures: dict[int, list[Figure]] = defaultdict(list)
    for history in definitions.values():
        definition = history.at
        goal = definition.indicator.goal_id
        rows = values.get(definition.indicator_id, [])
        if not (history.is_recorded or rows):
            continue
        shown = tuple(_shown(row, history, is_internal=goal in internal) for row in rows)
        figures[goal].append(
            Figure(
                indicator=definition.indicator,
                definition=definition,
                values=shown,
                at=at,
                is_internal=goal in internal,
                chart=figure_chart(definition, [(value.day, value.number) for value in shown], marks.get(goal, ())),
            )
        )
    return {
        goal.pk: Figures(
            goal=goal,
            targets=targets.get(goal.pk, ()),
            followed=tuple(one for one in figures[goal.pk] if not one.definition.is_retired),
            retired=tuple(one for one in figures[goal.pk] if one.definition.is_retired),
        )
        for goal in goals
    }


@dataclass(frozen=True, slots=True)
class _History:
    """The definitions of one nøgletal: the one that was known on the day, and what today's says of people."""

    at: IndicatorDefinition
    is_recorded: bool  # else it was measured before it was kept here
    counts_people: bool


def _definitions(goals: list[Goal], at: AsOf) -> dict[int, _History]:
    """Find the newest definition known on the day. Whether people are counted is asked of the newest of all, too: what
    is known to be too small today is not shown as of a day when nobody had thought of it.
    """
    rows = IndicatorDefinition.objects.filter(indicator__goal__in=goals).select_related("indicator")
    by_indicator: dict[int, list[IndicatorDefinition]] = defaultdict(list)
    for row in rows.order_by("indicator", "number"):
        by_indicator[row.indicator_id].append(row)
    kept_since = {goal.pk: goal.kept_since for goal in goals}
    found = {}
    for indicator, own in by_indicator.items():
        on_record = [one for one in own if one.recorded_at < end_of(at.known)]
        if not on_record and kept_since[own[0].indicator.goal_id] <= at.known:
            continue
        definition = on_record[-1] if on_record else own[0]
        found[indicator] = _History(definition, bool(on_record), definition.counts_people or own[-1].counts_people)
    return found


def _measurements(indicators: Iterable[int], at: AsOf) -> dict[int, list[list[Measurement]]]:
    """Find the measurements known on the day, by indicator and day; those of one day in the order they were written."""
    known = known_by(at.known, "measured_on", kept_since="indicator__goal__kept_since")
    rows = Measurement.objects.filter(known, indicator__in=list(indicators), measured_on__lte=at.on)
    found: dict[int, dict[date, list[Measurement]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.select_related("recorded_by").order_by("measured_on", "pk"):
        found[row.indicator_id][row.measured_on].append(row)
    return {
        indicator: [rows for rows in by_day.values() if rows[-1].value is not None]
        for indicator, by_day in found.items()
    }


def _shown(rows: list[Measurement], history: _History, *, is_internal: bool) -> Value:
    """Tell a measurement to the viewer; of one that is too small only that it is."""
    row, unit = rows[-1], history.at.unit
    value = row.value or Decimal(0)
    if not is_internal and is_small(value, counts_people=history.counts_people):
        return Value(row.measured_on, None, FEWER, source="", note="", entered="", before="")
    before = [one.value for one in rows[:-1] if one.value is not None and one.value != row.value]
    return Value(
        day=row.measured_on,
        number=value,
        text=with_unit(value, unit),
        source=row.source,
        note=row.note,
        entered=_entered(row) if is_internal else "",
        before=with_unit(before[-1], unit) if before and is_internal else "",
    )


def _entered(row: Measurement) -> str:
    day = format_date(timezone.localtime(row.recorded_at).date())
    return f"{row.recorded_by or 'Systemet'}, {day}"


def _internal(goals: list[Goal], viewer: Any) -> set[int]:
    """Those of the pejlemærker that the viewer works by, in a joint set also."""
    readable = Committee.objects.where(viewer, Right.READ_GOALS)
    works = Q(goal_set__period__committee__in=readable) | Q(goal_set__partners__in=readable)
    return set(Goal.objects.filter(works, pk__in=[goal.pk for goal in goals]).values_list("pk", flat=True))


def _wordings(goals: list[Goal], at: AsOf) -> dict[int, tuple[Mark, ...]]:
    """The days on which a wording came into force, with its number."""
    adoptions = Adoption.objects.effective(at).filter(version__goal__in=goals, in_force_from__lte=at.on)
    rows = adoptions.exclude(decision__decided_on__gt=at.on).order_by("in_force_from", "pk")
    marks: dict[int, dict[date, Mark]] = defaultdict(dict)
    for goal, day, number in rows.values_list("version__goal", "in_force_from", "version__number"):
        marks[goal][day] = Mark(day, f"Ordlyd {number}")
    return {goal: tuple(own.values()) for goal, own in marks.items()}

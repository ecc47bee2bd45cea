"""Programmet for et dialogmøde: the points in order, with the time there is; for the page and for the table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Self

from kit.danish import join_words
from kit.dates import format_date
from pejlemaerker.documents.dialogue_when import Appointment
from pejlemaerker.documents.standing import Standing, standings
from pejlemaerker.models import AsOf, Dialogue, Goal, ProgrammePoint

WELCOME, CLOSING = "Velkomst", "Opsamling og tak for i dag"
_AROUND = 10  # minutes for each of the two
_USUAL = 20


@dataclass(frozen=True, slots=True)
class Point:
    """Et punkt: when it begins, and the pejlemærke it is about, for those who may see that. Never its notes."""

    pk: int
    title: str
    minutes: int | None
    begins: str  # "16.10", where all before it have their minutes
    goal: Standing | None

    @property
    def time(self) -> str:
        """Kl. 16.10 · 20 minutter."""
        parts = [f"kl. {self.begins}" if self.begins else "", f"{self.minutes} minutter" if self.minutes else ""]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class ProgrammeDocument:
    """Et program, for one viewer."""

    dialogue: Dialogue
    points: tuple[Point, ...]
    leaders: str

    @classmethod
    def for_dialogue(cls, dialogue: Dialogue, *, viewer: Any) -> Self:
        """Gather the points, and of the pejlemærker what the viewer may see."""
        rows = list(dialogue.programme.defer("notes"))
        goals = Goal.objects.visible_to(viewer).filter(pk__in=[row.goal_id for row in rows if row.goal_id])
        at = AsOf.hindsight(dialogue.held_on)
        told = standings(list(goals.select_related("goal_set__area")), viewer=viewer, at=at) if rows else {}
        leaders = list(dialogue.leader_groups.order_by("name").values_list("name", flat=True))
        names = [f"{name[:1].lower()}{name[1:]}" for name in leaders]
        return cls(dialogue, tuple(_points(dialogue, rows, told)), join_words(names))

    @property
    def title(self) -> str:
        """What it is a programme for."""
        return f"Program for {self.dialogue.get_kind_display()[:1].lower()}{self.dialogue.get_kind_display()[1:]}"

    @property
    def when(self) -> str:
        """Day, hours and place."""
        return str(Appointment.of(self.dialogue))

    @property
    def day(self) -> str:
        """The day alone."""
        return format_date(self.dialogue.held_on)

    @property
    def planned_minutes(self) -> int:
        """What the points take together."""
        return sum(point.minutes or 0 for point in self.points)

    @property
    def room(self) -> str:
        """The sum of the points against the time there is, in a sentence."""
        if not self.points:
            return ""
        total, there_is = self.planned_minutes, minutes_of(self.dialogue)
        open_ended = sum(1 for point in self.points if point.minutes is None)
        without = f" {open_ended} punkt{'er' if open_ended > 1 else ''} har ingen tid endnu." if open_ended else ""
        if there_is is None:
            return f"Punkterne tager {total} minutter i alt.{without}"
        if total > there_is:
            too_much = f"Det er {total - there_is} for meget."
            return f"Punkterne tager {total} minutter, men der er {there_is}. {too_much}{without}"
        left = f" {there_is - total} er tilbage." if total < there_is else ""
        return f"Punkterne tager {total} af de {there_is} minutter, der er.{left}{without}"

    @property
    def is_too_long(self) -> bool:
        """Whether the points take more time than there is."""
        there_is = minutes_of(self.dialogue)
        return there_is is not None and self.planned_minutes > there_is


def minutes_of(dialogue: Dialogue) -> int | None:
    """How long a dialogue meeting lasts, where both hours are known."""
    if dialogue.starts_at is None or dialogue.ends_at is None:
        return None
    first, last = (one.hour * 60 + one.minute for one in (dialogue.starts_at, dialogue.ends_at))
    return last - first if last > first else last - first + 24 * 60


@dataclass(frozen=True, slots=True)
class ProposedPoint:
    """Et foreslået punkt."""

    title: str
    minutes: int
    goal: Goal | None


def proposed_points(dialogue: Dialogue, *, besides: Sequence[ProgrammePoint] = ()) -> list[ProposedPoint]:
    """A welcome, a point for each pejlemærke that has none, and a closing; the pejlemærker share the time there is."""
    has_point = {point.goal_id for point in besides}
    goals = list(
        dialogue.goals.exclude(pk__in=[pk for pk in has_point if pk])
        .select_related("goal_set__area")
        .order_by("goal_set__area__position", "goal_set_id", "number")
    )
    titles = {point.title for point in besides}
    around = [ProposedPoint(title, _AROUND, None) for title in (WELCOME, CLOSING) if title not in titles]
    each = _share(dialogue, len(goals), taken=_sum(besides) + _sum(around))
    many_sets = len({goal.goal_set_id for goal in dialogue.goals.all()}) > 1
    points = [ProposedPoint(_title(goal, many_sets=many_sets), each, goal) for goal in goals]
    first = [one for one in around if one.title == WELCOME]
    return [*first, *points, *(one for one in around if one.title == CLOSING)]


def _sum(points: Iterable[ProgrammePoint | ProposedPoint]) -> int:
    return sum(point.minutes or 0 for point in points)


def _share(dialogue: Dialogue, count: int, *, taken: int) -> int:
    """What each pejlemærke gets, to the nearest five minutes below."""
    there_is = minutes_of(dialogue)
    if there_is is None or not count:
        return _USUAL
    return max(5, (there_is - taken) // count // 5 * 5)


def _title(goal: Goal, *, many_sets: bool) -> str:
    name = "Pejlemærke uden nummer" if goal.number is None else f"Pejlemærke {goal.number}"
    return f"{goal.goal_set.area}: {name[:1].lower()}{name[1:]}" if many_sets else name


def _points(dialogue: Dialogue, rows: Iterable[ProgrammePoint], told: dict[int, Standing]) -> Iterable[Point]:
    clock: datetime | None = datetime.combine(dialogue.held_on, dialogue.starts_at) if dialogue.starts_at else None
    for row in rows:
        goal = told.get(row.goal_id) if row.goal_id else None
        yield Point(row.pk, row.title, row.minutes, _at(clock.time()) if clock else "", goal)
        clock = clock + timedelta(minutes=row.minutes) if clock and row.minutes else None


def _at(moment: time) -> str:
    return f"{moment.hour:02}.{moment.minute:02}"

"""Overblikket: what each committee works by now, and what comes next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Self

from kit.danish import sort_key
from meetings.models import Committee
from pejlemaerker.documents.as_of import AsOfNote, chosen_day, day_query
from pejlemaerker.documents.course import NO_COURSE, Course, courses
from pejlemaerker.documents.set_history import sets_as_known
from pejlemaerker.documents.standing import Standing, standings_in
from pejlemaerker.models import AsOf, GoalPeriod, GoalSet


@dataclass(frozen=True, slots=True)
class SetBrief:
    """Et sæt in short: its pejlemærker and its next step."""

    goal_set: GoalSet
    goals: tuple[Standing, ...]
    course: Course
    former: tuple[Standing, ...] = ()  # those that have ended and lost their number


@dataclass(frozen=True, slots=True)
class CommitteeBrief:
    """Et udvalg in short: the sets of the period that runs now, else of the latest; the other periods by name."""

    committee: Committee
    period: GoalPeriod
    sets: tuple[SetBrief, ...]
    other_sets: tuple[GoalSet, ...]


@dataclass(frozen=True, slots=True)
class MunicipalityBrief:
    """En kommune and its committees."""

    name: str
    committees: tuple[CommitteeBrief, ...]


@dataclass(frozen=True, slots=True)
class OverviewDocument:
    """Overblikket for one viewer on one day."""

    at: AsOf
    municipalities: tuple[MunicipalityBrief, ...]
    kept_since: date

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.kept_since)

    @property
    def day_query(self) -> str:
        """What keeps a link on the day the page shows."""
        return day_query(self.at)

    @property
    def chosen_day(self) -> str:
        """The day the page shows, when it is not today."""
        return chosen_day(self.at)

    @classmethod
    def for_viewer(cls, viewer: Any, *, at: AsOf) -> Self:
        """Gather what the viewer may see."""
        sets = visible_sets(viewer)
        current = {period.pk for period in current_periods((goal_set.period for goal_set in sets), at.on).values()}
        briefs = set_briefs([one for one in sets if one.period_id in current], viewer=viewer, at=at)
        if day_query(at):  # a day gone by knows nothing of sets that were made later
            briefs = [brief for brief in briefs if brief.goals or brief.former]
        return cls(
            at=at,
            municipalities=_by_municipality(sets, briefs),
            kept_since=max((one.kept_since for one in sets), default=at.known),
        )


def visible_sets(viewer: Any) -> list[GoalSet]:
    """All sets the viewer may see, newest period first."""
    return list(GoalSet.objects.visible_to(viewer).select_related("period__committee__municipality", "area"))


def current_periods(periods: Iterable[GoalPeriod], on: date) -> dict[int, GoalPeriod]:
    """For each committee the period that runs on a day, else the latest that had begun, else the first to come."""
    by_committee: dict[int, list[GoalPeriod]] = defaultdict(list)
    for period in periods:
        by_committee[period.committee_id].append(period)
    return {committee: _current(own, on) for committee, own in by_committee.items()}


def _current(periods: list[GoalPeriod], on: date) -> GoalPeriod:
    begun = [period for period in periods if period.starts_on <= on]
    return max(begun, key=lambda one: one.starts_on) if begun else min(periods, key=lambda one: one.starts_on)


def set_briefs(sets: Iterable[GoalSet], *, viewer: Any, at: AsOf) -> list[SetBrief]:
    """Tell each set in short, in the same number of queries however many there are."""
    sets = sets_as_known(sets, at)
    pks = [goal_set.pk for goal_set in sets]
    standing_in = standings_in(pks, viewer=viewer, at=at)
    course_of = courses(pks, viewer=viewer, at=at)
    return [
        SetBrief(
            one,
            tuple(standing for standing in standing_in.get(one.pk, []) if standing.is_listed),
            course_of.get(one.pk, NO_COURSE),
            tuple(standing for standing in standing_in.get(one.pk, []) if not standing.is_listed),
        )
        for one in sets
    ]


def _by_municipality(sets: list[GoalSet], briefs: list[SetBrief]) -> tuple[MunicipalityBrief, ...]:
    committees = sorted(_committee_briefs(sets, briefs), key=lambda one: _danish_order(one.committee))
    return tuple(
        MunicipalityBrief(name, tuple(group))
        for name, group in groupby(committees, key=lambda one: one.committee.municipality.name)
    )


def _danish_order(committee: Committee) -> tuple[Any, ...]:
    return sort_key(committee.municipality.name), sort_key(committee.name)


def _committee_briefs(sets: list[GoalSet], briefs: list[SetBrief]) -> Iterable[CommitteeBrief]:
    shown = {brief.goal_set.pk for brief in briefs}
    by_committee: dict[int, list[SetBrief]] = defaultdict(list)
    for brief in briefs:
        by_committee[brief.goal_set.period.committee_id].append(brief)
    for pk, own in by_committee.items():
        period = own[0].goal_set.period
        others = tuple(one for one in sets if one.period.committee_id == pk and one.pk not in shown)
        yield CommitteeBrief(period.committee, period, tuple(own), others)

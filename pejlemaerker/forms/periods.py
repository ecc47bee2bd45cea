"""The days of a pejlemærkeperiode: which are proposed, and what is unusual about those that were typed."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, Q

from kit.clock import today
from kit.dates import format_date
from meetings.models import Committee, CouncilTerm
from pejlemaerker.actions.sets import Days
from pejlemaerker.models import Adoption, Dialogue, EvaluationRound, FollowUpStep, GoalPeriod, GoalSet, StepOutcome

FIRST_TERM = 2022  # a council term begins on 1 January after the election, every fourth year
TERM_YEARS = 4
SHORTEST = timedelta(days=28)
LONGEST_YEARS = 8


def format_days(days: Days) -> str:
    """1. januar 2026 – 31. december 2029."""
    return f"{format_date(days.starts_on)} – {format_date(days.ends_on)}"


def proposed_terms(committee: Committee) -> list[Days]:
    """The running and the coming council term, as the administrator has written them in, else every fourth year."""
    terms = list(CouncilTerm.objects.filter(municipality=committee.municipality_id))
    running = _term_on(terms, today())
    coming = _term_on(terms, running.ends_on + timedelta(days=1))
    return [coming, running]


def _term_on(terms: Iterable[CouncilTerm], day: date) -> Days:
    known = next((one for one in terms if one.starts_on <= day <= one.ends_on), None)
    if known:
        return Days(known.starts_on, known.ends_on)
    first = FIRST_TERM + (day.year - FIRST_TERM) // TERM_YEARS * TERM_YEARS
    return Days(date(first, 1, 1), date(first + TERM_YEARS - 1, 12, 31))


def unusual_length(days: Days) -> list[str]:
    """Ask about a period that is very short or very long."""
    if days.ends_on - days.starts_on < SHORTEST:
        return [f"Perioden er kortere end en måned: {format_days(days)}. Er det rigtigt?"]
    if days.ends_on.year - days.starts_on.year > LONGEST_YEARS or days.ends_on >= _years_after(days.starts_on):
        return [f"Perioden er længere end {LONGEST_YEARS} år: {format_days(days)}. Er det rigtigt?"]
    return []


def _years_after(day: date) -> date:
    return day.replace(year=day.year + LONGEST_YEARS, day=min(day.day, 28)) + timedelta(days=day.day - min(day.day, 28))


def overlapping(committee: Committee, area: int, days: Days, *, besides: int | None = None) -> list[str]:
    """Ask when an area would have two sets at once; two periods at once with other areas are nothing unusual."""
    sets = GoalSet.objects.filter(
        period__committee=committee, area=area, period__starts_on__lte=days.ends_on, period__ends_on__gte=days.starts_on
    ).exclude(period=besides)
    return [
        f"{one.area} har allerede et sæt i perioden {format_days(Days(one.period.starts_on, one.period.ends_on))}. "
        "Så gælder to sæt på samme tid. Er det meningen?"
        for one in sets.select_related("period", "area")
    ]


def left_outside(period: GoalPeriod, days: Days) -> list[str]:
    """Tell what has happened in a period, and would lie outside it with other days."""
    sets = {"goal_set__period": period}
    happened = {
        "en ordlyd, der er sat i kraft": Adoption.objects.filter(version__goal__goal_set__period=period).annotate(
            day=F("in_force_from")
        ),
        "en evaluering": EvaluationRound.objects.filter(**sets).annotate(day=F("held_on")),
        "et dialogmøde": Dialogue.objects.filter(goals__goal_set__period=period, cancelled="").annotate(
            day=F("held_on")
        ),
        "et trin i planen, der er holdt": StepOutcome.objects.filter(step__plan__goal_set__period=period).annotate(
            day=F("occurred_on")
        ),
        "et trin, der er holdt": FollowUpStep.objects.filter(plan__goal_set__period=period).annotate(
            day=F("occurred_on")
        ),
    }
    told = []
    for what, rows in happened.items():
        dates = sorted(set(rows.filter(_outside(period, days)).values_list("day", flat=True)))
        told += [f"Uden for perioden falder {what}: {format_date(day)}. Er det rigtigt?" for day in dates]
    return told


def _outside(period: GoalPeriod, days: Days) -> Q:
    """The condition that a `day` lies in the period as it is, and not in these days."""
    return Q(day__range=(period.starts_on, period.ends_on)) & ~Q(day__range=(days.starts_on, days.ends_on))

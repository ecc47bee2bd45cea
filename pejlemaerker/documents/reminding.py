"""Påmindelser til lederne: whom the day's work reminds of an evaluation round, and on which occasion."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from kit.clock import beginning_of
from kit.working_days import working_day_by
from meetings.models import Letter
from pejlemaerker.models import Invitee, Survey

_LATE_WITHIN = timedelta(days=7)  # so long after a deadline a day without a worker is made up for
_LEFT_IN_PEACE = timedelta(days=1)  # nobody is reminded who was written to yesterday or today


class Reminding(NamedTuple):
    """One leader to remind, and what names the occasion: each goes once."""

    invitee: int
    occasion: str


def remindings(day: date) -> list[Reminding]:
    """Tell whom to remind on a working day: those missing, from some days before the deadline on, and again when it has
    passed. Not one whose mail came back: that address reaches nobody.
    """
    occasions = dict(_occasions(day))
    missing = list(
        Invitee.objects.missing()
        .filter(survey__in=occasions, no_reminders_at__isnull=True)
        .exclude(email="")
        .values_list("pk", "survey", "email")
        .order_by("pk")
    )
    letters = Letter.objects.filter(about__in=[f"adspurgt:{pk}" for pk, *_ in missing])
    came_back = set(letters.filter(returned_at__isnull=False).values_list("about", "to"))
    lately = set(letters.filter(asked_at__gte=beginning_of(day) - _LEFT_IN_PEACE).values_list("about", flat=True))
    written = set(letters.values_list("key", flat=True))
    return [
        Reminding(pk, occasions[survey])
        for pk, survey, email in missing
        if f"adspurgt:{pk}" not in lately
        and (f"adspurgt:{pk}", email) not in came_back
        and f"paamindelse:{pk}:{occasions[survey]}" not in written
    ]


def _occasions(day: date) -> Iterator[tuple[int, str]]:
    """Name the occasion for each open round that has one; a deadline that is moved gives new occasions."""
    reminding = Survey.objects.filter(opened_at__isnull=False, closed_at__isnull=True, remind_days_before__gt=0)
    for survey in reminding.filter(due_on__gte=day - _LATE_WITHIN):
        if day > survey.due_on:
            yield survey.pk, f"sent-{survey.due_on}"
        elif day >= working_day_by(survey.due_on - timedelta(days=survey.remind_days_before)):
            yield survey.pk, f"snart-{survey.due_on}"

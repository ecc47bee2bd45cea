"""Where pejlemærker stand: numbers handed out anew in a set, and one moved to another set."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max

from kit.clock import today
from kit.dates import format_date
from meetings.actions.refusals import NotAllowed
from meetings.models import Event
from pejlemaerker.actions.open_set import open_set, open_sets
from pejlemaerker.models import Goal, GoalSet, GoalVersion, Placement


class NumbersChanged(Exception):
    """Somebody else has renumbered the set, or moved something in or out of it, in between."""


def fingerprint(numbers: Mapping[int, int | None]) -> str:
    """Return a short name for who stands where, so that a form can say which order it was made over."""
    told = ",".join(f"{goal}:{number}" for goal, number in sorted(numbers.items()))
    return sha256(told.encode()).hexdigest()[:16]


def numbers_in(goal_set: GoalSet) -> dict[int, int | None]:
    """Return the number of each pejlemærke that stands in a set."""
    return dict(Goal.objects.filter(goal_set=goal_set).values_list("pk", "number"))


def next_number(goal_set: GoalSet) -> int:
    """Return the number of a pejlemærke that is new in its set: one that none there has ever had, for the first place
    has no day, and no past day may show two with the same number.
    """
    last: int | None = Placement.objects.filter(goal_set=goal_set).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def free_number(goal_set: GoalSet) -> int:
    """Return the number after the last, for one that comes to stand in the set from a day."""
    last: int | None = Goal.objects.filter(goal_set=goal_set).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def earliest_day(*goal_sets: GoalSet) -> date | None:
    """Return the first day on which the pejlemærker of these sets may be placed anew, if there is such a bound.

    It is the day they were last placed: numbers given before it would collide with those that held since. Where they
    have not all been kept here equally long, it is also the day the last of them came: what happened before that was
    known of the older ones only.
    """
    last = _last_placed(*goal_sets)
    kept = set(Goal.objects.filter(goal_set__in=goal_sets).values_list("kept_since", flat=True))
    return max([day for day in (last, max(kept) if len(kept) > 1 else None) if day], default=None)


def _last_placed(*goal_sets: GoalSet) -> date | None:
    here = Goal.objects.filter(placements__goal_set__in=goal_sets)
    last: date | None = Placement.objects.filter(goal__in=here).aggregate(last=Max("placed_from"))["last"]
    return last


@transaction.atomic
def arrange_goals(
    *, goal_set: GoalSet, numbers: Mapping[int, int | None], seen: str, placed_from: date, reason: str, by: Any
) -> list[Placement]:
    """Hand out the numbers of a set anew, all at once from one day; those that keep theirs are not touched, so a second
    submit changes nothing. Raises NumbersChanged when the set is no longer as the person saw it, and NotAllowed.
    """
    open_set(goal_set.pk)
    before = numbers_in(goal_set)
    changed = {pk: number for pk, number in numbers.items() if pk in before and before[pk] != number}
    if not changed:
        return []
    if fingerprint(before) != seen or before.keys() != numbers.keys():
        raise NumbersChanged
    _may_be_placed(placed_from, goal_set)
    Event.objects.record("goals_arranged", goal_set, by=by, on=placed_from.isoformat(), numbers=changed)
    return [
        Placement.objects.create(
            goal_id=pk, goal_set=goal_set, number=number, placed_from=placed_from, reason=reason, recorded_by=by
        )
        for pk, number in changed.items()
    ]


@transaction.atomic
def move_goal(*, goal: Goal, seen: int, to_set: GoalSet, placed_from: date, reason: str, by: Any) -> Placement | None:
    """Move a pejlemærke to another set, where it gets the next number; its address, wordings and story stay. One that
    stands there already is not moved again (None). `seen` is the set the person saw it in: raises NumbersChanged when
    it has been moved elsewhere since, and NotAllowed.
    """
    sets = {one.pk for one in open_sets(goal.goal_set_id, to_set.pk)}
    current = Goal.objects.select_for_update().get(pk=goal.pk)
    if current.goal_set_id == to_set.pk:
        return None
    if current.goal_set_id != seen or current.goal_set_id not in sets:
        raise NumbersChanged
    _may_be_placed(placed_from, goal.goal_set, to_set)
    number = None if current.number is None else free_number(to_set)
    placement = Placement.objects.create(
        goal=current, goal_set=to_set, number=number, placed_from=placed_from, reason=reason, recorded_by=by
    )
    Event.objects.record("goal_moved", goal, by=by, on=placed_from.isoformat(), from_set=seen, to_set=to_set.pk)
    return placement


def _may_be_placed(day: date, *goal_sets: GoalSet) -> None:
    if day > today():
        raise NotAllowed("Dagen er ikke kommet endnu.", field="placed_from")
    earliest = earliest_day(*goal_sets)
    if earliest and day < earliest:
        raise NotAllowed(too_early(earliest), field="placed_from")


def too_early(earliest: date) -> str:
    """Tell why a day is too early."""
    return f"Numrene har været, som de er nu, siden {format_date(earliest)}. Vælg den dag eller en senere."


def give_up_number(*, goal: Goal, day: date, reason: str, by: Any) -> None:
    """Take a pejlemærke that has ended out of the numbering, from a day that has come."""
    if goal.number is None or day > today():
        return
    last: date | None = goal.placements.aggregate(last=Max("placed_from"))["last"]
    Placement.objects.create(
        goal=goal, goal_set=goal.goal_set, number=None, placed_from=max(day, last or day), reason=reason, recorded_by=by
    )


def take_up_number(*, goal: Goal, day: date, reason: str, by: Any, freed: int | None = None) -> None:
    """Give a pejlemærke without a number one, from a day that has come: the one just freed, or the next."""
    if goal.number is not None or day > today():
        return
    taken = Goal.objects.filter(goal_set=goal.goal_set_id, number=freed).exists()
    Placement.objects.create(
        goal=goal, goal_set=goal.goal_set, number=free_number(goal.goal_set) if freed is None or taken else freed,
        placed_from=max(day, _last_placed(goal.goal_set) or day), reason=reason, recorded_by=by,
    )  # fmt: skip


def hand_over_numbers(*, version: GoalVersion, day: date, by: Any) -> None:
    """When a wording comes into force: those it takes over from, and ends, give up their numbers, and a pejlemærke that
    had none, because it was only a proposal, gets one. A day to come is left to the one who then renumbers the set.
    """
    freed = None
    goal = Goal.objects.select_related("goal_set").get(pk=version.goal_id)
    into = f"pejlemærke {goal.number}" if goal.number else "et nyt pejlemærke"
    ended = version.derivations.filter(ends_source=True).select_related("source__goal_set").order_by("source__number")
    for derivation in ended:
        if freed is None and derivation.source.goal_set_id == goal.goal_set_id:
            freed = derivation.source.number
        reason = f"{derivation.get_kind_display()} i {into}"
        give_up_number(goal=derivation.source, day=day, reason=reason, by=by)
    if not goal.placements.filter(number__isnull=False).exists():
        take_up_number(goal=goal, day=day, reason="Sat i kraft", by=by, freed=freed)

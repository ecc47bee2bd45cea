"""Writing wordings, and putting them in force."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from kit.clock import today
from kit.drafts import EditConflict
from meetings.models import Decision, Event
from pejlemaerker.models import AdditionRequest, Adoption, Derivation, Goal, GoalVersion, Placement


class CannotPutInForce(Exception):
    """The decision does not approve, or is not the committee's own: it puts no wording in force."""


@transaction.atomic
def put_in_force(
    *, versions: Iterable[GoalVersion], decision: Decision, in_force_from: date, by: Any
) -> list[Adoption]:
    """Put wordings in force by pointing a decision at them; done twice it changes nothing.

    Only a decision of the committee itself that approves (with or without change) may do it, and not for a day before
    it; otherwise CannotPutInForce is raised.
    """
    if not Decision.including_closed.approving().filter(pk=decision.pk).exists():
        raise CannotPutInForce("Kun en godkendelse kan sætte en ordlyd i kraft")
    if in_force_from < decision.decided_on:
        raise CannotPutInForce("En ordlyd kan ikke gælde fra før beslutningen")
    adoptions = []
    for version in versions:
        goal = Goal.objects.select_for_update(of=("self",)).select_related("goal_set__period").get(pk=version.goal_id)
        if not goal.goal_set.is_decided_by(decision.item.meeting.committee_id):
            raise CannotPutInForce("Kun udvalgets egen beslutning kan sætte dets ordlyd i kraft")
        adoption, is_new = Adoption.objects.get_or_create(
            version=version, decision=decision, defaults={"in_force_from": in_force_from, "recorded_by": by}
        )
        if is_new:
            Event.objects.record("wording_in_force", version, by=by, decision=decision.pk, on=in_force_from.isoformat())
            _take_out_of_numbering(version, in_force_from, by)
        adoptions.append(adoption)
    return adoptions


def _take_out_of_numbering(version: GoalVersion, day: date, by: Any) -> None:
    """Those that this wording takes over from, and ends, give up their numbers. A day to come is left to the one who
    then renumbers the set.
    """
    if day > today():
        return
    for derivation in version.derivations.filter(ends_source=True, source__number__isnull=False):
        source = derivation.source
        Placement.objects.create(
            goal=source, goal_set=source.goal_set, number=None, placed_from=day, recorded_by=by,
            reason=f"{derivation.get_kind_display()} i pejlemærke {version.goal.number}",
        )  # fmt: skip


class Derived(NamedTuple):
    """A pejlemærke that a wording takes over from, how, and whether that one then ends."""

    source: Goal
    kind: str
    ends_source: bool


@transaction.atomic
def write_wording(
    *,
    goal: Goal,
    expected: int,
    text: str,
    change_kind: str,
    reason: str,
    worded_on: date,
    by: Any,
    answers: AdditionRequest | None = None,
    derived: Iterable[Derived] = (),
) -> GoalVersion:
    """Write the next wording of a pejlemærke; it waits for a decision and changes nothing that holds.

    `expected` is the number of the newest wording the writer has seen: raises EditConflict when there is a newer one,
    unless it is this very text (the second click of a double click). Those it takes over from (`derived`) end when it
    comes into force.
    """
    Goal.objects.select_for_update().get(pk=goal.pk)
    newest = goal.versions.last()
    if newest and newest.number != expected:
        if (newest.number, newest.text) == (expected + 1, text):
            return newest
        raise EditConflict(newest)
    version = GoalVersion.objects.create(
        goal=goal,
        number=expected + 1,
        text=text,
        change_kind=change_kind,
        reason=reason,
        worded_on=worded_on,
        answers=answers,
        recorded_by=by,
    )
    Derivation.objects.bulk_create(
        Derivation(version=version, source=source, kind=kind, ends_source=ends) for source, kind, ends in derived
    )
    Event.objects.record("wording_written", version, by=by)
    return version

"""Writing mål and nøgletal: each change is a new row, and what stood before still stands."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import transaction

from kit.drafts import EditConflict
from kit.once import made_by
from meetings.actions.refusals import NotAllowed
from meetings.models import Decision, Event
from pejlemaerker.actions.open_set import open_goal
from pejlemaerker.models import Goal, Indicator, IndicatorDefinition, Measurement, Target


class CannotApprove(NotAllowed):
    """The decision does not approve, or is not the committee's own: it approves no mål."""


@transaction.atomic
def write_target(
    *,
    goal: Goal,
    text: str,
    set_on: date,
    decision: Decision | None,
    nonce: UUID,
    by: Any,
    replaces: Target | None = None,
) -> Target:
    """Write a mål, or one that replaces another (without a text it takes the other away), approved by a decision or
    not yet. Raises EditConflict when another has replaced it first, and CannotApprove where the decision cannot.
    """
    locked = open_goal(goal)
    existing, nonce = made_by(
        Target.objects.all(), nonce, goal=goal, text=text, set_on=set_on, decision=decision, replaces=replaces
    )
    if existing:
        return existing
    if replaces and (newer := Target.objects.filter(replaces=replaces).first()):
        raise EditConflict(newer)
    if decision:
        _must_approve(decision, locked, set_on)
    target = Target.objects.create(
        goal=goal, text=text, set_on=set_on, decision=decision, replaces=replaces, nonce=nonce, recorded_by=by
    )
    action = "target_written" if text else "target_withdrawn"
    Event.objects.record(action, target, by=by, replaces=replaces.pk if replaces else None)
    return target


def _must_approve(decision: Decision, goal: Goal, set_on: date) -> None:
    if not Decision.including_closed.approving().filter(pk=decision.pk).exists():
        raise CannotApprove("Kun en godkendelse kan godkende et mål.", field="decision")
    if not goal.goal_set.is_decided_by(decision.item.meeting.committee_id):
        raise CannotApprove("Kun udvalgets egen beslutning kan godkende dets mål.", field="decision")
    if set_on < decision.decided_on:
        raise CannotApprove("Et mål kan ikke være godkendt før beslutningen.", field="set_on")


@transaction.atomic
def create_indicator(*, goal: Goal, nonce: UUID, by: Any, **definition: Any) -> Indicator:
    """Begin to follow a nøgletal. The same nonce and definition give the same nøgletal."""
    nonce = uuid5(nonce, repr(sorted(definition.items())))
    open_goal(goal)
    existing, nonce = made_by(Indicator.objects.all(), nonce, goal=goal)
    if existing:
        return existing
    indicator = Indicator.objects.create(goal=goal, nonce=nonce)
    IndicatorDefinition.objects.create(indicator=indicator, number=1, recorded_by=by, **definition)
    Event.objects.record("indicator_created", indicator, by=by)
    return indicator


@transaction.atomic
def define_indicator(*, indicator: Indicator, expected: int, by: Any, **definition: Any) -> IndicatorDefinition:
    """Write the next definition of a nøgletal; one that says the same as the newest is not written. Raises EditConflict
    when somebody else has written another than the `expected`.
    """
    open_goal(indicator.goal)
    Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    newest = indicator.definitions.latest("number")
    if all(getattr(newest, name) == value for name, value in definition.items()):
        return newest
    if newest.number != expected:
        raise EditConflict(newest)
    written = IndicatorDefinition.objects.create(indicator=indicator, number=expected + 1, recorded_by=by, **definition)
    Event.objects.record("indicator_defined", indicator, by=by, version=written.number, fields=sorted(definition))
    return written


class Measured(NamedTuple):
    """A value on a day (None takes back the one that is there), and the row it is written over (None: a new day)."""

    day: date
    value: Decimal | None
    source: str
    note: str
    replaces: int | None


@transaction.atomic
def record_measurements(*, indicator: Indicator, measured: Iterable[Measured], by: Any) -> list[Measurement]:
    """Write measurements, all or none; what stands there already is not written again. Raises EditConflict when a day
    has got another value than the writer has seen.
    """
    open_goal(indicator.goal)
    Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    newest = Measurement.objects.filter(indicator=indicator).order_by("measured_on", "-pk").distinct("measured_on")
    standing = {row.measured_on: row for row in newest}
    rows = []
    for day, value, source, note, replaces in measured:
        current = standing.get(day)
        if current and (current.value, current.source, current.note) == (value, source, note):
            continue
        if current and current.pk != replaces:
            raise EditConflict(current)
        if current is None and value is None:
            continue
        rows.append(
            Measurement(indicator=indicator, measured_on=day, value=value, source=source, note=note, recorded_by=by)
        )
    Measurement.objects.bulk_create(rows)
    if rows:
        withdrawn = sum(row.value is None for row in rows)
        Event.objects.record("measurements_recorded", indicator, by=by, count=len(rows), withdrawn=withdrawn)
    return rows

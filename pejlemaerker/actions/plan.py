"""The follow-up plan: a new version of it, and what came of its steps."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from kit.dates import ImpreciseDate
from kit.drafts import EditConflict
from kit.once import made_by
from meetings.actions.refusals import NotAllowed
from meetings.models import Event
from pejlemaerker.actions.open_set import open_set
from pejlemaerker.models import AdditionRequest, FollowUpPlan, FollowUpStep, GoalSet, StepOutcome


class NothingChanged(NotAllowed):
    """The plan reads as before, and answers no request: there is no new version to write."""

    def __init__(self) -> None:
        super().__init__("Planen er, som den var. Ret den, før du gemmer.")


class PlannedStep(NamedTuple):
    """A step as somebody wrote it down; `trail` says which step of the newest plan it goes on, if any."""

    kind: str
    title: str = ""
    when_text: str = ""
    is_recurring: bool = False
    responsible: str = ""
    participants: str = ""
    trail: UUID | None = None


@transaction.atomic
def amend_plan(
    *,
    goal_set: GoalSet,
    expected: int,
    agreed_on: date,
    reason: str,
    steps: Iterable[PlannedStep],
    by: Any,
    answers: AdditionRequest | None = None,
) -> FollowUpPlan:
    """Write the next version of a set's plan, whole, in the order of its steps. The words of a time are kept as they
    are, beside the days they are taken to mean.

    `expected` is the number of the newest version the writer has seen: raises EditConflict when there is a newer one,
    unless it is this very plan (the second click of a double click).
    """
    open_set(goal_set.pk)
    newest = goal_set.plans.order_by("number").last()
    known = {step.trail: step for step in newest.steps.all()} if newest else {}
    planned = _known_again(list(steps), known)
    number = newest.number if newest else 0
    reads_the_same = newest is not None and _signature(newest.steps.all()) == _signature(planned)
    if newest and number == expected + 1 and reads_the_same and newest.agreed_on == agreed_on:
        return newest
    if newest and number != expected:
        raise EditConflict(newest)
    if reads_the_same and answers is None:
        raise NothingChanged
    plan = FollowUpPlan.objects.create(
        goal_set=goal_set, number=number + 1, agreed_on=agreed_on, reason=reason, answers=answers, recorded_by=by
    )
    FollowUpStep.objects.bulk_create(
        _step(plan, position, step, known) for position, step in enumerate(planned, start=1)
    )
    Event.objects.record("plan_amended", plan, by=by, answers=answers.pk if answers else None)
    return plan


def _known_again(steps: list[PlannedStep], known: dict[UUID, FollowUpStep]) -> list[PlannedStep]:
    """Let only a step of the newest plan go on, and each only once; anything else is a new step."""
    seen: set[UUID] = set()
    told = []
    for step in steps:
        goes_on = step.trail in known and step.trail not in seen
        if goes_on and step.trail:
            seen.add(step.trail)
        told.append(step if goes_on else step._replace(trail=None))
    return told


def _signature(steps: Iterable[Any]) -> list[tuple[object, ...]]:
    """What of a plan is read: its steps in order, word for word."""
    return [
        (step.kind, step.title, step.when_text, step.is_recurring, step.responsible, step.participants)
        for step in steps
    ]


def _step(plan: FollowUpPlan, position: int, planned: PlannedStep, known: dict[UUID, FollowUpStep]) -> FollowUpStep:
    """A step of the new version. What a source tells of it goes on with it; the quoted sentence only while the step
    still says what the sentence says.
    """
    when = ImpreciseDate.read(planned.when_text)
    before = known.get(planned.trail) if planned.trail else None
    is_quoted = before is not None and (before.kind, before.when_text) == (planned.kind, planned.when_text)
    return FollowUpStep(
        plan=plan,
        position=position,
        trail=planned.trail or uuid4(),
        kind=planned.kind,
        title=planned.title,
        when_text=planned.when_text,
        earliest=before.earliest if before and is_quoted else when.earliest,
        latest=before.latest if before and is_quoted else when.latest,
        precision=before.precision if before and is_quoted else when.precision,
        is_recurring=planned.is_recurring,
        responsible=planned.responsible,
        participants=planned.participants,
        occurred_on=before.occurred_on if before else None,
        sentence=before.sentence if before and is_quoted else "",
    )


@transaction.atomic
def note_outcome(
    *, step: FollowUpStep, occurred_on: date, is_cancelled: bool, text: str, nonce: UUID, by: Any
) -> StepOutcome:
    """Write down that a step was held, and what came of it, or that it was called off. The same nonce gives the same
    outcome; a correction is a later outcome.
    """
    open_set(step.plan.goal_set_id)
    said = {"step": step, "occurred_on": occurred_on, "is_cancelled": is_cancelled, "text": text}
    existing, nonce = made_by(StepOutcome.objects.all(), nonce, **said)
    if existing:
        return existing
    outcome = StepOutcome.objects.create(**said, nonce=nonce, recorded_by=by)
    Event.objects.record("step_outcome_noted", outcome, by=by)
    return outcome

"""Forløbet: where a set stands in its follow-up plan, and what comes next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from kit.dates import format_date
from pejlemaerker.documents.held import HeldInSets
from pejlemaerker.models import (
    AsOf,
    Dialogue,
    FollowUpPlan,
    FollowUpStep,
    GoalSet,
    StepOutcome,
)

type State = Literal["done", "current", "next", "future", "missed"]


@dataclass(frozen=True, slots=True)
class Step:
    """Et trin, with what has become of it by a day."""

    step: FollowUpStep
    state: State
    happened_on: date | None
    url: str
    is_late: bool
    outcome: str = ""  # what came of it, in words
    is_cancelled: bool = False
    planned_for: date | None = None  # the day of the dialogue meeting that is to carry it out

    @property
    def title(self) -> str:
        """Its name."""
        return str(self.step)

    @property
    def when(self) -> str:
        """The day it happened, else the plan's own words; late is said only of a firm date."""
        if self.happened_on:
            return f"aflyst {format_date(self.happened_on)}" if self.is_cancelled else format_date(self.happened_on)
        if self.planned_for:
            return f"planlagt til {format_date(self.planned_for)}"
        planned = self.step.when.label
        return f"{planned} (datoen er overskredet)" if self.is_late else planned


@dataclass(frozen=True, slots=True)
class Course:
    """Et forløb: the steps in order, the recurring ones apart."""

    plan: FollowUpPlan | None
    steps: tuple[Step, ...]
    recurring: tuple[FollowUpStep, ...]

    @property
    def ahead(self) -> Step | None:
        """The step that is under way or comes next; None when there is no plan or all is done."""
        return next((step for step in self.steps if step.state in ("current", "next")), None)

    @property
    def trails(self) -> frozenset[UUID]:
        """What its steps are known by, from one version of the plan to the next."""
        return frozenset(step.step.trail for step in self.steps)


NO_COURSE = Course(None, (), ())


def courses(set_pks: Iterable[int], *, viewer: Any, at: AsOf, held: HeldInSets | None = None) -> dict[int, Course]:
    """Tell the course of each set, in five queries however many there are; in three where the page has asked already
    what was held.
    """
    newest = FollowUpPlan.objects.newest(at).filter(goal_set__in=list(set_pks)).select_related("goal_set")
    plans = {plan.goal_set_id: plan for plan in newest}
    by_plan: dict[int, list[FollowUpStep]] = defaultdict(list)
    for step in FollowUpStep.objects.filter(plan__in=plans.values()).order_by("position"):
        by_plan[step.plan_id].append(step)
    set_of = {step.trail: plan.goal_set for plan in plans.values() for step in by_plan[plan.pk]}
    held = held or HeldInSets.in_sets(plans, viewer=viewer, at=at)
    happened = _happenings(set_of, held, at)
    happened |= _noted(plans, happened, at)
    ahead = {one.trail: one.dialogue for one in held.dialogues if one.trail and one.was_planned(at)}  # the soonest
    return {set_pk: _course(plan, by_plan[plan.pk], happened, ahead, at.on) for set_pk, plan in plans.items()}


@dataclass(frozen=True, slots=True)
class _Happening:
    """Something that was held because the plan said so, or was called off."""

    on: date
    url: str
    text: str = ""
    is_cancelled: bool = False


def _happenings(set_of: Mapping[UUID, GoalSet], held: HeldInSets, at: AsOf) -> dict[UUID, _Happening]:
    """Dialogues and evaluations by the step they carried out; the latest wins."""
    happened: dict[UUID, _Happening] = {}
    for known in reversed(held.dialogues):
        goal_set = set_of.get(known.trail) if known.trail else None
        if known.trail and goal_set and known.was_known(at, kept_since=goal_set.kept_since):
            happened[known.trail] = _Happening(known.dialogue.held_on, known.dialogue.get_absolute_url())
    for one in reversed(held.evaluations):
        if one.trail in set_of:
            happened[one.trail] = _Happening(one.held_on, one.get_absolute_url())
    return happened


def _noted(plans: dict[int, FollowUpPlan], held: Mapping[UUID, _Happening], at: AsOf) -> dict[UUID, _Happening]:
    """What was noted of steps; where something was held for it, with the way there."""
    happened: dict[UUID, _Happening] = {}
    for outcome in StepOutcome.objects.known(at).filter(step__plan__goal_set__in=plans).select_related("step"):
        seen = happened.get(outcome.step.trail) or held.get(outcome.step.trail)
        url = seen.url if seen and not outcome.is_cancelled else ""
        happened[outcome.step.trail] = _Happening(outcome.occurred_on, url, outcome.text, outcome.is_cancelled)
    return happened


def _course(
    plan: FollowUpPlan,
    steps: list[FollowUpStep],
    happened: dict[UUID, _Happening],
    ahead: Mapping[UUID, Dialogue],
    on: date,
) -> Course:
    planned = [step for step in steps if not step.is_recurring]
    known = {step.pk: happened[step.trail] for step in planned if step.trail in happened}
    outcomes = [_outcome(step, known, _meeting_of(step, planned), on) for step in planned]
    last_done = max((n for n, outcome in enumerate(outcomes) if outcome), default=-1)
    return Course(
        plan=plan,
        steps=tuple(
            _step(step, outcome, n - last_done, ahead.get(step.trail), on)
            for n, (step, outcome) in enumerate(zip(planned, outcomes, strict=True))
        ),
        recurring=tuple(step for step in steps if step.is_recurring),
    )


def _meeting_of(step: FollowUpStep, planned: list[FollowUpStep]) -> FollowUpStep:
    """The learning is taken up at the final dialogue, when the plan gives both the same time (DOMAIN § 4.2)."""
    if step.kind != FollowUpStep.Kind.LEARNING:
        return step
    finals = (one for one in planned if one.kind == FollowUpStep.Kind.FINAL_DIALOGUE and one.when == step.when)
    return next(finals, step)


def _outcome(step: FollowUpStep, known: dict[int, _Happening], held_at: FollowUpStep, on: date) -> _Happening | None:
    happening = known.get(step.pk) or known.get(held_at.pk)
    if happening or step.occurred_on is None or step.occurred_on > on:
        return happening
    return _Happening(step.occurred_on, "")


def _step(
    step: FollowUpStep, outcome: _Happening | None, after_last_done: int, ahead: Dialogue | None, on: date
) -> Step:
    if outcome:
        return Step(step, "done", outcome.on, outcome.url, False, outcome.text, outcome.is_cancelled)
    is_late = bool(step.when.is_firm and step.latest and step.latest < on)
    state = _undone_state(step, after_last_done, on)
    if ahead:
        return Step(step, state, None, ahead.get_absolute_url(), is_late, planned_for=ahead.held_on)
    return Step(step, state, None, "", is_late)


def _undone_state(step: FollowUpStep, after_last_done: int, on: date) -> State:
    if after_last_done < 0:
        return "missed"
    if after_last_done > 1:
        return "future"
    is_under_way = step.earliest and step.latest and step.earliest <= on <= step.latest
    return "current" if is_under_way else "next"

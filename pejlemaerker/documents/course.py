"""Forløbet: where a set stands in its follow-up plan, and what comes next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db.models import F

from kit.dates import format_date
from pejlemaerker.models import (
    AsOf,
    Dialogue,
    EvaluationRound,
    FollowUpPlan,
    FollowUpStep,
    StepOutcome,
    known_by,
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

    @property
    def title(self) -> str:
        """Its name."""
        return str(self.step)

    @property
    def when(self) -> str:
        """The day it happened, else the plan's own words; late is said only of a firm date."""
        if self.happened_on:
            return f"aflyst {format_date(self.happened_on)}" if self.is_cancelled else format_date(self.happened_on)
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


NO_COURSE = Course(None, (), ())


def courses(set_pks: Iterable[int], *, viewer: Any, at: AsOf) -> dict[int, Course]:
    """Tell the course of each set, in five queries however many there are."""
    plans = {plan.goal_set_id: plan for plan in FollowUpPlan.objects.newest(at).filter(goal_set__in=list(set_pks))}
    happened = _happenings(plans, viewer, at)
    by_plan: dict[int, list[FollowUpStep]] = defaultdict(list)
    for step in FollowUpStep.objects.filter(plan__in=plans.values()).order_by("position"):
        by_plan[step.plan_id].append(step)
    return {set_pk: _course(plan, by_plan[plan.pk], happened, at.on) for set_pk, plan in plans.items()}


@dataclass(frozen=True, slots=True)
class _Happening:
    """Something that was held because the plan said so, or was called off."""

    on: date
    url: str
    text: str = ""
    is_cancelled: bool = False


def _happenings(plans: dict[int, FollowUpPlan], viewer: Any, at: AsOf) -> dict[UUID, _Happening]:
    """Dialogues and evaluations that the viewer may see, by the step they carried out (the latest wins), and what was
    noted of steps.
    """
    happened: dict[UUID, _Happening] = {}
    for kind in (Dialogue, EvaluationRound):
        known = known_by(at.known, "held_on", kept_since="step__plan__goal_set__kept_since")
        held: Iterable[Any] = (
            kind.objects.visible_to(viewer)
            .filter(known, step__plan__goal_set__in=plans, held_on__lte=at.on)
            .annotate(trail=F("step__trail"))
            .order_by("held_on")
        )
        happened |= {one.trail: _Happening(one.held_on, one.get_absolute_url()) for one in held}
    for outcome in StepOutcome.objects.known(at).filter(step__plan__goal_set__in=plans).select_related("step"):
        seen = happened.get(outcome.step.trail)
        url = seen.url if seen and not outcome.is_cancelled else ""
        happened[outcome.step.trail] = _Happening(outcome.occurred_on, url, outcome.text, outcome.is_cancelled)
    return happened


def _course(plan: FollowUpPlan, steps: list[FollowUpStep], happened: dict[UUID, _Happening], on: date) -> Course:
    planned = [step for step in steps if not step.is_recurring]
    known = {step.pk: happened[step.trail] for step in planned if step.trail in happened}
    outcomes = [_outcome(step, known, _meeting_of(step, planned), on) for step in planned]
    last_done = max((n for n, outcome in enumerate(outcomes) if outcome), default=-1)
    return Course(
        plan=plan,
        steps=tuple(
            _step(step, outcome, n - last_done, on)
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


def _step(step: FollowUpStep, outcome: _Happening | None, after_last_done: int, on: date) -> Step:
    if outcome:
        return Step(step, "done", outcome.on, outcome.url, False, outcome.text, outcome.is_cancelled)
    is_late = bool(step.when.is_firm and step.latest and step.latest < on)
    return Step(step, _undone_state(step, after_last_done, on), None, "", is_late)


def _undone_state(step: FollowUpStep, after_last_done: int, on: date) -> State:
    if after_last_done < 0:
        return "missed"
    if after_last_done > 1:
        return "future"
    is_under_way = step.earliest and step.latest and step.earliest <= on <= step.latest
    return "current" if is_under_way else "next"

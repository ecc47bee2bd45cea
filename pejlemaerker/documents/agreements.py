"""Aftalerne fra dialogmøder: what was agreed, and how it stands with it. Internal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.db.models import Max, QuerySet
from django.urls import reverse

from kit.clock import today
from kit.dates import format_date
from meetings.documents.promise_lines import PromiseLine, promise_lines
from meetings.models import Promise
from pejlemaerker.models import Agreement, AsOf, Dialogue, FollowUpPlan, FollowUpStep, Goal, StepOutcome


@dataclass(frozen=True, slots=True)
class Standing:
    """Hvordan det står: in words, how it is tagged, and where to read on."""

    text: str
    kind: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """En aftale, as the committee's own people read it."""

    agreement: Agreement
    when: str  # "Senest 1. marts 2024", "foråret 2024", or nothing
    is_overdue: bool
    stands: tuple[Standing, ...]  # as a promise, and in the plan
    is_bound: bool  # something has come of it: it is carried on there

    @property
    def pk(self) -> int:
        """Its key."""
        return self.agreement.pk

    @property
    def about(self) -> str:
        """Pejlemærke 2; nothing where it is about none."""
        goal = self.agreement.goal
        if goal is None:
            return ""
        return "Pejlemærke uden nummer" if goal.number is None else f"Pejlemærke {goal.number}"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of the promises and steps of some agreements."""

    promises: dict[int, PromiseLine]
    steps: dict[UUID, Standing]

    @classmethod
    def of(cls, agreements: Iterable[Agreement], *, viewer: Any) -> Self:
        """Ask for all of them at once; nothing where there are none."""
        rows = list(agreements)
        promised = [one.promise_id for one in rows if one.promise_id]
        trails = {one.step_trail for one in rows if one.step_trail}
        found = Promise.including_closed.visible_to(viewer).filter(pk__in=promised)
        told = promise_lines(found, viewer=viewer) if promised else {}
        lines = {promise.pk: line for pairs in told.values() for promise, line in pairs}
        return cls(lines, _steps(trails) if trails else {})

    def tell(self, agreement: Agreement) -> AgreementLine:
        """Tell one agreement."""
        stands = tuple(self._stands(agreement))
        is_open = not any(one.kind == "success" for one in stands)
        due_on = agreement.due_on
        return AgreementLine(
            agreement,
            when=f"Senest {format_date(due_on)}" if due_on else agreement.when,
            is_overdue=bool(due_on and due_on < today() and is_open and stands),
            stands=stands,
            is_bound=bool(agreement.promise_id or agreement.step_trail),
        )

    def _stands(self, agreement: Agreement) -> Iterable[Standing]:
        if agreement.promise_id:
            line = self.promises.get(agreement.promise_id)
            if line:
                yield Standing(f"Løfte til udvalget: {_low(line.state)}", line.state_kind, line.url)
            else:
                yield Standing("Løfte til udvalget", "plain")
        if agreement.step_trail:
            yield self.steps.get(agreement.step_trail, Standing("Taget ud af planen", "plain"))


def agreements_of(dialogue: Dialogue, *, viewer: Any) -> tuple[AgreementLine, ...]:
    """Tell the agreements of one dialogue meeting, in the order they were made."""
    return _tell(Agreement.objects.filter(dialogue=dialogue), viewer)


def agreements_about(goal: Goal, *, viewer: Any, at: AsOf) -> tuple[AgreementLine, ...]:
    """Tell the agreements about one pejlemærke, of the dialogue meetings the viewer works with; those that wait first,
    and then the newest.
    """
    visible = Dialogue.objects.visible_to(viewer).filter(held_on__lte=at.on)
    found = _tell(
        Agreement.objects.filter(goal=goal, dialogue__in=visible).order_by("-dialogue__held_on", "-pk"), viewer
    )
    return tuple(sorted(found, key=lambda one: any(stand.kind == "success" for stand in one.stands)))


def _tell(agreements: "QuerySet[Agreement]", viewer: Any) -> tuple[AgreementLine, ...]:
    rows = list(agreements.select_related("goal", "dialogue"))
    outcomes = Outcomes.of(rows, viewer=viewer)
    return tuple(outcomes.tell(one) for one in rows)


def _steps(trails: Iterable[UUID]) -> dict[UUID, Standing]:
    """How each step stands: what came of it, or that it waits in the newest plan of its set."""
    newest = FollowUpPlan.objects.values("goal_set").annotate(number=Max("number")).values_list("goal_set", "number")
    steps = FollowUpStep.objects.filter(trail__in=trails).select_related("plan")
    mine = list(steps)
    holds = dict(newest.filter(goal_set__in={step.plan.goal_set_id for step in mine}))
    told = {
        step.trail: Standing("Står i opfølgningsplanen", "info", reverse("plan", args=[step.plan.goal_set_id]))
        for step in mine
        if step.plan.number == holds.get(step.plan.goal_set_id)
    }
    outcomes = (
        StepOutcome.objects.filter(step__trail__in=trails).select_related("step__plan").order_by("occurred_on", "pk")
    )
    for outcome in outcomes:
        url = reverse("plan", args=[outcome.step.plan.goal_set_id])
        told[outcome.step.trail] = (
            Standing(f"Aflyst {format_date(outcome.occurred_on)}", "plain", url)
            if outcome.is_cancelled
            else Standing(f"Gennemført {format_date(outcome.occurred_on)}", "success", url)
        )
    return told


def _low(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"

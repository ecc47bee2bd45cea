"""Aftaler from a dialogue meeting: written down, promised to the committee, and put into the follow-up plan."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import transaction

from kit.clock import today
from kit.dates import format_date
from kit.once import made_by
from meetings.actions.refusals import NotAllowed
from meetings.models import Event, Promise
from pejlemaerker.actions.open_set import open_set
from pejlemaerker.actions.plan import PlannedStep, amend_plan
from pejlemaerker.models import Agreement, Dialogue, FollowUpStep, Goal, GoalSet

_TITLE = 160  # what a step's name holds
_WHERE = {
    Dialogue.Kind.FORMULATING: "Det formulerende dialogmøde",
    Dialogue.Kind.MIDTERM: "Dialogmødet midtvejs",
    Dialogue.Kind.FINAL: "Det afsluttende dialogmøde",
    Dialogue.Kind.LEADERS: "Institutionsledermødet",
    Dialogue.Kind.OTHER: "Dialogmødet",
}


class Agreed(NamedTuple):
    """What was agreed: what, about which pejlemærke, who sees to it, and when."""

    text: str
    goal: Goal | None
    responsible: str
    due_on: date | None = None
    when: str = ""
    is_promise: bool = False  # the administration owes it to the committee
    in_plan: bool = False


class HangsTogether(NotAllowed):
    """The agreement stands among the promises or in the plan, and is carried on there."""

    def __init__(self) -> None:
        super().__init__("Aftalen står blandt løfterne eller i opfølgningsplanen. Følg op på den dér.")


@transaction.atomic
def record_agreement(*, dialogue: Dialogue, agreed: Agreed, nonce: UUID, by: Any) -> Agreement:
    """Write down an agreement, with the promise and the step in the plan that come of it: all or nothing, and the same
    nonce once. Raises NotAllowed where it can be promised or planned nowhere.
    """
    locked = _lock(dialogue)
    said = {name: getattr(agreed, name) for name in ("text", "goal", "responsible", "due_on", "when")}
    made, nonce = made_by(Agreement.objects.all(), nonce, dialogue=locked, **said)
    if made:
        return made
    agreement = Agreement(dialogue=locked, nonce=nonce, recorded_by=by, **said)
    _carry_on(agreement, agreed, by)
    agreement.save()
    Event.objects.record("agreement_recorded", agreement, by=by, dialogue=locked.pk)
    return agreement


@transaction.atomic
def edit_agreement(*, agreement: Agreement, agreed: Agreed, by: Any) -> Agreement:
    """Put an agreement right, and promise or plan it now; raises HangsTogether once it has been."""
    locked = _unbound(agreement)
    for name in ("text", "goal", "responsible", "due_on", "when"):
        setattr(locked, name, getattr(agreed, name))
    _carry_on(locked, agreed, by)
    locked.save()
    Event.objects.record("agreement_changed", locked, by=by, dialogue=locked.dialogue_id)
    return locked


@transaction.atomic
def remove_agreement(*, agreement: Agreement, by: Any) -> None:
    """Take an agreement away; twice is once. Raises HangsTogether where something has come of it."""
    if not Agreement.objects.filter(pk=agreement.pk).exists():
        return
    locked = _unbound(agreement)
    Event.objects.record("agreement_removed", locked, by=by, dialogue=locked.dialogue_id, text=locked.text)
    locked.delete()


def set_of(dialogue: Dialogue, goal: Goal | None) -> GoalSet | None:
    """The set in whose plan an agreement can stand: that of its pejlemærke, or the only one the meeting was about."""
    if goal:
        return goal.goal_set
    about = list(GoalSet.objects.filter(goals__dialogues=dialogue).distinct()[:2])
    if not about and dialogue.step:
        return dialogue.step.plan.goal_set
    return about[0] if len(about) == 1 else None


def _lock(dialogue: Dialogue) -> Dialogue:
    return Dialogue.objects.select_for_update(of=("self",)).select_related("committee").get(pk=dialogue.pk)


def _unbound(agreement: Agreement) -> Agreement:
    locked = (
        Agreement.objects.select_for_update(of=("self",)).select_related("dialogue__committee").get(pk=agreement.pk)
    )
    if locked.promise_id or locked.step_trail:
        raise HangsTogether
    return locked


def _carry_on(agreement: Agreement, agreed: Agreed, by: Any) -> None:
    if agreed.is_promise:
        agreement.promise = _promise(agreement, by)
    if agreed.in_plan:
        agreement.step_trail = _put_in_plan(agreement, by)


def _promise(agreement: Agreement, by: Any) -> Promise:
    """Et løfte in the committee's ledger: made where the dialogue meeting was held."""
    if agreement.due_on is None:
        raise NotAllowed("Skriv, hvornår løftet senest skal være indfriet.", field="due_on")
    dialogue = agreement.dialogue
    promise: Promise = Promise.including_closed.create(
        committee=dialogue.committee, made_on=dialogue.held_on, made_at=_WHERE[Dialogue.Kind(dialogue.kind)],
        made_url=dialogue.get_absolute_url(), text=agreement.text, responsible=agreement.responsible,
        due_on=agreement.due_on, nonce=uuid5(agreement.nonce, "løfte"), recorded_by=by,
    )  # fmt: skip
    Event.objects.record("promise_made", promise, by=by, dialogue=dialogue.pk)
    return promise


def _put_in_plan(agreement: Agreement, by: Any) -> UUID:
    """Write a new version of the plan with the agreement as one more step, in its place by time; return its trail."""
    goal_set = set_of(agreement.dialogue, agreement.goal)
    if goal_set is None:
        raise NotAllowed("Skriv aftalen ved et pejlemærke, så den kan stå i dets plan.", field="in_plan")
    open_set(goal_set.pk)
    newest = goal_set.plans.order_by("number").last()
    steps = list(newest.steps.order_by("position")) if newest else []
    place = _place(steps, agreement.due_on)
    planned = [_as_planned(step) for step in steps]
    planned.insert(place, _planned(agreement))
    held_on = min(agreement.dialogue.held_on, today())
    plan = amend_plan(
        goal_set=goal_set,
        expected=newest.number if newest else 0,
        agreed_on=max(held_on, newest.agreed_on) if newest and newest.agreed_on else held_on,
        reason=f"Aftalt på dialogmødet {format_date(agreement.dialogue.held_on)}",
        steps=planned,
        by=by,
    )
    return plan.steps.get(position=place + 1).trail


def _place(steps: list[FollowUpStep], due_on: date | None) -> int:
    later = (n for n, step in enumerate(steps) if due_on and step.earliest and step.earliest > due_on)
    return next(later, len(steps))


def _as_planned(step: FollowUpStep) -> PlannedStep:
    return PlannedStep(**{name: getattr(step, name) for name in PlannedStep._fields})


def _planned(agreement: Agreement) -> PlannedStep:
    title = agreement.text if len(agreement.text) <= _TITLE else f"{agreement.text[: _TITLE - 1]}…"
    when = format_date(agreement.due_on) if agreement.due_on else agreement.when
    return PlannedStep(kind=FollowUpStep.Kind.AGREEMENT, title=title, when_text=when, responsible=agreement.responsible)

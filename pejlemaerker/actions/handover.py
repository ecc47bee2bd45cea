"""Handing a set over when its period ends: written as drafts, and closed in one act."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from kit.clock import today
from kit.drafts import Draft, EditConflict
from kit.once import made_by
from meetings.models import CouncilTerm, Event
from pejlemaerker.actions.open_set import open_set
from pejlemaerker.documents.handover import GoalHandover, HandoverDocument, Heir, proposal
from pejlemaerker.models import (
    Derivation,
    Goal,
    GoalClosing,
    GoalHandoverDraft,
    GoalPeriod,
    GoalSet,
    GoalVersion,
    HandoverDraft,
    Learning,
    PolicyArea,
    SetClosing,
)

_REASONS = {
    GoalClosing.Kind.COMPLETED: "Afsluttet, da perioden sluttede.",
    GoalClosing.Kind.CONTINUED: "Videreført til den næste periode.",
    GoalClosing.Kind.MERGED: "Lagt sammen med et andet til den næste periode.",
    GoalClosing.Kind.SPLIT: "Delt i flere til den næste periode.",
}


class CannotClose(Exception):
    """Something is missing; `reasons` says what, in Danish."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@transaction.atomic
def save_handover(*, goal_set: GoalSet, expected: int, by: Any, **values: Any) -> HandoverDraft:
    """Keep what is written so far of to whom the set goes; raises EditConflict when somebody else saved in between."""
    return _keep(_draft(goal_set, by), expected, values, by)


@transaction.atomic
def save_goal_handover(*, goal: Goal, expected: int, by: Any, **values: Any) -> GoalHandoverDraft:
    """Keep what is written so far of what becomes of one pejlemærke; raises EditConflict when somebody else saved in
    between.
    """
    handover = _draft(goal.goal_set, by)
    draft, _ = GoalHandoverDraft.objects.get_or_create(goal=goal, defaults={"handover": handover, "edited_by": by})
    return _keep(draft, expected, values, by)


def _draft(goal_set: GoalSet, by: Any) -> HandoverDraft:
    open_set(goal_set.pk)
    draft, _ = HandoverDraft.objects.get_or_create(goal_set=goal_set, defaults={**proposal(goal_set), "edited_by": by})
    return draft


def _keep[D: Draft](draft: D, expected: int, values: Mapping[str, Any], by: Any) -> D:
    if all(getattr(draft, name) == value for name, value in values.items()):
        return draft  # a retry after a lost answer, or nothing new
    return draft.save_if_unchanged(expected=expected, by=by, **values)


@transaction.atomic
def close_set(*, goal_set: GoalSet, seen: str, closed_on: date, without_final: str, nonce: UUID, by: Any) -> SetClosing:
    """Close a set and hand it over, all or nothing: what was learned, how each pejlemærke ends, and the new set, whose
    wordings wait for the decision of its committee.

    `seen` names the drafts that were confirmed: raises EditConflict when somebody has written since, and CannotClose
    while something is missing. A set is closed once; the second click gets the same closing.
    """
    locked = GoalSet.objects.select_for_update(of=("self",)).select_related("period__committee", "area")
    goal_set = locked.get(pk=goal_set.pk)
    if closing := SetClosing.objects.filter(goal_set=goal_set).select_related("to_set").first():
        return closing
    _, nonce = made_by(SetClosing.objects.all(), nonce, goal_set=goal_set)
    plan = HandoverDocument.for_set(goal_set, viewer=by)
    if plan.seen != seen:
        raise EditConflict(plan.draft)
    if reasons := obstacles(plan, closed_on=closed_on, without_final=without_final):
        raise CannotClose(reasons)
    written_on = min(closed_on, today())
    new_set = _new_set(plan) if plan.heirs else None
    _learn(plan, new_set, written_on, by)
    for one in plan.goals:
        _end(one, closed_on, without_final, by)
    if new_set:
        _inherit(plan.heirs, new_set, written_on, by)
    closing = SetClosing.objects.create(
        goal_set=goal_set, closed_on=closed_on, to_set=new_set, nonce=nonce, recorded_by=by
    )
    HandoverDraft.objects.filter(goal_set=goal_set).delete()
    to_set = new_set.pk if new_set else None
    Event.objects.record("set_closed", goal_set, by=by, on=closed_on.isoformat(), to_set=to_set)
    return closing


def obstacles(plan: HandoverDocument, *, closed_on: date, without_final: str) -> list[str]:
    """Tell what stands in the way of closing, in sentences."""
    reasons = [missing.text for missing in plan.missing]
    if plan.without_final and not without_final.strip():
        reasons.append(f"{plan.without_final_text} Skriv, hvorfor sættet afsluttes uden.")
    if closed_on < plan.goal_set.period.starts_on:
        reasons.append("Sættet kan ikke afsluttes, før perioden begyndte.")
    if plan.heirs and plan.draft.starts_on and closed_on >= plan.draft.starts_on:
        reasons.append("Sættet skal være afsluttet, før den nye periode begynder.")
    return reasons


def _new_set(plan: HandoverDocument) -> GoalSet:
    """Find or make period, area and set; several sets may be handed over to one."""
    draft, old = plan.draft, plan.goal_set
    committee, starts_on = draft.to_committee, draft.starts_on
    if committee is None or starts_on is None or draft.ends_on is None:
        raise CannotClose([missing.text for missing in plan.missing])
    term = CouncilTerm.objects.filter(
        municipality=committee.municipality_id, starts_on__lte=starts_on, ends_on__gte=starts_on
    ).first()
    period, _ = GoalPeriod.objects.get_or_create(
        committee=committee, starts_on=starts_on, defaults={"ends_on": draft.ends_on, "council_term": term}
    )
    last = PolicyArea.objects.filter(committee=committee).aggregate(last=Max("position"))["last"] or 0
    area, _ = PolicyArea.objects.get_or_create(
        committee=committee, name=draft.area_name.strip(), defaults={"position": last + 1}
    )
    new_set, _ = GoalSet.objects.get_or_create(
        period=period, area=area, defaults={"leader_group": old.leader_group, "is_demo": old.is_demo}
    )
    return new_set


def _learn(plan: HandoverDocument, new_set: GoalSet | None, day: date, by: Any) -> None:
    """Keep what was learned, of the work as a whole first."""
    common = {
        "goal_set": plan.goal_set, "learned_on": day, "recorded_by": by,
        "addressed_to": str(new_set.period.committee) if new_set else "",
    }  # fmt: skip
    if plan.draft.learning.strip():
        Learning.objects.create(**common, text=plan.draft.learning, carry_on=plan.draft.carry_on)
    for one in plan.goals:
        if one.draft and one.draft.learning.strip():  # else it was written down when it was learned
            Learning.objects.create(**common, goal=one.goal, text=one.draft.learning, carry_on=one.draft.carry_on)


def _end(one: GoalHandover, day: date, without_final: str, by: Any) -> None:
    kind = GoalClosing.Kind(one.outcome)
    reason = (one.draft.reason.strip() if one.draft else "") or _REASONS[kind]
    if one.final is None:
        reason = f"{reason}\n\nAfsluttet uden afsluttende evaluering: {without_final.strip()}"
    GoalClosing.objects.create(goal=one.goal, kind=kind, ended_on=day, reason=reason, recorded_by=by)


def _inherit(heirs: tuple[Heir, ...], new_set: GoalSet, day: date, by: Any) -> None:
    """Make the pejlemærker of the new set, after those that stand there already."""
    open_set(new_set.pk)  # one that stood there already may have been closed
    last = new_set.goals.aggregate(last=Max("number"))["last"] or 0
    for number, heir in enumerate(heirs, start=last + 1):
        first = heir.sources[0]
        goal = Goal.objects.create(
            goal_set=new_set, number=number, refers_to=first.refers_to, responsible=first.responsible
        )
        version = GoalVersion.objects.create(
            goal=goal, number=1, text=heir.text, change_kind=heir.change, worded_on=day, recorded_by=by,
            reason="Overleveret fra den forrige periode.",
        )  # fmt: skip
        Derivation.objects.bulk_create(
            Derivation(version=version, source=source, kind=heir.kind) for source in heir.sources
        )

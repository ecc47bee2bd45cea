"""Annulling a wording: it no longer holds, and the one before it holds again."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from kit.once import made_by
from meetings.actions.refusals import NotAllowed
from meetings.models import Decision, Event
from pejlemaerker.actions.open_set import open_goal
from pejlemaerker.models import Adoption, Annulment, AsOf, Goal, GoalVersion


class CannotAnnul(NotAllowed):
    """The wording does not hold, or the decision is not one that can annul it."""


@transaction.atomic
def annul_wording(
    *,
    version: GoalVersion,
    decision: Decision | None,
    delegation_note: str,
    annulled_from: date,
    reason: str,
    nonce: UUID,
    by: Any,
) -> list[Annulment]:
    """Annul a wording by a later decision of the committee that approves it, or by a noted delegation. The same nonce
    annuls once.

    What is annulled is each adoption by which the wording holds, so that it does not go on holding by an earlier one.
    Raises CannotAnnul where nothing holds, or the decision cannot do it.
    """
    goal = open_goal(version.goal)
    same = {
        "decision": decision, "delegation_note": delegation_note, "annulled_from": annulled_from, "reason": reason,
    }  # fmt: skip
    existing, nonce = made_by(Annulment.objects.filter(adoption__version=version), nonce, **same)
    if existing:
        return [existing]
    adoptions = list(standing_adoptions(version))
    _check(goal, adoptions, decision, annulled_from)
    numbers = [nonce, *(uuid5(nonce, str(adoption.pk)) for adoption in adoptions[1:])]
    annulments = [
        Annulment.objects.create(adoption=adoption, nonce=number, recorded_by=by, **same)
        for adoption, number in zip(adoptions, numbers, strict=True)
    ]
    decided = decision.pk if decision else None
    Event.objects.record("wording_annulled", version, by=by, decision=decided, on=annulled_from.isoformat())
    return annulments


def standing_adoptions(version: GoalVersion) -> list[Adoption]:
    """The adoptions by which a wording holds, or will hold, and which nothing has annulled yet."""
    annulled = Annulment.objects.effective(AsOf.now()).filter(adoption__version=version).values("adoption")
    adoptions = Adoption.objects.effective(AsOf.now()).filter(version=version).exclude(pk__in=annulled)
    return list(adoptions.order_by("in_force_from", "pk"))


def earliest_day(adoptions: list[Adoption], decision: Decision | None) -> date:
    """The first day from which these adoptions can be annulled: not before what put them in force was decided, and not
    before the decision that annuls them.
    """
    days = [(one.decision.decided_on if one.decision else one.in_force_from) for one in adoptions]
    return max([*days, *([decision.decided_on] if decision else [])])


def _check(goal: Goal, adoptions: list[Adoption], decision: Decision | None, annulled_from: date) -> None:
    if not adoptions:
        raise CannotAnnul("Ordlyden gælder ikke, og der er intet at ophæve.")
    if annulled_from < earliest_day(adoptions, decision):
        raise CannotAnnul("En ordlyd kan ikke ophæves fra før beslutningen.", field="annulled_from")
    if decision is None:
        return
    if not Decision.including_closed.approving().filter(pk=decision.pk).exists():
        raise CannotAnnul("Kun en godkendelse kan ophæve en ordlyd.", field="decision")
    if not goal.goal_set.is_decided_by(decision.item.meeting.committee_id):
        raise CannotAnnul("Kun udvalgets egen beslutning kan ophæve dets ordlyd.", field="decision")
    if any(one.decision and _is_not_later(decision, one.decision) for one in adoptions):
        raise CannotAnnul("Beslutningen skal komme efter den, der satte ordlyden i kraft.", field="decision")


def _is_not_later(decision: Decision, adopting: Decision) -> bool:
    return decision == adopting or decision.decided_on < adopting.decided_on

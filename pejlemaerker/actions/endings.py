"""Ending a pejlemærke because it is completed or dropped, and taking it up again."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from kit.clock import today
from kit.dates import format_date
from kit.once import made_by
from meetings.actions.refusals import NotAllowed
from meetings.models import Decision, Event
from pejlemaerker.actions.open_set import open_goal
from pejlemaerker.actions.places import give_up_number, take_up_number
from pejlemaerker.documents.endings import Ending, endings
from pejlemaerker.models import AsOf, Goal, GoalClosing


class EndedMeanwhile(Exception):
    """Somebody else has ended it, or taken it up again, in between; `ending` is how it stands now."""

    def __init__(self, ending: Ending | None) -> None:
        super().__init__("Pejlemærket er afsluttet eller taget op igen imens")
        self.ending = ending


@transaction.atomic
def close_goal(
    *,
    goal: Goal,
    kind: str,
    ended_on: date,
    reason: str,
    decision: Decision | None,
    delegation_note: str,
    gives_up_number: bool,
    nonce: UUID,
    by: Any,
) -> GoalClosing:
    """Write down that a pejlemærke is completed or dropped, or taken up again (then it gets a number, if it has none).
    The same nonce gives the same ending.

    To drop it or take it up again takes a decision of the committee that approves, or a noted delegation; NotAllowed is
    raised without one, and EndedMeanwhile when it is not there any longer to be ended or taken up.
    """
    current = open_goal(goal)
    same = {
        "goal_id": current.pk, "kind": kind, "ended_on": ended_on, "reason": reason,
        "decision_id": decision.pk if decision else None, "delegation_note": delegation_note,
    }  # fmt: skip
    existing, nonce = made_by(GoalClosing.objects.all(), nonce, **same)
    if existing:
        return existing
    _has_ground(current, kind, decision, delegation_note)
    _may_end_on(current, kind, ended_on, decision)
    closing = GoalClosing.objects.create(nonce=nonce, recorded_by=by, **same)
    Event.objects.record("goal_closed", current, by=by, kind=kind, on=ended_on.isoformat())
    if kind == GoalClosing.Kind.RESUMED:
        take_up_number(goal=current, day=ended_on, reason="Taget op igen", by=by)
    elif gives_up_number:
        give_up_number(goal=current, day=ended_on, reason=closing.get_kind_display(), by=by)
    return closing


def _has_ground(goal: Goal, kind: str, decision: Decision | None, delegation_note: str) -> None:
    if decision and delegation_note:
        raise NotAllowed("Vælg enten en beslutning eller en bemyndigelse.", field="delegation_note")
    if decision is None and not delegation_note and kind != GoalClosing.Kind.COMPLETED:
        raise NotAllowed("Vælg udvalgets beslutning, eller skriv, hvem der er bemyndiget til det.", field="decision")
    if decision is None:
        return
    if not Decision.including_closed.approving().filter(pk=decision.pk).exists():
        raise NotAllowed("Kun en godkendelse kan bruges.", field="decision")
    if not goal.goal_set.is_decided_by(decision.item.meeting.committee_id):
        raise NotAllowed("Kun udvalgets egen beslutning kan bruges.", field="decision")


def _may_end_on(goal: Goal, kind: str, day: date, decision: Decision | None) -> None:
    if day > today():
        raise NotAllowed("Dagen er ikke kommet endnu. Skriv det ind, når den er.", field="ended_on")
    if decision and day < decision.decided_on:
        raise NotAllowed(f"Udvalget besluttede det {format_date(decision.decided_on)}.", field="ended_on")
    ending = endings([goal], AsOf.now()).get(goal.pk)
    if (ending is not None) != (kind == GoalClosing.Kind.RESUMED):
        raise EndedMeanwhile(ending)
    since = GoalClosing.objects.latest(AsOf.now()).filter(goal=goal).first()
    latest = max([one for one in (ending and ending.on, since and since.ended_on) if one], default=None)
    if latest and day < latest:
        raise NotAllowed(f"Det sidste, der skete, skete {format_date(latest)}.", field="ended_on")

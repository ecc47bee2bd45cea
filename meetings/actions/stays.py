"""Udfaldet af en standsning: what the council made of the decision, or that the committee took it back itself."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from kit.clock import today
from kit.dates import format_date
from kit.once import made_by
from meetings.actions.refusals import NotAllowed
from meetings.models import AgendaItem, Decision, Event, Stay, StayOutcome


@transaction.atomic
def record_stay_outcome(
    *, stay: Stay, verdict: str, decided_on: date, council_item: AgendaItem | None, note: str, nonce: UUID, by: Any
) -> StayOutcome:
    """Write down what became of a stay (styrelsesloven § 23): only a confirmed decision takes effect, from that day.

    The same submit twice is one outcome; raises NotAllowed when another stands there already, or the day cannot be.
    """
    locked = Stay.including_closed.select_for_update(of=("self",)).get(pk=stay.pk)
    same = {
        "stay_id": locked.pk, "verdict": verdict, "decided_on": decided_on,
        "council_item_id": council_item.pk if council_item else None, "note": note,
    }  # fmt: skip
    existing, nonce = made_by(StayOutcome.including_closed.all(), nonce, **same)
    if existing:
        return existing
    if already := StayOutcome.including_closed.filter(stay=locked).first():
        raise NotAllowed(f"Udfaldet er allerede skrevet ind: {already.get_verdict_display().lower()}.")
    decision = Decision.including_closed.get(pk=locked.decision_id)
    if decided_on < decision.decided_on:
        raise NotAllowed(f"Beslutningen er fra {format_date(decision.decided_on)}.", field="decided_on")
    if decided_on > today():
        raise NotAllowed("Dagen er ikke kommet endnu.", field="decided_on")
    outcome: StayOutcome = StayOutcome.including_closed.create(nonce=nonce, recorded_by=by, **same)
    Event.objects.record("stay_outcome_recorded", decision, by=by, verdict=verdict)
    return outcome

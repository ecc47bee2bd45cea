"""Læring, written down when it is learned, and not first when the period ends."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from kit.once import made_by
from meetings.models import Event
from pejlemaerker.actions.open_set import open_set
from pejlemaerker.models import Dialogue, EvaluationRound, Goal, GoalSet, Learning


@transaction.atomic
def record_learning(
    *,
    goal_set: GoalSet,
    goal: Goal | None,
    text: str,
    carry_on: str,
    addressed_to: str,
    learned_on: date,
    evaluation: EvaluationRound | None,
    dialogue: Dialogue | None,
    nonce: UUID,
    by: Any,
    warnings_accepted: Sequence[str] = (),
) -> Learning:
    """Write down what was learned, of one pejlemærke or of the work as a whole, and where. It is never rewritten: what
    was learned better is one more læring. The same nonce gives the same; raises SetIsClosed.
    """
    current = open_set(goal_set.pk)
    said = {
        "goal_set": current, "goal": goal, "text": text, "carry_on": carry_on, "addressed_to": addressed_to,
        "learned_on": learned_on, "evaluation": evaluation, "dialogue": dialogue,
    }  # fmt: skip
    existing, nonce = made_by(Learning.objects.all(), nonce, **said)
    if existing:
        return existing
    learning = Learning.objects.create(**said, nonce=nonce, recorded_by=by)
    Event.objects.record("learning_recorded", learning, by=by, warnings_accepted=list(warnings_accepted))
    return learning

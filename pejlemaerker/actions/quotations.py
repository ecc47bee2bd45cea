"""Citater: choosing pieces of the leaders' answers for the common text, word for word, with their source."""

import re
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from kit.once import made_by
from meetings.actions import NotAllowed
from meetings.models import Event
from pejlemaerker.actions.standing_text import lock_text
from pejlemaerker.models import Answer, EvaluationRound, Goal, Quotation


def piece_of(text: str, wanted: str) -> str:
    """Find a piece in a text, word for word. What is marked in a browser may have other spaces and line breaks than
    what was typed: then it is the typed ones that are returned. Nothing where the words do not stand there.
    """
    words = wanted.split()
    if not words:
        return ""
    found = re.search(r"\s+".join(re.escape(word) for word in words), text)
    return found[0] if found else ""


@transaction.atomic
def choose_quotation(
    *, evaluation: EvaluationRound, goal: Goal, answer: Answer, text: str, nonce: UUID, by: Any
) -> Quotation:
    """Choose a piece of an answer as a quotation about a pejlemærke, with the leader's unit as its source. The same
    piece is chosen once. Raises NotAllowed where it is not what the answer says.
    """
    lock_text(evaluation)
    piece = piece_of(answer.text, text)
    if not piece:
        raise NotAllowed("Citatet skal stå ord for ord i svaret.")
    chosen = Quotation.objects.filter(evaluation=evaluation, goal=goal)
    if existing := chosen.filter(answer=answer, text=piece).first():
        return existing
    same = {"evaluation": evaluation, "goal": goal, "answer": answer, "text": piece}
    made, nonce = made_by(Quotation.objects.all(), nonce, **same)
    if made:
        return made
    last = chosen.aggregate(last=Max("position"))["last"] or 0
    quotation = Quotation.objects.create(
        **same, source=answer.sheet.invitee.source, position=last + 1, nonce=nonce, chosen_by=by
    )
    Event.objects.record("quotation_chosen", quotation, by=by, evaluation=evaluation.pk, goal=goal.pk)
    return quotation


@transaction.atomic
def name_source(*, quotation: Quotation, source: str, by: Any) -> None:
    """Tell where a quotation comes from: the unit, or in general words ("En daginstitution")."""
    if quotation.source == source:
        return
    lock_text(quotation.evaluation)
    Quotation.objects.filter(pk=quotation.pk).update(source=source)
    Event.objects.record("quotation_source_named", quotation, by=by, source=source)


@transaction.atomic
def move_quotation(*, quotation: Quotation, up: bool, by: Any) -> None:
    """Let a quotation change places with the one before it, or after it."""
    lock_text(quotation.evaluation)
    row = list(Quotation.objects.filter(evaluation=quotation.evaluation_id, goal=quotation.goal_id))
    here = row.index(quotation)
    there = here - 1 if up else here + 1
    if 0 <= there < len(row):
        row[here], row[there] = row[there], row[here]
        Event.objects.record("quotation_moved", quotation, by=by, evaluation=quotation.evaluation_id, up=up)
    for position, one in enumerate(row, start=1):
        if one.position != position:
            Quotation.objects.filter(pk=one.pk).update(position=position)


@transaction.atomic
def remove_quotation(*, quotation: Quotation, by: Any) -> None:
    """Take a quotation out again."""
    lock_text(quotation.evaluation)
    Event.objects.record("quotation_removed", quotation, by=by, evaluation=quotation.evaluation_id)
    Quotation.objects.filter(pk=quotation.pk).delete()

"""Teksten står: while an evaluation's common text lies with the centre's head, is approved or has been presented,
nobody writes in it.
"""

from meetings.actions import NotAllowed
from pejlemaerker.documents.review import FROZEN, why_frozen
from pejlemaerker.models import EvaluationRound, ReviewAct


class TextStands(NotAllowed):
    """The text stands as it was read; the message says why, and what one can do."""


def newest_act(evaluation: EvaluationRound) -> str:
    """How far the text has come: the newest act of its review, or nothing."""
    newest = ReviewAct.objects.filter(evaluation=evaluation).order_by("pk").last()
    return newest.act if newest else ""


def lock_evaluation(evaluation: EvaluationRound) -> str:
    """Hold an evaluation, so that nobody writes in its text while somebody else sends or approves it; tells how far it
    has come.
    """
    EvaluationRound.objects.select_for_update(of=("self",), no_key=True).get(pk=evaluation.pk)
    return newest_act(evaluation)


def lock_text(evaluation: EvaluationRound) -> str:
    """The same, to write in the text; raises TextStands where nobody may."""
    act = lock_evaluation(evaluation)
    if act in FROZEN:
        raise TextStands(why_frozen(act))
    return act

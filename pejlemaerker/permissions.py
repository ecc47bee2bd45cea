"""Who may do what with pejlemærker, and the fetchers that ask "may they see it?" first."""

from typing import Any

from django.shortcuts import get_object_or_404

from meetings.models import Right
from meetings.permissions import has_right
from pejlemaerker.models import Dialogue, EvaluationRound, GoalSet


def can_put_in_force(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user points a decision at wordings of this set."""
    return has_right(user, Right.PUT_IN_FORCE, goal_set.period.committee)


def can_follow_up(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user writes evaluations and dialogue meetings for this set."""
    return has_right(user, Right.FOLLOW_UP, goal_set.period.committee)


def can_publish_set(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user makes this set public."""
    return has_right(user, Right.PUBLISH, goal_set.period.committee)


def can_write_status(user: Any, evaluation: EvaluationRound) -> bool:
    """Whether the user writes the statuses of this evaluation."""
    return can_follow_up(user, evaluation.goal_set)


def can_publish_evaluation(user: Any, evaluation: EvaluationRound) -> bool:
    """Whether the user makes this evaluation public."""
    return can_publish_set(user, evaluation.goal_set)


def can_edit_dialogue(user: Any, dialogue: Dialogue) -> bool:
    """Whether the user writes this dialogue meeting."""
    return has_right(user, Right.FOLLOW_UP, dialogue.committee)


def can_publish_dialogue(user: Any, dialogue: Dialogue) -> bool:
    """Whether the user makes this dialogue meeting's summary public."""
    return has_right(user, Right.PUBLISH, dialogue.committee)


def can_read_notes(user: Any, dialogue: Dialogue) -> bool:
    """Whether the user reads the internal notes of a dialogue meeting."""
    return has_right(user, Right.READ_NOTES, dialogue.committee)


def goal_set_for(user: Any, /, *, set_id: int) -> GoalSet:
    """Find a set among those the user may see."""
    sets = GoalSet.objects.visible_to(user).select_related("period__committee__municipality", "area", "leader_group")
    return get_object_or_404(sets, pk=set_id)


def evaluation_for(user: Any, /, *, round_id: int) -> EvaluationRound:
    """Find an evaluation among those the user may see."""
    rounds = EvaluationRound.objects.visible_to(user).select_related(
        "goal_set__period__committee__municipality", "goal_set__area", "step"
    )
    return get_object_or_404(rounds, pk=round_id)


def dialogue_for(user: Any, /, *, dialogue_id: int) -> Dialogue:
    """Find a dialogue meeting among those the user may see."""
    dialogues = Dialogue.objects.visible_to(user).select_related("committee__municipality", "step")
    return get_object_or_404(dialogues, pk=dialogue_id)

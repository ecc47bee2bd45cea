"""Who may do what with pejlemærker, and the fetchers that ask "may they see it?" first."""

from typing import Any

from django.shortcuts import get_object_or_404

from meetings.models import AgendaItem, Committee, Decision, Right, has_right
from pejlemaerker.models import Dialogue, EvaluationRound, Goal, GoalSet


def can_put_in_force(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user points a decision at wordings of this set."""
    return has_right(user, Right.PUT_IN_FORCE, goal_set.period.committee)


def can_put_some_in_force(user: Any) -> bool:
    """Whether the user points decisions at wordings in any committee."""
    return user.is_authenticated and bool(user.holds(Right.PUT_IN_FORCE))


def can_put_in_force_by(user: Any, decision: Decision) -> bool:
    """Whether the user points this decision at wordings."""
    return has_right(user, Right.PUT_IN_FORCE, decision.item.meeting.committee)


def can_follow_up(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user writes evaluations and dialogue meetings for this set."""
    return has_right(user, Right.FOLLOW_UP, goal_set.period.committee)


def can_plan_sets(user: Any, committee: Committee) -> bool:
    """Whether the user makes sets of pejlemærker for this committee."""
    return has_right(user, Right.FOLLOW_UP, committee)


def can_edit_goals(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user writes the pejlemærker of this set, their wordings, plan, mål and nøgletal."""
    return can_follow_up(user, goal_set)


def can_arrange_goals(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user says what was decided of this set: numbers, moves, endings, annulments and the handover."""
    return can_put_in_force(user, goal_set)


def can_edit_goal(user: Any, goal: Goal) -> bool:
    """Whether the user writes this pejlemærke, its mål and nøgletal."""
    return can_edit_goals(user, goal.goal_set)


def can_arrange_goal(user: Any, goal: Goal) -> bool:
    """Whether the user moves or ends this pejlemærke, or annuls its wording."""
    return can_arrange_goals(user, goal.goal_set)


def reads_goals(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user belongs to those who work by this set, and reads more than the public."""
    return has_right(user, Right.READ_GOALS, goal_set.period.committee)


def can_write_wording(user: Any, goal: Goal) -> bool:
    """Whether the user writes a new wording of this pejlemærke, for the committee to decide."""
    return can_follow_up(user, goal.goal_set)


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


def goal_for(user: Any, /, *, goal_id: int) -> Goal:
    """Find a pejlemærke among those the user may see."""
    goals = Goal.objects.visible_to(user).select_related("goal_set__period__committee__municipality", "goal_set__area")
    return get_object_or_404(goals, pk=goal_id)


def committee_for(_user: Any, /, *, slug: str) -> Committee:
    """Find a committee; that it exists and who sits on it is public."""
    return get_object_or_404(Committee.objects.select_related("municipality", "successor_of"), slug=slug)


def item_by_pk_for(user: Any, /, *, item_id: str) -> AgendaItem:
    """Find an agenda item among those the user may see; anything else, nonsense too, is simply not there."""
    items = AgendaItem.including_closed.visible_to(user).select_related("meeting__committee__municipality")
    return get_object_or_404(items, pk=int(item_id) if item_id.isdecimal() and len(item_id) < 19 else 0)


def approving_decision_for(user: Any, /, *, decision_id: str) -> Decision:
    """Find a decision that can put a wording in force, among those the user may see."""
    decisions = Decision.including_closed.visible_to(user).approving().select_related("item__meeting__committee")
    return get_object_or_404(decisions, pk=int(decision_id) if decision_id.isdecimal() and len(decision_id) < 19 else 0)


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

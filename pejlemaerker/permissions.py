"""Who may do what with pejlemærker, and the fetchers that ask "may they see it?" first."""

from typing import Any, NamedTuple

from django.shortcuts import get_object_or_404

from meetings.models import AgendaItem, Committee, Decision, Right, has_right
from pejlemaerker.models import (
    AdditionRequest,
    Agreement,
    Audience,
    Dialogue,
    EvaluationRound,
    FollowUpStep,
    Goal,
    GoalSet,
    GoalVersion,
    Indicator,
    Invitee,
    Note,
    NoteBatch,
    NoteDraft,
    NoteRecipe,
    Survey,
    Target,
    Theme,
)


def can_read_some_log(user: Any) -> bool:
    """Whether the user reads the log of any municipality or committee; which events, `Event.visible_to` tells."""
    return user.is_authenticated and bool(user.holds(Right.READ_LOG))


def can_put_in_force(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user points a decision at wordings of this set: one of its committee, or of one that shares it."""
    return _has_right_in_one(user, Right.PUT_IN_FORCE, goal_set)


def can_put_some_in_force(user: Any) -> bool:
    """Whether the user points decisions at wordings in any committee."""
    return user.is_authenticated and bool(user.holds(Right.PUT_IN_FORCE))


def can_put_in_force_by(user: Any, decision: Decision) -> bool:
    """Whether the user points this decision at wordings."""
    return has_right(user, Right.PUT_IN_FORCE, decision.item.meeting.committee)


def can_follow_up(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user writes evaluations and dialogue meetings for this set."""
    return has_right(user, Right.FOLLOW_UP, goal_set.period.committee)


def is_closed(goal_set: GoalSet) -> bool:
    """Whether the set has been closed and handed over: from then on it is read. Its evaluations may still be put right.
    Asks nothing where `closing` came along.
    """
    return hasattr(goal_set, "closing")


def can_plan_sets(user: Any, committee: Committee) -> bool:
    """Whether the user makes sets of pejlemærker for this committee."""
    return has_right(user, Right.FOLLOW_UP, committee)


def can_edit_goals(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user writes the pejlemærker of this set, their wordings, plan, mål and nøgletal."""
    return can_follow_up(user, goal_set) and not is_closed(goal_set)


def can_arrange_goals(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user says what was decided of this set: numbers, moves, endings and annulments. A committee
    that shares the set approves its wordings, and no more.
    """
    return has_right(user, Right.PUT_IN_FORCE, goal_set.period.committee) and not is_closed(goal_set)


def can_write_handover(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user writes what becomes of the pejlemærker of this set when its period ends."""
    return can_follow_up(user, goal_set)


def can_write_goal_handover(user: Any, goal: Goal) -> bool:
    """Whether the user writes what becomes of this pejlemærke when its period ends."""
    return can_write_handover(user, goal.goal_set)


def can_close_set(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user closes this set and hands it over."""
    return has_right(user, Right.PUT_IN_FORCE, goal_set.period.committee)


def can_edit_goal(user: Any, goal: Goal) -> bool:
    """Whether the user writes this pejlemærke, its mål and nøgletal."""
    return can_edit_goals(user, goal.goal_set)


def can_arrange_goal(user: Any, goal: Goal) -> bool:
    """Whether the user moves or ends this pejlemærke, or annuls its wording."""
    return can_arrange_goals(user, goal.goal_set)


def can_note_outcome(user: Any, step: FollowUpStep) -> bool:
    """Whether the user writes down what came of this step."""
    return can_edit_goals(user, step.plan.goal_set)


def can_edit_target(user: Any, target: Target) -> bool:
    """Whether the user replaces this mål."""
    return can_edit_goal(user, target.goal)


def can_edit_indicator(user: Any, indicator: Indicator) -> bool:
    """Whether the user defines this nøgletal and writes its measurements."""
    return can_edit_goal(user, indicator.goal)


def reads_goals(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user belongs to those who work by this set, and reads more than the public."""
    return _has_right_in_one(user, Right.READ_GOALS, goal_set)


def _has_right_in_one(user: Any, right: Right, goal_set: GoalSet) -> bool:
    """Whether the user holds a right in one of the committees that decide about a set; asks for those that share it
    only when that can make a difference.
    """
    if has_right(user, right, goal_set.period.committee):
        return True
    return (
        user.is_authenticated
        and bool(user.holds(right))
        and any(has_right(user, right, one) for one in goal_set.partners.all())
    )


def can_write_wording(user: Any, goal: Goal) -> bool:
    """Whether the user writes a new wording of this pejlemærke, for the committee to decide."""
    return can_edit_goal(user, goal)


def can_annul_wording(user: Any, version: GoalVersion) -> bool:
    """Whether the user writes down that this wording was annulled."""
    return can_arrange_goal(user, version.goal)


def can_write_request(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user writes down what the committee asks to have added: those who write the pejlemærker, and those
    who record what is decided.
    """
    records = has_right(user, Right.RECORD_DECISIONS, goal_set.period.committee)
    return can_edit_goals(user, goal_set) or (records and not is_closed(goal_set))


def can_settle_request(user: Any, request: AdditionRequest) -> bool:
    """Whether the user writes down what became of this request."""
    return can_write_request(user, request.goal_set)


def can_publish_set(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user makes this set public."""
    return has_right(user, Right.PUBLISH, goal_set.period.committee)


def can_write_status(user: Any, evaluation: EvaluationRound) -> bool:
    """Whether the user writes the statuses of this evaluation."""
    return can_follow_up(user, evaluation.goal_set)


def can_publish_evaluation(user: Any, evaluation: EvaluationRound) -> bool:
    """Whether the user makes this evaluation public."""
    return can_publish_set(user, evaluation.goal_set)


def can_run_surveys(user: Any, committee: Committee) -> bool:
    """Whether the user asks the leaders of this committee's areas, in evaluation rounds."""
    return has_right(user, Right.FOLLOW_UP, committee)


def can_read_surveys(user: Any, committee: Committee) -> bool:
    """Whether the user reads which evaluation rounds a committee has, and how far they have come."""
    return has_right(user, Right.READ_NOTES, committee)


def can_read_some_surveys(user: Any) -> bool:
    """Whether the user follows evaluation rounds in any committee."""
    return user.is_authenticated and bool(user.holds(Right.READ_NOTES))


def can_run_survey(user: Any, survey: Survey) -> bool:
    """Whether the user prepares and follows this evaluation round."""
    return can_run_surveys(user, survey.committee)


def can_read_answers(user: Any, survey: Survey) -> bool:
    """Whether the user reads what each leader has answered: the administration does, politicians and leaders do not."""
    return has_right(user, Right.READ_NOTES, survey.committee)


def can_follow_invitee(user: Any, invitee: Invitee) -> bool:
    """Whether the user acts on behalf of the house towards one who is asked: writes again, reopens, notes what
    was told.
    """
    return can_run_survey(user, invitee.survey)


def can_read_answers_of(user: Any, invitee: Invitee) -> bool:
    """Whether the user reads what this leader has answered."""
    return can_read_answers(user, invitee.survey)


def can_review(user: Any, evaluation: EvaluationRound) -> bool:
    """Whether the user, as the centre's head, approves the common text of this evaluation."""
    return has_right(user, Right.REVIEW, evaluation.goal_set.period.committee)


def can_review_some(user: Any) -> bool:
    """Whether the user, as the centre's head, approves common texts in any committee."""
    return user.is_authenticated and bool(user.holds(Right.REVIEW))


def can_read_rollup(user: Any, evaluation: EvaluationRound) -> bool:
    """Whether the user reads how the common text of an evaluation comes about, and the leaders' answers beside it."""
    return has_right(user, Right.READ_NOTES, evaluation.goal_set.period.committee)


class EvaluatedGoal(NamedTuple):
    """Et pejlemærke in an evaluation."""

    evaluation: EvaluationRound
    goal: Goal


def can_read_rollup_of(user: Any, found: EvaluatedGoal) -> bool:
    """Whether the user reads how the common text about one pejlemærke comes about."""
    return can_read_rollup(user, found.evaluation)


def can_write_status_of(user: Any, found: EvaluatedGoal) -> bool:
    """Whether the user writes the common text about one pejlemærke."""
    return can_write_status(user, found.evaluation)


def can_edit_dialogue(user: Any, dialogue: Dialogue) -> bool:
    """Whether the user writes this dialogue meeting."""
    return has_right(user, Right.FOLLOW_UP, dialogue.committee)


def works_with_dialogue(user: Any, dialogue: Dialogue) -> bool:
    """Whether the user belongs to those whom a dialogue meeting is for: reads its programme, has it in a calendar."""
    return has_right(user, Right.READ_GOALS, dialogue.committee)


def can_see_who_is_heard(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user reads which leaders have been heard about this set, and which not: the administration does."""
    return has_right(user, Right.READ_NOTES, goal_set.period.committee)


def can_publish_dialogue(user: Any, dialogue: Dialogue) -> bool:
    """Whether the user makes this dialogue meeting's summary public."""
    return has_right(user, Right.PUBLISH, dialogue.committee)


def can_read_notes(user: Any, dialogue: Dialogue) -> bool:
    """Whether the user reads the internal notes of a dialogue meeting."""
    return has_right(user, Right.READ_NOTES, dialogue.committee)


def can_edit_agreement(user: Any, agreement: Agreement) -> bool:
    """Whether the user puts this agreement of a dialogue meeting right."""
    return can_edit_dialogue(user, agreement.dialogue)


def can_remove_theme(user: Any, theme: Theme) -> bool:
    """Whether the user takes this theme of a dialogue meeting away."""
    return can_edit_dialogue(user, theme.dialogue)


def can_write_notes(user: Any, committee: Committee) -> bool:
    """Whether the user writes and issues notes about the pejlemærker of this committee."""
    return has_right(user, Right.FOLLOW_UP, committee)


def can_write_some_notes(user: Any) -> bool:
    """Whether the user writes notes for any committee."""
    return user.is_authenticated and bool(user.holds(Right.FOLLOW_UP))


def can_follow_batch(user: Any, _batch: NoteBatch) -> bool:
    """Whether the user follows this batch of notes, calls it off and fetches it: whoever writes all its notes may."""
    return can_write_some_notes(user)


def can_write_note_draft(user: Any, draft: NoteDraft) -> bool:
    """Whether the user writes this draft of a note, and issues it."""
    return can_write_notes(user, draft.committee)


def can_write_recipe(user: Any, recipe: NoteRecipe) -> bool:
    """Whether the user renames this recipe, and takes it away."""
    return can_write_notes(user, recipe.committee)


def can_correct_note(user: Any, note: Note) -> bool:
    """Whether the user issues a new note that puts this one right."""
    return can_write_notes(user, note.committee)


def can_publish_note(user: Any, note: Note) -> bool:
    """Whether the user makes this issued note public."""
    return note.audience == Audience.PUBLIC and has_right(user, Right.PUBLISH, note.committee)


def can_make_note_again(user: Any, note: Note) -> bool:
    """Whether the user makes an issued note again, to see whether it is still the same: the administration does."""
    return has_right(user, Right.READ_NOTES, note.committee)


def can_write_learning(user: Any, goal_set: GoalSet) -> bool:
    """Whether the user writes down what was learned by this set, until it is closed."""
    return can_edit_goals(user, goal_set)


def goal_set_for(user: Any, /, *, set_id: int) -> GoalSet:
    """Find a set among those the user may see."""
    sets = GoalSet.objects.visible_to(user).select_related(
        "period__committee__municipality", "area", "leader_group", "closing"
    )
    return get_object_or_404(sets, pk=set_id)


def goal_for(user: Any, /, *, goal_id: int) -> Goal:
    """Find a pejlemærke among those the user may see."""
    goals = Goal.objects.visible_to(user).select_related(
        "goal_set__period__committee__municipality", "goal_set__area", "goal_set__closing", "responsible"
    )
    return get_object_or_404(goals, pk=goal_id)


def version_for(user: Any, /, *, goal_id: int, version_number: int) -> GoalVersion:
    """Find a wording of a pejlemærke among those the user may see."""
    goal = goal_for(user, goal_id=goal_id)
    version = get_object_or_404(GoalVersion.objects.filter(goal=goal), number=version_number)
    version.goal = goal  # with all that came along
    return version


def request_for(user: Any, /, *, request_id: int) -> AdditionRequest:
    """Find a request for an addition among those of sets the user may see."""
    requests = AdditionRequest.objects.filter(goal_set__in=GoalSet.objects.visible_to(user)).select_related(
        "goal_set__period__committee__municipality", "goal_set__area", "goal_set__closing", "goal"
    )
    return get_object_or_404(requests, pk=request_id)


def step_for(user: Any, /, *, set_id: int, step_id: int) -> FollowUpStep:
    """Find a step, of any version of the plan, of a set among those the user may see."""
    steps = FollowUpStep.objects.filter(plan__goal_set__in=GoalSet.objects.visible_to(user).filter(pk=set_id))
    steps = steps.select_related(
        "plan__goal_set__period__committee__municipality", "plan__goal_set__area", "plan__goal_set__closing"
    )
    return get_object_or_404(steps, pk=step_id)


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


def evaluated_goal_for(user: Any, /, *, round_id: int, number: int) -> EvaluatedGoal:
    """Find a pejlemærke of an evaluation among those the user may see, by its number in the set."""
    evaluation = evaluation_for(user, round_id=round_id)
    goal = get_object_or_404(Goal.objects.visible_to(user), goal_set=evaluation.goal_set_id, number=number)
    goal.goal_set = evaluation.goal_set  # with all that came along
    return EvaluatedGoal(evaluation, goal)


def survey_for(user: Any, /, *, survey_id: int) -> Survey:
    """Find an evaluation round among those the user may see."""
    surveys = Survey.objects.visible_to(user).select_related("committee__municipality", "meeting", "dialogue")
    return get_object_or_404(surveys, pk=survey_id)


def invitee_for(user: Any, /, *, survey_id: int, invitee_id: int) -> Invitee:
    """Find one who is asked, in an evaluation round among those the user may see."""
    invitees = Invitee.objects.filter(survey__in=Survey.objects.visible_to(user).filter(pk=survey_id))
    return get_object_or_404(invitees.select_related("survey__committee__municipality", "unit"), pk=invitee_id)


def dialogue_for(user: Any, /, *, dialogue_id: int) -> Dialogue:
    """Find a dialogue meeting among those the user may see."""
    dialogues = Dialogue.objects.visible_to(user).select_related("committee__municipality", "step")
    return get_object_or_404(dialogues, pk=dialogue_id)


def agreement_for(user: Any, /, *, agreement_id: int) -> Agreement:
    """Find an agreement of a dialogue meeting among those the user may see; the agreements are internal."""
    inside = Committee.objects.where(user, Right.READ_GOALS)
    agreements = Agreement.objects.filter(dialogue__committee__in=inside)
    near = agreements.select_related("dialogue__committee__municipality", "dialogue__step__plan__goal_set", "goal")
    return get_object_or_404(near, pk=agreement_id)


def theme_for(user: Any, /, *, theme_id: int) -> Theme:
    """Find a theme of a dialogue meeting among those the user may see; the themes are internal."""
    themes = Theme.objects.filter(dialogue__committee__in=Committee.objects.where(user, Right.READ_GOALS))
    return get_object_or_404(themes.select_related("dialogue__committee__municipality"), pk=theme_id)


def note_for(user: Any, /, *, note_id: int) -> Note:
    """Find an issued note among those the user may see."""
    notes = Note.objects.visible_to(user).select_related("committee__municipality", "corrects", "issued_by")
    return get_object_or_404(notes, pk=note_id)


def note_batch_for(user: Any, /, *, batch_id: int) -> NoteBatch:
    """Find a batch of notes among those whose every note the user may write."""
    batches = NoteBatch.objects.visible_to(user).select_related("committee", "municipality", "ordered_by")
    return get_object_or_404(batches, pk=batch_id)


def public_note_for(user: Any, /, *, note_id: int) -> Note:
    """Find an issued note in its public edition among those the user may see: no other is ever published."""
    notes = Note.objects.visible_to(user).filter(audience=Audience.PUBLIC).select_related("committee__municipality")
    return get_object_or_404(notes, pk=note_id)


def note_draft_for(user: Any, /, *, draft_id: int) -> NoteDraft:
    """Find a draft of a note in the committees where the user writes notes: drafts are shared among those who write."""
    near = NoteDraft.objects.visible_to(user).select_related(
        "committee__municipality", "goal_set__period__committee__municipality", "goal_set__area",
        "goal__goal_set__period__committee__municipality", "goal__goal_set__area",
        "other_set__period__committee__municipality", "other_set__area", "corrects", "edited_by",
    )  # fmt: skip
    return get_object_or_404(near, pk=draft_id)


def note_recipe_for(user: Any, /, *, recipe_id: int) -> NoteRecipe:
    """Find a recipe in the committees where the user writes notes."""
    recipes = NoteRecipe.objects.filter(committee__in=Committee.objects.where(user, Right.FOLLOW_UP))
    return get_object_or_404(recipes.select_related("committee__municipality", "edited_by"), pk=recipe_id)


def target_for(user: Any, /, *, target_id: int) -> Target:
    """Find a mål of a pejlemærke that the user may see."""
    targets = Target.objects.filter(goal__in=Goal.objects.visible_to(user)).select_related(*_OF_GOAL)
    return get_object_or_404(targets, pk=target_id)


def indicator_for(user: Any, /, *, indicator_id: int) -> Indicator:
    """Find a nøgletal of a pejlemærke that the user may see."""
    indicators = Indicator.objects.filter(goal__in=Goal.objects.visible_to(user)).select_related(*_OF_GOAL)
    return get_object_or_404(indicators, pk=indicator_id)


_OF_GOAL = ("goal__goal_set__period__committee__municipality", "goal__goal_set__area", "goal__goal_set__closing")


def has_own_password(user: Any) -> bool:
    """Whether the user logs in with a password of this house, and not through the municipality's own login."""
    return bool(user.is_authenticated and user.has_usable_password())

"""What people do with pejlemærker. Each verb is one transaction: lock the parent, insert the fact, write the event."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from kit.drafts import EditConflict
from kit.once import made_by
from meetings.models import Decision, Event, LeaderGroup
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    Dialogue,
    EvaluationRound,
    FollowUpStep,
    Goal,
    GoalSet,
    GoalVersion,
    StatusDraft,
    StatusEntry,
)


class CannotPutInForce(Exception):
    """The decision does not approve, or is not the committee's own: it puts no wording in force."""


@transaction.atomic
def put_in_force(
    *, versions: Iterable[GoalVersion], decision: Decision, in_force_from: date, by: Any
) -> list[Adoption]:
    """Put wordings in force by pointing a decision at them; done twice it changes nothing.

    Only a decision of the committee itself that approves (with or without change) may do it, and not for a day before
    it; otherwise CannotPutInForce is raised.
    """
    if not Decision.including_closed.approving().filter(pk=decision.pk).exists():
        raise CannotPutInForce("Kun en godkendelse kan sætte en ordlyd i kraft")
    if in_force_from < decision.decided_on:
        raise CannotPutInForce("En ordlyd kan ikke gælde fra før beslutningen")
    adoptions = []
    for version in versions:
        goal = Goal.objects.select_for_update(of=("self",)).select_related("goal_set__period").get(pk=version.goal_id)
        if goal.goal_set.period.committee_id != decision.item.meeting.committee_id:
            raise CannotPutInForce("Kun udvalgets egen beslutning kan sætte dets ordlyd i kraft")
        adoption, is_new = Adoption.objects.get_or_create(
            version=version, decision=decision, defaults={"in_force_from": in_force_from, "recorded_by": by}
        )
        if is_new:
            Event.objects.record("wording_in_force", version, by=by, decision=decision.pk, on=in_force_from.isoformat())
        adoptions.append(adoption)
    return adoptions


@transaction.atomic
def write_wording(
    *, goal: Goal, expected: int, text: str, change_kind: str, reason: str, worded_on: date, by: Any
) -> GoalVersion:
    """Write the next wording of a pejlemærke; it waits for a decision and changes nothing that holds.

    `expected` is the number of the newest wording the writer has seen: raises EditConflict when there is a newer one,
    unless it is this very text (the second click of a double click).
    """
    Goal.objects.select_for_update().get(pk=goal.pk)
    newest = goal.versions.last()
    if newest and newest.number != expected:
        if (newest.number, newest.text) == (expected + 1, text):
            return newest
        raise EditConflict(newest)
    request = AdditionRequest.objects.filter(goal=goal, answering_versions=None).order_by("requested_on", "pk").last()
    version = GoalVersion.objects.create(
        goal=goal,
        number=expected + 1,
        text=text,
        change_kind=change_kind,
        reason=reason,
        worded_on=worded_on,
        answers=request,
    )
    Event.objects.record("wording_written", version, by=by)
    return version


@transaction.atomic
def open_evaluation(
    *, goal_set: GoalSet, kind: str, held_on: date, step: FollowUpStep | None, nonce: UUID, by: Any
) -> EvaluationRound:
    """Begin an evaluation of a set. The same nonce gives the same evaluation."""
    GoalSet.objects.select_for_update().get(pk=goal_set.pk)
    same = {"goal_set": goal_set, "kind": kind, "held_on": held_on, "step": step}
    existing, nonce = made_by(EvaluationRound.objects.all(), nonce, **same)
    if existing:
        return existing
    evaluation = EvaluationRound.objects.create(goal_set=goal_set, kind=kind, held_on=held_on, step=step, nonce=nonce)
    Event.objects.record("evaluation_opened", evaluation, by=by)
    return evaluation


class StatusText(NamedTuple):
    """What somebody wrote about one pejlemærke: words, an optional assessment, and the revision it was written over."""

    goal: Goal
    text: str
    assessment: str
    expected: int


@transaction.atomic
def save_status_draft(*, evaluation: EvaluationRound, status: StatusText, by: Any) -> StatusDraft:
    """Keep what is written so far about one pejlemærke; raises EditConflict when somebody else saved in between."""
    draft, _ = StatusDraft.objects.get_or_create(round=evaluation, goal=status.goal, defaults={"edited_by": by})
    if (draft.text, draft.assessment) == (status.text, status.assessment):
        return draft  # a retry after a lost answer, or nothing new
    return draft.save_if_unchanged(expected=status.expected, by=by, text=status.text, assessment=status.assessment)


@transaction.atomic
def hand_in_statuses(
    *, evaluation: EvaluationRound, statuses: Iterable[StatusText], nonce: UUID, by: Any
) -> list[StatusEntry]:
    """Hand in the statuses, all or none: each is about the wording in force on the day of the evaluation.

    An empty text is not handed in; nor is one that says the same as the last entry for the pejlemærke in this
    evaluation, so a double click hands in once.
    """
    GoalSet.objects.select_for_update().get(pk=evaluation.goal_set_id)
    written = [status for status in statuses if status.text.strip()]
    for status in written:
        save_status_draft(evaluation=evaluation, status=status, by=by)
    in_force = _wordings_in_force(evaluation)
    news = [status for status in written if not _says_the_same(evaluation, status)]
    if news:
        Event.objects.record("statuses_handed_in", evaluation, by=by, goals=[status.goal.pk for status in news])
    return [_hand_in(evaluation, status, in_force.get(status.goal.pk), nonce, by) for status in news]


def _wordings_in_force(evaluation: EvaluationRound) -> dict[int, GoalVersion]:
    adoptions = Adoption.objects.in_force(evaluation.held_on).filter(version__goal__goal_set=evaluation.goal_set)
    return {adoption.version.goal_id: adoption.version for adoption in adoptions.select_related("version")}


def _says_the_same(evaluation: EvaluationRound, status: StatusText) -> bool:
    last = evaluation.entries.filter(goal=status.goal).last()
    return last is not None and (last.text, last.assessment) == (status.text, status.assessment)


def _hand_in(
    evaluation: EvaluationRound, status: StatusText, version: GoalVersion | None, nonce: UUID, by: Any
) -> StatusEntry:
    if StatusEntry.objects.filter(goal=status.goal, nonce=nonce).exists():
        nonce = uuid4()  # the same page sent again (the browser's "tilbage") with another text: that is a new status
    return StatusEntry.objects.create(
        round=evaluation, goal=status.goal, version=version, text=status.text, assessment=status.assessment,
        nonce=nonce, handed_in_by=by,
    )  # fmt: skip


@transaction.atomic
def create_dialogue(
    *,
    goal_set: GoalSet,
    leader_groups: Iterable[LeaderGroup],
    goals: Iterable[Goal],
    nonce: UUID,
    by: Any,
    **fields: Any,
) -> Dialogue:
    """Write down a dialogue meeting. The same nonce gives the same dialogue meeting."""
    GoalSet.objects.select_for_update().get(pk=goal_set.pk)
    committee = goal_set.period.committee
    existing, nonce = made_by(Dialogue.objects.all(), nonce, committee=committee, **fields)
    if existing:
        return existing
    dialogue = Dialogue.objects.create(committee=committee, nonce=nonce, edited_by=by, **fields)
    dialogue.leader_groups.set(leader_groups)
    dialogue.goals.set(goals)
    Event.objects.record("dialogue_created", dialogue, by=by)
    return dialogue


@transaction.atomic
def edit_dialogue(
    *,
    dialogue: Dialogue,
    expected: int,
    leader_groups: Iterable[LeaderGroup],
    goals: Iterable[Goal],
    by: Any,
    **fields: Any,
) -> Dialogue:
    """Change a dialogue meeting; raises EditConflict when somebody else changed it first."""
    changed = dialogue.save_if_unchanged(expected=expected, by=by, **fields)
    changed.leader_groups.set(leader_groups)
    changed.goals.set(goals)
    Event.objects.record("dialogue_changed", changed, by=by, fields=sorted(fields))
    return changed

"""Evaluations: opening one, writing its statuses, and handing them in."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from kit.once import made_by
from meetings.models import Event
from pejlemaerker.actions.standing_text import lock_text
from pejlemaerker.models import (
    Adoption,
    AsOf,
    EvaluationRound,
    FollowUpStep,
    Goal,
    GoalSet,
    GoalVersion,
    StatusDraft,
    StatusEntry,
)


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
    """Keep what is written so far about one pejlemærke; raises EditConflict when somebody else saved in between, and
    TextStands when the text lies for review, is approved or has been presented.
    """
    draft = StatusDraft.objects.filter(round=evaluation, goal=status.goal).first()
    if draft is None or (draft.text, draft.assessment) != (status.text, status.assessment):
        lock_text(evaluation)
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
    evaluation, so a double click hands in once. Raises TextStands while the text stands as it was read.
    """
    GoalSet.objects.select_for_update().get(pk=evaluation.goal_set_id)
    lock_text(evaluation)
    return hand_in_as_read(evaluation=evaluation, statuses=statuses, nonce=nonce, by=by)


def hand_in_as_read(
    *, evaluation: EvaluationRound, statuses: Iterable[StatusText], nonce: UUID, by: Any
) -> list[StatusEntry]:
    """Hand in a text that nobody else can write in meanwhile: the caller holds the set and the evaluation."""
    written = [status for status in statuses if status.text.strip()]
    for status in written:
        save_status_draft(evaluation=evaluation, status=status, by=by)
    in_force = _wordings_in_force(evaluation)
    news = [status for status in written if not _says_the_same(evaluation, status)]
    if news:
        Event.objects.record("statuses_handed_in", evaluation, by=by, goals=[status.goal.pk for status in news])
    return [_hand_in(evaluation, status, in_force.get(status.goal.pk), nonce, by) for status in news]


def _wordings_in_force(evaluation: EvaluationRound) -> dict[int, GoalVersion]:
    adoptions = Adoption.objects.in_force(AsOf.hindsight(evaluation.held_on)).filter(
        version__goal__goal_set=evaluation.goal_set
    )
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

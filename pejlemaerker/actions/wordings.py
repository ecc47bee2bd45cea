"""Writing wordings, putting them before the committee, and putting them in force."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from kit.clock import today
from kit.drafts import EditConflict
from meetings.actions.refusals import NotAllowed
from meetings.models import AgendaItem, Decision, Event
from pejlemaerker.actions.open_set import lock_sets, open_goal
from pejlemaerker.actions.places import hand_over_numbers
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    Derivation,
    Dialogue,
    Goal,
    GoalVersion,
    Submission,
    WordingDraft,
)


class CannotPutInForce(NotAllowed):
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
        raise CannotPutInForce("Kun en godkendelse kan sætte en ordlyd i kraft.", field="decision")
    if in_force_from < decision.decided_on:
        raise CannotPutInForce("En ordlyd kan ikke gælde fra før beslutningen.", field="in_force_from")
    adoptions, versions = [], list(versions)
    lock_sets(Goal.objects.filter(versions__in=versions).values_list("goal_set_id", flat=True))
    for version in versions:
        goal = Goal.objects.select_for_update(of=("self",)).select_related("goal_set__period").get(pk=version.goal_id)
        if not goal.goal_set.is_decided_by(decision.item.meeting.committee_id):
            raise CannotPutInForce("Kun udvalgets egen beslutning kan sætte dets ordlyd i kraft.", field="decision")
        adoption, is_new = Adoption.objects.get_or_create(
            version=version, decision=decision, defaults={"in_force_from": in_force_from, "recorded_by": by}
        )
        if is_new:
            Event.objects.record("wording_in_force", version, by=by, decision=decision.pk, on=in_force_from.isoformat())
            hand_over_numbers(version=version, day=in_force_from, by=by)
        adoptions.append(adoption)
    return adoptions


class Derived(NamedTuple):
    """A pejlemærke that a wording takes over from, how, and whether that one then ends."""

    source: Goal
    kind: str
    ends_source: bool


@transaction.atomic
def write_wording(
    *,
    goal: Goal,
    expected: int,
    text: str,
    change_kind: str,
    reason: str,
    worded_on: date,
    by: Any,
    answers: AdditionRequest | None = None,
    derived: Iterable[Derived] = (),
    dialogue: Dialogue | None = None,
) -> GoalVersion:
    """Write the next wording of a pejlemærke; it waits for a decision and changes nothing that holds.

    `expected` is the number of the newest wording the writer has seen: raises EditConflict when there is a newer one,
    unless it is this very text (the second click of a double click). Those it takes over from (`derived`) end when it
    comes into force.
    """
    goal = open_goal(goal)
    newest = goal.versions.last()
    if newest and newest.number != expected:
        if (newest.number, newest.text) == (expected + 1, text):
            return newest
        raise EditConflict(newest)
    version = GoalVersion.objects.create(
        goal=goal,
        number=expected + 1,
        text=text,
        change_kind=change_kind,
        reason=reason,
        worded_on=worded_on,
        answers=answers,
        dialogue=dialogue,
        recorded_by=by,
    )
    Derivation.objects.bulk_create(
        Derivation(version=version, source=source, kind=kind, ends_source=ends) for source, kind, ends in derived
    )
    Event.objects.record("wording_written", version, by=by)
    return version


class WordingText(NamedTuple):
    """What somebody wrote as the next wording: the text, how it differs from the one before, and what it answers."""

    text: str
    change_kind: str = ""
    reason: str = ""
    worded_on: date | None = None
    answers: AdditionRequest | None = None
    dialogue: Dialogue | None = None  # where it was formulated


@transaction.atomic
def save_wording_draft(*, goal: Goal, written: WordingText, expected: int, by: Any) -> WordingDraft | None:
    """Keep what is written so far; raises EditConflict when somebody else saved in between.

    Nothing is kept, and nothing returned, of what says no more than the newest wording: it is not begun, or it has been
    sent already and this is a late copy of it. A draft that somebody else sent in between is a conflict with that
    wording.
    """
    goal = open_goal(goal)
    draft = WordingDraft.objects.filter(goal=goal).first()
    if draft is None:
        newest = goal.versions.last()
        if (newest.text if newest else "") == written.text:
            return None
        if expected and newest:
            raise EditConflict(newest)
        return WordingDraft.objects.create(goal=goal, revision=1, edited_by=by, **written._asdict())
    if _says(draft, written):
        return draft  # a retry after a lost answer, or nothing new
    return draft.save_if_unchanged(expected=expected, by=by, **written._asdict())


def _says(draft: WordingDraft, written: WordingText) -> bool:
    return all(getattr(draft, name) == value for name, value in written._asdict().items())


@transaction.atomic
def send_wording(
    *, goal: Goal, written: WordingText, expected: int, revision: int, item: AgendaItem | None, by: Any
) -> GoalVersion:
    """Send a draft til behandling: it becomes the next wording, is put before the committee on the item, if there is
    one, and the draft is gone. Sent twice it is sent once.

    `expected` is the newest wording the writer has seen, `revision` the draft the text was written over: raises
    EditConflict with whatever somebody else wrote in between.
    """
    goal = open_goal(goal)
    draft = WordingDraft.objects.filter(goal=goal).first()
    if draft and draft.revision != revision and not _says(draft, written):
        raise EditConflict(draft)
    fields = written._asdict() | {"worded_on": written.worded_on or today()}
    version = write_wording(goal=goal, expected=expected, by=by, **fields)
    if item:
        put_before_committee(version=version, item=item, by=by)
    if draft:
        draft.delete()
    return version


class CannotPutBefore(NotAllowed):
    """The item is another committee's: the wording is not decided there."""


@transaction.atomic
def put_before_committee(*, version: GoalVersion, item: AgendaItem, by: Any) -> Submission:
    """Put a wording before the committee on an agenda item; done twice it changes nothing."""
    goal = open_goal(version.goal)
    if not goal.goal_set.is_decided_by(item.meeting.committee_id):
        raise CannotPutBefore("Ordlyden forelægges det udvalg, pejlemærket hører til.", field="item")
    submission, is_new = Submission.objects.get_or_create(version=version, item=item, defaults={"recorded_by": by})
    if is_new:
        Event.objects.record("wording_submitted", version, by=by, item=item.pk)
    return submission

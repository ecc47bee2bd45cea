"""Proposals to merge pejlemærker and to split one: wordings that wait for the committee."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from kit.drafts import EditConflict
from pejlemaerker.actions.open_set import open_set
from pejlemaerker.actions.wordings import Derived, write_wording
from pejlemaerker.models import ChangeKind, Derivation, Goal, GoalSet, GoalVersion


def newest_wordings(goals: Sequence[Goal]) -> dict[int, int]:
    """Return the number of each pejlemærke's newest wording, so that a form can say which it was written over."""
    numbers = GoalVersion.objects.filter(goal__in=goals).order_by("goal_id", "-number").distinct("goal_id")
    return {goal.pk: 0 for goal in goals} | dict(numbers.values_list("goal_id", "number"))


@transaction.atomic
def merge_goals(
    *,
    goal_set: GoalSet,
    goals: Sequence[Goal],
    into: Goal | None,
    text: str,
    reason: str,
    worded_on: date,
    expected: Mapping[int, int],
    nonce: UUID,
    by: Any,
) -> GoalVersion:
    """Propose to merge pejlemærker into one of them, or (`into` None) into a new one: a wording that ends the others
    when it comes into force. The same submit twice is one proposal.

    Raises EditConflict when one of them has a newer wording than the writer has seen, and NotAllowed.
    """
    open_set(goal_set.pk)
    sources = [goal for goal in goals if goal != into]
    derived = [Derived(source, Derivation.Kind.MERGED, ends_source=True) for source in sources]
    told: dict[str, Any] = {"text": text, "reason": reason, "worded_on": worded_on, "change_kind": ChangeKind.MERGED}
    if into is None:
        key = uuid5(nonce, repr((sorted(goal.pk for goal in goals), text)))
        if made := GoalVersion.objects.filter(goal__nonce=key, number=1).first():
            return made
        _as_seen(goals, expected)
        version = write_wording(goal=_outside_numbering(goal_set, key), expected=0, by=by, derived=derived, **told)
    else:
        _as_seen(sources, expected)
        version = write_wording(goal=into, expected=expected.get(into.pk, 0), by=by, derived=derived, **told)
    return version


@transaction.atomic
def split_goal(
    *,
    goal: Goal,
    texts: Sequence[str],
    first_stays: bool,
    reason: str,
    worded_on: date,
    expected: int,
    nonce: UUID,
    by: Any,
) -> list[GoalVersion]:
    """Propose to split a pejlemærke: the first wording stays with it and the others become new ones, or all become new
    and it ends when they come into force. The same submit twice is one proposal. Raises EditConflict and NotAllowed.
    """
    open_set(goal.goal_set_id)
    keys = [uuid5(nonce, repr((n, goal.pk, first_stays, *texts))) for n in range(len(texts))]
    made = list(GoalVersion.objects.filter(goal__nonce__in=keys, number=1).order_by("goal_id"))
    if made:
        return made
    _as_seen([goal], {goal.pk: expected})
    told: dict[str, Any] = {"reason": reason, "worded_on": worded_on, "change_kind": ChangeKind.SPLIT, "by": by}
    derived = [Derived(goal, Derivation.Kind.SPLIT, ends_source=not first_stays)]
    versions = [write_wording(goal=goal, expected=expected, text=texts[0], **told)] if first_stays else []
    for key, text in list(zip(keys, texts, strict=True))[len(versions) :]:
        new = _outside_numbering(goal.goal_set, key)
        versions.append(write_wording(goal=new, expected=0, text=text, derived=derived, **told))
    return versions


def _outside_numbering(goal_set: GoalSet, nonce: UUID) -> Goal:
    """A pejlemærke that so far is only a proposal: it gets its number when the committee has decided."""
    return Goal.objects.create(goal_set=goal_set, number=None, nonce=nonce)


def _as_seen(goals: Sequence[Goal], expected: Mapping[int, int]) -> None:
    """No wording is passed by unseen: they are proposed to be merged or split as the writer read them."""
    locked = list(
        Goal.objects.select_for_update(of=("self",)).filter(pk__in=[goal.pk for goal in goals]).order_by("pk")
    )
    for goal, newest in newest_wordings(locked).items():
        if newest != expected.get(goal, 0):
            raise EditConflict(GoalVersion.objects.select_related("goal", "recorded_by").get(goal=goal, number=newest))

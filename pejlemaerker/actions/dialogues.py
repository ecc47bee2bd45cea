"""Dialogue meetings: writing them down, and putting them right."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from kit.once import made_by
from meetings.models import Event, LeaderGroup
from pejlemaerker.models import Dialogue, DialogueSummary, Goal, GoalSet


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
    _keep_summary(dialogue, by)
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
    before = _told(Dialogue.objects.select_for_update(of=("self",)).get(pk=dialogue.pk))
    changed = dialogue.save_if_unchanged(expected=expected, by=by, **fields)
    changed.leader_groups.set(leader_groups)
    changed.goals.set(goals)
    _keep_summary(changed, by)
    after = _told(changed)
    if put_right := {name: [before[name], after[name]] for name in before if before[name] != after[name]}:
        Event.objects.record("dialogue_put_right", changed, by=by, **put_right)
    Event.objects.record("dialogue_changed", changed, by=by, fields=sorted(fields))
    return changed


def _told(dialogue: Dialogue) -> dict[str, Any]:
    """What papers of earlier days tell of it, and read back from the log (set_history)."""
    return {
        "kind": dialogue.kind, "held_on": dialogue.held_on.isoformat(),
        "goals": sorted(dialogue.goals.values_list("pk", flat=True)),
    }  # fmt: skip


def _keep_summary(dialogue: Dialogue, by: Any) -> None:
    """Keep each summary as it was told, so that a paper of an earlier day still says what it said."""
    told = dialogue.summaries.last()
    if dialogue.public_summary != (told.text if told else ""):
        DialogueSummary.objects.create(dialogue=dialogue, text=dialogue.public_summary, recorded_by=by)

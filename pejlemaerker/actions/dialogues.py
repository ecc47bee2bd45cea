"""Dialogue meetings: writing them down, and putting them right."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from kit.once import made_by
from meetings.models import AgendaItem, Event, LeaderGroup
from pejlemaerker.documents.dialogue_when import Appointment
from pejlemaerker.models import Dialogue, DialogueSummary, DialogueTreatment, Goal, GoalSet


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
    warnings_accepted: Sequence[str] = (),
    **fields: Any,
) -> Dialogue:
    """Change a dialogue meeting; raises EditConflict when somebody else changed it first."""
    before = _told(Dialogue.objects.select_for_update(of=("self",)).get(pk=dialogue.pk))
    changed = dialogue.save_if_unchanged(expected=expected, by=by, **fields)
    changed.leader_groups.set(leader_groups)
    changed.goals.set(goals)
    _keep_summary(changed, by)
    _log_what_was_put_right(before, changed, by)
    accepted = list(warnings_accepted)
    Event.objects.record("dialogue_changed", changed, by=by, fields=sorted(fields), warnings_accepted=accepted)
    return changed


@transaction.atomic
def cancel_dialogue(*, dialogue: Dialogue, reason: str, by: Any) -> Dialogue:
    """Call a dialogue meeting off, and why; without a reason it is to be held after all."""
    locked = Dialogue.objects.select_for_update(of=("self",)).get(pk=dialogue.pk)
    if locked.cancelled == reason:
        return locked
    before = _told(locked)
    changed = locked.save_if_unchanged(expected=locked.revision, by=by, cancelled=reason)
    _log_what_was_put_right(before, changed, by)
    Event.objects.record("dialogue_cancelled" if reason else "dialogue_resumed", changed, by=by)
    return changed


@transaction.atomic
def link_item(*, dialogue: Dialogue, item: AgendaItem, when: str, nonce: UUID, by: Any) -> DialogueTreatment:
    """Tell on which agenda item the committee treated what a dialogue meeting is about, before it or after it."""
    Dialogue.objects.select_for_update(of=("self",)).get(pk=dialogue.pk)
    existing = DialogueTreatment.objects.filter(dialogue=dialogue, item=item).first()
    if existing:
        return existing
    made, nonce = made_by(DialogueTreatment.objects.all(), nonce, dialogue_id=dialogue.pk, item_id=item.pk)
    if made:
        return made
    treatment = DialogueTreatment.objects.create(dialogue=dialogue, item=item, when=when, nonce=nonce)
    Event.objects.record("dialogue_item_linked", dialogue, by=by, item=item.pk, when=when)
    return treatment


@transaction.atomic
def unlink_item(*, dialogue: Dialogue, item: AgendaItem, by: Any) -> None:
    """Take back that an agenda item treated what a dialogue meeting is about."""
    Dialogue.objects.select_for_update(of=("self",)).get(pk=dialogue.pk)
    deleted, _ = DialogueTreatment.objects.filter(dialogue=dialogue, item=item).delete()
    if deleted:
        Event.objects.record("dialogue_item_unlinked", dialogue, by=by, item=item.pk)


def _log_what_was_put_right(before: dict[str, Any], dialogue: Dialogue, by: Any) -> None:
    after = _told(dialogue)
    if put_right := {name: [before[name], after[name]] for name in before if before[name] != after[name]}:
        Event.objects.record("dialogue_put_right", dialogue, by=by, **put_right)


def _told(dialogue: Dialogue) -> dict[str, Any]:
    """What papers of earlier days tell of it, and read back from the log (known_dialogues)."""
    return {
        "kind": dialogue.kind, "held_on": dialogue.held_on.isoformat(),
        "goals": sorted(dialogue.goals.values_list("pk", flat=True)),
        "leader_groups": sorted(dialogue.leader_groups.values_list("pk", flat=True)),
        "trail": str(dialogue.step.trail) if dialogue.step else None,
        "cancelled": dialogue.cancelled, "where": Appointment.of(dialogue).where,
    }  # fmt: skip


def _keep_summary(dialogue: Dialogue, by: Any) -> None:
    """Keep each summary as it was told, so that a paper of an earlier day still says what it said."""
    told = dialogue.summaries.last()
    if dialogue.public_summary != (told.text if told else ""):
        DialogueSummary.objects.create(dialogue=dialogue, text=dialogue.public_summary, recorded_by=by)

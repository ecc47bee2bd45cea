"""Beslutningsprotokollen: the draft while the committee talks, the decision, and its dated corrections."""

from typing import Any
from uuid import UUID

from django.db import transaction

from kit.drafts import EditConflict
from kit.once import made_by
from meetings.actions.refusals import AlreadyDecided
from meetings.models import AgendaItem, Category, Correction, Decision, DecisionDraft, Event


@transaction.atomic
def save_decision_draft(*, item: AgendaItem, category: str, text: str, expected: int, by: Any) -> DecisionDraft:
    """Keep what the secretary has typed so far; raises EditConflict when another text was saved in between."""
    AgendaItem.including_closed.select_for_update().get(pk=item.pk)
    if decided := Decision.including_closed.filter(item=item).first():
        raise AlreadyDecided(decided)
    draft, _ = DecisionDraft.including_closed.get_or_create(item=item, defaults={"edited_by": by})
    if (draft.category, draft.text) == (category, text):  # a retry after a lost answer, or nothing new
        return draft
    if _carries_on(draft, category, text, by):
        expected = draft.revision
    return draft.save_if_unchanged(expected=expected, by=by, category=category, text=text)


def _carries_on(draft: DecisionDraft, category: str, text: str, by: Any) -> bool:
    """Whether the text says the same as the draft, or only adds to what the same person saved last; then nothing is
    overwritten.

    So it is when the answer to an autosave was lost, and the secretary types on without knowing that it was kept.
    """
    if (draft.category, draft.text) == (category, text):
        return True
    return draft.edited_by_id == by.pk and text.startswith(draft.text) and draft.category in ("", category)


@transaction.atomic
def record_decision(
    *, item: AgendaItem, category: Category | str, text: str, expected: int, nonce: UUID, by: Any
) -> Decision:
    """Enter the decision in the protocol. From here on it is a fact.

    The same nonce and text give the same decision; an item that is already decided raises AlreadyDecided, and a draft
    that somebody else has changed in between raises EditConflict.
    """
    AgendaItem.including_closed.select_for_update().get(pk=item.pk)
    same = {"item_id": item.pk, "category": category, "text": text}
    existing, nonce = made_by(Decision.including_closed.all(), nonce, **same)
    if existing:
        return existing
    if decided := Decision.including_closed.filter(item=item, recommendation=None).first():
        raise AlreadyDecided(decided)
    draft = DecisionDraft.including_closed.filter(item=item).first()
    if draft and draft.revision != expected and not _carries_on(draft, category, text, by):
        raise EditConflict(draft)
    decision = Decision.including_closed.create(
        item=item, category=category, text=text, decided_on=item.meeting.date, nonce=nonce, recorded_by=by
    )
    Event.objects.record("decision_recorded", decision, by=by, category=category)
    return decision


@transaction.atomic
def correct_decision(*, decision: Decision, text: str, category: str, nonce: UUID, by: Any) -> Correction:
    """Add a dated correction below a recorded decision; the original is not touched. The same nonce gives the same
    correction.
    """
    AgendaItem.including_closed.select_for_update().get(pk=decision.item_id)
    same = {"decision_id": decision.pk, "text": text, "category": category}
    existing, nonce = made_by(Correction.including_closed.all(), nonce, **same)
    if existing:
        return existing
    correction = Correction.including_closed.create(
        decision=decision, text=text, category=category, nonce=nonce, recorded_by=by
    )
    Event.objects.record("decision_corrected", decision, by=by, category=category)
    return correction

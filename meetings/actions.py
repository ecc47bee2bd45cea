"""What people do with meetings. Each verb is one transaction: lock the parent, insert the fact, write the event."""

from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import models, transaction

from kit.drafts import EditConflict
from meetings.models import (
    AgendaItem,
    Category,
    Committee,
    Correction,
    Decision,
    DecisionDraft,
    Event,
    Meeting,
    Publication,
    Recommendation,
)


class AlreadyDecided(Exception):
    """The item has a decision in the protocol; what comes now is a correction by dated addition."""

    def __init__(self, decision: Decision) -> None:
        super().__init__("Beslutningen er allerede ført til protokollen")
        self.decision = decision


@transaction.atomic
def create_meeting(
    *,
    committee: Committee,
    date: date,
    starts_at: time | None,
    place: str,
    open_titles: list[str],
    closed_titles: list[str],
    nonce: UUID,
    by: Any,
    kind: str = Meeting.Kind.ORDINARY,
) -> Meeting:
    """Call a meeting with its agenda: open items first, then closed ones, numbered from 1. The same nonce gives the same meeting."""
    Committee.objects.select_for_update().get(pk=committee.pk)
    if existing := Meeting.objects.filter(nonce=nonce).first():
        return existing
    meeting = Meeting.objects.create(
        committee=committee, date=date, starts_at=starts_at, place=place, kind=kind, nonce=nonce
    )
    titles = [(title, False) for title in open_titles] + [(title, True) for title in closed_titles]
    AgendaItem.including_closed.bulk_create(
        AgendaItem(meeting=meeting, number=str(n), position=n, title=title, is_closed=is_closed, edited_by=by)
        for n, (title, is_closed) in enumerate(titles, start=1)
    )
    Event.objects.record("meeting_created", meeting, by=by, items=len(titles))
    return meeting


@transaction.atomic
def add_item(*, meeting: Meeting, nonce: UUID, by: Any, points: list[str], recommended_by: str, **fields: Any) -> AgendaItem:
    """Add an item at the end of the agenda. The same nonce gives the same item."""
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    if existing := AgendaItem.including_closed.filter(nonce=nonce).first():
        return existing
    last = AgendaItem.including_closed.filter(meeting=meeting).aggregate(last=models.Max("position"))["last"] or 0
    item = AgendaItem.including_closed.create(
        meeting=meeting, position=last + 1, nonce=nonce, edited_by=by, **fields
    )
    _replace_recommendations(item, points, recommended_by)
    Event.objects.record("item_added", item, by=by, meeting=meeting.pk)
    return item


@transaction.atomic
def edit_item(
    *, item: AgendaItem, expected: int, by: Any, points: list[str], recommended_by: str, **fields: Any
) -> AgendaItem:
    """Change an item that has no decision yet; raises EditConflict when somebody else changed it first."""
    AgendaItem.including_closed.select_for_update().get(pk=item.pk)
    if decided := Decision.including_closed.filter(item=item).first():
        raise AlreadyDecided(decided)
    changed = item.save_if_unchanged(expected=expected, by=by, **fields)
    _replace_recommendations(changed, points, recommended_by)
    Event.objects.record("item_changed", changed, by=by, fields=sorted(fields))
    return changed


def _replace_recommendations(item: AgendaItem, points: list[str], by: str) -> None:
    """An indstilling is part of the draft agenda: it may be rewritten until the item is decided."""
    Recommendation.including_closed.filter(item=item).delete()
    Recommendation.including_closed.bulk_create(
        Recommendation(item=item, number=n, by=by, text=text) for n, text in enumerate(points, start=1)
    )


@transaction.atomic
def save_decision_draft(*, item: AgendaItem, category: str, text: str, expected: int, by: Any) -> DecisionDraft:
    """Keep what the secretary has typed so far; raises EditConflict when another secretary saved in between."""
    AgendaItem.including_closed.select_for_update().get(pk=item.pk)
    if decided := Decision.including_closed.filter(item=item).first():
        raise AlreadyDecided(decided)
    draft, _ = DecisionDraft.including_closed.get_or_create(item=item, defaults={"edited_by": by})
    if (draft.category, draft.text) == (category, text):  # a retry after a lost answer, or nothing new
        return draft
    return draft.save_if_unchanged(expected=expected, by=by, category=category, text=text)


@transaction.atomic
def record_decision(
    *, item: AgendaItem, category: Category | str, text: str, expected: int, nonce: UUID, by: Any
) -> Decision:
    """Enter the decision in the protocol. From here on it is a fact.

    The same nonce gives the same decision; an item that is already decided raises AlreadyDecided, and a draft that
    somebody else has changed in between raises EditConflict.
    """
    AgendaItem.including_closed.select_for_update().get(pk=item.pk)
    if existing := Decision.including_closed.filter(item=item, recommendation=None).first():
        if existing.nonce == nonce:
            return existing
        raise AlreadyDecided(existing)
    draft = DecisionDraft.including_closed.filter(item=item).first()
    if draft and draft.revision != expected and (draft.category, draft.text) != (category, text):
        raise EditConflict(draft)
    decision = Decision.including_closed.create(
        item=item, category=category, text=text, decided_on=item.meeting.date, nonce=nonce, recorded_by=by
    )
    Event.objects.record("decision_recorded", decision, by=by, category=category)
    return decision


@transaction.atomic
def correct_decision(*, decision: Decision, text: str, category: str, nonce: UUID, by: Any) -> Correction:
    """Add a dated correction below a recorded decision; the original is not touched. The same nonce gives the same correction."""
    AgendaItem.including_closed.select_for_update().get(pk=decision.item_id)
    if existing := Correction.including_closed.filter(nonce=nonce).first():
        return existing
    correction = Correction.including_closed.create(
        decision=decision, text=text, category=category, nonce=nonce, recorded_by=by
    )
    Event.objects.record("decision_corrected", decision, by=by, category=category)
    return correction


@transaction.atomic
def publish(*, subject: str, record: models.Model, by: Any, warnings_accepted: list[str]) -> Publication:
    """Make a record public, with the warnings that a person saw and accepted."""
    return _act(Publication.Act.PUBLISHED, subject, record, by, warnings_accepted)


@transaction.atomic
def withdraw(*, subject: str, record: models.Model, by: Any) -> Publication:
    """Take a record back from the public; the trace that it was public stays."""
    return _act(Publication.Act.WITHDRAWN, subject, record, by, [])


def _act(act: str, subject: str, record: models.Model, by: Any, warnings: list[str]) -> Publication:
    latest = Publication.objects.filter(subject=subject, subject_pk=record.pk).order_by("-pk").first()
    if latest and latest.act == act:  # the second click of a double click
        return latest
    publication = Publication.objects.create(
        subject=subject, subject_pk=record.pk, act=act, by=by, warnings_accepted=warnings
    )
    Event.objects.record(f"{subject}_{act}", record, by=by)
    return publication

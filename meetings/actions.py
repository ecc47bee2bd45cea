"""What people do with meetings. Each verb is one transaction: lock the parent, insert the fact, write the event."""

from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import models, transaction

from kit.drafts import EditConflict
from kit.once import made_by
from meetings.models import (
    AgendaItem,
    Category,
    Committee,
    Correction,
    Decision,
    DecisionDraft,
    Event,
    ItemSection,
    Meeting,
    Publication,
    Recommendation,
)

PRESENTATION = "presentation"  # the section the secretary writes here; others come with imported documents


class NumberTaken(Exception):
    """Another item of the meeting has the number."""

    def __init__(self, number: str) -> None:
        super().__init__(f"Nummer {number} er allerede brugt på dagsordenen.")


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
    """Call a meeting with its agenda: open items first, then closed ones, numbered from 1. The same nonce gives the
    same meeting.
    """
    Committee.objects.select_for_update().get(pk=committee.pk)
    same = {"committee": committee, "date": date, "starts_at": starts_at}
    existing, nonce = made_by(Meeting.objects.all(), nonce, **same)
    if existing:
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
def add_item(
    *,
    meeting: Meeting,
    nonce: UUID,
    by: Any,
    points: list[str],
    recommended_by: str,
    presentation: str = "",
    **fields: Any,
) -> AgendaItem:
    """Add an item at the end of the agenda. The same nonce gives the same item."""
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    existing, nonce = made_by(AgendaItem.including_closed.all(), nonce, meeting=meeting, **fields)
    if existing:
        return existing
    items = AgendaItem.including_closed.filter(meeting=meeting)
    _refuse_taken_number(items, fields["number"])
    last = items.aggregate(last=models.Max("position"))["last"] or 0
    item = AgendaItem.including_closed.create(meeting=meeting, position=last + 1, nonce=nonce, edited_by=by, **fields)
    _replace_recommendations(item, points, recommended_by)
    _replace_presentation(item, presentation)
    Event.objects.record("item_added", item, by=by, meeting=meeting.pk)
    return item


@transaction.atomic
def edit_item(
    *,
    item: AgendaItem,
    expected: int,
    by: Any,
    points: list[str],
    recommended_by: str,
    presentation: str | None = None,
    **fields: Any,
) -> AgendaItem:
    """Change an item that has no decision yet; raises EditConflict when somebody else changed it first."""
    Meeting.objects.select_for_update().get(pk=item.meeting_id)
    AgendaItem.including_closed.select_for_update().get(pk=item.pk)
    if decided := Decision.including_closed.filter(item=item).first():
        raise AlreadyDecided(decided)
    others = AgendaItem.including_closed.filter(meeting=item.meeting_id).exclude(pk=item.pk)
    _refuse_taken_number(others, fields.get("number", ""))
    changed = item.save_if_unchanged(expected=expected, by=by, **fields)
    _replace_recommendations(changed, points, recommended_by)
    if presentation is not None:
        _replace_presentation(changed, presentation)
    Event.objects.record("item_changed", changed, by=by, fields=sorted(fields))
    return changed


@transaction.atomic
def edit_public_trace(
    *, item: AgendaItem, expected: int, by: Any, public_heading: str, open_decision: str
) -> AgendaItem:
    """Write what outsiders may know of a closed item, also after its decision; raises EditConflict."""
    changed = item.save_if_unchanged(
        expected=expected, by=by, public_heading=public_heading, open_decision=open_decision
    )
    Event.objects.record("item_changed", changed, by=by, fields=["open_decision", "public_heading"])
    return changed


def _refuse_taken_number(items: "models.QuerySet[AgendaItem]", number: str) -> None:
    if items.filter(number=number).exists():
        raise NumberTaken(number)


def _replace_presentation(item: AgendaItem, text: str) -> None:
    """Keep the sagsfremstilling as one section of paragraphs; a text that is unchanged keeps the structure it was read
    with.
    """
    sections = ItemSection.including_closed.filter(item=item)
    section = sections.filter(kind=PRESENTATION).first()
    if text == (section.text if section else ""):
        return
    if section is None:
        last = sections.aggregate(last=models.Max("position"))["last"] or 0
        section = ItemSection(item=item, position=last + 1, kind=PRESENTATION, heading="Sagsfremstilling")
    section.text = text
    section.blocks = [{"type": "paragraph", "text": part} for part in text.split("\n\n") if part.strip()]
    section.save() if text else section.delete()


def _replace_recommendations(item: AgendaItem, points: list[str], by: str) -> None:
    """An indstilling is part of the draft agenda: it may be rewritten until the item is decided."""
    Recommendation.including_closed.filter(item=item).delete()
    Recommendation.including_closed.bulk_create(
        Recommendation(item=item, number=n, by=by, text=text) for n, text in enumerate(points, start=1)
    )


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


@transaction.atomic
def publish(*, subject: str, record: models.Model, by: Any, warnings_accepted: list[str]) -> Publication:
    """Make a record public, with the warnings that a person saw and accepted."""
    return _act(Publication.Act.PUBLISHED, subject, record, by, warnings_accepted)


@transaction.atomic
def withdraw(*, subject: str, record: models.Model, by: Any) -> Publication:
    """Take a record back from the public; the trace that it was public stays."""
    return _act(Publication.Act.WITHDRAWN, subject, record, by, [])


def _act(act: str, subject: str, record: models.Model, by: Any, warnings: list[str]) -> Publication:
    type(record)._base_manager.select_for_update().get(pk=record.pk)
    latest = Publication.objects.filter(subject=subject, subject_pk=record.pk).order_by("-pk").first()
    if latest and latest.act == act:  # the second click of a double click
        return latest
    publication = Publication.objects.create(
        subject=subject, subject_pk=record.pk, act=act, by=by, warnings_accepted=warnings
    )
    Event.objects.record(f"{subject}_{act}", record, by=by)
    return publication

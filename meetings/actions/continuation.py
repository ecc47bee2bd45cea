"""Sagens videre vej: an item divided, moved or repeated at a later meeting, or sent on to the next body.

What comes of it belongs to the same trail; a closed item stays closed wherever it goes.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from kit.dates import format_date
from kit.drafts import EditConflict
from kit.once import made_by
from meetings.actions.arranging import hand_out_places, numbers_for
from meetings.actions.protocol import open_protocol
from meetings.actions.refusals import AlreadyDecided, NotAllowed
from meetings.models import (
    AgendaItem,
    Attachment,
    Category,
    Decision,
    Event,
    ItemAbsence,
    ItemSection,
    Meeting,
    Promise,
    ProtocolNote,
    Recommendation,
    Recusal,
    Routing,
    Vote,
    is_sent_out,
    items_in_order,
    keeps_numbers,
    next_number,
    number_after,
)

Continuation = AgendaItem.Continuation

# What a continuation takes along of the item itself; number, place and meeting are its own.
_SAME = ("title", "case_no", "case_type", "case_officers", "is_closed", "closed_reason", "public_heading",
         "unplaced_marks", "trail")  # fmt: skip


@transaction.atomic
def split_item(
    *, item: AgendaItem, points: Sequence[int], title: str, with_sections: bool, expected: int, nonce: UUID, by: Any
) -> AgendaItem:
    """Give some of an item's at-points (by number) to a new item right after it. The same nonce gives the same item;
    raises MeetingClosed, AlreadyDecided, EditConflict and NotAllowed.
    """
    meeting = open_protocol(item.meeting_id)
    existing, nonce = made_by(AgendaItem.including_closed.all(), nonce, continues_id=item.pk, title=title)
    if existing:
        return existing
    item = _undecided(item)
    if item.revision != expected:
        raise EditConflict(item)
    rows = list(Recommendation.including_closed.filter(item=item))
    given, kept = _divided(rows, points)
    before = items_in_order(meeting)
    place = next(n for n, one in enumerate(before, start=1) if one.pk == item.pk)
    is_kept = keeps_numbers(meeting)
    number = number_after(item, before) if is_kept else next_number(before)
    new = _copy(
        item, meeting, Continuation.SPLIT, number=number, position=place + 1, nonce=nonce, by=by, title=title,
        parts=(ItemSection, Routing) if with_sections else (Routing,),
    )  # fmt: skip
    _put_points(new, given)
    _put_points(item, kept)
    item.save_if_unchanged(expected=expected, by=by)
    fresh = {one.pk: one for one in AgendaItem.including_closed.filter(meeting=meeting)}
    order = [fresh[one.pk] for one in [*before[:place], new, *before[place:]]]
    hand_out_places(order, [one.number for one in (order if is_kept else [*before, new])], by=by)
    Event.objects.record("item_split", item, by=by, into=new.pk)
    return new


def _undecided(item: AgendaItem) -> AgendaItem:
    locked: AgendaItem = AgendaItem.including_closed.select_for_update().get(pk=item.pk)
    if decided := Decision.including_closed.filter(item=locked).first():
        raise AlreadyDecided(decided)
    return locked


def _divided(rows: list[Recommendation], points: Sequence[int]) -> tuple[list[Recommendation], list[Recommendation]]:
    given = [row for row in rows if row.number in points]
    kept = [row for row in rows if row.number not in points]
    if not given:
        raise NotAllowed("Vælg de at-punkter, det nye punkt skal have.", field="points")
    if not kept:
        raise NotAllowed("Lad mindst ét at-punkt blive på punktet.", field="points")
    return given, kept


def _put_points(item: AgendaItem, rows: Sequence[Recommendation]) -> None:
    Recommendation.including_closed.filter(item=item).delete()
    Recommendation.including_closed.bulk_create(
        Recommendation(item=item, number=n, by=row.by, text=row.text) for n, row in enumerate(rows, start=1)
    )


@transaction.atomic
def continue_item(*, item: AgendaItem, how: Continuation | str, target: Meeting, nonce: UUID, by: Any) -> AgendaItem:
    """Flyt, gentag or send videre: let the case come up at another meeting. The same nonce gives the same item.

    Moved off an agenda that nobody has yet, the item itself goes; off one that was sent out, it stays with a line in
    the protocol. Raises MeetingClosed, AlreadyDecided and NotAllowed.
    """
    how = Continuation(how)
    source, target = _lock_both(item, target, moves=how == Continuation.MOVED)
    existing, nonce = made_by(AgendaItem.including_closed.all(), nonce, meeting_id=target.pk, trail=item.trail)
    if existing:
        return existing
    item = AgendaItem.including_closed.select_for_update().get(pk=item.pk)
    _refuse_way(item, source, how, target)
    if how == Continuation.MOVED:
        _undecided(item)
        if not is_sent_out(source):
            return _move(item, source, target, nonce, by)
        _say_moved(item, source, target, by)
    new = _put_last(item, target, how, nonce, by)
    if how == Continuation.MOVED:  # what was promised an answer here is answered there
        Promise.including_closed.filter(answer=item).update(answer=new)
    Event.objects.record("item_continued", item, by=by, how=str(how), into=new.pk, meeting=target.pk)
    return new


def _lock_both(item: AgendaItem, target: Meeting, *, moves: bool) -> tuple[Meeting, Meeting]:
    """Lock both meetings, always in the same order; a closed one is left as it is, but a case can go on from it."""
    source_pk = AgendaItem.including_closed.values_list("meeting_id", flat=True).get(pk=item.pk)
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("committee__municipality").order_by("pk")
    meetings = {meeting.pk: meeting for meeting in rows.filter(pk__in=[source_pk, target.pk])}
    open_protocol(target.pk)
    if moves:
        open_protocol(source_pk)
    return meetings[source_pk], meetings[target.pk]


def _refuse_way(item: AgendaItem, source: Meeting, how: str, target: Meeting) -> None:
    continuations = AgendaItem.including_closed.filter(continues=item)
    if moved := continuations.filter(continuation=Continuation.MOVED).first():
        to = Meeting.objects.get(pk=moved.meeting_id)
        raise NotAllowed(f"Punktet er allerede flyttet til mødet den {format_date(to.date)}.", field="target")
    if continuations.filter(meeting=target).exists() or source.pk == target.pk:
        raise NotAllowed("Sagen står allerede på dagsordenen for det møde.", field="target")
    if target.cancelled:
        raise NotAllowed("Det møde er aflyst.", field="target")
    if source.committee.municipality_id != target.committee.municipality_id:
        raise NotAllowed("Vælg et møde i samme kommune.", field="target")
    is_same_body = source.committee_id == target.committee_id
    if how == Continuation.FORWARDED and is_same_body:
        raise NotAllowed("Vælg et møde i et andet udvalg, når sagen sendes videre.", field="target")
    if how == Continuation.FORWARDED and target.date < source.date:
        raise NotAllowed("Vælg et møde, der ikke ligger før dette.", field="target")
    if how != Continuation.FORWARDED and not (is_same_body and _when(target) > _when(source)):
        raise NotAllowed("Vælg et senere møde i samme udvalg, når punktet flyttes eller gentages.", field="target")


def _when(meeting: Meeting) -> tuple[Any, ...]:
    return (meeting.date, meeting.starts_at.isoformat() if meeting.starts_at else "")


def _move(item: AgendaItem, source: Meeting, target: Meeting, nonce: UUID, by: Any) -> AgendaItem:
    """Let the row itself change meetings; it now remembers the submit that moved it."""
    for kept in (Vote, ProtocolNote, Recusal, ItemAbsence, Promise):
        if kept.including_closed.filter(item=item).exists():
            raise NotAllowed("Der er ført noget til protokollen under punktet, så det kan ikke flyttes.", field="how")
    before, there = items_in_order(source), items_in_order(target)
    place = {
        "meeting": target, "number": next_number(there), "nonce": nonce,
        "position": max((one.position for one in there), default=0) + 1,
    }  # fmt: skip
    moved = item.save_if_unchanged(expected=item.revision, by=by, **place)
    rest = [one for one in before if one.pk != item.pk]
    hand_out_places(rest, numbers_for(source, rest, before), by=by)
    Event.objects.record("item_moved_on", moved, by=by, from_meeting=source.pk, meeting=target.pk)
    return moved


def _say_moved(item: AgendaItem, source: Meeting, target: Meeting, by: Any) -> None:
    decision = Decision.including_closed.create(
        item=item, category=Category.WITHDRAWN, departs=False, decided_on=source.date, recorded_by=by,
        text=f"Punktet er flyttet til mødet den {format_date(target.date)}.",
    )  # fmt: skip
    Event.objects.record("decision_recorded", decision, by=by, category=Category.WITHDRAWN)


def _put_last(item: AgendaItem, target: Meeting, how: Continuation, nonce: UUID, by: Any) -> AgendaItem:
    there = items_in_order(target)
    position = max((one.position for one in there), default=0) + 1
    new = _copy(item, target, how, number=next_number(there), position=position, nonce=nonce, by=by,
                parts=(ItemSection, Recommendation, Routing))  # fmt: skip
    Attachment.including_closed.bulk_create(
        Attachment(
            item=new, position=one.position, title=one.title, doc_no=one.doc_no, file_id=one.file_id,
            file_name=one.file_name, is_public=one.is_public, added_by=by,
        )
        for one in Attachment.including_closed.filter(item=item)
    )  # fmt: skip
    return new


def _copy(
    item: AgendaItem, meeting: Meeting, how: Continuation, *, by: Any, parts: Sequence[Any], **own: Any
) -> AgendaItem:
    same = {name: getattr(item, name) for name in _SAME}
    new: AgendaItem = AgendaItem.including_closed.create(
        **{**same, **own}, meeting=meeting, continues=item, continuation=how, edited_by=by
    )
    for part in parts:
        rows = list(part.including_closed.filter(item=item))
        for row in rows:
            row.pk, row.item = None, new
            row._state.adding = True
        part.including_closed.bulk_create(rows)
    return new

"""Udsendelse af dagsordenen, and of the extra ones after it (styrelsesloven § 8)."""

from typing import Any
from uuid import UUID

from django.db import transaction

from kit.once import made_by
from meetings.actions.protocol import open_protocol
from meetings.actions.refusals import NotAllowed
from meetings.documents.dispatch import DispatchDocument
from meetings.models import Dispatch, DispatchedItem, Event, Meeting


@transaction.atomic
def dispatch_agenda(*, meeting: Meeting, seen: str, nonce: UUID, by: Any) -> Dispatch:
    """Freeze what is new on the agenda as it stands, for the members to hold the item against: the first time all of
    it, later what was added or changed (tillægsdagsorden).

    `seen` names what the person saw. The same nonce gives the same sending.
    """
    locked = open_protocol(meeting.pk)
    existing, nonce = made_by(Dispatch.objects.all(), nonce, meeting_id=meeting.pk)
    if existing:
        return existing
    agenda = DispatchDocument.for_meeting(locked)
    if not agenda.news:
        raise NotAllowed(agenda.nothing_new)
    if seen != agenda.seen:
        raise NotAllowed("Dagsordenen er ændret, siden du åbnede siden. Se den igennem igen, før du sender den ud.")
    dispatch = Dispatch.objects.create(
        meeting=locked, is_supplementary=agenda.is_supplementary, nonce=nonce, sent_by=by
    )
    DispatchedItem.including_closed.bulk_create(
        DispatchedItem(
            dispatch=dispatch, item=sent.item, number=sent.number, position=sent.position, content=sent.content
        )
        for sent in agenda.news
    )
    Event.objects.record(
        "agenda_dispatched", dispatch, by=by, meeting=locked.pk, items=[sent.item.pk for sent in agenda.news]
    )
    return dispatch

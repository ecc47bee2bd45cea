"""Referatet: the meeting is closed, those who took part sign, the protocol is sealed; then only dated additions."""

from collections.abc import Sequence
from datetime import time
from typing import Any
from uuid import UUID

from django.db import transaction

from kit.once import made_by
from meetings.actions.protocol import open_protocol
from meetings.actions.recording import record_decision, record_points
from meetings.actions.refusals import NotAllowed
from meetings.documents.closing import Obstacle, obstacles
from meetings.documents.minutes import signatories
from meetings.documents.minutes_content import MinutesContent
from meetings.models import (
    AgendaItem,
    Category,
    Closing,
    Decision,
    Event,
    Meeting,
    MinutesAddition,
    Person,
    Recommendation,
    Seal,
    Signature,
    lacks_decision,
)

_SMALL_HOURS = time(6)  # a meeting may end after midnight


class NotReady(NotAllowed):
    """Something stands in the way of closing the meeting."""

    def __init__(self, found: tuple[Obstacle, ...]) -> None:
        super().__init__(" ".join(obstacle.text for obstacle in found))
        self.obstacles = found


class MinutesChanged(Exception):
    """The minutes no longer read as the person saw them: what one has not read, one does not sign."""

    def __init__(self) -> None:
        super().__init__("Referatet er rettet ved tilføjelse, siden du åbnede det. Læs det igen.")


@transaction.atomic
def close_meeting(*, meeting: Meeting, ends_at: time | None, nonce: UUID, by: Any) -> Closing:
    """Close the meeting: from here on nothing in its protocol changes. Closing twice is closing once; raises NotReady
    with all that stands in the way.
    """
    locked = _locked(meeting)
    if already := Closing.objects.filter(meeting=locked).first():
        return already
    if found := obstacles(locked):
        raise NotReady(found)
    if ends_at and ends_at != locked.ends_at:  # before the closing, which freezes the meeting's hours too
        if locked.starts_at and _SMALL_HOURS <= ends_at <= locked.starts_at:
            raise NotAllowed("Mødet kan ikke slutte, før det begyndte.", field="ends_at")
        locked.save_if_unchanged(expected=locked.revision, by=by, ends_at=ends_at)
    closing = Closing.objects.create(meeting=locked, nonce=nonce, closed_by=by)
    Event.objects.record("meeting_closed", locked, by=by)
    return closing


@transaction.atomic
def leave_untreated(*, item: AgendaItem, expected: int, nonce: UUID, by: Any) -> None:
    """Say of an item, or of the at-points of it that have no decision, that the meeting did not treat it. What is
    decided already stands. Raises MeetingClosed and, where somebody is writing on the item, EditConflict.
    """
    open_protocol(item.meeting_id)
    if not AgendaItem.including_closed.filter(pk=item.pk).filter(lacks_decision()).exists():
        return
    left = Recommendation.including_closed.filter(item=item, decisions__isnull=True)
    is_begun = Decision.including_closed.filter(item=item).exists()
    told = {"category": Category.NOT_TREATED, "text": "Ikke behandlet.", "expected": expected, "nonce": nonce, "by": by}
    if is_begun:
        record_points(item=item, points=list(left.values_list("number", flat=True)), **told)
    else:
        record_decision(item=item, **told)


@transaction.atomic
def sign_minutes(*, meeting: Meeting, fingerprint: str, nonce: UUID, by: Any) -> Signature:
    """Put one's name to the minutes as they read; the last signature seals them. Signing twice is signing once; raises
    MinutesChanged when they read otherwise than the person saw.
    """
    locked = _settled(meeting)
    person = Person.objects.filter(user=by).first()
    if person and (already := Signature.objects.filter(meeting=locked, person=person).first()):
        return already
    if Seal.objects.filter(meeting=locked).exists():
        raise NotAllowed("Referatet er forseglet og kan ikke underskrives længere.")
    if person is None or not signatories(locked).filter(pk=person.pk).exists():
        raise NotAllowed("Kun de, der deltog i mødet, underskriver referatet.")
    content = MinutesContent.of(locked).fingerprint
    if content != fingerprint:
        raise MinutesChanged
    signature = Signature.objects.create(meeting=locked, person=person, signed_by=by, fingerprint=content, nonce=nonce)
    Event.objects.record("minutes_signed", locked, by=by)
    if not _unsigned(locked):
        _seal(locked, content, by=None)
    return signature


@transaction.atomic
def seal_minutes(*, meeting: Meeting, reason: str, nonce: UUID, by: Any) -> Seal:
    """Seal the minutes before everyone has signed, and say why ("Ulla er fratrådt"). Sealing twice is sealing once."""
    locked = _settled(meeting)
    if already := Seal.objects.filter(meeting=locked).first():
        return already
    if not reason:
        raise NotAllowed("Skriv, hvorfor ikke alle har underskrevet.", field="reason")
    return _seal(locked, MinutesContent.of(locked).fingerprint, reason=reason, nonce=nonce, by=by)


@transaction.atomic
def add_to_minutes(
    *, meeting: Meeting, text: str, nonce: UUID, by: Any, warnings_accepted: Sequence[str] = ()
) -> MinutesAddition:
    """Add a dated addition to the minutes as a whole, which stay as they are. The same nonce gives the same one."""
    locked = _settled(meeting)
    existing, nonce = made_by(MinutesAddition.objects.all(), nonce, meeting_id=locked.pk, text=text)
    if existing:
        return existing
    addition = MinutesAddition.objects.create(meeting=locked, text=text, nonce=nonce, recorded_by=by)
    Event.objects.record("minutes_added_to", locked, by=by, warnings_accepted=list(warnings_accepted))
    return addition


def _locked(meeting: Meeting) -> Meeting:
    """Lock the meeting; unlike `open_protocol` also one that is closed."""
    return Meeting.objects.select_for_update(of=("self",)).select_related("committee__municipality").get(pk=meeting.pk)


def _settled(meeting: Meeting) -> Meeting:
    """Lock a meeting that is closed; so does a correction, and none slips in beside a signature."""
    locked = _locked(meeting)
    if not Closing.objects.filter(meeting=locked).exists():
        raise NotAllowed("Mødet er ikke lukket endnu.")
    return locked


def _unsigned(meeting: Meeting) -> bool:
    return signatories(meeting).exclude(pk__in=Signature.objects.filter(meeting=meeting).values("person")).exists()


def _seal(meeting: Meeting, fingerprint: str, *, by: Any, **how: Any) -> Seal:
    seal = Seal.objects.create(meeting=meeting, fingerprint=fingerprint, sealed_by=by, **how)
    Event.objects.record("minutes_sealed", meeting, by=by, **({"reason": seal.reason} if seal.reason else {}))
    return seal

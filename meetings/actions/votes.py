"""Afstemninger: every voice of those who can vote on the item, by person or by group, and the sum is checked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from kit.once import made_by
from meetings.actions.protocol import open_protocol
from meetings.actions.refusals import NotAllowed
from meetings.models import AgendaItem, Event, Person, Roll, Vote, VoteLine, Voter


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's voice, or as many as a group has for this stance."""

    stance: str
    party: str
    person: Person | None = None
    count: int = 1


@transaction.atomic
def record_vote(*, item: AgendaItem, about: str, voices: Sequence[Voice], nonce: UUID, by: Any) -> Vote:
    """Enter a vote: everyone who can vote is for, against or abstains. The same nonce and voices give the same vote.

    Raises MeetingClosed, and NotAllowed where the voices do not add up.
    """
    meeting = open_protocol(item.meeting_id)
    voices = [voice for voice in voices if voice.count]
    told = [(voice.stance, voice.party, voice.person.pk if voice.person else None, voice.count) for voice in voices]
    existing, nonce = made_by(Vote.including_closed.all(), uuid5(nonce, repr(told)), item_id=item.pk, about=about)
    if existing:
        return existing
    refuse_what_does_not_add_up(Roll.of(meeting).voters_on(item.pk), voices)
    vote = Vote.including_closed.create(item=item, about=about, nonce=nonce, recorded_by=by)
    VoteLine.including_closed.bulk_create(
        VoteLine(vote=vote, stance=voice.stance, party=voice.party, person=voice.person, count=voice.count)
        for voice in voices
    )
    Event.objects.record("vote_recorded", vote, by=by)
    return vote


def refuse_what_does_not_add_up(voters: Sequence[Voter], voices: Sequence[Voice]) -> None:
    """Raise NotAllowed unless the voices are exactly those of the voters."""
    if not voters:
        raise NotAllowed("Skriv fremmødet først, så det er kendt, hvem der kan stemme.")
    groups = {voter.person: voter.party for voter in voters}
    for voice in voices:
        if voice.person and voice.person not in groups:
            raise NotAllowed(f"{voice.person} kan ikke stemme på punktet. Indlæs siden igen, og skriv stemmerne om.")
    given = sum(voice.count for voice in voices)
    if given != len(voters):
        raise NotAllowed(f"Stemmerne giver {given}, men {len(voters)} kan stemme på punktet.")
    spoken = Counter({voice.person: voice.count for voice in voices if voice.person})
    size = Counter(party for person, party in groups.items() if person not in spoken)
    by_group: Counter[str] = Counter()
    for voice in voices:
        if voice.person is None:
            by_group[voice.party] += voice.count
    for party in sorted(size.keys() | by_group.keys()):
        if by_group[party] != size[party]:
            raise NotAllowed(f"Gruppe {party} har {size[party]} på punktet, men stemmerne giver {by_group[party]}.")

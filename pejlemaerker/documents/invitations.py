"""Indbydelserne til et dialogmøde: who has been written to, and what they were told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from meetings.models import Event
from pejlemaerker.documents.dialogue_when import Appointment
from pejlemaerker.models import Dialogue, Participant

INVITED = "dialogue_invited"
CHANGED = "dialogue_participants_changed"


@dataclass(frozen=True, slots=True)
class Invitations:
    """What each participant was told last, read from the log: by the participant's number."""

    sent_at: dict[int, datetime]
    told: dict[int, dict[str, Any]]  # the appointment, and whether it was called off
    times: int  # how often letters were sent: names the next occasion
    now: dict[str, Any]

    @classmethod
    def of(cls, dialogue: Dialogue) -> Self:
        """Read them back, in one query."""
        rows = Event.objects.filter(target_type=Dialogue._meta.label_lower, target_pk=dialogue.pk)
        sent_at: dict[int, datetime] = {}
        told: dict[int, dict[str, Any]] = {}
        times = 0
        for event in rows.filter(action__in=(INVITED, CHANGED)).order_by("pk"):
            if event.action == CHANGED:  # the letter went to another address
                for pk in event.changes["emails"]:
                    told.pop(pk, None)
                continue
            times += 1
            for pk in event.changes["participants"]:
                sent_at[pk], told[pk] = event.at, event.changes["told"]
        return cls(sent_at, told, times, told_now(dialogue))

    def to_write_to(self, participants: Iterable[Participant]) -> list[Participant]:
        """Those whom the next letters go to: the ones not invited yet, and those who know another day, hour or place.
        When it is called off, those who were invited.
        """
        reachable = [one for one in participants if one.email]
        if self.now["is_cancelled"]:
            return [one for one in reachable if one.pk in self.told and not self.told[one.pk]["is_cancelled"]]
        return [one for one in reachable if self.told.get(one.pk) != self.now]

    def has_changed_for(self, participant: Participant) -> bool:
        """Whether somebody who was invited knows something that no longer holds."""
        return participant.pk in self.told and self.told[participant.pk] != self.now

    @property
    def occasion(self) -> str:
        """The name of the next occasion, another each time: "indbydelse-1", "aendring-2", "aflysning-3"."""
        kind = "aflysning" if self.now["is_cancelled"] else "aendring" if self.has_gone_out else "indbydelse"
        return f"{kind}-{self.times + 1}"

    @property
    def has_gone_out(self) -> bool:
        """Whether somebody has been invited."""
        return bool(self.told)


def told_now(dialogue: Dialogue) -> dict[str, Any]:
    """What a letter sent now tells."""
    return {**Appointment.of(dialogue).as_told(), "is_cancelled": bool(dialogue.cancelled)}

"""Som borger ser det: a meeting exactly as one who is not logged in gets it now, and what is not public yet."""

from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import AnonymousUser

from meetings.documents.meeting import MeetingDocument
from meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class AsCitizenDocument:
    """A meeting for a citizen, shown to those who publish it."""

    meeting: Meeting
    document: MeetingDocument | None  # None where a citizen is told that there is no such page

    @classmethod
    def for_meeting(cls, meeting: Meeting) -> Self:
        """Ask as one who is not logged in; no other rule than the citizens' own is used."""
        citizen = AnonymousUser()
        is_public = Meeting.objects.visible_to(citizen).filter(pk=meeting.pk).exists()
        return cls(meeting, MeetingDocument.for_meeting(meeting, viewer=citizen) if is_public else None)

    @property
    def missing(self) -> str:
        """What is not public yet."""
        if self.document is None:
            return "Hverken dagsorden eller referat er offentliggjort, så borgere får at vide, at siden ikke findes."
        return (
            "" if self.document.shows_decisions else "Referatet er ikke offentliggjort, så beslutningerne vises ikke."
        )

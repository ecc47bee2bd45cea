"""Hvor langt et møde er: from an agenda under way to public minutes, in words."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Exists, OuterRef, QuerySet

from meetings.models import (
    AGENDA,
    MINUTES,
    Closing,
    Committee,
    Dispatch,
    Meeting,
    Publication,
    Right,
    Seal,
    latest_act,
)


@dataclass(frozen=True, slots=True)
class MeetingState:
    """Mødets tilstand: a word or two and how they are tagged; outsiders are told only what is public."""

    text: str
    kind: str

    @classmethod
    def of(cls, meeting: Any) -> Self | None:
        """Tell the state of a meeting that came through `with_state`."""
        if meeting.minutes_act == Publication.Act.PUBLISHED:
            return cls("Referat offentligt", "success")
        if not meeting.is_inside:
            return cls("Dagsorden offentlig", "plain")
        if meeting.is_sealed:
            return cls("Forseglet", "plain")
        if meeting.is_closed:
            return cls("Lukket", "info")
        if meeting.is_sent:
            return cls("Udsendt", "info")
        if meeting.source_document_id:
            return cls("Indlæst fra dokument", "plain")
        return None if meeting.cancelled else cls("Dagsorden under udarbejdelse", "warning")


def with_state(meetings: "QuerySet[Meeting]", *, viewer: Any) -> "QuerySet[Meeting]":
    """Bring along what `MeetingState` is told from; costs no query of its own."""
    inside = Committee.objects.where(viewer, Right.READ_MEETINGS).filter(pk=OuterRef("committee"))
    of_it = {"meeting": OuterRef("pk")}
    return meetings.annotate(
        agenda_act=latest_act(AGENDA),
        minutes_act=latest_act(MINUTES),
        is_inside=Exists(inside),
        is_sent=Exists(Dispatch.objects.filter(**of_it)),
        is_closed=Exists(Closing.objects.filter(**of_it)),
        is_sealed=Exists(Seal.objects.filter(**of_it)),
    )

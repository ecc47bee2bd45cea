"""Dagsordenen før den sendes ud: what would be sent, and what is missing in it."""

import hashlib
import json
from dataclasses import dataclass
from typing import Self

from django.utils import timezone

from kit.danish import join_words
from kit.dates import format_datetime
from meetings.documents.changes import Sent, as_sent, new_since
from meetings.documents.parts import meeting_name
from meetings.models import AgendaItem, Closing, Dispatch, DispatchedItem, Meeting


@dataclass(frozen=True, slots=True)
class DispatchLine:
    """One item that would be sent out."""

    number: str
    title: str
    url: str
    is_closed: bool
    attachments: int
    missing: str  # "sagsfremstilling og indstilling"; pointed out, never a hindrance
    was_sent: bool

    @classmethod
    def of(cls, sent: Sent, *, was_sent: bool) -> Self:
        """Tell an item as it would be sent."""
        lacks = [("tekst", sent.content["sections"]), ("indstilling", sent.content["points"])]
        return cls(
            number=sent.number,
            title=sent.content["title"],
            url=sent.item.get_absolute_url(),
            is_closed=sent.content["is_closed"],
            attachments=len(sent.content["attachments"]),
            missing=join_words([name for name, there in lacks if not there]),
            was_sent=was_sent,
        )


@dataclass(frozen=True, slots=True)
class DispatchDocument:
    """A meeting's agenda on its way to the members, for one who writes it and may read all of it."""

    meeting: Meeting
    news: tuple[Sent, ...]
    lines: tuple[DispatchLine, ...]
    earlier: tuple[str, ...]
    is_supplementary: bool
    is_closed: bool
    nothing_new: str

    @classmethod
    def for_meeting(cls, meeting: Meeting) -> Self:
        """Hold every item, closed ones too, against what was sent before."""
        dispatches = list(Dispatch.objects.filter(meeting=meeting))
        now = as_sent(AgendaItem.including_closed.filter(meeting=meeting))
        news = new_since(meeting, now)
        copies = DispatchedItem.including_closed.filter(dispatch__meeting=meeting)
        known = set(copies.values_list("item_id", flat=True))
        return cls(
            meeting=meeting,
            news=tuple(news),
            lines=tuple(DispatchLine.of(sent, was_sent=sent.item.pk in known) for sent in news),
            earlier=tuple(f"{one} udsendt {_at(one)}" for one in dispatches),
            is_supplementary=bool(dispatches),
            is_closed=Closing.objects.filter(meeting=meeting).exists(),
            nothing_new=_nothing_new(dispatches),
        )

    @property
    def eyebrow(self) -> str:
        """Whose meeting, and when."""
        return meeting_name(self.meeting)

    @property
    def kind(self) -> str:
        """What is sent."""
        return "Tillægsdagsorden" if self.is_supplementary else "Dagsorden"

    @property
    def seen(self) -> str:
        """A short name for exactly these items and texts, so that nothing is frozen that nobody has seen."""
        told = [[sent.item.pk, sent.number, sent.content] for sent in self.news]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def may_take_off(meeting: Meeting) -> bool:
    """Whether what is on the agenda can still be taken off: nobody has got it yet."""
    return not (Dispatch.objects.filter(meeting=meeting).exists() or Closing.objects.filter(meeting=meeting).exists())


def _at(dispatch: Dispatch) -> str:
    return format_datetime(timezone.localtime(dispatch.sent_at))


def _nothing_new(dispatches: list[Dispatch]) -> str:
    if not dispatches:
        return "Dagsordenen er tom. Sæt et punkt på, før den sendes ud."
    return f"Der er intet nyt at sende ud siden {_at(dispatches[-1])}."

"""Offentliggørelse af et møde: what would become public, what in it to look at first, and what was done before."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db.models import Model

from kit.clock import moment
from kit.precheck import find_personal_data
from meetings.documents.attachments import public_attachments, reminders
from meetings.documents.parts import meeting_name
from meetings.documents.public_texts import Passage, agenda_passages, minutes_passages
from meetings.models import AGENDA, MINUTES, AgendaItem, Meeting, Publication, lacks_decision

_MOST_OF_ONE_KIND = 5  # a list of members has a phone number in each line; five say what there is to see


@dataclass(frozen=True, slots=True)
class PublishingPart:
    """What one act makes public (the agenda, the minutes, a set), what to look at first, and what was done before."""

    key: str
    subject: str
    title: str
    covers: str
    history: tuple[str, ...]
    is_published: bool
    warnings: tuple[str, ...]

    @property
    def seen(self) -> str:
        """A short name for exactly these warnings, so that nobody accepts others than those that were shown."""
        return name_of(self.warnings)


@dataclass(frozen=True, slots=True)
class PublishingDocument:
    """A meeting's agenda and minutes on their way to the public."""

    meeting: Meeting
    parts: tuple[PublishingPart, ...]
    undecided: int

    @classmethod
    def for_meeting(cls, meeting: Meeting) -> Self:
        """Look through what outsiders would get: open items, and of closed ones only what is meant for the public."""
        agenda = list(agenda_passages(meeting))
        unread = reminders(public_attachments(meeting))
        undecided = AgendaItem.including_closed.filter(meeting=meeting).filter(lacks_decision()).count()
        parts = (
            publishing_part(
                meeting, "dagsorden", AGENDA, "Dagsordenen",
                "Titler, indstillinger, sager og de bilag på åbne punkter, der må offentliggøres.",
                agenda, unread=unread,
            ),
            publishing_part(
                meeting, "referat", MINUTES, "Referatet",
                "Dagsordenen med fremmøde, beslutninger, afstemninger, bemærkninger, løfter og rettelser.",
                [*agenda, *minutes_passages(meeting)], unread=unread,
            ),
        )  # fmt: skip
        return cls(meeting, parts, undecided)

    @property
    def eyebrow(self) -> str:
        """Whose meeting, and when."""
        return meeting_name(self.meeting)

    def part(self, key: str) -> PublishingPart | None:
        """The part with this key."""
        return next((part for part in self.parts if part.key == key), None)


def publishing_part(
    record: Model,
    key: str,
    subject: str,
    title: str,
    covers: str,
    passages: Iterable[Passage],
    *,
    unread: Iterable[str] = (),
) -> PublishingPart:
    """Look through the texts that would become public with a record; `unread` is what only a person can look
    through.
    """
    acts = list(Publication.objects.filter(subject=subject, subject_pk=record.pk).order_by("-pk").select_related("by"))
    return PublishingPart(
        key=key,
        subject=subject,
        title=title,
        covers=covers,
        history=tuple(f"{act.get_act_display()} {moment(act.at)} af {act.by or 'systemet'}" for act in acts),
        is_published=bool(acts) and acts[0].act == Publication.Act.PUBLISHED,
        warnings=(*warnings_in(passages), *unread),
    )


def warnings_in(passages: Iterable[Passage]) -> tuple[str, ...]:
    """What to look at in these texts, masked, each with the place where it stands."""
    warnings: list[str] = []
    for where, text in passages:
        by_kind: dict[str, list[str]] = {}
        for suspect in find_personal_data(text):
            by_kind.setdefault(suspect.kind, []).append(f"{where}: {suspect}")
        for kind, found in by_kind.items():
            warnings += found[:_MOST_OF_ONE_KIND]
            if len(found) > _MOST_OF_ONE_KIND:
                warnings.append(f"{where}: {kind} {len(found) - _MOST_OF_ONE_KIND} steder mere")
    return tuple(warnings)


def name_of(warnings: Iterable[str]) -> str:
    """A short name for exactly these warnings."""
    return hashlib.sha256("\n".join(warnings).encode()).hexdigest()[:16]

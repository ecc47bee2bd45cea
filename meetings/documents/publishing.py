"""Offentliggørelse af et møde: what would become public, what in it to look at first, and what was done before."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from django.db.models import Model

from kit.clock import moment
from kit.precheck import find_personal_data
from meetings.documents.parts import meeting_name
from meetings.models import (
    AGENDA,
    MINUTES,
    AgendaItem,
    Correction,
    Decision,
    ItemSection,
    Meeting,
    Publication,
    Recommendation,
    lacks_decision,
)

type Passage = tuple[str, str]
"""Where a text stands ("Punkt 3, titel"), and the text."""


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
        return hashlib.sha256("\n".join(self.warnings).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class PublishingDocument:
    """A meeting's agenda and minutes on their way to the public."""

    meeting: Meeting
    parts: tuple[PublishingPart, ...]
    undecided: int

    @classmethod
    def for_meeting(cls, meeting: Meeting) -> Self:
        """Look through what outsiders would get: open items, and of closed ones only what is meant for the public."""
        agenda = list(_agenda(meeting))
        undecided = AgendaItem.including_closed.filter(meeting=meeting).filter(lacks_decision()).count()
        parts = (
            publishing_part(
                meeting, "dagsorden", AGENDA, "Dagsordenen", "Titler, indstillinger og sager på åbne punkter.",
                agenda,
            ),
            publishing_part(
                meeting, "referat", MINUTES, "Referatet", "Dagsordenen med beslutninger og rettelser på åbne punkter.",
                [*agenda, *_minutes(meeting)],
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
    record: Model, key: str, subject: str, title: str, covers: str, passages: Iterable[Passage]
) -> PublishingPart:
    """Look through the texts that would become public with a record."""
    acts = list(Publication.objects.filter(subject=subject, subject_pk=record.pk).order_by("-pk").select_related("by"))
    return PublishingPart(
        key=key,
        subject=subject,
        title=title,
        covers=covers,
        history=tuple(f"{act.get_act_display()} {moment(act.at)} af {act.by or 'systemet'}" for act in acts),
        is_published=bool(acts) and acts[0].act == Publication.Act.PUBLISHED,
        warnings=tuple(f"{where}: {suspect}" for where, text in passages for suspect in find_personal_data(text)),
    )


def _agenda(meeting: Meeting) -> Iterator[Passage]:
    """What the agenda says in public."""
    yield "Mødested", meeting.place
    for item in AgendaItem.objects.filter(meeting=meeting):
        yield f"Punkt {item.number}, titel", item.title
    for section in ItemSection.objects.filter(item__meeting=meeting).select_related("item"):
        yield f"Punkt {section.item.number}, {section.heading.lower()}", section.text
    for recommendation in Recommendation.objects.filter(item__meeting=meeting).select_related("item"):
        yield f"Punkt {recommendation.item.number}, indstilling", f"{recommendation.by} {recommendation.text}"
    for trace in AgendaItem.including_closed.filter(meeting=meeting).closed_traces():
        yield f"Punkt {trace['number']}, offentlig overskrift", trace["public_heading"]


def _minutes(meeting: Meeting) -> Iterator[Passage]:
    """What the minutes add to it."""
    for decision in Decision.objects.filter(item__meeting=meeting).select_related("item"):
        yield f"Punkt {decision.item.number}, beslutning", decision.text
    for correction in Correction.objects.filter(decision__item__meeting=meeting).select_related("decision__item"):
        yield f"Punkt {correction.decision.item.number}, rettelse", correction.text
    for trace in AgendaItem.including_closed.filter(meeting=meeting).closed_traces():
        yield f"Punkt {trace['number']}, åben beslutning", trace["open_decision"]

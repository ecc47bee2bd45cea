"""Nyt og kalender: what a feed reader and a calendar are told of the meetings a viewer may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from meetings.models import AGENDA, MINUTES, Committee, Meeting, Publication

NEWEST = 50
_NAMES = {AGENDA: "Dagsorden", MINUTES: "Referat"}


@dataclass(frozen=True, slots=True)
class NewsEntry:
    """En offentliggørelse: "Referat: Børne- og Uddannelsesudvalget, 3. oktober 2022"."""

    pk: int
    title: str
    url: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class NewsDocument:
    """What was made public last, newest first; what was taken back is not among it."""

    entries: tuple[NewsEntry, ...]

    @classmethod
    def for_viewer(cls, viewer: Any, *, committee: Committee | None) -> Self:
        """Ask for the acts, for the meetings they are about, and for the names these committees bore."""
        meetings = Meeting.objects.visible_to(viewer)
        if committee:
            meetings = meetings.filter(committee=committee)
        latest = (
            Publication.objects.filter(subject__in=_NAMES)
            .order_by("subject", "subject_pk", "-pk")
            .distinct("subject", "subject_pk")
        )
        acts = Publication.objects.filter(
            pk__in=latest.values("pk"), act=Publication.Act.PUBLISHED, subject_pk__in=meetings.values("pk")
        ).order_by("-pk")[:NEWEST]
        known = _named(meetings).in_bulk([act.subject_pk for act in acts])
        return cls(tuple(_entry(act, known[act.subject_pk]) for act in acts))


def _entry(act: Publication, meeting: Meeting) -> NewsEntry:
    name = _NAMES[act.subject]
    return NewsEntry(
        act.pk, f"{name}: {meeting}", meeting.get_absolute_url(), act.at, f"{name}en er offentliggjort."
        if act.subject == AGENDA else f"{name}et er offentliggjort.",
    )  # fmt: skip


def _named(meetings: Any) -> Any:
    return meetings.select_related("committee").prefetch_related("committee__former_names")


def meetings_for_calendar(viewer: Any, *, committee: Committee | None) -> list[Meeting]:
    """The meetings the viewer may see, each with the name its committee bore."""
    meetings = Meeting.objects.visible_to(viewer)
    return list(_named(meetings.filter(committee=committee) if committee else meetings).order_by("date", "pk"))

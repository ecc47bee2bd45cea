"""Indgange til et notat: the files that can be had at once, and the builder; on any day."""

from dataclasses import dataclass
from typing import Self

from django.urls import reverse

from pejlemaerker.documents.as_of import chosen_day, day_query
from pejlemaerker.documents.notes.drafts import new_note
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, NoteKind, PaperForm

_ABOUT = {
    NoteKind.SET: "Notat om status",
    NoteKind.GOAL: "Notat om pejlemærket",
    NoteKind.YEAR: "Årsstatus",
    NoteKind.COMPARISON: "Notat om de to perioder",
}


@dataclass(frozen=True, slots=True)
class Entrances:
    """Hvor man henter eller bygger et notat."""

    heading: str
    files: tuple[tuple[str, str], ...]  # name, address
    build_url: str = ""
    item_url: str = ""

    @classmethod
    def to(cls, subject: Subject, *, at: AsOf, writes: bool) -> Self:
        """Tell the ways to a note about something; who writes notes may build one, and make an agenda item of a set."""
        asked = [part for part in (_asked(subject), day_query(at).removeprefix("?")) if part]
        query = f"?{'&'.join(asked)}" if asked else ""
        name, key = _address(subject)
        heading = _ABOUT[subject.kind]
        return cls(
            heading=f"{heading} {subject.year}" if subject.year else heading,
            files=tuple((str(one.label), f"{reverse(f'{name}_{one}', args=[key])}{query}") for one in PaperForm),
            build_url=_build(subject, at) if writes else "",
            item_url=_item(subject, day_query(at)) if writes and subject.kind == NoteKind.SET else "",
        )


def _address(subject: Subject) -> tuple[str, int | str]:
    if subject.goal:
        return "goal_note", subject.goal.pk
    if subject.goal_set:
        return "comparison_note" if subject.other_set else "note", subject.goal_set.pk
    return "year_note", subject.committee.slug


def _asked(subject: Subject) -> str:
    """What the address is asked on top of itself."""
    if subject.other_set:
        return f"med={subject.other_set.pk}"
    return f"aar={subject.year}" if subject.year else ""


def _build(subject: Subject, at: AsOf) -> str:
    day = chosen_day(at)
    return new_note(subject) + (f"&dato={day}" if day else "")


def _item(subject: Subject, query: str) -> str:
    assert subject.goal_set  # noqa: S101  (of a set)
    return f"{reverse('note_item', args=[subject.goal_set.pk])}{query}"

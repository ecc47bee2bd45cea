"""Siden, hvorfra et dagsordenspunkt kopieres: the fields one by one, those of the note's words and those one writes."""

from dataclasses import dataclass
from typing import Self

from kit.dates import format_date
from kit.paper.blocks import Bullets, Paragraph, Section
from kit.paper.document import Paper
from pejlemaerker.documents.as_of import address, day_parts
from pejlemaerker.documents.notes.item import RECOMMENDATION
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, Audience, GoalSet

# What an agenda item is laid before; an internal one would not stay internal.
_EDITIONS = {
    Audience.COMMITTEE: ("udvalg", "Udvalget: også det, der ikke er offentliggjort"),
    Audience.PUBLIC: ("offentlig", "Alle: kun det, der er offentliggjort"),
}


@dataclass(frozen=True, slots=True)
class Edition:
    """En udgave one may choose."""

    name: str
    url: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class ItemDocument:
    """Et dagsordenspunkt, felt for felt."""

    goal_set: GoalSet
    paper: Paper
    day: str
    query: str  # the edition and the day, for the files
    editions: tuple[Edition, ...]

    @classmethod
    def of(cls, paper: Paper, subject: Subject, *, audience: Audience, allowed: tuple[Audience, ...], at: AsOf) -> Self:
        """Tell the fields of a paper that was made as an agenda item."""
        assert subject.goal_set  # noqa: S101  (of a set)
        shown = _query(audience, at)
        editions = [
            Edition(name, _query(one, at), one == audience) for one, (_, name) in _EDITIONS.items() if one in allowed
        ]
        return cls(subject.goal_set, paper, format_date(at.on), shown, tuple(editions))

    @property
    def recommendation(self) -> tuple[str, list[str]]:
        """The line it begins with, and the at-points."""
        blocks = next(one.blocks for one in self.paper.sections if one.key == RECOMMENDATION)
        opening = next((one.text for one in blocks if isinstance(one, Paragraph)), "")
        return opening, [item.text for one in blocks if isinstance(one, Bullets) for item in one.items]

    @property
    def empty(self) -> tuple[Section, ...]:
        """The fields of which a note knows nothing."""
        return tuple(one for one in self.paper.sections if not one.blocks)


def _query(audience: Audience, at: AsOf) -> str:
    return address({"udgave": _EDITIONS[audience][0]} | day_parts(at))

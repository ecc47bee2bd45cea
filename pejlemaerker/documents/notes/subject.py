"""Hvad et papir handler om, og hvem det er til: what is told, and with whose eyes it is read."""

from dataclasses import dataclass
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser

from meetings.models import Committee, Reader, Right, has_right
from pejlemaerker.models import Audience, Goal, GoalSet, NoteKind

# No edition tells of closed items: a paper is sent on, filed and copied.
_EYES = {
    Audience.INTERNAL: frozenset({Right.READ_GOALS, Right.READ_MEETINGS, Right.READ_NOTES}),
    Audience.COMMITTEE: frozenset({Right.READ_GOALS, Right.READ_MEETINGS}),
}
_NEEDS = {Audience.INTERNAL: Right.READ_NOTES, Audience.COMMITTEE: Right.READ_GOALS}


@dataclass(frozen=True, slots=True)
class Subject:
    """Et emne: a set, one pejlemærke, a committee's year, or two sets. Fetched through the viewer's rights."""

    kind: NoteKind
    committee: Committee
    goal_set: GoalSet | None = None
    goal: Goal | None = None
    other_set: GoalSet | None = None
    year: int | None = None

    @classmethod
    def of_set(cls, goal_set: GoalSet, kind: NoteKind = NoteKind.SET) -> Self:
        """A set, as a note or as an agenda item."""
        return cls(kind, goal_set.period.committee, goal_set)

    @classmethod
    def of_goal(cls, goal: Goal) -> Self:
        """One pejlemærke."""
        return cls(NoteKind.GOAL, goal.goal_set.period.committee, goal.goal_set, goal)

    @classmethod
    def of_year(cls, committee: Committee, year: int) -> Self:
        """A committee's year."""
        return cls(NoteKind.YEAR, committee, year=year)

    @classmethod
    def of_two(cls, goal_set: GoalSet, other: GoalSet) -> Self:
        """Two sets, the older first."""
        return cls(NoteKind.COMPARISON, goal_set.period.committee, goal_set, other_set=other)

    @property
    def committees(self) -> tuple[Committee, ...]:
        """The committees whose material is told."""
        return (self.committee, *([self.other_set.period.committee] if self.other_set else []))

    @property
    def fields(self) -> dict[str, Any]:
        """What it is, as the columns of a draft or an issued note."""
        return {
            "kind": self.kind,
            "committee": self.committee,
            "goal_set": None if self.goal or self.year else self.goal_set,
            "goal": self.goal,
            "other_set": self.other_set,
            "year": self.year,
        }


def editions_for(user: Any, subject: Subject) -> tuple[Audience, ...]:
    """Return the editions a user may have, the fullest first; whoever sees the subject may have the public one."""
    inside = [one for one, right in _NEEDS.items() if all(has_right(user, right, c) for c in subject.committees)]
    return (*inside, Audience.PUBLIC)


def reader_of(audience: str, subject: Subject) -> Any:
    """Return the eyes with which an edition is read: the public edition is what an anonymous visitor gets."""
    if audience == Audience.PUBLIC:
        return AnonymousUser()
    return Reader(_EYES[Audience(audience)], subject.committees)

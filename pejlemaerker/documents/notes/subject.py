"""Hvad et papir handler om, og hvem det er til: what is told, and with whose eyes it is read."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser

from kit.clock import today
from meetings.models import Committee, Reader, Right, Visitor, has_right
from pejlemaerker.documents.kept_since import kept_since_in
from pejlemaerker.models import AsOf, Audience, Goal, GoalSet, NoteKind

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

    def day_of(self, at: AsOf) -> AsOf:
        """The day it is told of: a year that is over as it ended, by all that is known."""
        if self.year is None or self.year >= at.on.year:
            return at
        return AsOf(date(self.year, 12, 31), at.known)

    @property
    def kept_since(self) -> date:
        """Since when what it is about is kept here: of days before that, all counts that had happened."""
        if self.goal_set is None:
            return kept_since_in(self.committee)
        return max(one.kept_since for one in (self.goal_set, self.other_set) if one)

    @property
    def sets(self) -> tuple[GoalSet, ...]:
        """The sets it names; a year names none, and tells of those its readers may see."""
        return tuple(one for one in (self.goal_set, self.other_set) if one)

    @property
    def is_public(self) -> bool:
        """Whether everybody may see what it is about: only then is there a public edition to give out."""
        wanted = {one.pk for one in self.sets}
        return GoalSet.objects.visible_to(AnonymousUser()).filter(pk__in=wanted).count() == len(wanted)

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


def reader_of(audience: str, subject: Subject, at: AsOf | None = None) -> Any:
    """Return the eyes with which an edition is read: the public edition is what an anonymous visitor gets, as of an
    earlier day one who came that day.
    """
    if audience == Audience.PUBLIC:
        return Visitor(at.known) if at and subject.kept_since <= at.known < today() else AnonymousUser()
    return Reader(_EYES[Audience(audience)], subject.committees)

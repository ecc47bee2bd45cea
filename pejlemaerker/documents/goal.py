"""Et pejlemærke as of a day: its wording, why it holds, its latest status and its dated story."""

from dataclasses import dataclass
from typing import Any, Self

from kit.danish import count_word
from pejlemaerker.documents.as_of import AsOfNote
from pejlemaerker.documents.course import NO_COURSE, Course, courses
from pejlemaerker.documents.entry import Entry
from pejlemaerker.documents.standing import Standing, standings
from pejlemaerker.documents.story import story_of
from pejlemaerker.models import AsOf, Goal, GoalVersion


@dataclass(frozen=True, slots=True)
class GoalDocument:
    """Et pejlemærke, for one viewer on one day."""

    goal: Goal
    at: AsOf
    standing: Standing
    course: Course
    story: tuple[Entry, ...]
    wordings: int
    has_unknown_wording: bool

    @property
    def name(self) -> str:
        """Pejlemærke 2."""
        return self.standing.name

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.goal.kept_since)

    @property
    def wordings_text(self) -> str:
        """How many wordings there are, and whether one of them is lost."""
        if not self.wordings:
            return "Der er ingen ordlyd endnu."
        count = "Der er én ordlyd." if self.wordings == 1 else f"Der er {count_word(self.wordings)} ordlyde."
        lost = "Den kendes ikke." if self.wordings == 1 else "Den første kendes ikke."
        return f"{count} {lost}" if self.has_unknown_wording else count

    @classmethod
    def for_goal(cls, goal: Goal, *, viewer: Any, at: AsOf) -> Self:
        """Gather what the viewer may see of a pejlemærke that the viewer may see."""
        standing = standings([goal], viewer=viewer, at=at)[goal.pk]
        versions = list(GoalVersion.objects.written(at).filter(goal=goal))
        return cls(
            goal=goal,
            at=at,
            standing=standing,
            course=courses([goal.goal_set_id], viewer=viewer, at=at).get(goal.goal_set_id, NO_COURSE),
            story=story_of(goal, standing, versions, viewer=viewer, at=at),
            wordings=len(versions),
            has_unknown_wording=any(not one.is_known for one in versions),
        )

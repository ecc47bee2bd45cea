"""Et pejlemærke as of a day: its wording, why it holds, its latest status and its dated story."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from kit.danish import count_word
from kit.dates import format_date
from pejlemaerker.documents.course import NO_COURSE, Course, courses
from pejlemaerker.documents.entry import Entry
from pejlemaerker.documents.standing import Standing, standings
from pejlemaerker.documents.story import story_of
from pejlemaerker.models import Goal, GoalVersion


@dataclass(frozen=True, slots=True)
class GoalDocument:
    """Et pejlemærke, for one viewer on one day."""

    goal: Goal
    on: date
    standing: Standing
    course: Course
    story: tuple[Entry, ...]
    wordings: int
    has_unknown_wording: bool

    @property
    def name(self) -> str:
        """Pejlemærke 2."""
        return f"Pejlemærke {self.goal.number}"

    @property
    def as_of_title(self) -> str:
        """What the page says when it shows another day than today."""
        return f"Som det var {format_date(self.on)}"

    @property
    def wordings_text(self) -> str:
        """How many wordings there are, and whether one of them is lost."""
        if not self.wordings:
            return "Der er ingen ordlyd endnu."
        count = "Der er én ordlyd." if self.wordings == 1 else f"Der er {count_word(self.wordings)} ordlyde."
        lost = "Den kendes ikke." if self.wordings == 1 else "Den første kendes ikke."
        return f"{count} {lost}" if self.has_unknown_wording else count

    @classmethod
    def for_goal(cls, goal: Goal, *, viewer: Any, on: date) -> Self:
        """Gather what the viewer may see of a pejlemærke that the viewer may see."""
        standing = standings([goal], viewer=viewer, on=on)[goal.pk]
        versions = [one for one in GoalVersion.objects.filter(goal=goal) if not one.worded_on or one.worded_on <= on]
        return cls(
            goal=goal,
            on=on,
            standing=standing,
            course=courses([goal.goal_set_id], viewer=viewer, on=on).get(goal.goal_set_id, NO_COURSE),
            story=story_of(goal, standing, versions, viewer=viewer, on=on),
            wordings=len(versions),
            has_unknown_wording=any(not one.is_known for one in versions),
        )

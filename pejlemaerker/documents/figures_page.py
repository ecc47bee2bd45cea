"""The page of a pejlemærke's mål and nøgletal."""

from dataclasses import dataclass
from typing import Any, Self

from pejlemaerker.documents.as_of import AsOfNote, day_query
from pejlemaerker.documents.figures import Figures, figures_of
from pejlemaerker.documents.places import set_of
from pejlemaerker.documents.set_history import set_as_known
from pejlemaerker.documents.standing import Standing, standings
from pejlemaerker.models import AsOf, Goal, GoalSet


@dataclass(frozen=True, slots=True)
class FiguresDocument:
    """Mål og nøgletal for et pejlemærke, for one viewer on one day."""

    goal: Goal
    goal_set: GoalSet
    at: AsOf
    standing: Standing
    figures: Figures

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.goal.kept_since)

    @property
    def eyebrow(self) -> str:
        """Pejlemærke 2, Dagtilbud 2022–2025."""
        return f"{self.standing.name}, {self.goal_set}"

    @property
    def day_query(self) -> str:
        """What keeps a link on the day the page shows."""
        return day_query(self.at)

    @classmethod
    def for_goal(cls, goal: Goal, *, viewer: Any, at: AsOf) -> Self:
        """Gather what the viewer may see of a pejlemærke that the viewer may see."""
        standing = standings([goal], viewer=viewer, at=at)[goal.pk]
        return cls(
            goal=goal,
            goal_set=set_as_known(set_of(goal, standing.place, viewer=viewer), at),
            at=at,
            standing=standing,
            figures=figures_of([goal], viewer=viewer, at=at)[goal.pk],
        )

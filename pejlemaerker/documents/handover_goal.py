"""Overleveringen af ét pejlemærke: what one must have before one's eyes to say what becomes of it."""

from dataclasses import dataclass
from typing import Any, Self

from pejlemaerker.documents.brief_story import brief_stories
from pejlemaerker.documents.entry import Entry
from pejlemaerker.documents.learning import Learned, learned_of_goals
from pejlemaerker.documents.standing import Standing, standings, standings_in
from pejlemaerker.models import AsOf, EvaluationRound, Goal, StatusEntry


@dataclass(frozen=True, slots=True)
class GoalHandoverDocument:
    """Et pejlemærke, der skal overleveres: its wording, its latest status, its story in short, and the others of its
    set.
    """

    goal: Goal
    standing: Standing
    standings: list[Standing]
    story: tuple[Entry, ...]
    final: StatusEntry | None
    learned: tuple[Learned, ...]  # written down already

    @classmethod
    def for_goal(cls, goal: Goal, *, viewer: Any) -> Self:
        """Gather what the viewer may see of a pejlemærke that the viewer may see."""
        at = AsOf.now()
        of_set = standings_in([goal.goal_set_id], viewer=viewer, at=at).get(goal.goal_set_id, [])
        own = next((one for one in of_set if one.goal.pk == goal.pk), None)
        final = StatusEntry.objects.visible_to(viewer).filter(
            goal=goal, round__goal_set=goal.goal_set, round__kind=EvaluationRound.Kind.FINAL
        )
        return cls(
            goal=goal,
            standing=own or standings([goal], viewer=viewer, at=at)[goal.pk],
            standings=of_set,
            story=brief_stories([goal], viewer=viewer, at=at).get(goal.pk, ()),
            final=final.select_related("round").last(),
            learned=learned_of_goals([goal], at=at, viewer=viewer).get(goal.pk, ()),
        )

    @property
    def position(self) -> str:
        """2 af 4: which of those that are to be handed over."""
        alive = [one.goal.pk for one in self.standings if one.ending is None]
        return f"{alive.index(self.goal.pk) + 1} af {len(alive)}" if self.goal.pk in alive else ""

    @property
    def following(self) -> Standing | None:
        """The next one to write."""
        alive = [one for one in self.standings if one.ending is None]
        keys = [one.goal.pk for one in alive]
        place = keys.index(self.goal.pk) + 1 if self.goal.pk in keys else len(keys)
        return alive[place] if place < len(alive) else None

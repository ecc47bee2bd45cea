"""Et pejlemærke as of a day: its wording, why it holds, its latest status and its dated story."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q, prefetch_related_objects
from django.urls import reverse

from kit.clock import today
from kit.danish import count_word
from pejlemaerker.documents.as_of import AsOfNote, chosen_day, day_query
from pejlemaerker.documents.backing import Backing
from pejlemaerker.documents.care import Care, Lack
from pejlemaerker.documents.course import NO_COURSE, Course, courses
from pejlemaerker.documents.entry import Entry
from pejlemaerker.documents.figures import Figures, figures_of
from pejlemaerker.documents.held import HeldInSets
from pejlemaerker.documents.known_dialogues import about_goals
from pejlemaerker.documents.learning import Learned, learned_of_goals
from pejlemaerker.documents.lineage import Line, lineage_of
from pejlemaerker.documents.places import set_of
from pejlemaerker.documents.requests import requests_of
from pejlemaerker.documents.set_closing import ClosedSet
from pejlemaerker.documents.set_history import goal_as_known, set_as_known
from pejlemaerker.documents.sharing import shared_with
from pejlemaerker.documents.standing import Standing, standings
from pejlemaerker.documents.story import story_of
from pejlemaerker.models import AsOf, Goal, GoalSet


@dataclass(frozen=True, slots=True)
class GoalDocument:
    """Et pejlemærke, for one viewer on one day."""

    goal: Goal
    goal_set: GoalSet  # where it stood that day
    at: AsOf
    standing: Standing
    course: Course
    story: tuple[Entry, ...]
    wordings: int
    has_unknown_wording: bool
    lineage: tuple[Line, ...]
    shared_with: str
    backings: tuple[Backing, ...]
    lacks: tuple[Lack, ...]
    learnings: tuple[Learned, ...]
    figures: Figures
    status_by: str  # who handed the status in, for those who work with it

    @property
    def name(self) -> str:
        """Pejlemærke 2."""
        return self.standing.name

    @property
    def is_written(self) -> bool:
        """Whether it had been written that day; what is there today is."""
        return bool(self.wordings) or not self.day_query

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.goal.kept_since)

    @property
    def day_query(self) -> str:
        """What keeps a link on the day the page shows."""
        return day_query(self.at)

    @property
    def chosen_day(self) -> str:
        """The day the page shows, when it is not today."""
        return chosen_day(self.at)

    @property
    def wording_url(self) -> str:
        """The lasting address of the wording in force."""
        version = self.standing.in_force
        return reverse("wording", args=[self.goal.pk, version.number]) if version else ""

    @property
    def wordings_text(self) -> str:
        """How many wordings there are, and whether one of them is lost."""
        if not self.wordings:
            return "Der er ingen ordlyd endnu."
        count = "Der er én ordlyd." if self.wordings == 1 else f"Der er {count_word(self.wordings)} ordlyde."
        lost = "Den kendes ikke." if self.wordings == 1 else "Den første kendes ikke."
        return f"{count} {lost}" if self.has_unknown_wording else count

    @property
    def assessed_text(self) -> str:
        """Whose judgement the assessment is: people set it, with the status as their reason."""
        status = self.standing.status
        if status is None:
            return ""
        by = f" Afgivet af {self.status_by}." if self.status_by else ""
        if not status.entry.assessment:
            return f"Ingen har sat en vurdering; teksten er status.{by}"
        return f"Vurderingen »{status.label}« er sat af mennesker ved evalueringen. Teksten er begrundelsen.{by}"

    @classmethod
    def for_goal(cls, goal: Goal, *, viewer: Any, at: AsOf) -> Self:
        """Gather what the viewer may see of a pejlemærke that the viewer may see."""
        goal = goal_as_known(goal, at)
        standing = standings([goal], viewer=viewer, at=at)[goal.pk]
        goal_set = set_as_known(set_of(goal, standing.place, viewer=viewer), at)
        prefetch_related_objects([goal_set], "partners__former_names")
        closed = ClosedSet.of(goal_set, viewer, at)
        care = Care.by(viewer, goal_set=goal_set, at=at, is_closed=bool(closed and closed.has_taken_effect))
        lineage = lineage_of(goal, viewer=viewer, at=at)
        requests = requests_of(viewer=viewer, at=at, goal=goal)
        about = Q(about_goals(pk=goal.pk))
        held = HeldInSets.in_sets([goal_set.pk], viewer=viewer, at=at, about=about, with_leaders=True)
        dialogues = held.dialogues_about({goal.pk}, at=at, kept_since=goal.kept_since)
        return cls(
            goal=goal,
            goal_set=goal_set,
            at=at,
            standing=standing,
            course=courses([goal_set.pk], viewer=viewer, at=at, held=held).get(goal_set.pk, NO_COURSE),
            story=story_of(
                goal, standing, viewer=viewer, at=at, requests=requests, lineage=lineage, dialogues=dialogues
            ),
            wordings=len(standing.versions),
            has_unknown_wording=any(not one.is_known for one in standing.versions),
            lineage=lineage,
            shared_with=shared_with(goal_set, at),
            backings=Backing.of(standing, viewer=viewer, at=at),
            lacks=care.of_goal(standing, requests[::-1]) if standing.versions or at.on == today() else (),
            learnings=learned_of_goals([goal], at=at, viewer=viewer).get(goal.pk, ()),
            figures=figures_of([goal], viewer=viewer, at=at)[goal.pk],
            status_by=_handed_in_by(standing) if care.is_insider else "",
        )


def _handed_in_by(standing: Standing) -> str:
    by = standing.status.entry.handed_in_by if standing.status else None
    return str(by) if by else ""

"""En evaluering: what was handed in about each pejlemærke, and about which wording."""

from dataclasses import dataclass
from typing import Any, Self

from pejlemaerker.documents.standing import ASSESSMENT_KINDS
from pejlemaerker.models import Adoption, AsOf, Assessment, EvaluationRound, Goal, GoalVersion, StatusEntry


@dataclass(frozen=True, slots=True)
class EvaluatedGoal:
    """Et pejlemærke in an evaluation: the wording it was about, and the last entry, if there is one."""

    goal: Goal
    wording: str
    entry: StatusEntry | None

    @property
    def url(self) -> str:
        """Its page."""
        return self.goal.get_absolute_url()

    @property
    def text(self) -> str:
        """The status in words."""
        return self.entry.text if self.entry else ""

    @property
    def label(self) -> str:
        """The assessment in words."""
        return Assessment(self.entry.assessment).label if self.entry else "Ikke skrevet endnu"

    @property
    def kind(self) -> str:
        """How the assessment is tagged."""
        return ASSESSMENT_KINDS[Assessment(self.entry.assessment)] if self.entry else "plain"


@dataclass(frozen=True, slots=True)
class EvaluationDocument:
    """En evaluering, as handed in."""

    evaluation: EvaluationRound
    goals: tuple[EvaluatedGoal, ...]

    @property
    def title(self) -> str:
        """Midtvejsevaluering, 14. november 2023."""
        return str(self.evaluation)

    @classmethod
    def for_evaluation(cls, evaluation: EvaluationRound, *, viewer: Any) -> Self:
        """Gather the entries of an evaluation about the pejlemærker that the viewer may see."""
        in_force = wordings_on(evaluation.goal_set_id, AsOf.hindsight(evaluation.held_on))
        entries = {
            entry.goal_id: entry
            for entry in StatusEntry.objects.filter(round=evaluation).select_related("version").order_by("pk")
        }
        goals = Goal.objects.visible_to(viewer).filter(goal_set=evaluation.goal_set_id).order_by("number")
        return cls(evaluation, tuple(_evaluated(goal, in_force.get(goal.pk), entries.get(goal.pk)) for goal in goals))


def _evaluated(goal: Goal, in_force: GoalVersion | None, entry: StatusEntry | None) -> EvaluatedGoal:
    version = entry.version if entry else in_force
    return EvaluatedGoal(goal, version.text if version else "", entry)


def wordings_on(goal_set: int, at: AsOf) -> dict[int, GoalVersion]:
    """The wording in force of each pejlemærke in a set on a day."""
    adoptions = Adoption.objects.in_force(at).filter(version__goal__goal_set=goal_set).select_related("version")
    return {adoption.version.goal_id: adoption.version for adoption in adoptions}

"""En evaluering: what was handed in about each pejlemærke, and about which wording."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

from pejlemaerker.documents.review import ReviewState
from pejlemaerker.documents.spread import Spread, spreads_by_goal
from pejlemaerker.documents.standing import ASSESSMENT_KINDS
from pejlemaerker.models import Adoption, AsOf, Assessment, EvaluationRound, Goal, GoalVersion, Quotation, StatusEntry


@dataclass(frozen=True, slots=True)
class EvaluatedGoal:
    """Et pejlemærke in an evaluation: the wording it was about, the last entry, if there is one, and what the leaders
    said.
    """

    goal: Goal
    wording: str
    entry: StatusEntry | None
    quotations: tuple[Quotation, ...]
    spreads: tuple[Spread, ...]

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
    review: ReviewState
    goals: tuple[EvaluatedGoal, ...]
    whole: tuple[Spread, ...]

    @property
    def title(self) -> str:
        """Midtvejsevaluering, 14. november 2023."""
        return str(self.evaluation)

    @classmethod
    def for_evaluation(cls, evaluation: EvaluationRound, *, viewer: Any, reads_answers: bool = False) -> Self:
        """Gather the entries of an evaluation about the pejlemærker that the viewer may see. Quotations and the spread
        of answers are there for all when the text is done, before that only for who reads the answers.
        """
        review = ReviewState.of(evaluation, viewer=viewer)
        in_force = wordings_on(evaluation.goal_set_id, AsOf.hindsight(evaluation.held_on))
        entries = {
            entry.goal_id: entry
            for entry in StatusEntry.objects.filter(round=evaluation).select_related("version").order_by("pk")
        }
        tells_all = reads_answers or review.stands
        quotations = _quotations(evaluation) if tells_all else {}
        spreads = spreads_by_goal(evaluation, is_open=reads_answers) if tells_all else {}
        goals = Goal.objects.visible_to(viewer).filter(goal_set=evaluation.goal_set_id).order_by("number")
        return cls(
            evaluation,
            review,
            tuple(
                _evaluated(
                    goal, in_force.get(goal.pk), entries.get(goal.pk),
                    tuple(quotations.get(goal.pk, ())),
                    spreads.get(goal.pk, ()) if goal.pk in in_force else (),  # else nobody was asked
                )
                for goal in goals
            ),
            spreads.get(None, ()),
        )  # fmt: skip


def _quotations(evaluation: EvaluationRound) -> dict[int, list[Quotation]]:
    found: dict[int, list[Quotation]] = defaultdict(list)
    for one in Quotation.objects.filter(evaluation=evaluation):
        found[one.goal_id].append(one)
    return found


def _evaluated(
    goal: Goal,
    in_force: GoalVersion | None,
    entry: StatusEntry | None,
    quotations: tuple[Quotation, ...],
    spreads: tuple[Spread, ...],
) -> EvaluatedGoal:
    version = entry.version if entry else in_force
    return EvaluatedGoal(goal, version.text if version else "", entry, quotations, spreads)


def wordings_on(goal_set: int, at: AsOf) -> dict[int, GoalVersion]:
    """The wording in force of each pejlemærke in a set on a day."""
    adoptions = Adoption.objects.in_force(at).filter(version__goal__goal_set=goal_set).select_related("version")
    return {adoption.version.goal_id: adoption.version for adoption in adoptions}

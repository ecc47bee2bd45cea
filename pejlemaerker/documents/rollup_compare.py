"""Denne evaluering og den forrige side om side: texts, quotations and how the answers were spread."""

from dataclasses import dataclass
from typing import Any, Self

from pejlemaerker.documents.evaluation import wordings_on
from pejlemaerker.documents.review import CommonText, ReadGoal, ReviewState
from pejlemaerker.documents.rollup import previous_of
from pejlemaerker.documents.spread import Spread, spreads_by_goal
from pejlemaerker.documents.standing import ASSESSMENT_KINDS
from pejlemaerker.models import AsOf, Assessment, EvaluationRound, Goal, Quotation, StatusEntry


@dataclass(frozen=True, slots=True)
class ToldGoal:
    """Hvad én evaluering siger om ét pejlemærke."""

    text: str
    assessment: str
    is_draft: bool
    quotations: tuple[Quotation, ...]
    spreads: tuple[Spread, ...]

    @property
    def label(self) -> str:
        """The assessment in words; nothing where nobody wrote."""
        return str(Assessment(self.assessment).label) if self.text else ""

    @property
    def kind(self) -> str:
        """How it is tagged."""
        return ASSESSMENT_KINDS[Assessment(self.assessment)]


@dataclass(frozen=True, slots=True)
class ToldRound:
    """Den ene side: one evaluation, as far as the viewer may read it."""

    evaluation: EvaluationRound
    review: ReviewState
    goals: dict[int, ToldGoal]
    whole: tuple[Spread, ...]

    @classmethod
    def of(cls, evaluation: EvaluationRound, *, viewer: Any, reads_answers: bool) -> Self:
        """Gather it. Quotations and spreads are read by others when the text is done; drafts never."""
        review = ReviewState.of(evaluation, viewer=viewer)
        text = CommonText.of(evaluation)
        tells_all = reads_answers or review.stands
        spreads = spreads_by_goal(evaluation, is_open=reads_answers, prefix=f"{evaluation.pk}-") if tells_all else {}
        goals = {
            read.goal.pk: _told(read, spreads.get(read.goal.pk, ()), drafts=reads_answers, quotes=tells_all)
            for read in text.goals
        }
        return cls(evaluation, review, goals, spreads.get(None, ()))


def _told(read: ReadGoal, spreads: tuple[Spread, ...], *, drafts: bool, quotes: bool) -> ToldGoal:
    source: ReadGoal | StatusEntry | None = read if drafts else read.entry
    return ToldGoal(
        text=source.text if source else "",
        assessment=source.assessment if source else "",
        is_draft=drafts and bool(read.text) and not read.is_handed_in,
        quotations=read.quotations if quotes else (),
        spreads=spreads,
    )


@dataclass(frozen=True, slots=True)
class GoalPair:
    """Et pejlemærke, then and now."""

    goal: Goal
    wording: str
    earlier: ToldGoal | None
    now: ToldGoal | None


@dataclass(frozen=True, slots=True)
class ComparedRounds:
    """De to evalueringer."""

    now: ToldRound
    earlier: ToldRound | None
    goals: tuple[GoalPair, ...]

    @classmethod
    def of(cls, evaluation: EvaluationRound, *, viewer: Any, reads_answers: bool) -> Self:
        """Lay an evaluation beside the one before it."""
        previous = previous_of(evaluation, viewer=viewer)
        now = ToldRound.of(evaluation, viewer=viewer, reads_answers=reads_answers)
        earlier = ToldRound.of(previous, viewer=viewer, reads_answers=reads_answers) if previous else None
        wordings = wordings_on(evaluation.goal_set_id, AsOf.hindsight(evaluation.held_on))
        goals = Goal.objects.visible_to(viewer).filter(goal_set=evaluation.goal_set_id, number__isnull=False)
        return cls(
            now,
            earlier,
            tuple(
                GoalPair(
                    goal,
                    wordings[goal.pk].text if goal.pk in wordings else "",
                    earlier.goals.get(goal.pk) if earlier else None,
                    now.goals.get(goal.pk),
                )
                for goal in goals.order_by("number")
            ),
        )

    @property
    def evaluation(self) -> EvaluationRound:
        """The newer one."""
        return self.now.evaluation

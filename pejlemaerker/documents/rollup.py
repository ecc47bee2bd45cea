"""Samlingen: forty answers on the one side, one text on the other."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Count
from django.urls import reverse

from kit.danish import count_word, sort_key
from meetings.models import LeaderGroup
from pejlemaerker.documents.evaluation import wordings_on
from pejlemaerker.documents.leader_answers import AnsweredQuestion, Asking, answered_questions, counting_answers
from pejlemaerker.documents.review import CommonText, ReadGoal, ReviewState
from pejlemaerker.documents.spread import Tally, tally
from pejlemaerker.documents.standing import Status, about
from pejlemaerker.models import Answer, AsOf, EvaluationRound, Goal, Quotation, StatusEntry, SurveyQuestion


@dataclass(frozen=True, slots=True)
class GoalLine:
    """Et pejlemærke in the overview: its wording, how many told of it, and how far the text is."""

    read: ReadGoal
    wording: str
    answered: int
    url: str

    @property
    def number(self) -> int | None:
        """Its number in the set."""
        return self.read.goal.number

    @property
    def told(self) -> str:
        """12 har svaret · 3 citater."""
        quotes = len(self.read.quotations)
        if not self.wording and not self.answered:
            return "Uden ordlyd i kraft den dag: ingen er spurgt"
        parts = [f"{self.answered} har svaret"] if self.answered else []
        parts += [f"{quotes} {'citat' if quotes == 1 else 'citater'}"] if quotes else []
        return " · ".join(parts)

    @property
    def state_kind(self) -> str:
        """How the state of the text is tagged."""
        return "success" if self.read.is_handed_in else "plain"


@dataclass(frozen=True, slots=True)
class RollupDocument:
    """Overblikket: where the text stands, pejlemærke by pejlemærke."""

    evaluation: EvaluationRound
    review: ReviewState
    text: CommonText
    goals: tuple[GoalLine, ...]
    whole: tuple[AnsweredQuestion, ...]
    counted: Tally | None
    previous: EvaluationRound | None

    @classmethod
    def for_evaluation(cls, evaluation: EvaluationRound, *, viewer: Any, asking: Asking) -> Self:
        """Gather it, in a constant number of queries."""
        text, counted = CommonText.of(evaluation), tally(evaluation)
        wordings = wordings_on(evaluation.goal_set_id, AsOf.hindsight(evaluation.held_on))
        answered = _answered_by_goal(evaluation, viewer) if counted else {}
        goals = tuple(
            GoalLine(
                read,
                wordings[read.goal.pk].text if read.goal.pk in wordings else "",
                answered.get(read.goal.pk, 0),
                goal_url(evaluation, read.goal),
            )
            for read in text.goals
            if read.goal.number is not None
        )
        answers = counting_answers(evaluation, None, viewer=viewer) if counted else []
        whole = answered_questions(answers, counted, None, asking=asking) if counted else ()
        previous = previous_of(evaluation, viewer=viewer)
        return cls(evaluation, ReviewState.of(evaluation, viewer=viewer), text, goals, whole, counted, previous)

    @property
    def answered_text(self) -> str:
        """12 af 15 adspurgte har svaret."""
        return _answered_text(self.counted)

    @property
    def written_text(self) -> str:
        """Der er skrevet om to af fire pejlemærker."""
        count = len(self._to_write)
        of = f"{count_word(count)} pejlemærke{'' if count == 1 else 'r'}"
        return f"Der er skrevet om {count_word(self.text.written)} af {of}."

    @property
    def unwritten(self) -> GoalLine | None:
        """The first pejlemærke that nothing is written about yet: what to do next."""
        return next((line for line in self._to_write if not line.read.text.strip()), None)

    @property
    def _to_write(self) -> list[GoalLine]:
        """Those there is a wording to write about, and those something is written about anyhow."""
        return [line for line in self.goals if line.wording or line.read.text.strip()]


def _answered_text(counted: Tally | None) -> str:
    return f"{counted.handed_in} af {counted.asked} adspurgte har svaret." if counted else ""


def goal_url(evaluation: EvaluationRound, goal: Goal) -> str:
    """Where one pejlemærke of an evaluation is rolled up."""
    return reverse("rollup_goal", args=[evaluation.pk, goal.number])


def next_step(evaluation: EvaluationRound, goal: Goal) -> str:
    """Where one goes on writing: the pejlemærke after this one, and after the last the overview."""
    after = _neighbours(evaluation, goal)[1]
    return goal_url(evaluation, after) if after else reverse("rollup", args=[evaluation.pk])


def _answered_by_goal(evaluation: EvaluationRound, viewer: Any) -> dict[int, int]:
    """How many leaders told something of each pejlemærke."""
    answers = Answer.objects.counting().visible_to(viewer).exclude(text="")
    answers = answers.filter(sheet__invitee__survey=evaluation.survey_id, goal__goal_set=evaluation.goal_set_id)
    counts = answers.order_by().values("goal").annotate(leaders=Count("sheet__invitee", distinct=True))
    return {row["goal"]: row["leaders"] for row in counts}


def previous_of(evaluation: EvaluationRound, *, viewer: Any) -> EvaluationRound | None:
    """The evaluation of the set before this one, of those the viewer may see."""
    rounds = EvaluationRound.objects.visible_to(viewer).filter(
        goal_set=evaluation.goal_set_id, held_on__lte=evaluation.held_on
    )
    earlier = rounds.exclude(pk=evaluation.pk).exclude(held_on=evaluation.held_on, pk__gt=evaluation.pk)
    return earlier.order_by("-held_on", "-pk").first()


@dataclass(frozen=True, slots=True)
class RollupGoal:
    """Ét pejlemærke: the answers, and what stands beside the text."""

    evaluation: EvaluationRound
    goal: Goal
    wording: str
    review: ReviewState
    questions: tuple[AnsweredQuestion, ...]
    whole: tuple[AnsweredQuestion, ...]
    counted: Tally | None
    asking: Asking
    leader_groups: tuple[LeaderGroup, ...]
    before: Status | None
    neighbours: tuple[Goal | None, Goal | None]

    @classmethod
    def for_goal(cls, evaluation: EvaluationRound, goal: Goal, *, viewer: Any, asking: Asking) -> Self:
        """Gather it, in a constant number of queries however many answered."""
        counted = tally(evaluation)
        answers = counting_answers(evaluation, goal, viewer=viewer) if counted else []
        quotations = list(Quotation.objects.filter(evaluation=evaluation, goal=goal))
        version = wordings_on(evaluation.goal_set_id, AsOf.hindsight(evaluation.held_on)).get(goal.pk)
        entry = _entry_before(evaluation, goal, viewer)
        return cls(
            evaluation=evaluation,
            goal=goal,
            wording=version.text if version else "",
            review=ReviewState.of(evaluation, viewer=viewer),
            questions=_asked(answers, counted, goal, quotations, asking) if version else (),
            whole=_asked(answers, counted, None, quotations, asking),
            counted=counted,
            asking=asking,
            leader_groups=_leader_groups(answers),
            before=about(entry, version) if entry else None,
            neighbours=_neighbours(evaluation, goal),
        )

    @property
    def answered_text(self) -> str:
        """12 af 15 adspurgte har svaret."""
        return _answered_text(self.counted)

    @property
    def all_questions(self) -> list[SurveyQuestion]:
        """What one can narrow to."""
        return list(self.counted.questions) if self.counted else []

    @property
    def is_narrowed(self) -> bool:
        """Whether not all answers are shown."""
        return bool(self.asking.question or self.asking.leader_group)

    @property
    def address(self) -> str:
        """The page itself."""
        return goal_url(self.evaluation, self.goal)

    @property
    def number_text(self) -> str:
        """Its number, to stand in a sentence."""
        return str(self.goal.number)

    @property
    def sum_url(self) -> str:
        """Where figures are added up: the number of the question comes after it."""
        return f"{self.address}?sum="

    @property
    def earlier_url(self) -> str:
        """The pejlemærke before this one."""
        return goal_url(self.evaluation, self.neighbours[0]) if self.neighbours[0] else ""

    @property
    def later_url(self) -> str:
        """The pejlemærke after it."""
        return goal_url(self.evaluation, self.neighbours[1]) if self.neighbours[1] else ""


def _asked(
    answers: list[Answer], counted: Tally | None, goal: Goal | None, quotations: list[Quotation], asking: Asking
) -> tuple[AnsweredQuestion, ...]:
    return answered_questions(answers, counted, goal, quotations=quotations, asking=asking) if counted else ()


def _leader_groups(answers: list[Answer]) -> tuple[LeaderGroup, ...]:
    """The lederkredse that answered, where there is more than one to choose between."""
    pks = {one.sheet.invitee.leader_group_id for one in answers}
    groups = LeaderGroup.objects.filter(pk__in=[pk for pk in pks if pk])
    found = sorted(groups, key=lambda one: sort_key(one.name))
    return tuple(found) if len(found) > 1 else ()


def _entry_before(evaluation: EvaluationRound, goal: Goal, viewer: Any) -> StatusEntry | None:
    """What was handed in about the pejlemærke last time."""
    entries = StatusEntry.objects.visible_to(viewer).filter(goal=goal, round__held_on__lte=evaluation.held_on)
    before = entries.exclude(round=evaluation).select_related("round", "version")
    return before.order_by("-round__held_on", "-pk").first()


def _neighbours(evaluation: EvaluationRound, goal: Goal) -> tuple[Goal | None, Goal | None]:
    row = [one for one in evaluation.goal_set.goals.order_by("number") if one.number is not None]
    here = row.index(goal)
    return (row[here - 1] if here else None, row[here + 1] if here + 1 < len(row) else None)

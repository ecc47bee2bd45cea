"""Ledernes svar, as the administration reads them when the common text is written: by question, each with its unit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from kit.danish import sort_key
from kit.dates import format_date
from pejlemaerker.documents.numbers import with_unit
from pejlemaerker.documents.sentences import sentences_of
from pejlemaerker.documents.spread import Spread, Tally
from pejlemaerker.models import Answer, Assessment, EvaluationRound, Goal, Quotation, SurveyQuestion

_KIND = SurveyQuestion.Kind


class Asking(NamedTuple):
    """What one wants to see: one question, one lederkreds, and which figures to add up."""

    question: int = 0
    leader_group: int = 0
    added_up: int = 0


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    """Et svar, with its source."""

    answer: Answer
    told: str
    quoted: tuple[str, ...]

    @property
    def pk(self) -> int:
        """Its number."""
        return self.answer.pk

    @property
    def source(self) -> str:
        """The unit, else the leader."""
        return self.answer.sheet.invitee.source

    @property
    def by(self) -> str:
        """Who answered, and how: "Lone Leder · fortalt mundtligt 3. maj 2025"."""
        sheet = self.answer.sheet
        if sheet.reported_orally_on:
            return f"{sheet.answered_by} · fortalt mundtligt {format_date(sheet.reported_orally_on)}"
        return sheet.answered_by

    @property
    def sentences(self) -> tuple[str, ...]:
        """What one can quote."""
        return sentences_of(self.answer.text)

    @property
    def is_quoted(self) -> bool:
        """Whether something of it was chosen."""
        return bool(self.quoted)


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """Et spørgsmål with all that was answered."""

    question: SurveyQuestion
    answers: tuple[ToldAnswer, ...]
    spread: Spread | None
    is_added_up: bool

    @property
    def is_text(self) -> bool:
        """Whether it was answered in words of one's own, that can be quoted."""
        return self.question.kind == _KIND.TEXT

    @property
    def is_number(self) -> bool:
        """Whether it was answered by a figure."""
        return self.question.kind == _KIND.NUMBER

    @property
    def sum_text(self) -> str:
        """The figures added up. There is no average: what it would be one of, nobody asked."""
        numbers = [one.answer.number for one in self.answers if one.answer.number is not None]
        return with_unit(sum(numbers, Decimal()), self.question.unit)


def counting_answers(evaluation: EvaluationRound, goal: Goal | None, *, viewer: Any) -> list[Answer]:
    """The answers that count, about one pejlemærke and those asked once, by unit in Danish order; one query."""
    answers = (
        Answer.objects.counting()
        .visible_to(viewer)
        .filter(Q(goal=goal) | Q(goal=None), sheet__invitee__survey=evaluation.survey_id)
        .select_related("sheet__invitee")
    )
    return sorted(answers, key=lambda one: (*sort_key(one.sheet.invitee.source), one.pk))


def answered_questions(
    answers: Iterable[Answer],
    counted: Tally,
    goal: Goal | None,
    *,
    quotations: Sequence[Quotation] = (),
    asking: Asking = Asking(),  # noqa: B008  (a named tuple never changes)
) -> tuple[AnsweredQuestion, ...]:
    """Group answers by what was asked: about one pejlemærke, or (None) about the work as a whole."""
    quoted: dict[int, list[str]] = defaultdict(list)
    for one in quotations:
        quoted[one.answer_id].append(one.text)
    given: dict[int, list[ToldAnswer]] = defaultdict(list)
    questions = {question.pk: question for question in counted.questions}
    for answer in answers:
        is_asked_for = asking.leader_group in (0, answer.sheet.invitee.leader_group_id)
        if answer.goal_id == (goal.pk if goal else None) and is_asked_for and answer.text.strip():
            told = _told(questions[answer.question_id], answer)
            given[answer.question_id].append(ToldAnswer(answer, told, tuple(quoted[answer.pk])))
    return tuple(
        AnsweredQuestion(
            question=question,
            answers=tuple(given[question.pk]),
            spread=_spread(counted, question, goal) if not asking.leader_group else None,
            is_added_up=asking.added_up == question.pk,
        )
        for question in counted.questions
        if question.is_per_goal == (goal is not None) and asking.question in (0, question.pk)
    )


def _spread(counted: Tally, question: SurveyQuestion, goal: Goal | None) -> Spread | None:
    if question.kind not in (_KIND.ASSESSMENT, _KIND.CHOICE) or not counted.handed_in:
        return None
    return counted.spread(question, goal.pk if goal else None, is_open=True)


def _told(question: SurveyQuestion, answer: Answer) -> str:
    if question.kind == _KIND.ASSESSMENT:
        return dict(Assessment.choices).get(answer.text, answer.text)
    if question.kind == _KIND.NUMBER and answer.number is not None:
        return with_unit(answer.number, question.unit)
    return answer.text

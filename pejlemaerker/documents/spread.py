"""Fordelingen af svar: how many leaders chose what, as a drawing and a table. Counts only; there is never an average,
for a judgement in words has none.

Who may not read the single answers sees no count under five, and nothing it could be worked out from (documents/
figures.py has the same rule for figures that count people).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from kit.danish import join_words
from pejlemaerker.documents.figures import FEWER, SMALL
from pejlemaerker.models import Answer, AnswerSheet, Assessment, EvaluationRound, Invitee, SurveyQuestion

NOT_ANSWERED = "Har ikke svaret"
_KINDS = (SurveyQuestion.Kind.ASSESSMENT, SurveyQuestion.Kind.CHOICE)
_ROW, _WIDTH, _LONGEST = 46, 360, 300


@dataclass(frozen=True, slots=True)
class Bar:
    """En søjle: what was answered, by how many, and where it is drawn."""

    label: str
    count: int | None  # None where the viewer may not know it
    is_answer: bool  # the others are drawn hollow
    y: int
    length: int

    @property
    def text(self) -> str:
        """The count, or that it is small."""
        return FEWER if self.count is None else str(self.count)

    @property
    def text_y(self) -> int:
        """Where its name is written."""
        return self.y + 16

    @property
    def bar_y(self) -> int:
        """Where the bar begins."""
        return self.y + 23

    @property
    def number_x(self) -> int:
        """Where its number is written."""
        return self.length + 8

    @property
    def number_y(self) -> int:
        """On the bar's middle."""
        return self.y + 36


@dataclass(frozen=True, slots=True)
class Spread:
    """Fordelingen af svarene på ét spørgsmål."""

    key: str
    question: str
    bars: tuple[Bar, ...]
    is_withheld: bool = False  # so few that the public is told nothing

    @property
    def is_drawn(self) -> bool:
        """Whether there is something to draw: everything may be shown."""
        return bool(self.bars) and all(bar.count is not None for bar in self.bars)

    @property
    def width(self) -> int:
        """Of the drawing."""
        return _WIDTH

    @property
    def height(self) -> int:
        """Of the drawing."""
        return _ROW * len(self.bars)

    @property
    def description(self) -> str:
        """I god gang: 3, På vej: 5 og Har ikke svaret: 2."""
        return f"{join_words([f'{bar.label}: {bar.text}' for bar in self.bars])}."


class Tally(NamedTuple):
    """What was counted: what each question and pejlemærke (None: the work as a whole) was answered, and by how many."""

    questions: Sequence[SurveyQuestion]
    chosen: dict[tuple[int, int | None], Counter[str]]
    handed_in: int
    asked: int

    def spread(self, question: SurveyQuestion, goal: int | None, *, is_open: bool, prefix: str = "") -> Spread:
        """Tell one question's answers; `is_open` to who may read them one by one."""
        counts = self.chosen.get((question.pk, goal), Counter())
        rows = [(label, counts.get(value, 0), bool(value)) for value, label in _values(question)]
        known = {value for value, _ in _values(question)}
        rows += [(value, count, True) for value, count in counts.items() if value not in known]
        blank = next(index for index, row in enumerate(rows) if not row[2])
        rows[blank] = (rows[blank][0], self.handed_in - sum(row[1] for row in rows if row[2]), False)
        rows.append((NOT_ANSWERED, self.asked - self.handed_in, False))
        key = f"fordeling-{prefix}{question.pk}-{goal or 'i-alt'}"
        return _spread(key, question.text, rows) if is_open else _public_spread(key, question.text, rows)


def _values(question: SurveyQuestion) -> list[tuple[str, str]]:
    """What can be answered; last, and with no value, that nothing was."""
    if question.kind == SurveyQuestion.Kind.ASSESSMENT:
        values = [(str(value), str(label)) for value, label in Assessment.choices if value]
        return [*values, ("", "Ikke vurderet")]
    lines = dict.fromkeys(line.strip() for line in question.choices.splitlines() if line.strip())
    return [*((line, line) for line in lines), ("", "Sprang spørgsmålet over")]


def _spread(key: str, question: str, rows: Iterable[tuple[str, int | None, bool]]) -> Spread:
    rows = list(rows)
    most = max((count or 0 for _, count, _ in rows), default=0) or 1
    bars = (
        Bar(label, count, is_answer, _ROW * index, round(_LONGEST * (count or 0) / most))
        for index, (label, count, is_answer) in enumerate(rows)
    )
    return Spread(key, question, tuple(bars))


def _public_spread(key: str, question: str, rows: Sequence[tuple[str, int, bool]]) -> Spread:
    """What outsiders see. Where a count is too small, those who did not answer are left out too: how many were asked
    is no secret, and the small one could be worked out. If all that is hidden is still few, nothing is told; how many
    did not answer (the last row) hides nobody, for another question of the round may tell it.
    """
    if all(count >= SMALL for _, count, _ in rows):
        return _spread(key, question, rows)
    hidden = sum(count for _, count, is_answer in rows[:-1] if count < SMALL or not is_answer)
    if hidden < SMALL or all(count < SMALL for _, count, is_answer in rows if is_answer):
        return Spread(key, question, (), is_withheld=True)
    return _spread(
        key, question, [(label, count if count >= SMALL else None, True) for label, count, answer in rows if answer]
    )


def tally(evaluation: EvaluationRound) -> Tally | None:
    """Count the answers about an evaluation's set, in three queries however many there are; None where nobody was
    asked by a round.
    """
    if evaluation.survey_id is None:
        return None
    questions = list(SurveyQuestion.objects.filter(survey=evaluation.survey_id))
    invitees = asked_in(evaluation.survey_id)
    handed_in = {pk for pk, has_answered in invitees.items() if has_answered}
    answers = Answer.objects.counting().filter(
        Q(goal__goal_set=evaluation.goal_set_id) | Q(goal=None),
        sheet__invitee__in=handed_in, question__survey=evaluation.survey_id, question__kind__in=_KINDS,
    ).exclude(text="")  # fmt: skip
    chosen: dict[tuple[int, int | None], Counter[str]] = defaultdict(Counter)
    for question, goal, text in answers.values_list("question_id", "goal_id", "text"):
        chosen[question, goal][text] += 1
    return Tally(questions, chosen, len(handed_in), len(invitees))


def asked_in(survey: int) -> dict[int, bool]:
    """Who was asked in a round, and whether they have handed in. Who is no longer asked counts only by an answer."""
    has_sheet = Exists(AnswerSheet.objects.filter(invitee=OuterRef("pk")))
    rows = Invitee.objects.filter(survey=survey).annotate(has_sheet=has_sheet)
    return {
        pk: has_answered
        for pk, withdrawn, has_answered in rows.values_list("pk", "withdrawn_at", "has_sheet")
        if has_answered or withdrawn is None
    }


def spreads_by_goal(
    evaluation: EvaluationRound, *, is_open: bool, prefix: str = ""
) -> dict[int | None, tuple[Spread, ...]]:
    """The spreads of an evaluation's questions, by pejlemærke; under None those asked once."""
    counted = tally(evaluation)
    if counted is None or not counted.handed_in:
        return {}
    found: dict[int | None, list[Spread]] = defaultdict(list)
    goals = [goal.pk for goal in evaluation.goal_set.goals.all()]
    for question in counted.questions:
        if question.kind in _KINDS:
            for goal in goals if question.is_per_goal else [None]:
                found[goal].append(counted.spread(question, goal, is_open=is_open, prefix=prefix))
    return {goal: tuple(own) for goal, own in found.items()}

"""En besvarelse, as it was handed in: on the receipt, on paper, and where the consultant reads it."""

from dataclasses import dataclass
from typing import Self

from django.utils import timezone

from kit.dates import format_date, format_datetime
from pejlemaerker.documents.answering import told
from pejlemaerker.models import Answer, AnswerSheet, GoalVersion, Invitee, Survey


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    """Et spørgsmål with its answer, in words."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class AnsweredGoal:
    """Et pejlemærke with the wording that was answered about, and the answers."""

    name: str
    number: int | None
    wording: str
    answers: tuple[ToldAnswer, ...]


@dataclass(frozen=True, slots=True)
class AnswerSheetDocument:
    """En besvarelse."""

    sheet: AnswerSheet
    invitee: Invitee
    survey: Survey
    goals: tuple[AnsweredGoal, ...]
    once: tuple[ToldAnswer, ...]

    @classmethod
    def for_sheet(cls, sheet: AnswerSheet) -> Self:
        """Gather what was handed in, in the order it was asked."""
        rows = list(
            sheet.answers.select_related("question", "goal__goal_set__area", "goal__goal_set__period", "version")
        )
        rows.sort(key=lambda answer: (answer.question.position, answer.question_id))
        invitee = Invitee.objects.select_related(
            "survey__committee__municipality", "survey__meeting", "survey__dialogue"
        ).get(pk=sheet.invitee_id)
        return cls(
            sheet=sheet,
            invitee=invitee,
            survey=invitee.survey,
            goals=_goals(rows),
            once=tuple(_told(answer) for answer in rows if answer.goal_id is None),
        )

    @property
    def title(self) -> str:
        """Besvarelse: Børnehus 1."""
        return f"Besvarelse fra {self.invitee.source}"

    @property
    def round_name(self) -> str:
        """Midtvejsevaluering, 14. november 2023."""
        return f"{self.survey.get_kind_display()}, {format_date(self.survey.held_on)}"

    @property
    def municipality_name(self) -> str:
        """Whose paper it is."""
        return self.survey.committee.municipality.name

    @property
    def committee_name(self) -> str:
        """Who asked."""
        return self.survey.committee.name

    @property
    def handed_in_text(self) -> str:
        """Afgivet 22. november 2026 kl. 14.32 af Leder 1."""
        when = format_datetime(timezone.localtime(self.sheet.handed_in_at))
        if self.sheet.reported_orally_on:
            told_on = format_date(self.sheet.reported_orally_on)
            return f"Fortalt mundtligt {told_on} af {self.sheet.answered_by}. Skrevet ned {when}."
        return f"Afgivet {when} af {self.sheet.answered_by}."

    @property
    def has_unsent(self) -> bool:
        """Whether something was written after the handing in that has not been handed in itself."""
        handed_in = {(answer.question_id, answer.goal_id): answer.text for answer in self.sheet.answers.all()}
        drafts = self.invitee.drafts.values_list("question_id", "goal_id", "text")
        return any(handed_in.get((question, goal), "") != text for question, goal, text in drafts)


def _goals(rows: list[Answer]) -> tuple[AnsweredGoal, ...]:
    by_goal: dict[int, list[Answer]] = {}
    for answer in rows:
        if answer.goal_id is not None:
            by_goal.setdefault(answer.goal_id, []).append(answer)
    several_sets = len({answer.goal.goal_set_id for answer in rows if answer.goal}) > 1
    ordered = sorted(by_goal.values(), key=lambda answers: _place(answers[0]))
    return tuple(_goal(answers, several_sets) for answers in ordered)


def _place(answer: Answer) -> tuple[int, int, int]:
    goal = answer.goal
    assert goal is not None  # noqa: S101  (asked of those about a pejlemærke only)
    return (goal.goal_set.area.position, goal.goal_set_id, goal.number or 0)


def _goal(answers: list[Answer], several_sets: bool) -> AnsweredGoal:
    goal, version = answers[0].goal, answers[0].version
    number = goal.number if goal else None
    name = f"Pejlemærke {number}" if number is not None else "Pejlemærke uden nummer"
    area = f", {goal.goal_set.area}" if goal and several_sets else ""
    return AnsweredGoal(f"{name}{area}", number, _wording(version), tuple(_told(answer) for answer in answers))


def _wording(version: GoalVersion | None) -> str:
    return version.text if version else ""


def _told(answer: Answer) -> ToldAnswer:
    return ToldAnswer(answer.question.text, told(answer.question, answer.text, answer.number))

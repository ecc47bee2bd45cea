"""Answers for tests, handed in row by row: what the leaders' own page makes stands in its own tests."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from meetings.models import User
from pejlemaerker.models import AnswerSheet, Goal, Invitee, Survey


def an_answer(
    invitee: Invitee, answers: Mapping[tuple[str, Goal | None], str], *, told_to: User | None = None
) -> AnswerSheet:
    """Hand in a leader's answers, by the kind of question (of QUESTIONS) and pejlemærke; `told_to` wrote down what was
    told orally.
    """
    sheet: AnswerSheet = AnswerSheet.objects.create(
        invitee=invitee, answered_by=invitee.name, recorded_by=told_to,
        reported_orally_on=date(2026, 5, 3) if told_to else None,
    )  # fmt: skip
    for (kind, goal), text in answers.items():
        question = invitee.survey.questions.filter(kind=kind, is_per_goal=goal is not None).earliest("position")
        number = Decimal(text) if kind == "number" else None
        sheet.answers.create(question=question, goal=goal, text=text, number=number)
    return sheet


def all_answer(survey: Survey, goal: Goal, *, leaders: int) -> None:
    """Let so many leaders answer all questions about a pejlemærke, the first of them with "under_way"."""
    for place, invitee in enumerate(survey.invitees.order_by("pk")[:leaders]):
        an_answer(
            invitee,
            {
                ("text", goal): f"Vi har talt med {place + 2} familier. Det virker.",
                ("assessment", goal): "under_way" if place == 0 else "good_progress",
                ("number", goal): str(place + 1),
                ("choice", None): "Ja",
                ("text", None): "Tak for et godt år.",
            },
        )

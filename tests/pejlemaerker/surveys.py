"""Evaluation rounds for tests, built row by row: what the pages and actions make stands in their own tests."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kit.clock import today
from meetings.models import OrgUnit, User
from pejlemaerker.models import EvaluationRound, GoalSet, Invitee, PersonalLink, Survey, SurveyQuestion

QUESTIONS: list[dict[str, Any]] = [
    {"text": "Hvad har I gjort?", "is_required": True},
    {"text": "Hvordan går det?", "kind": "assessment"},
    {"text": "Hvor mange børn er med?", "kind": "number", "unit": "børn"},
    {"text": "Er I med næste år?", "kind": "choice", "choices": "Ja\nNej\nVed ikke", "is_per_goal": False},
    {"text": "Hvad vil I ellers sige?", "is_per_goal": False},
]


def a_survey(goal_set: GoalSet, *, by: User, opened: bool = True, leaders: int = 2, **fields: Any) -> Survey:
    """A round about one set: five questions (QUESTIONS), and so many leaders asked, each with a unit of their own. An
    opened one has its evaluation; nobody has been written to.
    """
    values = {
        "kind": "midterm", "held_on": today(), "due_on": today() + timedelta(days=14),
        "subject": "Midtvejsevaluering", "invitation": "Kære leder. Vi beder dig svare på nogle spørgsmål.",
    } | fields  # fmt: skip
    survey = Survey.objects.create(committee=goal_set.period.committee, edited_by=by, **values)
    survey.goal_sets.add(goal_set)
    for position, question in enumerate(QUESTIONS, start=1):
        SurveyQuestion.objects.create(survey=survey, position=position, **question)
    for number in range(1, leaders + 1):
        an_invitee(survey, number)
    if opened:
        EvaluationRound.objects.create(goal_set=goal_set, kind=survey.kind, held_on=survey.held_on, survey=survey)
        survey.opened_at = timezone.now()
        survey.save(update_fields=["opened_at"])
    return survey


def an_invitee(survey: Survey, number: int, **fields: Any) -> Invitee:
    """One more leader who is asked: "Leder 3" of "Børnehus 3"."""
    unit, _ = OrgUnit.objects.get_or_create(
        municipality=survey.committee.municipality, name=f"Børnehus {number}", defaults={"kind": "institution"}
    )
    values = {"name": f"Leder {number}", "email": f"leder{number}@eksempel.dk", "unit": unit, "unit_name": unit.name}
    return Invitee.objects.create(survey=survey, **values | fields)


def a_token(invitee: Invitee) -> str:
    """The token of a new personal link, as its letter has it."""
    return PersonalLink.objects.make(invitee)

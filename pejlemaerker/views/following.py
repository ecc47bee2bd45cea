"""Following an evaluation round: how far it has come, reminding those missing, closing and reopening it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from kit.danish import join_words
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions import NotAllowed
from pejlemaerker.actions.following import close_survey, remind_missing, reopen_survey
from pejlemaerker.documents.following import FollowingDocument
from pejlemaerker.documents.respondents import Reminding, Respondent
from pejlemaerker.models import Survey
from pejlemaerker.permissions import can_read_answers, can_run_survey, survey_for


@permission_on(survey_for, can_read_answers)
@require_safe
def survey(request: HttpRequest, survey: Survey) -> HttpResponse:
    """/runder/4/: an evaluation round, calmly: who has answered, who has begun, who has not."""
    return _page(request, survey)


def _page(request: HttpRequest, survey: Survey, *, refusal: str = "") -> HttpResponse:
    context = {
        "document": FollowingDocument.for_survey(survey, only_missing=request.GET.get("vis") == "mangler"),
        "can_run": can_run_survey(request.user, survey),
        "refusal": refusal,
    }
    template = "pejlemaerker/following/survey.html"
    return render_page(request, template, context, status=422 if refusal else 200)


def _do(request: HttpRequest, survey: Survey, act: Callable[..., Any], told: Callable[[Any], str]) -> HttpResponse:
    """Do something to the round and tell what came of it, or why it is not done."""
    try:
        done = act(survey=survey, by=request.user)
    except NotAllowed as refused:
        return _page(request, survey, refusal=str(refused))
    messages.success(request, told(done))
    return see_other(survey.get_absolute_url())


@permission_on(survey_for, can_run_survey)
@require_POST
def remind(request: HttpRequest, survey: Survey) -> HttpResponse:
    """/runder/4/mind/: a reminder to those missing, once a day."""
    return _do(request, survey, remind_missing, _told_of_reminders)


def _told_of_reminders(reminding: Reminding) -> str:
    to, earlier = len(reminding.to), _names(reminding.reminded)
    sentences = []
    if to:
        sentences.append(f"En påmindelse er på vej til {_names(reminding.to) if to < 4 else f'{to} ledere'}.")
    if earlier:
        sentences.append(f"{earlier} er allerede mindet om det i dag.")
    if reminding.left_out:
        left_out = join_words([f"{one.invitee.name} ({one.why_not_reminded})" for one in reminding.left_out])
        sentences.append(f"Ingen påmindelse til {left_out}.")
    return " ".join(sentences) or "Alle har svaret. Der er ingen at minde om det."


def _names(respondents: list[Respondent]) -> str:
    return join_words([one.invitee.name for one in respondents])


@permission_on(survey_for, can_run_survey)
@require_POST
def close(request: HttpRequest, survey: Survey) -> HttpResponse:
    """/runder/4/luk/: nobody answers any more."""
    return _do(request, survey, close_survey, lambda _: "Runden er lukket.")


@permission_on(survey_for, can_run_survey)
@require_POST
def reopen(request: HttpRequest, survey: Survey) -> HttpResponse:
    """/runder/4/genaabn/: those who are missing can answer again."""
    return _do(request, survey, reopen_survey, lambda _: "Runden er åben igen.")

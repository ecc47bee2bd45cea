"""Evaluation rounds: those of a committee, and preparing one until it is opened."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.drafts import EditConflict
from kit.guards import permission, permission_on
from kit.htmx import render_page, see_other
from meetings.actions import NotAllowed
from meetings.models import Committee
from meetings.views.saving import saved
from pejlemaerker.actions.surveys import appearance, open_survey
from pejlemaerker.documents.surveys import MySurveys, OpeningDocument, SurveyListDocument, names_of_sets
from pejlemaerker.forms.answer import AnswerForms
from pejlemaerker.forms.survey import EditSurveyForm, ExtendForm, NewSurveyForm
from pejlemaerker.models import Invitee, Survey
from pejlemaerker.permissions import (
    can_read_some_surveys,
    can_read_surveys,
    can_run_survey,
    can_run_surveys,
    committee_for,
    survey_for,
)

_SHOWN_AS = "leder"


@permission_on(committee_for, can_read_surveys)
@require_safe
def surveys(request: HttpRequest, committee: Committee) -> HttpResponse:
    """Udvalgets evalueringsrunder."""
    context = {
        "document": SurveyListDocument.for_committee(committee, viewer=request.user),
        "can_run": can_run_surveys(request.user, committee),
    }
    return render_page(request, "pejlemaerker/surveys/list.html", context)


@permission(can_read_some_surveys)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The rounds under way that the one who is logged in follows; Min side loads them in place."""
    context = {"document": MySurveys.for_user(request.user)}
    return render_page(request, "pejlemaerker/surveys/mine.html", context, partial="runder")


@permission_on(committee_for, can_run_surveys)
@require_http_methods(["GET", "HEAD", "POST"])
def new_survey(request: HttpRequest, committee: Committee) -> HttpResponse:
    """Ny evalueringsrunde (`?saet=1&saet=2`). The button that proposes a deadline saves nothing."""
    typed = request.POST if "foreslaa" in request.POST else None
    data = None if typed else request.POST or None
    form = NewSurveyForm(data, committee=committee, user=request.user, sets=request.GET.getlist("saet"), typed=typed)
    if survey := saved(form):
        return see_other(reverse("survey_questions", args=[survey.pk]))
    context = {"form": form, "committee": committee, "survey": None, "conflict": None}
    return render_page(request, "pejlemaerker/surveys/form.html", context, status=422 if form.is_bound else 200)


@permission_on(survey_for, can_run_survey)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_survey(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Om runden: what it is about while it is prepared; once it is open, only more time."""
    if survey.opened_at:
        return _extend(request, survey)
    typed = request.POST if "foreslaa" in request.POST else None
    form = EditSurveyForm(None if typed else request.POST or None, survey=survey, user=request.user, typed=typed)
    context: dict[str, Any] = {"form": form, "committee": survey.committee, "survey": survey, "conflict": None}
    try:
        if saved(form):
            messages.success(request, "Runden er gemt.")
            return see_other(reverse("survey_questions", args=[survey.pk]))
    except EditConflict as clash:
        context["conflict"] = form.conflict_with(clash)
    status = 409 if context["conflict"] else 422 if form.is_bound else 200
    return render_page(request, "pejlemaerker/surveys/form.html", context, status=status)


def _extend(request: HttpRequest, survey: Survey) -> HttpResponse:
    form = ExtendForm(request.POST or None, survey=survey, user=request.user)
    context: dict[str, Any] = {"form": form, "survey": survey, "sets": names_of_sets(survey), "conflict": None}
    try:
        if saved(form):
            messages.success(request, "Svarfristen er gemt, og ledernes links gælder tilsvarende.")
            return see_other(survey.get_absolute_url())
    except EditConflict as clash:
        context["conflict"] = form.conflict_with(clash)
    status = 409 if context["conflict"] else 422 if form.is_bound else 200
    return render_page(request, "pejlemaerker/surveys/extend.html", context, status=status)


@permission_on(survey_for, can_run_survey)
@require_safe
def preview(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Se og åbn: the check list and the letter; with `?som=leder` the page exactly as a leader gets it."""
    if request.GET.get("som") == _SHOWN_AS:
        forms = AnswerForms(invitee=_one_who_is_asked(survey))
        context = {"forms": forms, "document": forms.document, "is_autosave": False, "survey": survey}
        return render_page(request, "pejlemaerker/surveys/as_leader.html", context)
    if survey.opened_at:
        return redirect(survey.get_absolute_url())
    return _look_over(request, survey)


def _one_who_is_asked(survey: Survey) -> Invitee:
    """Somebody to show the page for: the first who is asked, but never saved, so that nothing can be written."""
    first = survey.invitees.order_by("pk").first()
    if first is None:
        return Invitee(survey=survey, name="Lederens navn", unit_name="Enhedens navn")
    return Invitee(survey=survey, name=first.name, unit=first.unit, unit_name=first.unit_name, email=first.email)


def _look_over(request: HttpRequest, survey: Survey, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = {
        "document": OpeningDocument.for_survey(survey, viewer=request.user),
        "survey": survey,
        "seen": appearance(survey),
        "refused": refused,
    }
    return render_page(request, "pejlemaerker/surveys/look_over.html", context, status=status)


@permission_on(survey_for, can_run_survey)
@require_POST
def open_round(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Åbn runden: everybody is written to. Pressed twice it is opened once."""
    was_open = survey.opened_at is not None
    try:
        opened = open_survey(survey=survey, seen=request.POST.get("set", ""), by=request.user)
    except NotAllowed as refused:
        return _look_over(request, survey_for(request.user, survey_id=survey.pk), refused=str(refused), status=422)
    except EditConflict as clash:
        who = getattr(clash.current, "edited_by", None) or "En anden"
        told = f"{who} har ændret runden imens. Intet er sendt. Se den igennem igen."
        return _look_over(request, survey_for(request.user, survey_id=survey.pk), refused=told, status=409)
    if not was_open:
        messages.success(request, "Runden er åbnet, og indbydelserne er på vej.")
    return see_other(opened.get_absolute_url())

"""The questions of an evaluation round, and the house's own that each new round begins with."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.models import Municipality
from meetings.permissions import can_keep_leaders, municipality_for
from meetings.views.saving import saved
from pejlemaerker.forms.survey_questions import QuestionsForm, SurveyQuestionsForm, TemplateForm
from pejlemaerker.models import Survey
from pejlemaerker.permissions import can_run_survey, survey_for

_OF_ROUND = "pejlemaerker/surveys/questions.html"
_OF_HOUSE = "pejlemaerker/surveys/template.html"


@permission_on(survey_for, can_run_survey)
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Spørgsmål: what this round asks."""
    if survey.opened_at:
        return redirect(survey.get_absolute_url())

    def form_of(data: Any = None, **options: Any) -> QuestionsForm:
        return SurveyQuestionsForm(data, survey=survey, user=request.user, **options)

    context = {"survey": survey, "committee": survey.committee}
    return _write(request, form_of, context, reverse("survey_invitees", args=[survey.pk]), _OF_ROUND)


@permission_on(municipality_for, can_keep_leaders)
@require_http_methods(["GET", "HEAD", "POST"])
def question_template(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/spoergsmaal/: what leaders are usually asked."""

    def form_of(data: Any = None, **options: Any) -> QuestionsForm:
        return TemplateForm(data, municipality=municipality, user=request.user, **options)

    back = reverse("question_template", args=[municipality.slug])
    return _write(request, form_of, {"municipality": municipality}, back, _OF_HOUSE)


def _write(
    request: HttpRequest, form_of: Callable[..., Any], context: dict[str, Any], onward: str, page: str
) -> HttpResponse:
    """Show the questions, or save them. The buttons that put them in order, add a row or fetch the house's save
    nothing.
    """
    shown = context | {"conflict": None}
    if "skabelon" in request.POST:
        return render_page(request, page, shown | {"form": form_of(from_house=True), "is_fetched": True})
    if "laes" in request.POST or "tilfoej" in request.POST:
        form = form_of(typed=request.POST, more=1 if "tilfoej" in request.POST else 0)
        return render_page(request, page, shown | {"form": form, "is_fetched": False})
    form = form_of(request.POST or None)
    shown |= {"form": form, "is_fetched": False}
    try:
        if saved(form):
            messages.success(request, "Spørgsmålene er gemt.")
            return see_other(onward)
    except EditConflict as clash:
        return render_page(request, page, shown | {"conflict": form.conflict_with(clash)}, status=409)
    return render_page(request, page, shown, status=422 if form.is_bound else 200)

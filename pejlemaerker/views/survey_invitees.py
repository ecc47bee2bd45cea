"""Who is asked in an evaluation round, until it is opened."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit.danish import join_words
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.permissions import can_keep_leaders
from meetings.views.saving import saved
from pejlemaerker.documents.surveys import invitee_lines
from pejlemaerker.forms.survey_invitees import Added, AskByHandForm, AskGroupsForm, AskLeadersForm, RemoveForm
from pejlemaerker.models import Survey
from pejlemaerker.permissions import can_run_survey, survey_for

_FORMS: dict[str, type[Any]] = {
    "kredse": AskGroupsForm, "ledere": AskLeadersForm, "selv": AskByHandForm, "fjern": RemoveForm,
}  # fmt: skip


@permission_on(survey_for, can_run_survey)
@require_http_methods(["GET", "HEAD", "POST"])
def invitees(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Hvem der spørges: four small forms; the button that was pressed (`handling`) tells which was sent."""
    if survey.opened_at:
        return redirect(survey.get_absolute_url())
    sent = request.POST.get("handling", "")
    forms = {
        name: form(request.POST if name == sent else None, survey=survey, user=request.user)
        for name, form in _FORMS.items()
    }
    if sent in forms and (done := saved(forms[sent])) is not False:
        _tell(request, done)
        return see_other(reverse("survey_invitees", args=[survey.pk]))
    context = {
        "survey": survey, "committee": survey.committee, "lines": invitee_lines(survey), "forms": forms,
        "can_keep_leaders": can_keep_leaders(request.user, survey.committee.municipality),
        "is_wrong": any(form.errors for form in forms.values()),
    }  # fmt: skip
    return render_page(
        request, "pejlemaerker/surveys/invitees.html", context, status=422 if request.method == "POST" else 200
    )


def _tell(request: HttpRequest, done: Any) -> None:
    """What came of it: who was added, and who was asked already."""
    if not isinstance(done, Added):
        messages.success(request, "1 spørges ikke længere." if done == 1 else f"{done} spørges ikke længere.")
        return
    if done.added:
        count = len(done.added)
        messages.success(request, f"{done.added[0]} er tilføjet." if count == 1 else f"{count} er tilføjet.")
    if done.twice:
        names = join_words([one.label for one in done.twice])
        messages.info(request, f"Stod der i forvejen og spørges kun én gang: {names}.")

"""Mål and nøgletal: reading them, and writing them one at a time or out of a spreadsheet."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kit.clock import moment
from kit.danish import count_word
from kit.drafts import EditConflict
from kit.guards import permission_on, public
from kit.htmx import render_page, see_other
from meetings.actions import NotAllowed
from meetings.views.saving import refuse, saved
from pejlemaerker.documents.figures_page import FiguresDocument
from pejlemaerker.forms.figures import EditIndicatorForm, MeasurementForm, NewIndicatorForm
from pejlemaerker.forms.measurements_import import MeasurementsImportForm
from pejlemaerker.forms.targets import TargetForm
from pejlemaerker.models import Goal, Indicator, IndicatorDefinition, Target
from pejlemaerker.permissions import (
    can_edit_goal,
    can_edit_indicator,
    can_edit_target,
    goal_for,
    indicator_for,
    target_for,
)
from pejlemaerker.views.as_of import as_of_asked_for, is_today

_WRITING = ["GET", "HEAD", "POST"]


@public
@require_safe
def figures(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Mål og nøgletal for et pejlemærke on a day (`?dato=`)."""
    goal = goal_for(request.user, goal_id=goal_id)
    at = as_of_asked_for(request)
    context = {
        "document": FiguresDocument.for_goal(goal, viewer=request.user, at=at),
        "is_today": is_today(at),
        "can_edit": is_today(at) and can_edit_goal(request.user, goal),
    }
    return render_page(request, "pejlemaerker/figures/figures.html", context)


@permission_on(goal_for, can_edit_goal)
@require_http_methods(_WRITING)
def new_target(request: HttpRequest, goal: Goal) -> HttpResponse:
    """Skriv et mål, som pejlemærket omsættes til."""
    form = TargetForm(request.POST or None, goal=goal, user=request.user)
    if saved(form):
        return _done(request, goal, "Målet er skrevet ind.")
    return _form(request, goal, form, "Skriv et mål", submit="Skriv målet ind")


@permission_on(target_for, can_edit_target)
@require_http_methods(_WRITING)
def edit_target(request: HttpRequest, target: Target) -> HttpResponse:
    """Erstat et mål med et andet, lad en beslutning godkende det, or take it away."""
    goal, newest = target.goal, _newest(target)
    form = TargetForm(request.POST or None, goal=goal, user=request.user, replaces=target)
    try:
        if saved(form):
            return _done(request, goal, "Målet er taget bort." if form.wants_to_withdraw else "Målet er ændret.")
    except EditConflict:
        now = f"Nu står der: »{newest.text}«" if newest.text else "Målet er taget bort."
        warning = {"title": "Målet er ændret imens", "text": f"Intet er gemt. {now}"}
        return _form(request, goal, form, "Ret målet", submit="Gem målet", status=409, warning=warning)
    return _form(request, goal, form, "Ret målet", submit="Gem målet", withdraw="Tag målet bort")


def _newest(target: Target) -> Target:
    """The last of those that have replaced it."""
    while newer := Target.objects.filter(replaces=target).first():
        target = newer
    return target


@permission_on(goal_for, can_edit_goal)
@require_http_methods(_WRITING)
def new_indicator(request: HttpRequest, goal: Goal) -> HttpResponse:
    """Følg et nyt nøgletal."""
    form = NewIndicatorForm(request.POST or None, goal=goal, user=request.user)
    if indicator := saved(form):
        messages.success(request, "Nøgletallet er oprettet. Skriv nu den første måling, eller indlæs flere.")
        return see_other(reverse("measurements_import", args=[indicator.pk]))
    return _form(request, goal, form, "Nyt nøgletal", submit="Opret nøgletallet")


@permission_on(indicator_for, can_edit_indicator)
@require_http_methods(_WRITING)
def edit_indicator(request: HttpRequest, indicator: Indicator) -> HttpResponse:
    """Ret et nøgletal; what it was called and measured in before still stands for the days before."""
    form = EditIndicatorForm(request.POST or None, indicator=indicator, user=request.user)
    try:
        if saved(form):
            return _done(request, indicator.goal, "Nøgletallet er ændret.")
    except EditConflict as conflict:
        newest = _definition(conflict.current)
        mine, theirs = form.write_over(newest)
        by = {"by": str(newest.recorded_by or "en anden"), "at": moment(newest.recorded_at)}
        both = {"mine": mine, "theirs": theirs, **by}
        return _form(
            request, indicator.goal, form, "Ret nøgletallet", submit="Gem nøgletallet", status=409, conflict=both
        )
    return _form(request, indicator.goal, form, "Ret nøgletallet", submit="Gem nøgletallet")


def _definition(row: Model) -> IndicatorDefinition:
    assert isinstance(row, IndicatorDefinition)  # noqa: S101  (what the action raises it with)
    return row


@permission_on(indicator_for, can_edit_indicator)
@require_http_methods(_WRITING)
def new_measurement(request: HttpRequest, indicator: Indicator) -> HttpResponse:
    """Skriv en måling ind; for a day that has one (`?dag=`) put it right or take it back."""
    form = MeasurementForm(request.POST or None, indicator=indicator, user=request.user, day=request.GET.get("dag", ""))
    withdraw = "Træk målingen tilbage" if form.withdrawable else ""
    try:
        if saved(form):
            done = "Målingen er trukket tilbage." if form.wants_to_withdraw else "Målingen er gemt."
            return _done(request, indicator.goal, done)
    except EditConflict as conflict:
        form.ask_about(conflict)
        asked = {
            "title": "Der står en værdi for den dag",
            "text": f"{form.question} Gem igen, hvis det er rigtigt.",
        }
        return _form(
            request, indicator.goal, form, _measuring(form), submit="Ret målingen",
            status=409, warning=asked, withdraw="Træk målingen tilbage",
        )  # fmt: skip
    return _form(request, indicator.goal, form, _measuring(form), submit="Gem målingen", withdraw=withdraw)


def _measuring(form: MeasurementForm) -> str:
    return f"Måling: {form.definition.name}"


@permission_on(indicator_for, can_edit_indicator)
@require_http_methods(_WRITING)
def import_measurements(request: HttpRequest, indicator: Indicator) -> HttpResponse:
    """Indlæs målinger fra et regneark: first what they change, then, all or none, the change."""
    form = MeasurementsImportForm(request.POST or None, request.FILES or None, indicator=indicator, user=request.user)
    status = 200
    if request.method == "POST":
        status = 200 if form.is_valid() else 422
        if status == 200 and form.is_confirmed:
            try:
                stored = len(form.save())
            except EditConflict:
                status = 409
            except NotAllowed as refused:
                refuse(form, refused)
                status = 422
            else:
                return _done(request, indicator.goal, _stored(stored))
        elif status == 200 and "confirm" in request.POST:
            status = 409
    context = {"form": form, "goal": indicator.goal, "name": form.definition.name, "was_changed": status == 409}
    return render_page(request, "pejlemaerker/figures/import.html", context, status=status)


def _stored(count: int) -> str:
    if not count:
        return "Alle målingerne stod der i forvejen. Intet er ændret."
    return "Én måling er gemt." if count == 1 else f"{count_word(count).capitalize()} målinger er gemt."


def _done(request: HttpRequest, goal: Goal, message: str) -> HttpResponse:
    messages.success(request, message)
    return see_other(reverse("figures", args=[goal.pk]))


def _form(request: HttpRequest, goal: Goal, form: Any, heading: str, **parts: Any) -> HttpResponse:
    status = parts.pop("status", 422 if form.is_bound else 200)
    context = {
        "goal": goal,
        "form": form,
        "heading": heading,
        "warning": None,
        "conflict": None,
        "withdraw": "",
        **parts,
    }
    return render_page(request, "pejlemaerker/figures/form.html", context, status=status)

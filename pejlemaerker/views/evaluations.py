"""Evaluations: opening one, writing it, reading it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kit.guards import permission_on, public
from kit.htmx import render_page, see_other
from pejlemaerker.documents.evaluation import EvaluationDocument
from pejlemaerker.documents.learnings import LearnedAt
from pejlemaerker.documents.publicity import Publicity
from pejlemaerker.documents.rollup import previous_of
from pejlemaerker.forms.evaluation import EvaluationForm, StatusForms
from pejlemaerker.models import EvaluationRound, GoalSet
from pejlemaerker.permissions import (
    can_follow_up,
    can_publish_evaluation,
    can_read_rollup,
    can_write_learning,
    can_write_status,
    evaluation_for,
    goal_set_for,
)


@permission_on(goal_set_for, can_follow_up)
@require_http_methods(["GET", "HEAD", "POST"])
def new_evaluation(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Ny evaluering af et sæt."""
    form = EvaluationForm(request.POST or None, goal_set=goal_set, user=request.user)
    if request.method == "POST" and form.is_valid():
        return see_other(reverse("evaluation_write", args=[form.save().pk]))
    context = {"goal_set": goal_set, "form": form}
    return render_page(request, "pejlemaerker/evaluation_new.html", context, status=422 if form.is_bound else 200)


@permission_on(evaluation_for, can_write_status)
@require_http_methods(["GET", "HEAD", "POST"])
def write_evaluation(request: HttpRequest, evaluation: EvaluationRound) -> HttpResponse:
    """Skriv evalueringen: all pejlemærker on one page; kept as drafts until they are handed in."""
    forms = StatusForms(evaluation=evaluation, user=request.user, data=request.POST or None)
    if request.method != "POST":
        return redirect("rollup", evaluation.pk) if forms.is_elsewhere else _writing(request, forms)
    if not forms.is_valid():
        return _writing(request, forms, status=422)
    if not forms.save_drafts():
        return _writing(request, forms, status=422 if forms.refusal else 409)
    if "hand_in" not in request.POST:
        return _saved(request, forms)
    if not forms.can_be_handed_in():
        return _writing(request, forms, status=422)
    if not forms.hand_in():
        return _writing(request, forms, status=409)
    messages.success(request, forms.handed_in_text)
    return see_other(evaluation.get_absolute_url())


def _writing(request: HttpRequest, forms: StatusForms, *, status: int = 200) -> HttpResponse:
    context = {"evaluation": forms.evaluation, "forms": forms, "is_autosave": _is_htmx(request)}
    return render_page(request, "pejlemaerker/evaluation_write.html", context, partial="gemt", status=status)


def _saved(request: HttpRequest, forms: StatusForms) -> HttpResponse:
    """Saved as you type: the fragment that says so; saved by the button: the page again."""
    if _is_htmx(request):
        return _writing(request, forms)
    messages.success(request, "Kladden er gemt. Den er ikke afgivet endnu.")
    return see_other(reverse("evaluation_write", args=[forms.evaluation.pk]))


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


@public
@require_safe
def evaluation(request: HttpRequest, round_id: int) -> HttpResponse:
    """En evaluering, as handed in."""
    found = evaluation_for(request.user, round_id=round_id)
    reads_answers = can_read_rollup(request.user, found)
    context = {
        "document": EvaluationDocument.for_evaluation(found, viewer=request.user, reads_answers=reads_answers),
        "reads_answers": reads_answers,
        "can_write": can_write_status(request.user, found),
        "learned": LearnedAt.in_evaluation(found, viewer=request.user),
        "can_learn": can_write_learning(request.user, found.goal_set),
        "can_publish": can_publish_evaluation(request.user, found),
        "publicity": Publicity.of("evaluation_round", found),
        "has_previous": previous_of(found, viewer=request.user) is not None,
    }
    return render_page(request, "pejlemaerker/evaluation.html", context)

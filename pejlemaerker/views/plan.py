"""A set's follow-up plan: reading it, amending it, and writing down what came of its steps."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kit.drafts import EditConflict
from kit.guards import permission_on, public
from kit.htmx import render_page, see_other
from meetings.views.saving import saved
from pejlemaerker.documents.plan import PlanDocument
from pejlemaerker.forms.plan import OutcomeForm, PlanForm
from pejlemaerker.models import FollowUpPlan, FollowUpStep, GoalSet
from pejlemaerker.permissions import can_edit_goals, can_note_outcome, goal_set_for, step_for
from pejlemaerker.views.as_of import as_of_asked_for, is_today


@public
@require_safe
def plan(request: HttpRequest, set_id: int) -> HttpResponse:
    """Opfølgningsplanen i sin helhed, or an earlier version of it (`?version=1`)."""
    found = goal_set_for(request.user, set_id=set_id)
    at = as_of_asked_for(request)
    document = PlanDocument.for_set(found, viewer=request.user, at=at, version=_version(request))
    if document is None:
        raise Http404
    may_write = is_today(at) and can_edit_goals(request.user, found)
    context = {"document": document, "is_today": is_today(at), "can_edit": may_write}
    return render_page(request, "pejlemaerker/plan.html", context)


def _version(request: HttpRequest) -> int | None:
    raw = request.GET.get("version", "")
    if not raw:
        return None
    if not (raw.isascii() and raw.isdecimal() and len(raw) < 5):
        raise Http404
    return int(raw)


@permission_on(goal_set_for, can_edit_goals)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_plan(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Ret planen: a new version of it. The buttons that add a row or read the times anew save nothing."""
    if "tilfoej" in request.POST or "laes" in request.POST:
        more = 1 if "tilfoej" in request.POST else 0
        form = PlanForm(goal_set=goal_set, user=request.user, typed=request.POST, more=more)
        return _page(request, goal_set, form, status=200)
    form = PlanForm(request.POST or None, goal_set=goal_set, user=request.user)
    try:
        amended = saved(form)
    except EditConflict as conflict:
        newest = conflict.current
        assert isinstance(newest, FollowUpPlan)  # noqa: S101  (what the action raises it with)
        return _page(request, goal_set, form, status=409, conflict=form.conflict_with(newest))
    if not amended:
        return _page(request, goal_set, form, status=422 if form.is_bound else 200)
    messages.success(request, _tell(amended))
    return see_other(reverse("plan", args=[goal_set.pk]))


def _tell(plan: FollowUpPlan) -> str:
    """What was saved, and which times could not be dated."""
    undated = [f"»{step.when_text}«" for step in plan.steps.all() if step.when_text and not step.earliest]
    undated = [words for words in undated if words not in ("»løbende«", "»årligt«")]
    told = "Planen er gemt." if plan.number == 1 else f"Planen er gemt som udgave {plan.number}."
    return f"{told} {', '.join(undated)} står med planens ord uden en dato." if undated else told


def _page(
    request: HttpRequest, goal_set: GoalSet, form: PlanForm, *, status: int, conflict: Any = None
) -> HttpResponse:
    context = {"goal_set": goal_set, "form": form, "conflict": conflict}
    return render_page(request, "pejlemaerker/plan_form.html", context, status=status)


@permission_on(step_for, can_note_outcome)
@require_http_methods(["GET", "HEAD", "POST"])
def step_outcome(request: HttpRequest, step: FollowUpStep) -> HttpResponse:
    """Skriv ind, hvad der kom ud af et trin."""
    form = OutcomeForm(request.POST or None, step=step, user=request.user)
    if saved(form):
        messages.success(request, f"Udfaldet af »{step}« er skrevet ind.")
        return see_other(reverse("plan", args=[step.plan.goal_set_id]))
    context = {"step": step, "goal_set": step.plan.goal_set, "form": form}
    return render_page(request, "pejlemaerker/step_outcome.html", context, status=422 if form.is_bound else 200)

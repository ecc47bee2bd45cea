"""Læring: what a set's work has taught, as it is learned."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kit.guards import permission_on, public
from kit.htmx import render_page, see_other
from meetings.views.saving import saved
from pejlemaerker.documents.learnings import LearningDocument
from pejlemaerker.forms.learning import LearningForm
from pejlemaerker.models import GoalSet, Learning
from pejlemaerker.permissions import can_write_learning, goal_set_for
from pejlemaerker.views.as_of import as_of_asked_for, is_today


@public
@require_safe
def learnings(request: HttpRequest, set_id: int) -> HttpResponse:
    """Læringen i et sæt, on a day (`?dato=`): of each pejlemærke and of the process, with where it was learned."""
    goal_set = goal_set_for(request.user, set_id=set_id)
    at = as_of_asked_for(request)
    context = {
        "document": LearningDocument.for_set(goal_set, viewer=request.user, at=at),
        "is_today": is_today(at),
        "can_write": is_today(at) and can_write_learning(request.user, goal_set),
    }
    return render_page(request, "pejlemaerker/learnings/list.html", context)


@permission_on(goal_set_for, can_write_learning)
@require_http_methods(["GET", "HEAD", "POST"])
def new_learning(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Ny læring (`?pejlemaerke=`, `?dialog=`, `?evaluering=` chosen beforehand)."""
    form = LearningForm(request.POST or None, goal_set=goal_set, user=request.user, asked=request.GET)
    if learning := saved(form):
        messages.success(request, "Læringen er skrevet ned.")
        return see_other(_whence(learning))
    context = {"form": form, "goal_set": goal_set}
    return render_page(request, "pejlemaerker/learnings/form.html", context, status=422 if form.is_bound else 200)


def _whence(learning: Learning) -> str:
    """Back to where it was learned, where that was one place; else to the set's learning."""
    place = learning.dialogue or learning.evaluation
    return place.get_absolute_url() if place else reverse("learnings", args=[learning.goal_set_id])

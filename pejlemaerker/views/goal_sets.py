"""A set's status page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from kit.htmx import render_page
from pejlemaerker.documents.goal_set import GoalSetDocument
from pejlemaerker.documents.publicity import Publicity
from pejlemaerker.permissions import (
    can_follow_up,
    can_publish_set,
    can_put_in_force,
    goal_set_for,
)
from pejlemaerker.views.as_of import as_of_asked_for, is_today


@public
@require_safe
def goal_set(request: HttpRequest, set_id: int) -> HttpResponse:
    """Et sæts statusside: each pejlemærke, where the set stands in its plan, and what comes next."""
    found = goal_set_for(request.user, set_id=set_id)
    at = as_of_asked_for(request)
    context = {
        "document": GoalSetDocument.for_set(found, viewer=request.user, at=at),
        "is_today": is_today(at),
        "can_follow_up": can_follow_up(request.user, found),
        "can_put_in_force": can_put_in_force(request.user, found),
        "can_publish": can_publish_set(request.user, found),
        "publicity": Publicity.of("goal_set", found),
    }
    return render_page(request, "pejlemaerker/goal_set.html", context)

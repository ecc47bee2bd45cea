"""A set's status page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from kit.htmx import render_page
from pejlemaerker.documents.deadlines import deadline_ahead
from pejlemaerker.documents.goal_set import GoalSetDocument
from pejlemaerker.documents.notes.entrances import Entrances
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.documents.publicity import Publicity
from pejlemaerker.permissions import (
    can_arrange_goals,
    can_edit_goals,
    can_follow_up,
    can_publish_set,
    can_put_in_force,
    can_see_who_is_heard,
    can_write_notes,
    can_write_request,
    goal_set_for,
)
from pejlemaerker.views.as_of import as_of_asked_for, is_today


@public
@require_safe
def goal_set(request: HttpRequest, set_id: int) -> HttpResponse:
    """Et sæts statusside: each pejlemærke, where the set stands in its plan, and what comes next."""
    found = goal_set_for(request.user, set_id=set_id)
    at = as_of_asked_for(request)
    document = GoalSetDocument.for_set(found, viewer=request.user, at=at)
    context = {
        "document": document,
        "deadline": deadline_ahead(document.goal_set, document.course, viewer=request.user, at=at),
        "is_today": is_today(at),
        "notes": Entrances.to(
            Subject.of_set(found), at=at, writes=can_write_notes(request.user, found.period.committee)
        ),
        "can_follow_up": can_follow_up(request.user, found),
        "can_put_in_force": can_put_in_force(request.user, found),
        "can_edit": is_today(at) and can_edit_goals(request.user, found),
        "can_arrange": is_today(at) and can_arrange_goals(request.user, found),
        "can_see_who_is_heard": can_see_who_is_heard(request.user, found),
        "can_publish": can_publish_set(request.user, found),
        "can_write_request": is_today(at) and can_write_request(request.user, found),
        "publicity": Publicity.of("goal_set", found) if request.user.is_authenticated else None,
    }
    return render_page(request, "pejlemaerker/goal_set.html", context)

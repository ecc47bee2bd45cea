"""Pejlemærker: the list, those one decision touched, and one of them as of a day."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from kit.htmx import render_page
from pejlemaerker.documents.agreements import agreements_about
from pejlemaerker.documents.goal import GoalDocument
from pejlemaerker.documents.goal_list import Chosen, GoalListDocument, TouchedGoalsDocument
from pejlemaerker.documents.notes.entrances import Entrances
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf
from pejlemaerker.permissions import (
    can_arrange_goal,
    can_edit_goal,
    can_put_in_force_by,
    can_write_notes,
    can_write_wording,
    goal_for,
    item_by_pk_for,
    reads_goals,
)
from pejlemaerker.views.as_of import as_of_asked_for, is_today


@public
@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    """Listen over pejlemærker on a day (`?dato=`), narrowed by committee, area, period and status; or (`?punkt=`) those
    an agenda item touched.
    """
    if item_id := request.GET.get("punkt"):
        return _touched_goals(request, item_id)
    asked = (request.GET.get(name, "").strip()[:200] for name in ("udvalg", "omraade", "periode", "status", "side"))
    at = as_of_asked_for(request)
    document = GoalListDocument.for_viewer(request.user, at=at, chosen=Chosen(*asked))
    return render_page(request, "pejlemaerker/goals.html", {"document": document, "is_today": is_today(at)})


def _touched_goals(request: HttpRequest, item_id: str) -> HttpResponse:
    item = item_by_pk_for(request.user, item_id=item_id)
    document = TouchedGoalsDocument.of_item(item, viewer=request.user, at=AsOf.now())
    decision = document.approving_decision
    context = {
        "document": document,
        "can_put_in_force": decision is not None and can_put_in_force_by(request.user, decision),
    }
    return render_page(request, "pejlemaerker/touched_goals.html", context, partial="beroerte-pejlemaerker")


@public
@require_safe
def goal(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Et pejlemærke: its wording on a day (`?dato=`), why it holds, and its story until then."""
    found = goal_for(request.user, goal_id=goal_id)
    at = as_of_asked_for(request)
    document = GoalDocument.for_goal(found, viewer=request.user, at=at)
    works_with = reads_goals(request.user, found.goal_set)
    context = {
        "document": document,
        "agreements": agreements_about(found, viewer=request.user, at=at) if works_with else (),
        "notes": Entrances.to(
            Subject.of_goal(found), at=at, writes=can_write_notes(request.user, found.goal_set.period.committee)
        ),
        "is_today": is_today(at),
        "can_write_wording": is_today(at) and can_write_wording(request.user, found),
        "can_edit_goal": is_today(at) and can_edit_goal(request.user, found),
        "can_arrange": is_today(at) and can_arrange_goal(request.user, found),
    }
    return render_page(request, "pejlemaerker/goal.html", context)

"""Comparing two periods, or one set on two days."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from kit.htmx import render_page
from pejlemaerker.documents.compare import CompareDocument, Side
from pejlemaerker.forms.compare import CompareForm
from pejlemaerker.permissions import goal_set_for


@public
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Sammenlign to perioder: `?foer=7&efter=12`, or one set on two days: `?foer=7@2022-12-01&efter=7@2025-12-01`."""
    before, after = (_side(request.user, request.GET.get(name, "")) for name in ("foer", "efter"))
    document = CompareDocument.of(before, after, viewer=request.user)
    form = CompareForm(sets=document.sets, before=before, after=after)
    return render_page(request, "pejlemaerker/compare.html", {"document": document, "form": form})


def _side(user: Any, asked: str) -> Side | None:
    """Read one side of the address; what is not there, or not for this viewer, has no page."""
    if not asked:
        return None
    number, _, day = asked.partition("@")
    if not number.isdecimal() or len(number) > 9:
        raise Http404
    try:
        return Side(goal_set_for(user, set_id=int(number)), date.fromisoformat(day) if day else None)
    except ValueError as error:
        raise Http404 from error

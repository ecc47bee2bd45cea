"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from kit.htmx import render_page
from pejlemaerker.documents.overview import OverviewDocument
from pejlemaerker.views.as_of import as_of_asked_for, is_today


@public
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Overblikket: each committee's pejlemærker on a day (`?dato=`), where they stand, and what comes next."""
    at = as_of_asked_for(request)
    document = OverviewDocument.for_viewer(request.user, at=at)
    return render_page(request, "pejlemaerker/overview.html", {"document": document, "is_today": is_today(at)})

"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from kit.htmx import render_page
from pejlemaerker.documents.overview import OverviewDocument
from pejlemaerker.views.as_of import as_of_asked_for


@public
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Overblikket: each committee's pejlemærker, where they stand, and what comes next."""
    document = OverviewDocument.for_viewer(request.user, at=as_of_asked_for(request))
    return render_page(request, "pejlemaerker/overview.html", {"document": document})

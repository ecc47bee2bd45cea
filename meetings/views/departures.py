"""Departures: /moeder/afvigelser/, where the committees decided something else than what was proposed."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from kit.htmx import render_page
from meetings.documents.departures import DeparturesDocument


@public
@require_safe
def departures(request: HttpRequest) -> HttpResponse:
    """The decisions that depart from their indstilling, as far as the viewer may read them."""
    document = DeparturesDocument.for_viewer(
        request.user,
        committee=request.GET.get("udvalg", ""),
        year=request.GET.get("aar", ""),
        page=request.GET.get("side", ""),
    )
    return render_page(request, "meetings/departures.html", {"document": document})

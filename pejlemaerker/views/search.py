"""Søg in all that the viewer may see."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from kit.htmx import render_page
from pejlemaerker.documents.search import SearchDocument
from pejlemaerker.forms.search import SearchForm


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """/soeg/: the hits of `?q=`, narrowed by `?udvalg=`, `?art=`, `?valgperiode=`, `?fra=` and `?til=`."""
    form = SearchForm(request.GET)
    document = SearchDocument.for_viewer(request.user, **form.asked())
    response = render_page(request, "pejlemaerker/search.html", {"document": document, "form": form}, partial="fund")
    if getattr(request, "htmx", False):
        response.headers["HX-Replace-Url"] = document.url
    return response

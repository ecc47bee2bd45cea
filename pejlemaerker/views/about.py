"""Short, honest pages about the site itself."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from kit.htmx import render_page


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Tilgængelighed (webtilgængelighedsloven)."""
    return render_page(request, "pejlemaerker/accessibility.html", {})


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Privatliv: what is kept about whom."""
    return render_page(request, "pejlemaerker/privacy.html", {})

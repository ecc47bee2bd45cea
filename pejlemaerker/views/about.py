"""Short, honest pages about the site itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from kit.htmx import render_page
from pejlemaerker.documents.export_tables import TABLES


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Tilgængelighed (webtilgængelighedsloven)."""
    return render_page(request, "pejlemaerker/accessibility.html", {})


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Privatliv: what is kept about whom."""
    return render_page(request, "pejlemaerker/privacy.html", {"login_data_days": settings.LOGIN_DATA_DAYS})


@public
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Om data: what the export holds, field by field, and what one may do with it."""
    context = {"tables": TABLES, "licence": settings.DATA_LICENCE, "licence_url": settings.DATA_LICENCE_URL}
    return render_page(request, "pejlemaerker/data.html", context)

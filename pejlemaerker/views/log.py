"""The log: /haendelser/, for those who may read it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kit.clock import today
from kit.guards import permission
from kit.htmx import render_page, see_other
from pejlemaerker.actions.log import check_log, note_export
from pejlemaerker.documents.log import COLUMNS, LogDocument, LogFilters, rows_for
from pejlemaerker.export_files import csv_of
from pejlemaerker.permissions import can_read_some_log


@permission(can_read_some_log)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Hændelser, newest first, narrowed by `?hvem=`, `?hvad=`, `?art=`, `?kommune=`, `?fra=` and `?til=`."""
    document = LogDocument.for_viewer(
        request.user, filters=LogFilters.of(request.GET), before=request.GET.get("foer", "")
    )
    return render_page(request, "pejlemaerker/log.html", {"document": document})


@permission(can_read_some_log)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Kontrollér loggen: hold every event against its seal."""
    found = check_log(by=request.user)
    if found.is_whole:
        messages.success(request, f"Loggen er hel: {found.events} hændelser passer til deres segl.")
    else:
        first = found.breaks[0].text
        messages.error(request, f"Loggen er brudt {len(found.breaks)} steder. Det første: {first}.")
    return see_other(reverse("log"))


@permission(can_read_some_log)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Hændelser som CSV, narrowed as the page is; that it was taken stands in the log."""
    filters = LogFilters.of(request.POST)
    note_export(by=request.user, asked=filters.as_query())
    table = csv_of(list(COLUMNS), list(rows_for(request.user, filters)))
    response = HttpResponse(table.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="haendelser-{today().isoformat()}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response

"""Everything the viewer may see, as data."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from pejlemaerker.documents.export import ExportDocument
from pejlemaerker.export_files import as_json, as_zip
from pejlemaerker.views.as_of import as_of_asked_for


@public
@require_safe
def export_json(request: HttpRequest) -> HttpResponse:
    """Alt som ét JSON-dokument (`?dato=`, `?udvalg=`)."""
    export = _export(request)
    return _file(as_json(export), "application/json", f"pejlemaerker-{export.at.on.isoformat()}.json")


@public
@require_safe
def export_csv(request: HttpRequest) -> HttpResponse:
    """Alt som CSV-tabeller i én ZIP-fil (`?dato=`, `?udvalg=`)."""
    export = _export(request)
    return _file(as_zip(export), "application/zip", f"pejlemaerker-{export.at.on.isoformat()}.zip")


def _export(request: HttpRequest) -> ExportDocument:
    at = as_of_asked_for(request)
    return ExportDocument.for_viewer(request.user, at=at, committee=request.GET.get("udvalg", "").strip()[:200])


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"  # what is in it depends on who asks
    response.headers["Vary"] = "Cookie"
    return response

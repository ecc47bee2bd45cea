"""Error pages in plain Danish; none of them tells what exists."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from kit.guards import public
from kit.htmx import render_page
from kit.paper.faults import PaperBusy, PaperError, PaperTooLarge
from pejlemaerker.actions import SetIsClosed
from pejlemaerker.views.as_of import NoSuchDay
from pejlemaerker.views.faults import Typed, is_clash, passing_fault


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; but a session that could not be kept because the database is away is no fault of who asks."""
    if fault := passing_fault(exception):
        return _ask_again(request, fault)
    return render_page(request, "400.html", {}, status=400)


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but not for this user to do; or for nobody any more, in a set that has been closed."""
    reason = str(exception) if isinstance(exception, SetIsClosed) else ""
    return render_page(request, "403.html", {"is_expired": False, "reason": reason}, status=403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not there for this user; a day that does not exist is said to be the reason."""
    if isinstance(exception, NoSuchDay):
        context = {"asked": exception.asked, "url": request.path}
        return render_page(request, "pejlemaerker/no_such_day.html", context, status=404)
    return render_page(request, "404.html", {}, status=404)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 after an expired session: what was typed is still in the browser."""
    return render_page(request, "403.html", {"is_expired": True, "reason": ""}, status=403)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with Retry-After when it is the database that is lost, full, frozen, refusing or busy, or when too
    many papers are being made; a paper that cannot be made says so.

    Django calls this while the error is being handled, wherever it came from: view, middleware or session. Rendered
    without the request, because context processors would ask the database again.
    """
    fault = sys.exception()
    if isinstance(fault, PaperBusy):
        return HttpResponse(render_to_string("paper/busy.html"), status=503, headers={"Retry-After": "10"})
    if isinstance(fault, PaperError):
        reason = str(fault) if isinstance(fault, PaperTooLarge) else ""
        return HttpResponse(render_to_string("paper/not_made.html", {"reason": reason}), status=500)
    if passing := passing_fault(fault):
        return _ask_again(request, passing)
    return HttpResponse(render_to_string("500.html"), status=500)


def _ask_again(request: HttpRequest, fault: BaseException) -> HttpResponse:
    """503 with Retry-After, and with what was typed, to be sent again with the same nonce: it is done once."""
    clash = is_clash(fault)
    context = {"typed": Typed.of(request), "address": request.get_full_path(), "is_clash": clash}
    headers = {"Retry-After": "1" if clash else "10", "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html", context), status=503, headers=headers)

"""Error pages in plain Danish; none of them tells what exists."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kit.guards import public


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but not for this user to do."""
    return render(request, "403.html", status=403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not there for this user."""
    return render(request, "404.html", status=404)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 after an expired session: what was typed is still in the browser."""
    return render(request, "403.html", {"is_expired": True}, status=403)

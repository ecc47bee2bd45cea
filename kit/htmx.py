"""One render for page and fragment: htmx gets the named partial of the same template, everyone else the page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page, or for htmx the partial that the *view* chose (never the request): name of partial = id of
    element = target.
    """
    if partial and getattr(request, "htmx", False):
        template = f"{template}#{partial}"
    response = render(request, template, dict(context), status=status)
    response.headers["Vary"] = "HX-Request, Cookie"
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def see_other(address: str) -> HttpResponse:
    """After a write: 303, so that the browser fetches the page anew and a reload sends nothing twice."""
    return HttpResponseRedirect(address, status=303)

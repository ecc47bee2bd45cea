"""When the database is away: a Danish page that says so, instead of a stack trace, and what was typed stays in the
browser.
"""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template


class OutageMiddleware:
    """Turns a lost, full, frozen or refusing database into 503 with Retry-After."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return self.unavailable()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django turns a view's exceptions into responses before they reach __call__, so they are caught here."""
        return self.unavailable() if isinstance(exception, OperationalError | InterfaceError) else None

    def unavailable(self) -> HttpResponse:
        """The page is rendered without the request: context processors would ask the database again."""
        return HttpResponse(get_template("503.html").render({}), status=503, headers={"Retry-After": "10"})

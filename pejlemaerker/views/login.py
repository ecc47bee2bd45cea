"""Logging in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest

from pejlemaerker.demo.logins import LOGINS, PASSWORD


class Login(LoginView):
    """Django's own; but whoever is logged in and is sent to the login goes to the overview, not round in a ring."""

    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Return the page the person came from, if it is one of ours and not this one."""
        address = super().get_redirect_url(request)
        return "" if address == self.request.path else address

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Show the demo's logins in the demo, and nowhere else; and the name of the house, not of the machine."""
        known = {"demo_logins": LOGINS, "demo_password": PASSWORD} if settings.DEMO else {"demo_logins": ()}
        return super().get_context_data(**context) | known | {"site_name": settings.SITE_NAME}

"""Logging in."""

from django.contrib.auth.views import LoginView
from django.http import HttpRequest


class Login(LoginView):
    """Django's own; but whoever is logged in and is sent to the login goes to the overview, not round in a ring."""

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Return the page the person came from, if it is one of ours and not this one."""
        address = super().get_redirect_url(request)
        return "" if address == self.request.path else address

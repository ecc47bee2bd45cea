"""Logging in."""

from django.contrib.auth.views import LoginView


class Login(LoginView):
    """Django's own; but whoever is logged in and is sent to the login goes to the overview, not round in a ring."""

    def get_redirect_url(self) -> str:
        """Return the page the person came from, if it is one of ours and not this one."""
        address = super().get_redirect_url()
        return "" if address == self.request.path else address

"""E-mail in a place where no mail server is named: nothing is lost, and nothing pretends to be sent."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class NoMailServer(BaseEmailBackend):
    """Stands where EMAIL_URL is missing: letters wait, as they do when a mail server is down."""

    def open(self) -> None:
        """Say that there is nobody to hand a letter to."""
        raise ConnectionError("EMAIL_URL er ikke sat")

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Hand over nothing."""
        self.open()
        return 0

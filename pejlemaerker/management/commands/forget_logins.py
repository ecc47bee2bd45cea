"""manage.py forget_logins: data about logins that have been kept long enough go; the worker does it every day."""

from typing import Any

from django.core.management.base import BaseCommand

from meetings.actions.forgetting import forget_logins


class Command(BaseCommand):
    """Forgets by hand what the worker forgets at night."""

    help = "Glemmer logindata, der er ældre end LOGIN_DATA_DAYS. Arbejderen (manage.py work) gør det selv hver dag."

    def handle(self, *args: Any, **options: Any) -> None:
        """Forget, and say how many."""
        gone = forget_logins()
        counts = f"{gone['sessions']} sessioner, {gone['logins']} tidspunkter for login, {gone['letters']} breve"
        self.stdout.write(f"Glemt: {counts}.")

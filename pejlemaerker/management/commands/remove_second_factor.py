"""manage.py remove_second_factor: for one who has lost both phone and recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meetings.models import User
from pejlemaerker.login.factors import remove


class Command(BaseCommand):
    """Takes one user's second factor away; who must have one sets it up at the next login."""

    help = "Fjerner en brugers andet trin, når telefon og nødkoder er væk. Kend personen først. Skrives i hændelserne."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("username", metavar="BRUGERNAVN")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Remove it, and say so."""
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Der er ingen bruger {username}")
        remove(user, by=None)
        self.stdout.write(f"{username} logger nu ind uden andet trin og sætter det op igen, hvis rollen kræver det.")

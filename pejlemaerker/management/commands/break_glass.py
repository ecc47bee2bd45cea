"""manage.py break_glass: let an administrator in when the municipality's own login is down."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from pejlemaerker.login.break_glass import NoAdministrator, issue

_MOST_HOURS = 72


class Command(BaseCommand):
    """Prints a code that lets one administrator in once."""

    help = "Udsteder en nødadgang: en kode, der lukker én navngivet administrator ind én gang. Skrives i hændelserne."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and for how long the code is worth something."""
        parser.add_argument("username", metavar="BRUGERNAVN")
        parser.add_argument("--hours", type=int, default=4, metavar="TIMER", help="hvor længe koden kan bruges (4)")

    def handle(self, *args: Any, username: str, hours: int, **options: Any) -> None:
        """Print the code and where to type it."""
        if not 1 <= hours <= _MOST_HOURS:
            raise CommandError(f"--hours: fra 1 til {_MOST_HOURS}")
        try:
            code = issue(username, hours=hours)
        except NoAdministrator:
            raise CommandError(f"{username} er ikke en aktiv administrator") from None
        self.stdout.write(f"Kode til {username}, gælder én gang og i {hours} timer:\n\n{code}\n")
        self.stdout.write(f"Skriv den på {settings.SITE_URL}{reverse('login_break_glass')}")

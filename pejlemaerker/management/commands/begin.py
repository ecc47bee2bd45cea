"""manage.py begin: a municipality and its first administrator, in an empty installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.db import transaction
from django.forms import ValidationError

from meetings.actions.granting import begin_municipality, give_password
from meetings.actions.refusals import NotAllowed
from meetings.models import User


class Command(BaseCommand):
    """From then on the administrator gives the others their roles in the app."""

    help = "Opretter en kommune og dens første administrator, og viser administratorens adgangskode én gang."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare who and where."""
        parser.add_argument("slug", metavar="KORTNAVN", help="til adresserne, fx hvidovre")
        parser.add_argument("name", metavar="NAVN", help="fx “Hvidovre Kommune”")
        parser.add_argument("--administrator", required=True, metavar="BRUGERNAVN")
        parser.add_argument("--display-name", default="", metavar="NAVN", help="administratorens navn")
        parser.add_argument("--email", default="", metavar="E-MAIL")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make both or neither; a user who is there already keeps the password."""
        try:
            validate_slug(options["slug"])
        except ValidationError as error:
            raise CommandError(f"{options['slug']}: brug kun bogstaverne a–z, tal og bindestreg.") from error
        user, is_new = User.objects.get_or_create(
            username=options["administrator"],
            defaults={"display_name": options["display_name"], "email": options["email"]},
        )
        try:
            municipality = begin_municipality(slug=options["slug"], name=options["name"], administrator=user)
        except NotAllowed as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{municipality} er begyndt. Administratoren logger ind som {user.username}.")
        if is_new:
            self.stdout.write(f"Adgangskode, vises kun nu: {give_password(user, by=None)}")

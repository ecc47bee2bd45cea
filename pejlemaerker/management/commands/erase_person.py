"""manage.py erase_person: replace a person's data by words that say so (GDPR article 17)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pejlemaerker.actions.erasing import Erasure, erase_person, planned
from pejlemaerker.management.commands.export_person import add_person, person_of


class Command(BaseCommand):
    """Tells first what goes and what stays, with the reason, and asks; there is no way back."""

    help = "Sletter en persons oplysninger (GDPR artikel 17) og siger, hvad der bliver, og hvorfor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and whether to ask."""
        add_person(parser)
        parser.add_argument("--dry-run", action="store_true", help="vis, hvad der ville ske, og slet intet")
        parser.add_argument("--yes", action="store_true", help="spørg ikke")

    def handle(self, *args: Any, dry_run: bool, yes: bool, **options: Any) -> None:
        """Tell, ask, erase."""
        data = person_of(options)
        self._tell(planned(data))
        if dry_run:
            self.stdout.write("Intet er slettet.")
            return
        if not yes and input("Det kan ikke fortrydes. Skriv ja for at slette: ").strip().casefold() != "ja":
            raise CommandError("Intet er slettet.")
        erase_person(data, by=None)
        self.stdout.write(
            "Slettet. Sikkerhedskopier rummer det stadig, til de udløber: slet igen efter en gendannelse."
        )

    def _tell(self, erasure: Erasure) -> None:
        self.stdout.write("Slettes:")
        for line in erasure.erased:
            self.stdout.write(f"  {line}")
        self.stdout.write("Bliver:" if erasure.kept else "Intet bliver.")
        for line in erasure.kept:
            self.stdout.write(f"  {line}")
        self.stdout.write(
            "Navne i løbende tekst (beslutninger, noter, besvarelser) findes ikke af sig selv: søg på navnet."
        )

"""manage.py backup FIL: everything in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pejlemaerker.backups import BackupError, back_up


class Command(BaseCommand):
    """Write a backup; the app may be in use meanwhile."""

    help = "Lægger hele databasen, bilag med, i én fil. Appen kan være i brug imens. Filen rummer alt."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path, metavar="FIL", help="den nye fil; en, der findes, overskrives ikke")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Back up."""
        try:
            manifest = back_up(file)
        except BackupError as error:
            raise CommandError(str(error)) from None
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(
            f"{file}: {len(manifest.tables)} tabeller, {rows} rækker, {manifest.dump_bytes} byte. "
            f"Kun du kan læse filen; den rummer alt, også logins og lukkede punkter."
        )

"""manage.py restore FIL: a backup into an empty database, proved table by table."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pejlemaerker.backups import BackupError, restore


class Command(BaseCommand):
    """Bring a backup back."""

    help = "Gendanner en fil fra manage.py backup i en tom database, og kontrollerer hver tabel mod filens egne tal."

    # The system checks want no tables, but a check of migrations would: the database is empty.
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("file", type=Path, metavar="FIL", help="en fil fra manage.py backup")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Restore."""
        try:
            manifest = restore(file)
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"Gendannet som den var {manifest.made_at} (udgave {manifest.app_version}): {len(manifest.tables)} "
            f"tabeller, hver med samme rækker og samme kontrolsum. Kør nu manage.py migrate."
        )

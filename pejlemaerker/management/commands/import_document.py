"""manage.py import_document: read agendas, minutes and notes, and store what they say."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from kit.dates import format_date
from meetings.models import Municipality
from meetings.storing import CannotStore, OriginalFile, open_original
from pejlemaerker.importing.document import read_document
from pejlemaerker.storing import import_document


class Command(BaseCommand):
    """Takes in documents one by one; what cannot be taken in is named, and the others go on."""

    help = "Læser dagsordener, referater og notater og gemmer, hvad de siger. Originalen gemmes uændret."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments of DESIGN § 7, and what to do with items of unknown openness."""
        parser.add_argument("files", nargs="+", metavar="FIL")
        parser.add_argument("--municipality", metavar="KORTNAVN", help="kommunen, hvis den ikke står i dokumentet")
        parser.add_argument("--dry-run", action="store_true", help="vis, hvad der blev læst, og gem intet")
        parser.add_argument("--json", action="store_true", help="skriv resultatet som JSON")
        parser.add_argument(
            "--open-items", action="store_true", help="punkter uden angivelse er åbne (ellers gemmes de som lukkede)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read every file; exit with an error if any could not be taken in."""
        municipality = self._municipality(options["municipality"])
        told: list[dict[str, Any]] = []
        failures = 0
        for name in options["files"]:
            try:
                told.append(self._one(name, municipality, options))
            except CannotStore as problem:
                failures += 1
                self.stderr.write(self.style.ERROR(str(problem)))
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        if failures:
            raise CommandError(f"{failures} af {len(options['files'])} filer blev ikke taget ind.")

    def _municipality(self, slug: str | None) -> Municipality | None:
        if slug is None:
            return None
        try:
            return Municipality.objects.get(slug=slug)
        except Municipality.DoesNotExist:
            known = ", ".join(Municipality.objects.values_list("slug", flat=True)) or "ingen"
            raise CommandError(f"Kommunen {slug!r} findes ikke. Kendte kommuner: {known}.") from None

    def _one(self, name: str, municipality: Municipality | None, options: dict[str, Any]) -> dict[str, Any]:
        original = _read_file(Path(name))
        name = name.encode(errors="replace").decode()
        if options["dry_run"]:
            reading = read_document(original.text)
            self._say(options, f"{name}: {reading.doc_type}, {len(reading.findings())} fund. Intet er gemt.")
            return reading.as_json(file=name)
        result = import_document(
            original, municipality=municipality, by=None, unstated_items_are_open=options["open_items"]
        )
        when = format_date(localdate(result.document.imported_at))
        words = f"indlæst, {len(result.reading.findings())} fund" if result.is_new else f"uændret; indlæst {when}"
        self._say(options, f"{name}: {result.reading.doc_type}, {words}.")
        return result.reading.as_json(file=name)

    def _say(self, options: dict[str, Any], words: str) -> None:
        if not options["json"]:
            self.stdout.write(words)


def _read_file(path: Path) -> OriginalFile:
    try:
        return open_original(path.name, path.read_bytes())
    except OSError as problem:
        raise CannotStore(f"{path}: filen kan ikke åbnes ({problem.strerror}).") from problem

"""manage.py export_person: everything that is kept about one person, to be handed over (GDPR article 15)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meetings.models import Event, User
from pejlemaerker.documents.personal import PersonalData, UnknownPerson


class Command(BaseCommand):
    """Writes one JSON file; that it was made is an event, for a copy of somebody's data has left the house."""

    help = (
        "Skriver alt, hvad der er gemt om én person, som JSON (indsigt efter databeskyttelsesforordningens artikel 15)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and where to."""
        add_person(parser)
        parser.add_argument("--output", metavar="FIL", help="filen, der skrives (ellers skrives der ud)")

    def handle(self, *args: Any, output: str | None, **options: Any) -> None:
        """Find, write, and note it."""
        data = person_of(options)
        text = json.dumps(data.as_json(), ensure_ascii=False, indent=2)
        if output is None:
            self.stdout.write(text)
        else:
            try:
                Path(output).write_text(f"{text}\n", encoding="utf-8")
            except OSError as problem:
                raise CommandError(f"{output} kan ikke skrives: {problem.strerror}.") from problem
            self.stderr.write(f"Skrevet til {output}.")
        rows = [row for one in data.kept for row in one.rows]
        target = next((row for row in rows if isinstance(row, User)), rows[0])
        Event.objects.record("person_exported", target, by=None)


def add_person(parser: ArgumentParser) -> None:
    """Say which person: by login, by e-mail address, or by full name."""
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("username", nargs="?", default="", metavar="BRUGERNAVN")
    whose.add_argument("--email", default="", metavar="ADRESSE", help="for den, der ikke har et login")
    whose.add_argument("--name", default="", metavar="NAVN", help="det fulde navn, præcis som det står")


def person_of(options: dict[str, Any]) -> PersonalData:
    """Find the person who was named."""
    given = {name: options[name] or "" for name in ("username", "email", "name")}
    try:
        return PersonalData.of(**given)
    except UnknownPerson as nobody:
        raise CommandError(f"Der er intet gemt om {next(filter(None, given.values()))}.") from nobody

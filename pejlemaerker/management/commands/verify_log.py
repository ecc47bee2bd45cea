"""manage.py verify_log: whether the log is whole, and where it is not."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kit.chain import Anchor
from kit.dates import format_date
from meetings.actions.sealing import seal_log
from meetings.documents.log_check import LogCheck, anchors_in

LATE, BROKEN = 3, 4  # 1 is Django's own: it could not be done
_MOST_TOLD = 50


class Command(BaseCommand):
    """Holds every event against the seals, and the seals against earlier exports."""

    help = (
        "Kontrollerer loggen over hændelser: at intet er ændret, fjernet, sat ind, flyttet eller skrevet om. "
        "At slutningen er skåret af, kan kun ses mod en tidligere eksport (--anchor). "
        "Afslutter med 0, når loggen er hel, 3, når hændelser har ventet for længe på segl, og 4, når den er brudt."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to hold the log against, and how to tell."""
        parser.add_argument("--anchor", action="append", default=[], metavar="FIL", help="en fil fra export_log")
        parser.add_argument("--seal", action="store_true", help="forsegl først det, der venter")
        parser.add_argument("--json", action="store_true", help="skriv svaret som JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell, and leave with what was found."""
        anchors = [anchor for name in options["anchor"] for anchor in _anchors_of(name)]
        if options["seal"]:
            seal_log()
        check = LogCheck.made(anchors)
        if options["json"]:
            self.stdout.write(json.dumps(check.as_json(), ensure_ascii=False))
        else:
            self._say(check, anchors)
        if not check.is_whole:
            sys.exit(BROKEN)
        if check.is_late:
            sys.exit(LATE)

    def _say(self, check: LogCheck, anchors: list[Anchor]) -> None:
        sealed = f", senest {format_date(check.sealed_at.date())}" if check.sealed_at else ""
        self.stdout.write(f"{check.events} hændelser i {check.seals} segl{sealed}. Kædens led: {check.head}")
        if check.waiting:
            self.stdout.write(f"{check.waiting} hændelser venter på segl.")
        if check.erased:
            self.stdout.write(
                f"I {check.erased} hændelser er en persons oplysninger slettet; loggen siger selv hvilke."
            )
        if check.is_late:
            self.stdout.write("De har ventet for længe: kører arbejderen (manage.py work)?")
        for one in check.breaks[:_MOST_TOLD]:
            self.stdout.write(f"  {one.text}.")
        if len(check.breaks) > _MOST_TOLD:
            self.stdout.write(f"  Og {len(check.breaks) - _MOST_TOLD} steder mere.")
        against = f" og passer til {len(anchors)} tidligere eksport(er)" if anchors else ""
        self.stdout.write(f"Loggen er hel{against}." if check.is_whole else "Loggen er BRUDT.")
        if check.is_whole and not anchors:
            self.stdout.write("At slutningen ikke er skåret af, kan kun ses mod en tidligere eksport: --anchor FIL.")


def _anchors_of(name: str) -> list[Anchor]:
    try:
        with Path(name).open(encoding="utf-8") as lines:
            found = anchors_in(lines, source=Path(name).name)
    except (OSError, UnicodeDecodeError) as problem:
        raise CommandError(f"{name} kan ikke læses.") from problem
    if not found:
        raise CommandError(f"{name} er ikke en hel eksport af loggen: linjen med kædens led mangler.")
    return found

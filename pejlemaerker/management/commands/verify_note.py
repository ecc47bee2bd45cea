"""manage.py verify_note: whether a file is a note we issued, and whether its content has been changed."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kit.paper.faults import PaperBusy
from pejlemaerker.documents.notes.verify import MOST_BYTES, Verdict, Verification

# What a script can go by. 1 is Django's own: it could not be done.
EXIT = {
    Verdict.ISSUED: 0,
    Verdict.SAME_WORDS: 3,
    Verdict.CHANGED: 4,
    Verdict.UNKNOWN: 5,
    Verdict.UNREADABLE: 6,
}


class Command(BaseCommand):
    """Looks files up among the issued ones, and reads those that are not there as they are."""

    help = (
        "Fortæller, om en fil er et notat, der er udstedt her, og om den er ændret siden. "
        "Afslutter med 0, når alle filer er uændrede, ellers med det højeste af: 3 gemt på ny med de samme ord, "
        "4 ændret, 5 ikke udstedt her, 6 kan ikke læses."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments of DESIGN § 7."""
        parser.add_argument("files", nargs="+", metavar="FIL")
        parser.add_argument("--json", action="store_true", help="skriv svarene som JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer for each file, and leave with what the worst of them is."""
        told = [(name, _verified(Path(name))) for name in options["files"]]
        if options["json"]:
            self.stdout.write(json.dumps([{"file": name, **one.as_json()} for name, one in told], ensure_ascii=False))
        else:
            for name, one in told:
                self._say(name, one)
        worst = max(EXIT[one.verdict] for _, one in told)
        if worst:
            sys.exit(worst)

    def _say(self, name: str, found: Verification) -> None:
        about = f" {found.name}, udstedt {found.issued}." if found.name else ""
        self.stdout.write(f"{name}: {found.title}.{about}")
        if found.corrected_by:
            self.stdout.write(f"  Notatet er rettet af notat {found.corrected_by.name}.")
        for line in filter(None, (found.looks, found.problem)):
            self.stdout.write(f"  {line}")
        for one in found.changes:
            self.stdout.write(f"  … {one.before} [−{one.removed}−] [+{one.added}+] {one.after} …")
        if found.compared and found.compared.more:
            self.stdout.write(f"  Og {found.compared.more} steder mere.")


def _verified(path: Path) -> Verification:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{path} er for stor til at være et notat.")
        return Verification.of(path.read_bytes(), sees_all=True)
    except OSError as problem:
        raise CommandError(f"{path} kan ikke åbnes: {problem.strerror}.") from problem
    except PaperBusy as busy:
        raise CommandError("Der læses for mange filer lige nu. Prøv igen.") from busy

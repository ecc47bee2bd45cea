"""manage.py export_log: the log as JSON lines, with the chain's head: what is kept outside the database."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kit.chain import BEGINNING, canonical, said_by
from meetings.actions.sealing import seal_log
from meetings.documents.log_check import as_written, links, rows_of
from meetings.models import LogSeal


class Command(BaseCommand):
    """Writes the sealed events, the seals and last the head; run it every night and keep the files elsewhere."""

    help = (
        "Skriver loggen som JSON-linjer: hændelser, segl og til sidst kædens led. Kør den hver nat, og gem filen uden "
        "for databasen; verify_log --anchor FIL holder loggen op mod den."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and how much."""
        parser.add_argument("--output", metavar="FIL", help="filen, der skrives (ellers skrives der ud)")
        parser.add_argument("--head-only", action="store_true", help="kun kædens led, uden hændelser")

    def handle(self, *args: Any, output: str | None, head_only: bool, **options: Any) -> None:
        """Seal what waits, and write."""
        seal_log()
        if output is None:
            for line in _lines(head_only=head_only):
                self.stdout.write(line)
            return
        part = Path(f"{output}.del")
        try:
            with part.open("w", encoding="utf-8") as target:
                target.writelines(f"{line}\n" for line in _lines(head_only=head_only))
                target.flush()
                os.fsync(target.fileno())
            part.replace(output)  # whole, or not there
        except OSError as problem:
            raise CommandError(f"{output} kan ikke skrives: {problem.strerror}.") from problem
        self.stderr.write(f"Skrevet til {output}.")


def _lines(*, head_only: bool) -> Iterator[str]:
    last = LogSeal.objects.defer("events", "digests").last()
    upto = last.number if last else 0
    if not head_only:
        for link in links():
            if link.number > upto:  # sealed while we write
                break
            yield from (canonical({"type": "event", **row}) for row in rows_of(link.rows))
            yield canonical({"type": "seal", "head": link.head, **said_by(link)})
    yield canonical({
        "type": "head", "number": upto, "count": last.count if last else 0,
        "head": last.head if last else BEGINNING, "exported_at": as_written(timezone.now()),
    })  # fmt: skip

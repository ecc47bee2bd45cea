"""manage.py record_bounce: a letter that came back, told by the mail server."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from meetings.actions.returned_mail import record_returned_mail

_LARGEST = 10_000_000  # bytes; a report is a few thousand


class Command(BaseCommand):
    """Reads one message from standard input, as a mail server hands it over."""

    help = "Læser én returmeddelelse (RFC 3464) fra stdin og noterer, at brevet ikke nåede frem. Andet springes over."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say which letter it was about, without the address."""
        letter = record_returned_mail(sys.stdin.buffer.read(_LARGEST))
        self.stdout.write(f"Brev {letter.pk} kom retur." if letter else "Det handler ikke om et af vores breve.")

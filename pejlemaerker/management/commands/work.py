"""manage.py work: the worker beside the web server, which sends the letters."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pejlemaerker.worker import Worker


class Command(BaseCommand):
    """Work until told to stop (SIGTERM or Ctrl-C): the task at hand is finished first."""

    help = "Udfører det, der står i kø (breve og påmindelser), indtil det stoppes. Flere må køre på én gang."

    def add_arguments(self, parser: CommandParser) -> None:
        """How often to look."""
        parser.add_argument("--interval", type=float, default=1.0, help="sekunder mellem hvert kig i køen (1)")

    def handle(self, *args: Any, interval: float, **options: Any) -> None:
        """Work."""
        worker = Worker(interval=interval)
        worker.configure_signals()
        worker.run()

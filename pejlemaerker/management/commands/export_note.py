"""manage.py export_note: the status note of a set as a PDF file."""

from argparse import ArgumentParser
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError

from kit.clock import today
from meetings.models import User
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.making import paper_of, template_of
from pejlemaerker.documents.notes.subject import Subject, editions_for
from pejlemaerker.models import AsOf, GoalSet, PaperForm
from pejlemaerker.papers import make


class Command(BaseCommand):
    """Writes the public edition, or with --user the edition that user would get."""

    help = "Skriver et sæts statusnotat som PDF: den offentlige udgave, eller med --user den udgave, brugeren ville få."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments of DESIGN § 7, and whose edition it is."""
        parser.add_argument("--set", type=int, required=True, metavar="ID", help="sættets nummer (se /saet/<nummer>/)")
        parser.add_argument("--as-of", type=_day, metavar="ÅÅÅÅ-MM-DD", help="pr. dato; ellers i dag")
        parser.add_argument("--output", required=True, metavar="FIL")
        parser.add_argument("--user", metavar="BRUGERNAVN", help="udgaven for denne bruger")
        parser.add_argument("--doc-no", default="", metavar="NR", help="notatets doknr.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; say what is missing when it cannot be written."""
        viewer = _viewer(options["user"])
        sets = GoalSet.objects.visible_to(viewer).select_related("period__committee__municipality", "area")
        goal_set = sets.filter(pk=options["set"]).first()
        if goal_set is None:
            raise CommandError(
                f"Sæt {options['set']} findes ikke eller er ikke offentliggjort. Brug --user til en intern udgave."
            )
        on = options["as_of"] or today()
        subject, at = Subject.of_set(goal_set), AsOf.day(on)
        choices = replace(Choices.usual(subject.kind), doc_no=options["doc_no"])
        audience = editions_for(viewer, subject)[0]
        paper = paper_of(subject, audience=audience, at=at, choices=choices, author=options["user"] and viewer)
        output = Path(options["output"])
        try:
            output.write_bytes(make(paper, PaperForm.PDF, house=template_of(subject, at)).content)
        except OSError as problem:
            raise CommandError(f"{output} kan ikke skrives: {problem.strerror}.") from problem
        self.stdout.write(f"{output}: {paper.title}. {paper.as_of}.")


def _day(raw: str) -> date:
    """argparse turns the ValueError of a day that does not exist into an error message."""
    return date.fromisoformat(raw)


def _viewer(username: str | None) -> User | AnonymousUser:
    if username is None:
        return AnonymousUser()
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise CommandError(f"Brugeren {username!r} findes ikke.") from None

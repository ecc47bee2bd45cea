"""Documents that hold what cannot be kept: a Danish sentence, and nothing stored."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from meetings.models import Committee, Event, Finding, Meeting, Municipality, SourceDocument
from meetings.storing import committee_named
from pejlemaerker.management.commands.demo_data import DOCUMENTS
from pejlemaerker.models import GoalSet

MINUTES = (DOCUMENTS / "herning_referat_2021-02-10.txt").read_text(encoding="utf-8")
NOTE = (DOCUMENTS / "hvidovre_notat_2022-09-08.txt").read_text(encoding="utf-8")
STORED: list[type[models.Model]] = [SourceDocument, Finding, Meeting, GoalSet, Committee, Event]


def refusal(path: Path) -> str:
    """What the command says when it takes nothing in."""
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("import_document", str(path), stdout=StringIO(), stderr=said)
    return said.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        MINUTES.replace("Teams", "Teams " + "T" * 155),
        MINUTES.replace("Børne- og Familieudvalget", f"Børne- og {'f' * 130}udvalget"),
        NOTE.replace("Tilføjelse til de politiske", f"Tilføjelse {'æ' * 450} til de politiske", 1),
    ],
    ids=["place", "committee", "title"],
)
def test_what_is_too_long_is_refused(text: str, tmp_path: Path, municipality: Municipality) -> None:
    path = tmp_path / "dokument.txt"
    path.write_text(text, encoding="utf-8")
    assert refusal(path) == "dokument.txt: noget i dokumentet er længere, end der er plads til. Intet er gemt.\n"
    assert not any(model._base_manager.exists() for model in STORED)


def test_file_whose_name_is_no_text_is_taken_in(tmp_path: Path, municipality: Municipality) -> None:
    path = tmp_path / "notat\udcff.txt"
    path.write_text(NOTE, encoding="utf-8")
    out = StringIO()
    call_command("import_document", str(path), stdout=out)
    out.getvalue().encode()  # what is said can be printed
    assert SourceDocument.objects.get().file_name == "notat?.txt"


def test_committees_whose_names_sound_alike_get_addresses_of_their_own(municipality: Municipality) -> None:
    names = ["Børneudvalget", "Børneudvalget!", "Børneudvalget?", "???", "Æ" * 120]
    addresses = [committee_named(name, municipality).slug for name in names]
    assert addresses == [
        "boerneudvalget", "boerneudvalget-hvidovre", "boerneudvalget-hvidovre-2", "udvalg", "ae" * 30,
    ]  # fmt: skip

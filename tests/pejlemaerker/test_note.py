"""The consultant's NOTAT: to whom it is given, as of when, what each edition says, and that the paper is archivable."""

import io
from datetime import date, timedelta
from difflib import unified_diff
from pathlib import Path

import page
import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from kit.clock import today
from kit.dates import format_date
from meetings.models import User
from pejlemaerker.documents.notes.choices import SECTIONS_OF, Choices
from pejlemaerker.documents.notes.making import DRAFT, paper_of
from pejlemaerker.documents.notes.subject import Subject, editions_for
from pejlemaerker.models import Adoption, AsOf, Audience, GoalSet, NoteKind, PaperForm
from pejlemaerker.papers import make
from tests.conftest import Login
from tests.kit.test_pdf import failures

PROFILES = [page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A]
TODAY = date(2026, 11, 22)
BEFORE = date(2022, 9, 30)
EVERYTHING = Choices(SECTIONS_OF[NoteKind.SET], changes_since=date(2022, 1, 1))


def text_of(paper: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(paper)) as document:
        return "\n".join(sheet.get_textpage().get_text_bounded() for sheet in document)


def lines_of(goal_set: GoalSet, audience: str, on: date | None = None) -> list[str]:
    """What one edition says, with every section on."""
    at = AsOf.hindsight(on or today())
    paper = paper_of(Subject.of_set(goal_set), audience=audience, at=at, choices=EVERYTHING)
    return paper.text.splitlines()


# --- The demo's ---------------------------------------------------------------


def test_editions_differ_by_exactly_what_they_should(demo: None) -> None:
    """Whoever works in the administration stays inside it; what is not published is not in the public edition; and
    numbers of few people are not shown there.
    """
    soon, unpublished = today() + timedelta(days=30), f"Ekstra evaluering, {format_date(today())}"
    held = ["-Formulerende dialogmøde, 30. maj 2022", "-Der er ikke skrevet et resumé."]
    few = "+Rude på bundlinjen: færre end 5, som ikke vises nærmere. Kurven er afbrudt der."
    assert differences("internal", "committee") == {
        "Dagtilbudsområdet 2022–2025": [],
        "Børne- og Familieområdet 2022–2025": [],
        "Dagtilbudsområdet 2026–2029": ["-Hvem følger op", "-Center for Børn og Familier"],
    }
    assert differences("committee", "public") == {
        "Dagtilbudsområdet 2022–2025": held,
        "Børne- og Familieområdet 2022–2025": [few, "-4 unge", "+færre end 5", *held],
        "Dagtilbudsområdet 2026–2029": [
            f"-{format_date(soon)}. Dialogmøde midtvejs.", "-Kilder", f"-{unpublished}",
        ],
    }  # fmt: skip


def differences(fuller: str, other: str) -> dict[str, list[str]]:
    """By set, the lines that one edition has and the other has not, with every section on."""
    return {
        str(goal_set): [
            line
            for line in unified_diff(lines_of(goal_set, fuller), lines_of(goal_set, other), n=0, lineterm="")
            if not line.startswith(("---", "+++", "@@"))
        ]
        for goal_set in GoalSet.objects.select_related("period__committee__municipality", "area")
    }


def test_note_has_the_municipal_head(demo: None) -> None:
    family = GoalSet.objects.get(area__name="Børne- og Familieområdet")
    consultant, subject, at = User.objects.get(username="konsulent"), Subject.of_set(family), AsOf.hindsight(TODAY)
    chosen = Choices((), doc_no="200/26")
    internal, public = (
        paper_of(subject, audience=one, at=at, choices=chosen, author=consultant).letterhead
        for one in ("internal", "public")
    )
    assert (internal.municipality, internal.sender[1], internal.edition) == (
        "Hvidovre Kommune", "Karen Konsulent", "Intern udgave",
    )  # fmt: skip
    assert internal.sender[0].startswith("Center for Børn og Familier")
    assert internal.facts == (("Sagsnr.", "22/9628"), ("Doknr.", "200/26"), ("Dato", "22. november 2026"))
    assert (public.sender, public.edition) == (internal.sender[:1], "")
    unnumbered = paper_of(subject, audience="public", at=at, choices=Choices(()))
    assert [label for label, _ in unnumbered.letterhead.facts] == ["Sagsnr.", "Dato"]


def test_note_of_an_earlier_day_tells_what_held_then(demo: None) -> None:
    family = GoalSet.objects.get(area__name="Børne- og Familieområdet")
    lines = lines_of(family, "public", BEFORE)
    assert sum(line.startswith("Beslutning mangler.") for line in lines) == 4
    assert "Der er ikke givet status for nogen af pejlemærkerne endnu." in lines


# --- The paper ----------------------------------------------------------------


def test_empty_set_gives_a_readable_paper(goal_set: GoalSet) -> None:
    paper = paper_of(Subject.of_set(goal_set), audience="internal", at=AsOf.hindsight(TODAY), choices=EVERYTHING)
    first, second = (make(paper.stamped(DRAFT), PaperForm.PDF).content for _ in range(2))
    assert [failures(first, profile) for profile in PROFILES] == [[], []]
    assert first == second
    assert "Beslutning mangler" in text_of(first)


# --- Who gets it --------------------------------------------------------------


def test_everybody_has_the_editions_that_are_for_them(
    goal_set: GoalSet, consultant: User, member: User, citizen: User
) -> None:
    subject = Subject.of_set(goal_set)
    assert [editions_for(user, subject) for user in (consultant, member, citizen)] == [
        (Audience.INTERNAL, Audience.COMMITTEE, Audience.PUBLIC), (Audience.COMMITTEE, Audience.PUBLIC),
        (Audience.PUBLIC,),
    ]  # fmt: skip


def test_unpublished_note_is_not_there_for_outsiders(
    goal_set: GoalSet, adoption: Adoption, anonymous: Client, other_member: User, member: User, as_user: Login
) -> None:
    address = f"/saet/{goal_set.pk}/notat.pdf"
    statuses = [client.get(address).status_code for client in (anonymous, as_user(other_member), as_user(member))]
    assert (statuses, anonymous.post(address).status_code) == ([404, 404, 200], 405)


def test_edition_that_is_not_for_the_reader_is_not_given(
    published_goal_set: GoalSet, anonymous: Client, consultant: User, as_user: Login
) -> None:
    address = f"/saet/{published_goal_set.pk}/notat.pdf?udgave=intern"
    inside, outside = (text_of(client.get(address).content) for client in (as_user(consultant), anonymous))
    assert ("Intern udgave" in inside, "Intern udgave" in outside) == (True, False)
    assert ("UDKAST" in inside, "UDKAST" in outside) == (True, False)


def test_note_of_a_day_that_does_not_exist_is_not_there(published_goal_set: GoalSet, anonymous: Client) -> None:
    assert anonymous.get(f"/saet/{published_goal_set.pk}/notat.pdf?dato=2026-02-31").status_code == 404


# --- From the command line ----------------------------------------------------


def test_export_writes_the_public_edition(published_goal_set: GoalSet, tmp_path: Path) -> None:
    output = tmp_path / "notat.pdf"
    call_command("export_note", set=published_goal_set.pk, output=str(output), as_of=TODAY)
    assert "Status pr. 22. november 2026" in text_of(output.read_bytes())


def test_export_of_an_unpublished_set_needs_a_user(goal_set: GoalSet, consultant: User, tmp_path: Path) -> None:
    output = tmp_path / "notat.pdf"
    with pytest.raises(CommandError, match="ikke offentliggjort"):
        call_command("export_note", set=goal_set.pk, output=str(output))
    call_command("export_note", set=goal_set.pk, output=str(output), user="konsulent")
    assert "Karen Konsulent" in text_of(output.read_bytes())


def test_export_to_a_place_that_is_not_there_says_so(published_goal_set: GoalSet, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="kan ikke skrives"):
        call_command("export_note", set=published_goal_set.pk, output=str(tmp_path / "mangler" / "notat.pdf"))

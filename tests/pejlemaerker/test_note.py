"""The consultant's NOTAT: what it says, to whom, as of when, and that the paper is accessible and archivable."""

import io
from datetime import date
from pathlib import Path

import page
import pypdfium2
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import Client

from meetings.models import Decision, Meeting, User
from pejlemaerker.actions import put_in_force
from pejlemaerker.documents.note import NOT_NUMBERED, NoteDocument
from pejlemaerker.management.commands.demo_data import Command as DemoData
from pejlemaerker.models import Adoption, AsOf, GoalSet, GoalVersion
from pejlemaerker.papers import note_pdf
from tests.conftest import Login
from tests.kit.test_pdf import failures

PROFILES = [page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A]

TODAY = date(2026, 11, 22)


def text_of(paper: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(paper)) as document:
        return "\n".join(sheet.get_textpage().get_text_bounded() for sheet in document)


@pytest.fixture
def demo(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    DemoData().handle()


@pytest.fixture
def family(demo: None) -> GoalSet:
    return GoalSet.objects.get(area__name="Børne- og Familieområdet")


def test_note_has_the_municipal_head(family: GoalSet) -> None:
    note = NoteDocument.for_set(
        family, viewer=User.objects.get(username="konsulent"), at=AsOf.hindsight(TODAY), doc_no="200/26"
    )
    assert (note.municipality_name, note.case_no, note.doc_no, note.author, note.author_title) == (
        "Hvidovre Kommune", "22/9628", "200/26", "Karen Konsulent", "Fagkonsulent",
    )  # fmt: skip
    assert note.sender_unit.startswith("Center for Børn og Familier")


def test_note_without_a_number_says_where_it_comes_from(family: GoalSet) -> None:
    assert NoteDocument.for_set(family, viewer=AnonymousUser(), at=AsOf.hindsight(TODAY)).doc_no == NOT_NUMBERED


def test_note_tells_wordings_with_their_decisions(family: GoalSet) -> None:
    note = NoteDocument.for_set(family, viewer=AnonymousUser(), at=AsOf.hindsight(TODAY))
    assert [goal.adoption_line for goal in note.goals] == [
        "Gældende siden 3. oktober 2022, besluttet af Børne- og Uddannelsesudvalget, punkt 2."
    ] * 4


def test_note_of_an_earlier_day_tells_what_held_then(family: GoalSet) -> None:
    note = NoteDocument.for_set(family, viewer=AnonymousUser(), at=AsOf.hindsight(date(2022, 9, 30)))
    assert [goal.awaiting_decision for goal in note.goals] == [True] * 4
    assert [goal.status for goal in note.goals] == [None] * 4


def test_note_tells_the_plan_and_what_has_happened(family: GoalSet) -> None:
    note = NoteDocument.for_set(family, viewer=AnonymousUser(), at=AsOf.hindsight(date(2024, 1, 1)))
    states = {step.title: (step.when, step.state_label, step.what_happened) for step in note.steps}
    assert states["Midtvejsevaluering"] == ("efteråret 2023", "Gennemført", "Holdt 25. oktober 2023.")
    assert states["Afsluttende dialogmøder"][:2] == ("slutningen af foråret 2025", "Næste")
    assert note.next_steps[0].when == "Slutningen af foråret 2025"


def test_note_says_that_the_demo_is_invented(family: GoalSet) -> None:
    assert NoteDocument.for_set(family, viewer=AnonymousUser(), at=AsOf.hindsight(TODAY)).has_invented


def test_public_edition_differs_by_what_is_internal(family: GoalSet) -> None:
    internal = text_of(
        note_pdf(NoteDocument.for_set(family, viewer=User.objects.get(username="konsulent"), at=AsOf.hindsight(TODAY)))
    )
    public = text_of(note_pdf(NoteDocument.for_set(family, viewer=AnonymousUser(), at=AsOf.hindsight(TODAY))))
    assert [word for word in internal.split() if word not in public.split()] == [
        "Fagkonsulent", "Karen", "Konsulent", "Intern", "udgave",
    ]  # fmt: skip
    of_few = "Rude på bundlinjen: færre end 5, som ikke vises nærmere. Kurven er afbrudt der."
    assert {word for word in public.split() if word not in internal.split()} <= {*of_few.split(), "<"}


@pytest.mark.parametrize("on", [TODAY, date(2022, 9, 30)], ids=["today", "before_the_decision"])
def test_paper_is_accessible_and_archivable(family: GoalSet, on: date) -> None:
    paper = note_pdf(NoteDocument.for_set(family, viewer=AnonymousUser(), at=AsOf.hindsight(on)))
    assert [failures(paper, profile) for profile in PROFILES] == [[], []]


def test_empty_set_gives_a_readable_paper(goal_set: GoalSet, consultant: User) -> None:
    paper = note_pdf(NoteDocument.for_set(goal_set, viewer=consultant, at=AsOf.hindsight(TODAY)))
    assert [failures(paper, profile) for profile in PROFILES] == [[], []]
    assert "Beslutning mangler" in text_of(paper)


def test_same_note_is_the_same_file(family: GoalSet) -> None:
    first, second = (
        note_pdf(NoteDocument.for_set(family, viewer=AnonymousUser(), at=AsOf.hindsight(TODAY))) for _ in range(2)
    )
    assert first == second


def test_unpublished_note_is_not_there_for_outsiders(
    goal_set: GoalSet, adoption: Adoption, anonymous: Client, other_member: User, member: User, as_user: Login
) -> None:
    address = f"/saet/{goal_set.pk}/notat.pdf"
    statuses = [client.get(address).status_code for client in (anonymous, as_user(other_member), as_user(member))]
    assert (statuses, anonymous.post(address).status_code) == ([404, 404, 200], 405)


def test_note_of_a_day_that_does_not_exist_is_not_there(published_goal_set: GoalSet, anonymous: Client) -> None:
    assert anonymous.get(f"/saet/{published_goal_set.pk}/notat.pdf?dato=2026-02-31").status_code == 404


def test_note_names_closed_items_by_nothing(
    goal_set: GoalSet, adoption: Adoption, closed_approval: Decision, published_meeting: Meeting, secretary: User
) -> None:
    waiting = GoalVersion.objects.filter(goal__goal_set=goal_set).awaiting_decision()
    put_in_force(versions=waiting, decision=closed_approval, in_force_from=closed_approval.decided_on, by=secretary)
    note = NoteDocument.for_set(goal_set, viewer=AnonymousUser(), at=AsOf.hindsight(TODAY))
    assert [goal.adoption_line for goal in note.goals] == [
        "Gældende siden 3. oktober 2022, besluttet af Børne- og Uddannelsesudvalget, punkt 1.",
        "Gældende siden 3. oktober 2022, besluttet af Børne- og Uddannelsesudvalget.",
    ]


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

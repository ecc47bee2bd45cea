"""A set's status as an agenda item: in the house's own fields, ready to copy."""

import io
from typing import Any

import pytest
from django.test import Client
from docx import Document

from kit.paper.blocks import Paragraph, Section, Subsection
from kit.paper.document import Paper
from meetings.models import Municipality, SectionHeading, SectionKind, User
from pejlemaerker.documents.notes.item import with_own_words
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, GoalSet, NoteKind
from tests.conftest import Login

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def item_paper(goal_set: GoalSet) -> Paper:
    return paper_of(Subject.of_set(goal_set, NoteKind.ITEM), audience="committee", at=AsOf.now())


def fields(goal_set: GoalSet) -> dict[str, list[str]]:
    """What stands in each field."""
    return {section.title: list(section.lines())[1:] for section in item_paper(goal_set).sections}


def own_fields(house: Municipality, **headings: str) -> None:
    for position, (kind, heading) in enumerate(headings.items()):
        SectionHeading.objects.create(municipality=house, kind=kind, heading=heading, position=position)


def address_of(goal_set: GoalSet, ending: str = "/") -> str:
    return f"/saet/{goal_set.pk}/dagsordenspunkt{ending}"


def paragraphs_of(answer: Any) -> list[tuple[str, str]]:
    document = Document(io.BytesIO(answer.content))
    return [(one.style.name if one.style else "", one.text) for one in document.paragraphs]


def test_item_stands_in_the_fields_a_house_begins_with(published_goal_set: GoalSet) -> None:
    assert list(fields(published_goal_set)) == [
        "Sagsresume", "Indstilling", "Sagsfremstilling", "Økonomi", "Lovgrundlag",
    ]  # fmt: skip


def test_item_stands_in_the_house_own_fields(published_goal_set: GoalSet, municipality: Municipality) -> None:
    own_fields(municipality, summary="Beslutningstema", presentation="Sagens indhold")
    told = fields(published_goal_set)
    assert list(told) == ["Beslutningstema", "Indstilling", "Sagens indhold"]
    assert "Pejlemærker og ordlyd" in told["Sagens indhold"]


def test_house_without_a_field_of_a_kind_has_it_told_in_the_last(
    published_goal_set: GoalSet, municipality: Municipality
) -> None:
    own_fields(municipality, economy="Økonomi", legal_basis="Retsgrundlag")
    told = fields(published_goal_set)
    assert list(told) == ["Økonomi", "Indstilling", "Retsgrundlag"]
    assert told["Økonomi"] == []
    assert "Pejlemærker og ordlyd" in told["Retsgrundlag"]


def test_second_field_of_a_kind_stands_empty(published_goal_set: GoalSet, municipality: Municipality) -> None:
    house = municipality
    own_fields(house, presentation="Sagsfremstilling")
    SectionHeading.objects.create(
        municipality=house, kind=SectionKind.PRESENTATION, heading="Administrationens vurdering", position=9
    )
    told = fields(published_goal_set)
    assert told["Administrationens vurdering"] == []
    assert len(told["Sagsfremstilling"]) > 1


def test_headings_in_a_field_stand_below_its_own(published_goal_set: GoalSet) -> None:
    presented = next(one for one in item_paper(published_goal_set).sections if one.title == "Sagsfremstilling")
    below = {one.title: one for one in presented.blocks if isinstance(one, Subsection)}
    assert next(iter(below)) == "Pejlemærker og ordlyd"
    assert {type(one) for one in presented.blocks} == {Subsection}


def test_recommendation_is_proposed_from_what_waits(published_goal_set: GoalSet) -> None:
    assert fields(published_goal_set)["Indstilling"] == [
        "Forvaltningen indstiller til Børne- og Uddannelsesudvalget,", "at ordlyden af pejlemærke 2 godkendes.",
    ]  # fmt: skip


def test_economy_is_never_invented(published_goal_set: GoalSet) -> None:
    assert fields(published_goal_set)["Økonomi"] == []


def test_page_shows_the_fields_and_what_one_writes_oneself(
    published_goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    text = as_user(consultant).get(address_of(published_goal_set)).content.decode()
    headings = [f'<h2 id="rubrik-{key}">' for key in ("summary-1", "recommendation", "presentation-2", "economy-3")]
    assert [text.count(one) for one in headings] == [1, 1, 1, 1]
    assert "at ordlyden af pejlemærke 2 godkendes.</textarea>" in text
    assert 'name="economy-3"' in text
    assert 'name="presentation-2"' not in text


def test_file_holds_what_was_written_on_the_page(published_goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    written = {
        "opening": "Direktøren indstiller,",
        "points": "1. at <udvalget> drøfter\r\n\r\n- at status tages til efterretning\n",
        "economy-3": "Ingen.\r\n\r\nDog næste år.",
    }
    told = paragraphs_of(as_user(consultant).post(address_of(published_goal_set, ".docx"), written))
    start = told.index(("Heading 1", "Indstilling"))
    assert told[start + 1 : start + 4] == [
        ("Normal", "Direktøren indstiller,"),
        ("List Number", "at <udvalget> drøfter"),
        ("List Number", "at status tages til efterretning"),
    ]
    economy = told.index(("Heading 1", "Økonomi"))
    assert told[economy + 1 :] == [
        ("Normal", "Ingen."),
        ("Normal", "Dog næste år."),
        ("Heading 1", "Lovgrundlag"),
        ("Ikke kendt", "Ikke udfyldt endnu."),
    ]


def test_file_had_by_its_address_holds_the_proposal(
    published_goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    word = client.get(address_of(published_goal_set, ".docx"))
    assert word.headers["Content-Type"] == DOCX
    assert ("List Number", "at ordlyden af pejlemærke 2 godkendes.") in paragraphs_of(word)
    page = client.get(address_of(published_goal_set, ".html")).content.decode()
    assert "<h2>Sagsfremstilling</h2>" in page
    assert "<h3>Pejlemærker og ordlyd</h3>" in page
    assert "UDKAST" in page


def test_what_is_too_long_is_told_and_kept(published_goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    written = {"opening": "x" * 301, "points": "at drøfte", "economy-3": "Ingen merudgift."}
    answer = as_user(consultant).post(address_of(published_goal_set, ".html"), written)
    assert answer.status_code == 422
    assert "Ingen merudgift.</textarea>" in answer.content.decode()
    assert "form-error-message" in answer.content.decode()


def test_item_without_points_or_opening_says_so() -> None:
    paper = Paper("", "Punkt", "", letterhead=None, sections=(Section("recommendation", "Indstilling", ()),))  # type: ignore[arg-type]
    empty = with_own_words(paper, opening="", points=[], texts={})
    assert empty.sections[0].blocks == (Paragraph("Ikke udfyldt endnu.", "missing"),)


@pytest.mark.parametrize(
    ("asked", "shown"), [("", "Udvalget"), ("?udgave=offentlig", "Alle"), ("?udgave=intern", "Udvalget")]
)
def test_item_is_the_committees_or_everybodys_and_never_internal(
    asked: str, shown: str, published_goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    text = as_user(consultant).get(address_of(published_goal_set) + asked).content.decode()
    assert f"<strong>{shown}: " in text
    assert ("udgave=offentlig" in text) is True


def test_item_of_an_earlier_day_keeps_the_day(published_goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    text = as_user(consultant).get(f"{address_of(published_goal_set)}?dato=2023-01-01").content.decode()
    assert "1. januar 2023" in text
    assert ".docx?udgave=udvalg&amp;dato=2023-01-01" in text


def test_item_is_for_those_who_write(
    published_goal_set: GoalSet, anonymous: Client, member: User, consultant: User, as_user: Login
) -> None:
    for ending in ("/", ".docx", ".html"):
        address = address_of(published_goal_set, ending)
        statuses = [client.get(address).status_code for client in (anonymous, as_user(member), as_user(consultant))]
        assert statuses == [302, 403, 200]
    assert as_user(consultant).post(address_of(published_goal_set)).status_code == 405
    assert as_user(consultant).put(address_of(published_goal_set, ".docx")).status_code == 405

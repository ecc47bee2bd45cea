"""Seed 000: Herning, Børne- og Familieudvalget 10 February 2021, item 20."""

from datetime import date
from pathlib import Path

import pytest

from meetings.importing.agenda import AgendaReading, read_agenda
from meetings.importing.agenda_item import AgendaItemReading
from meetings.importing.found import Found

DOCUMENT = Path(__file__).parents[3] / "pejlemaerker/demo/documents/herning_referat_2021-02-10.txt"


@pytest.fixture(scope="module")
def agenda() -> AgendaReading:
    reading = read_agenda(DOCUMENT.read_text(encoding="utf-8"))
    assert reading is not None
    return reading


@pytest.fixture(scope="module")
def item(agenda: AgendaReading) -> AgendaItemReading:
    (only,) = agenda.items
    return only


def test_meeting_is_read_from_its_labels(agenda: AgendaReading) -> None:
    assert agenda.kind == "referat"
    assert agenda.meeting.committee == Found("Børne- og Familieudvalget", 1)
    assert agenda.meeting.date == Found(date(2021, 2, 10), 2)
    assert agenda.meeting.place == Found("Teams", 3)


def test_item_head_is_read_without_its_repetition(item: AgendaItemReading) -> None:
    assert item.number == Found("20", 7)
    assert item.title == Found("Drøftelse af input og inspiration fra Børn og Ungetopmødet", 7)
    assert item.case_no == Found("00.01.10-G01-1-21", 9)
    assert item.case_officer == Found("Louise Maria Raunkjær", 9)
    assert item.co_officers == (Found("Peter Jonsen", 33),)
    assert item.is_closed is None


def test_mark_glued_to_byr_has_no_column(item: AgendaItemReading) -> None:
    assert item.routing is not None
    routing = item.routing.value
    names = [body.abbreviation for body in routing.bodies]
    assert names == ["DIR", "FOU", "BFU", "SOS", "BSK", "KFU", "BYP", "TMU", "ØKE", "BYR"]
    assert {body.marked for body in routing.bodies} == {None}
    assert routing.marks == 1
    assert item.routing.confidence == "unknown"


def test_sections_keep_heading_and_meaning(item: AgendaItemReading) -> None:
    assert [(section.canonical, section.heading, section.line) for section in item.sections] == [
        ("summary", "Sagsresume", 35),
        ("presentation", "Sagsfremstilling", 39),
        ("recommendation", "Indstilling", 80),
        ("decision", "Beslutning", 87),
    ]


def test_presentation_keeps_subheadings_and_lists(item: AgendaItemReading) -> None:
    section = item.section("presentation")
    assert section is not None
    assert [block.text for block in section.blocks if block.kind == "subheading"] == [
        "Sammenhænge i indsatser, økonomi og data v. Morten Mandøe",
        "Sammenhænge i kommunernes indsatser og reelle arbejde v. Carsten Hornstrup, Joint Action",
        "Gensidige afhængigheder på børne- og ungeområdet v. Lotte Bøgh Andersen, centerleder ved Kronprins Frederiks "
        "Center for Offentlig Ledelse",
    ]
    assert [len(block.items) for block in section.blocks if block.kind == "list"] == [3, 5]
    assert section.text.startswith("Børne- og Familieudvalget deltog i KL's")
    assert section.text.endswith("findes her.")


def test_repeated_recommender_is_no_second_recommendation(item: AgendaItemReading) -> None:
    (recommendation,) = item.recommendations
    assert recommendation.by == Found("Direktøren for Børn og Unge", 82)
    assert [(point.number, point.text.line) for point in recommendation.points] == [(None, 84)]
    assert recommendation.points[0].text.value.endswith("i det lokale arbejde på området.")
    assert recommendation.repeated_lines == (85,)


def test_decision_is_verbatim_and_approved(item: AgendaItemReading) -> None:
    assert item.decision is not None
    assert item.decision.text == Found("Tiltrådt som indstillet.", 89)
    assert item.decision.category == Found("approved", 89)


def test_case_type_is_derived_and_only_likely(item: AgendaItemReading) -> None:
    assert item.case_type == Found("discussion", 84, "likely")

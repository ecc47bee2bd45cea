"""Layouts of other houses, in small: what is recognised, and what must not be."""

from meetings.importing.agenda import AgendaReading, read_agenda
from meetings.importing.lines import read_lines
from meetings.importing.routing import read_routing


def agenda_of(text: str) -> AgendaReading:
    reading = read_agenda(text)
    assert reading is not None
    return reading


def titles(text: str) -> list[str | None]:
    return [item.title.value if item.title else None for item in agenda_of(text).items]


def test_decision_may_stand_before_the_presentation() -> None:
    (item,) = agenda_of("1. Ny model\n\nBeslutning\n\nGodkendt.\n\nSagsfremstilling\n\nModellen har fire trin.").items
    assert item.decision is not None
    assert item.decision.text.value == "Godkendt."
    assert [section.canonical for section in item.sections] == ["decision", "presentation"]


def test_contents_and_lists_are_not_items() -> None:
    text = (
        "Indholdsfortegnelse\n1. Budget\n2. Eventuelt\n\n1. Budget\n\nSagsfremstilling\n\nDe fire mål er:\n\n"
        " 1. Vi inddrager familien\n 2. Vi sætter ind tidligt\n\nØkonomi\n\nIngen.\n\n"
        "2. Eventuelt\n\nBeslutning\n\nIntet."
    )
    assert titles(text) == ["Budget", "Eventuelt"]


def test_dates_in_a_list_are_not_items() -> None:
    text = "119. Kalender\n\nSagsfremstilling\n\nSådan:\n\n17.\n\n8. Temamøde\n\n120. Eventuelt\n\nBeslutning\n\nIntet."
    assert titles(text) == ["Kalender", "Eventuelt"]


def test_items_without_numbers_begin_where_headings_start_over() -> None:
    text = (
        "Sagsfremstilling\n\nA.\n\nBeslutning\n\nDrøftet.\n\nBilag\n\n"
        "Resume\n\nB.\n\nSagsfremstilling\n\nC.\n\nBeslutning\n\nGodkendt."
    )
    items = agenda_of("Referat\nØkonomiudvalget tirsdag den 14. december 2021 kl. 18:30\n\n" + text).items
    assert [item.decision.text.value for item in items if item.decision] == ["Drøftet.", "Godkendt."]
    assert [section.canonical for section in items[1].sections] == ["summary", "presentation", "decision"]


def test_glued_heading_is_set_free() -> None:
    (item,) = agenda_of("1. Møde\n\nResume\n\nVi mødes kl. 16.30.Sagsfremstilling\n\nIngen emner.").items
    assert [(section.canonical, section.text) for section in item.sections] == [
        ("summary", "Vi mødes kl. 16.30."),
        ("presentation", "Ingen emner."),
    ]


def test_earlier_bodies_do_not_speak_for_the_meeting() -> None:
    text = (
        "Referat - Byrådet den 22. januar 2020\n\n1. Plan\n\nIndstilling\n\nDet indstilles, at planen godkendes.\n\n"
        "Beslutning i Økonomiudvalget den 14-01-2020\n\nAnbefales.\n\nBeslutning i Byrådet den 22-01-2020\n\nUdsat."
    )
    (item,) = agenda_of(text).items
    assert item.decision is not None
    assert item.decision.text.value == "Udsat."
    assert [decision.text.value for decision in item.earlier_decisions] == ["Anbefales."]


def test_closed_is_said_only_where_it_is_printed() -> None:
    text = "ÅBNE SAGER\n\n1. Budget\n\nBeslutning:\n\nGodkendt.\n\nLUKKEDE SAGER\n\n2. Lukket sag"
    items = agenda_of("Referat for Økonomiudvalget den 3. marts 2020\n\n" + text).items
    assert [item.is_closed.value for item in items if item.is_closed] == [False, True]
    assert [item.decision.text.value for item in items if item.decision] == ["Godkendt."]


def test_agenda_without_decisions_is_a_dagsorden() -> None:
    reading = agenda_of(
        "Dagsorden - Økonomiudvalget den 20. maj 2019\n\n1. Budget\n\nIndstilling\n\nAt budgettet drøftes."
    )
    assert (reading.kind, reading.items[0].decision) == ("dagsorden", None)


def test_house_synonym_is_recognised() -> None:
    reading = read_agenda("1. Budget\n\nUdfald\n\nGodkendt.", {"udfald": "decision"})
    assert reading is not None
    assert reading.items[0].decision is not None


def test_matrix_with_all_cells_names_the_marked_body() -> None:
    found = read_routing(read_lines("DIR\nFOU\nBFU\nSOS\n\xa0\n\xa0\nX\n\xa0"))
    assert found is not None
    assert [body.marked for body in found.found.value.bodies] == [False, False, True, False]


def test_matrix_that_lost_cells_names_nobody() -> None:
    found = read_routing(read_lines("DIR\nFOU\nBFU\nSOS\n\nX\n\nX"))
    assert found is not None
    assert ([body.marked for body in found.found.value.bodies], found.found.value.marks) == ([None] * 4, 2)


def test_prose_is_no_agenda() -> None:
    assert read_agenda("Kære alle\n\nVi holder sommerfest den 3. juni 2022. Beslutning om mad følger.") is None

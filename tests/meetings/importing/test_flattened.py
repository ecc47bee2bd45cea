"""Pages of a PDF that lost their line breaks read as lines again, and prose stays whole."""

from meetings.importing.agenda import read_agenda
from meetings.importing.flattened import unflatten
from meetings.importing.lines import read_lines

PAGES = (
    "Referat kommunalbestyrelsen mandag den 24. april 2017\n\n"
    "1 Referat mandag den 24. april 2017 Kl. 18:00\n\n"
    "2 Indholdsfortegnelse 1. KB - Spørgetid 2. KB - Godkendelse af dagsorden\n\n"
    "3 Side 1 1. KB - Spørgetid Sagsnr.: 17/46 Resumé: Møderne indledes med spørgetid. Indstilling: "
    "Beslutningskompetence: Beslutning den : Der var ingen spørgsmål. Sagsfremstilling: Spørg skriftligt. Bilag:\n\n"
    "4 Side 2 2. KB - Godkendelse af dagsorden Sagsnr.: 17/46 Indstilling Det indstilles, 1. at dagsordenen godkendes. "
    "Beslutning Godkendt. Møde den kl Side 2 af 18\n"
)


def test_pages_without_line_breaks_are_read_as_items() -> None:
    agenda = read_agenda(PAGES)
    assert agenda is not None
    assert [
        (item.number and item.number.value, item.title and item.title.value, item.decision and item.decision.text.value)
        for item in agenda.items
    ] == [
        ("1", "KB - Spørgetid", "Der var ingen spørgsmål."),
        ("2", "KB - Godkendelse af dagsorden", "Godkendt."),
    ]


def test_every_cut_line_keeps_the_number_of_its_page() -> None:
    lines = unflatten(read_lines(PAGES))
    assert {line.number for line in lines if line.text.startswith(("Sagsnr", "Beslutning"))} == {7, 9}


def test_numbered_list_is_not_taken_for_pages() -> None:
    text = "1 Indstilling om budget\n2 Beslutning om plan\n3 Bilag om tal\n"
    assert [line.text for line in unflatten(read_lines(text))] == [line.text for line in read_lines(text)]


def test_sentence_that_begins_with_a_headings_word_is_not_cut() -> None:
    prose = ("Udvalget bad om mere. Beslutning om budgettet træffes senere. Økonomi er et tema. " * 8).strip()
    assert [line.text for line in unflatten(read_lines(prose))] == [prose]

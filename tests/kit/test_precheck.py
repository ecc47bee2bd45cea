"""What may not slip into the public unseen, and what is not worth a warning."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.precheck import find_personal_data


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Borgeren (010190-1234) søger om støtte.", ["CPR-nummer 010190-••••"]),
        ("cpr 3112651234.", ["CPR-nummer 311265-••••"]),
        ("Erstatningsnummer 610190-1234", ["CPR-nummer 610190-••••"]),
        ("Født i et skudår: 290200 1234", ["CPR-nummer 290200-••••"]),
        ("Ring på 36 39 36 39.", ["Telefonnummer •• •• •• 39"]),
        ("Ring på +45 36393639", ["Telefonnummer •• •• •• 39"]),
        ("Skriv til anna.holm@hvidovre.dk i dag", ["E-mailadresse an…@hvidovre.dk"]),
        ("010190-1234 og 36393639", ["CPR-nummer 010190-••••", "Telefonnummer •• •• •• 39"]),
    ],
)
def test_personal_data_is_found_and_masked(text: str, found: list[str]) -> None:
    assert [str(suspect) for suspect in find_personal_data(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Sagsnr. 22/9628, doknr. 175905/22",
        "00.01.10-G01-1-21",
        "321390-1234 er ingen dato",
        "290201-1234 er ikke et skudår",
        "Budgettet er 25.000.000 kr. og 25000000 kr.",
        "Filen hedder referat 20221003",
        "Perioden 2022-2025, møde kl. 17.00 den 30. maj 2022",
    ],
)
def test_case_numbers_amounts_and_dates_are_left_in_peace(text: str) -> None:
    assert list(find_personal_data(text)) == []


@pytest.mark.parametrize(
    ("text", "streets"),
    [
        ("Klageren bor på Egevej 12, 2650 Hvidovre.", ["Egevej ••"]),
        ("Nørregade 4, 2. tv.", ["Nørregade ••"]),
        ("Familien i Gammel Køge Landevej 12B søger.", ["Gammel Køge Landevej ••"]),
        ("H.C. Andersens Boulevard 5", ["H.C. Andersens Boulevard ••"]),
        ("Ny Allé 3", ["Ny Allé ••"]),
        ("Lindehaven 4, 2. tv.", ["Lindehaven ••"]),
        ("Sønder Hostrup 12, 6200 Aabenraa", ["Sønder Hostrup ••"]),
        ("Vesterbro 7, st. th.", ["Vesterbro ••"]),
        ("Egevej 12-14 og Birkevej 3", ["Egevej ••", "Birkevej ••"]),
        ("Mødested: Rådhuset, Hvidovrevej 278", ["Hvidovrevej ••"]),
    ],
)
def test_private_address_is_found_and_masked(text: str, streets: list[str]) -> None:
    assert [str(suspect) for suspect in find_personal_data(text)] == [f"Adresse {street}" for street in streets]


@pytest.mark.parametrize(
    "text",
    [
        "Alle 98 kommuner og Alle 12 børn",
        "Overvej 3 forslag til Vejen 2",
        "Børnehaven Egevang 12 børn, Lindehaven 12 pladser",
        "Møde på Skolegade 3. marts",
        "Renovering af Egevej 2022 for 3 mio. kr., Storegade 12.500 kr.",
        "Lov nr. 12, 2022 og Referat 3, 2022 Hvidovre",
        "Bilag 3, 1000 Eksemplarer; punkt 12, 2650 Hvidovre; Punkt 4, 2650 Hvidovre",
        "Dagtilbud 2, 2. behandling",
        "Trafik på egevej er steget 12 pct.",
        "Egevej 12 pct. mere trafik",
    ],
)
def test_what_is_no_address_is_left_in_peace(text: str) -> None:
    assert list(find_personal_data(text)) == []


def test_short_mailbox_is_masked_too() -> None:
    assert [str(suspect) for suspect in find_personal_data("a@b.dk ab@b.dk")] == [
        "E-mailadresse …@b.dk", "E-mailadresse a…@b.dk",
    ]  # fmt: skip


PARTS = ["Egevej 12", ", 2650 Hvidovre", "010190-1234", "36 39 36 39", "a@b.dk", " ", "\n", "Aa", ".", "12", "2. tv."]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PARTS)).map("".join)))
def test_look_through_any_text_ends_and_tells_no_number(text: str) -> None:
    for suspect in find_personal_data(text):
        assert "•" in suspect.masked or "…" in suspect.masked
        assert suspect.masked not in text or "•" in text or "…" in text
        if suspect.kind == "Adresse":
            assert not any(sign.isdigit() for sign in suspect.masked)


@pytest.mark.parametrize("piece", ["A", "Aa ", "Aavej ", "1", "a.b@", "Aa.-'", "Egevej 1 ", "A. ", "12 ", "A1", "vej"])
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(length: int) -> float:
        began = perf_counter()
        sum(1 for _ in find_personal_data(piece * (length // len(piece))))
        return perf_counter() - began

    assert seconds(400_000) < 2 + 40 * seconds(40_000)

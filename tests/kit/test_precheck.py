"""What may not slip into the public unseen, and what is not worth a warning."""

import pytest

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

"""Decision formulas (DOMAIN § 1.5) and decisions per at-point."""

import pytest

from meetings.importing.decisions import categorise, read_decision
from meetings.importing.found import Found
from meetings.importing.headings import Heading
from meetings.importing.lines import read_lines


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Godkendt.", "approved"),
        ("Tiltrådt som indstillet.", "approved"),
        ("Indstillingen er tiltrådt.", "approved"),
        ("Vedtaget enstemmigt.", "approved"),
        ("Godkendt med 5 stemmer mod 2.", "approved"),
        ("Temaet blev drøftet. Indstillingen blev godkendt.", "approved"),
        ("Godkendt med den ændring, at punkt 2 udgår.", "approved_amended"),
        ("Godkendt, idet udvalget ønsker en status.", "approved_amended"),
        ("Anbefales godkendt.", "recommended"),
        ("Udvalget anbefaler, at byrådet tiltræder forslaget.", "recommended"),
        ("Fremsendes til Byrådet med anbefaling.", "recommended"),
        ("Taget til efterretning med de faldne bemærkninger.", "noted"),
        ("Sagen taget til orientering.", "noted"),
        ("Drøftet.", "discussed"),
        ("Beslutning udsættes til næste møde.", "postponed"),
        ("Oversendes til Økonomiudvalget.", "forwarded"),
        ("Indstillingen nedstemt.", "rejected"),
        ("Ikke godkendt.", "rejected"),
        ("Punktet udgår.", "withdrawn"),
        ("Indstillingen godkendt. Peter Hald begærer sagen i Byrådet.", "brought_to_council"),
        ("Maria Dues blev valgt som formand.", "elected"),
        ("Intet.", "none"),
        ("Ingen.\n\nMartin Bek var fraværende.", "none"),
        ("Formanden orienterede om en opsigelse.", "noted"),
        ("Der var ingen spørgsmål.", "noted"),
        ("Godkendt. Formanden orienterede om tidsplanen.", "approved"),
        ("Dagsordenen blev godkendt. Borgmesteren foreslog, at sag 179 genoptages.", "approved"),
        ("Økonomiudvalget besluttede, at de politiske pejlemærker er: øget selvbetjening.", "approved"),
        ("Ikke til stede: Mikkel Lund (C)\n\nGodkendt.", "approved"),
    ],
)
def test_formula_gives_category(text: str, category: str) -> None:
    assert categorise(text) == category


@pytest.mark.parametrize(
    "text",
    [
        "Godkendt. Prioriteringen udsættes.",
        "Indstillingens nr. 1 blev tiltrådt. Vedr. nr. 2 besluttede udvalget at udskyde prioriteringen.",
        "Peter Hald foreslog, at sagen godkendes.",
        "Udvalget besluttede, at ikke alle forslag gennemføres.",
        "Udvalget valgte at bede om et notat.",
    ],
)
def test_unclear_words_are_left_to_a_person(text: str) -> None:
    assert categorise(text) is None


def test_decision_per_at_point_is_kept_apart() -> None:
    lines = read_lines("Ad 1. - 2. Anbefales godkendt.\nAd 3. Drøftet.")
    decision = read_decision(Heading("decision", "Beslutning", 1), lines)
    assert decision is not None
    assert [(point.numbers, point.category) for point in decision.points] == [
        ((1, 2), "recommended"),
        ((3,), "discussed"),
    ]
    assert decision.category is None


def test_item_partly_noted_and_partly_approved_is_approved() -> None:
    decision = read_decision(
        Heading("decision", "Beslutning", 1), read_lines("Ad 1. Taget til efterretning.\nAd 2. Godkendt.")
    )
    assert decision is not None
    assert decision.category == Found("approved", 1, "likely")


def test_empty_decision_is_no_decision() -> None:
    assert read_decision(Heading("decision", "Beslutning", 1), read_lines("\n\xa0\n")) is None

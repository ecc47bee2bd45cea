"""Danish order, Danish addresses."""

import pytest

from kit.danish import address_of, join_words, sort_key


def test_danish_letters_stand_last() -> None:
    names = ["Åberg", "Ølgod", "Ærø", "Zakarias", "Aase", "Andersen", "aalborg"]
    assert sorted(names, key=sort_key) == ["Andersen", "Zakarias", "Ærø", "Ølgod", "Åberg", "aalborg", "Aase"]


def test_accents_do_not_count() -> None:
    assert sort_key("resumé")[0] == sort_key("Resume")[0]


@pytest.mark.parametrize(
    ("words", "sentence"), [([], ""), (["a"], "a"), (["a", "b"], "a og b"), (["a", "b", "c"], "a, b og c")]
)
def test_words_are_joined_as_in_a_sentence(words: list[str], sentence: str) -> None:
    assert join_words(words) == sentence


def test_addresses_are_ascii() -> None:
    assert address_of("Børne- og Ældreudvalget på Ærø, Åbenrå") == "boerne-og-aeldreudvalget-paa-aeroe-aabenraa"

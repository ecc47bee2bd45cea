"""Two wordings told apart word by word: both can be read out of it again, to the letter."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pejlemaerker.documents.diff import Diff, Kind

OLD = "Vi arbejder med systematisk inddragelse af barnet, den unge og familien."
NEW = "Vi arbejder med systematisk inddragelse af barnet, den unge, familien og netværket."

words = st.lists(st.sampled_from(["Vi", "barnet", " ", "  ", "\n", ",", ".", "og", "e\u0301", "\u202e", "æ-ø"])).map(
    "".join
)


def marked(diff: Diff) -> str:
    """The diff as one line: what went in [-…], what came in [+…]."""
    marks = {Kind.SAME: "{}", Kind.REMOVED: "[-{}]", Kind.ADDED: "[+{}]"}
    return "".join(marks[part.kind].format(part.text) for part in diff.parts)


@given(st.one_of(st.text(), words), st.one_of(st.text(), words))
def test_both_texts_can_be_read_out_of_the_diff(old: str, new: str) -> None:
    diff = Diff.of(old, new)
    assert (diff.old, diff.new, diff.is_same) == (old, new, old == new)


@given(words)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert [part.kind for part in Diff.of(text, text).parts] in ([], [Kind.SAME])


@given(words, words)
def test_no_piece_is_told_twice(old: str, new: str) -> None:
    kinds = [part.kind for part in Diff.of(old, new).parts]
    assert all(first != second for first, second in pairwise(kinds))
    assert all(kinds[place : place + 2] != [Kind.ADDED, Kind.REMOVED] for place in range(len(kinds)))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (OLD, NEW, "Vi arbejder med systematisk inddragelse af barnet, den unge[- og][+,] familien[+ og netværket]."),
        ("Vi hører barnet.", "Vi hører barnet", "Vi hører barnet[-.]"),
        ("Vi hører barnet", "Vi ser barnet", "Vi[- hører][+ ser] barnet"),
        ("Børne- og Familie", "Børne- og Ungdoms", "Børne- og[- Familie][+ Ungdoms]"),
        ("Vi  hører", "Vi hører", "Vi[-  ][+ ]hører"),
        ("cafe\u0301", "cafe", "[-cafe\u0301][+cafe]"),
        ("", "Vi", "[+Vi]"),
    ],
    ids=["addition", "full stop", "word", "hyphen", "space", "accent", "nothing"],
)
def test_diff_is_told_in_words(old: str, new: str, told: str) -> None:
    assert marked(Diff.of(old, new)) == told


def test_little_word_between_two_changes_is_read_with_them() -> None:
    assert marked(Diff.of("Vi støtter børn og voksne.", "Vi hjælper unge og gamle.")) == (
        "Vi[- støtter børn og voksne][+ hjælper unge og gamle]."
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (OLD, OLD, "De to tekster er ens."),
        (OLD, NEW, "2 ord er kommet til og ét ord er gået ud."),
        ("Vi hører", "Vi hører barnet", "Ét ord er kommet til."),
        ("Vi hører", "Vi hører.", "Kun tegn og mellemrum er ændret."),
    ],
)
def test_diff_is_summed_up(old: str, new: str, told: str) -> None:
    assert Diff.of(old, new).summary == told


def test_space_stands_outside_the_mark_and_alone_it_is_named() -> None:
    parts = Diff.of("Vi hører", "Vi hører alle\n").parts
    assert [(part.lead, part.shown, part.tail) for part in parts if part.kind == Kind.ADDED] == [(" ", "alle", "\n")]
    assert [part.shown for part in Diff.of("Vi", "Vi\n").parts] == ["Vi", "linjeskift"]


@pytest.mark.parametrize("word", ["a ", "ord, og ", "Vi hører barnet og familien. "])
def test_even_a_hostile_text_is_told_apart_quickly(word: str) -> None:
    old, new = (word * 20_000)[:20_000], ("b " + word * 20_000)[:19_990] + " slut"
    began = time.process_time()
    diff = Diff.of(old, new)
    assert (diff.old, diff.new) == (old, new)
    assert time.process_time() - began < 5

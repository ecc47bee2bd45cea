"""Danish letters folded alike here and in the database, and what people type read as a question."""

import pytest
from django.db.models import TextField, Value
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.search import Asked, Folded, folded, marked, snippet
from meetings.models import Municipality

# What Danes and their neighbours write; other scripts are kept as they are.
WRITTEN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA1, 0x180)])) + "\u0301\u030a/0123456789aaeoAAEO"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Ålborg", "ålborg"),
        ("AALBORG", "ålborg"),
        ("Idé", "ide"),
        ("boernehave", "børnehave"),
        ("Læring", "læring"),
        ("laering", "læring"),
        ("A\u030arhus", "århus"),
        ("Sag 22/9628", "sag 22s9628"),
        ("og/eller", "og/eller"),
    ],
)
def test_folding_makes_the_same_word_of_every_spelling(text: str, plain: str) -> None:
    assert folded(text) == plain


@settings(max_examples=60)
@given(st.lists(st.text(WRITTEN, max_size=40), min_size=1, max_size=20))
def test_database_folds_as_python_does(texts: list[str]) -> None:
    Municipality.objects.get_or_create(name="Hvidovre Kommune", slug="hvidovre")
    asked = {f"t{n}": Folded(Value(text, output_field=TextField())) for n, text in enumerate(texts)}
    found = Municipality.objects.values_list(*[]).annotate(**asked).values(*asked).get()
    assert [found[f"t{n}"] for n in range(len(texts))] == [folded(text) for text in texts]


@settings(max_examples=200)
@given(st.text(), st.text(max_size=3))
def test_marked_pieces_are_the_text_as_it_was_written(text: str, start: str) -> None:
    pieces = marked(text, {folded(word) for word in text.split()}, start=folded(start), parts=[start] if start else [])
    assert "".join(piece.text for piece in pieces) == text


@settings(max_examples=200)
@given(st.lists(st.sampled_from(["barnet", "og", "familien", "Ø", "\n", "x" * 400]), max_size=200).map(" ".join))
def test_snippet_is_a_piece_of_the_text(text: str) -> None:
    piece = "".join(one.text for one in snippet(text, {"familien"}))
    assert piece.removeprefix("… ").removesuffix(" …") in text
    assert len(piece) <= 270


def test_snippet_is_cut_where_the_words_stand() -> None:
    text = f"{'Indledning. ' * 100}Her står kvalitet i dagtilbud. {'Slutning. ' * 100}"
    assert [one.text for one in snippet(text, {"kvalitet", "dagtilbud"}) if one.is_hit] == ["kvalitet", "dagtilbud"]


@pytest.mark.parametrize("typed", ["", "   ", "\x00", "&|!:*()'", "\u202e", "\ud800", '"', "-", "\ufeff \u200b"])
def test_nothing_to_look_for_is_nothing(typed: str) -> None:
    assert Asked.read(typed).is_empty


def test_query_is_no_longer_than_a_few_words() -> None:
    assert len(Asked.read("æ " * 10_000).words) == 12
    assert len(Asked.read("x" * 10_000).text) == 200


@pytest.mark.parametrize(
    ("typed", "is_plain"),
    [("barnet familien", True), ('"barnet og familien"', False), ("barnet -familien", False), ("skole or sfo", False),
     ("børne- og ungeudvalget", True)],
)  # fmt: skip
def test_only_plain_words_are_completed(typed: str, is_plain: bool) -> None:
    assert Asked.read(typed).is_plain == is_plain

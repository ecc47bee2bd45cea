"""What is pasted from elsewhere becomes plain text, and nothing of it is lost."""

from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.pasted import plain_text


@pytest.mark.parametrize(
    ("pasted", "plain"),
    [
        ("En\r\nto\rtre\x0bfire\u2028fem", "En\nto\ntre\nfire\nfem"),
        ("12\u00a0børn og 3\u202f000\u00a0kr.", "12 børn og 3 000 kr."),
        ("ind\u00adsats, børne\u2011hus, børne\x1ehus", "indsats, børne-hus, børne-hus"),
        ("·\tEn\n•\tTo\no\tTre\n§\tFire\n\uf0b7 Fem\n  ▪ Seks", "- En\n- To\n- Tre\n- Fire\n- Fem\n  - Seks"),
        ("“Det går fint”, sagde de – og smilede … 😀👩🏽‍🏫🇩🇰", "“Det går fint”, sagde de – og smilede … 😀👩🏽‍🏫🇩🇰"),
        ("a\x00b\x07c", "abc"),
        ("\ud83d\ude00", "😀"),
        ("halv \ud83d tegn", "halv \ufffd tegn"),
        ("og så, o ja • midt i • en sætning", "og så, o ja • midt i • en sætning"),
        ("1.\tFørst\tså", "1.\tFørst\tså"),
    ],
    ids=[
        "line breaks",
        "spaces",
        "hyphens",
        "bullets",
        "quotes and emoji",
        "control",
        "a pair",
        "half",
        "inside",
        "tabs",
    ],
)
def test_pasted_text_becomes_plain(pasted: str, plain: str) -> None:
    assert plain_text(pasted) == plain


@given(st.text(st.characters()))
@example("\ud83d\ude00\udc00\x00\ufeff\r\r\n·•\t")
def test_plain_text_stays_as_it_is_and_can_be_kept(text: str) -> None:
    plain = plain_text(text)
    assert plain_text(plain) == plain
    assert "\x00" not in plain
    assert plain.encode().decode() == plain  # no half characters are left


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t")))
def test_no_letter_digit_or_emoji_is_lost(text: str) -> None:
    def worth(of: str) -> list[str]:
        bullets = "▪▫◦‣●○■□"
        return [sign for sign in of if sign.isalnum() or (category(sign) == "So" and sign not in bullets)]

    assert worth(plain_text(text)) == worth(text)


@given(st.lists(st.text("abcæøå 😀", min_size=1), min_size=1))
def test_no_line_of_a_list_is_lost(lines: list[str]) -> None:
    pasted = "\r\n".join(f"•\t{line}" for line in lines)
    assert plain_text(pasted) == "\n".join(f"- {line.lstrip(' ')}" for line in lines)

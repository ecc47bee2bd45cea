"""Danish order: æ ø å stand last, and aa is an old way to write å (Retskrivningsordbogen § 5).

Sorting is done here and not by the database, because the embedded PostgreSQL has no ICU collations; the lists are
short.
"""

import unicodedata

from django.utils.text import slugify

_LAST = {"æ": "\ue000", "ä": "\ue000", "ø": "\ue001", "ö": "\ue001", "å": "\ue002"}

_COUNTS = ["nul", "et", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv"]

_IN_ADDRESSES = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})


def sort_key(text: str) -> tuple[str, str]:
    """Return a key that puts names in Danish alphabetical order, blind to case and accents."""
    folded = text.casefold().replace("aa", "å")
    return "".join(_LAST.get(letter) or _without_accent(letter) for letter in folded), text


def _without_accent(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


def join_words(words: list[str]) -> str:
    """Join as in a sentence: "a, b og c"."""
    return " og ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def address_of(name: str) -> str:
    """Return a name as it stands in an address or a file name: "Børne- og Familieområdet" → "boerne-og-
    familieomraadet".
    """
    return slugify(name.translate(_IN_ADDRESSES))


def count_word(number: int) -> str:
    """Return a small number as a word, as Danish prose writes it: "fire"; from thirteen on the figure."""
    return _COUNTS[number] if number < len(_COUNTS) else str(number)

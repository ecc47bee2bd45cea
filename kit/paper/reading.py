"""Hvad der er læst af en fil: its words, divided in one way, and no more of them than is bounded."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MOST_WORDS = 300_000
MOST_SIGNS = 3_000_000  # of all the words; what is read is told to the process that serves pages
MOST_ABOUT = 20_000  # signs of what a file says of itself

# Signs nobody sees; and the end of a line that PDFium tells inside a divided word.
_INVISIBLE = re.compile("[\ufffe\x02]\r?\n?|[\u00ad\u200b\u200c\u200d\u2060\ufeff\x00]")

NO_KIND = "Filen er ikke en PDF, en Word-fil eller en HTML-fil."
BROKEN = "Filen er i stykker."
TWO_KINDS = "Filen er af to slags på én gang og siger noget andet, alt efter hvilket program der åbner den."


class Unreadable(Exception):
    """The file cannot be read; the message says why, in Danish."""


@dataclass(frozen=True, slots=True)
class Reading:
    """En læst fil: its form, its words in order, what it says of itself beside them, and how its pages look."""

    form: str
    words: tuple[str, ...]
    about: str = ""
    pages: tuple[str, ...] = ()


def words_of(pieces: Iterable[str]) -> tuple[str, ...]:
    """Divide a text into words, without what cannot be seen."""
    words: list[str] = []
    signs = 0
    for piece in pieces:
        own = unicodedata.normalize("NFC", _INVISIBLE.sub("", piece)).split()
        words += own
        signs += sum(map(len, own))
        if len(words) > MOST_WORDS or signs > MOST_SIGNS:
            raise Unreadable("Filen er for lang til at blive læst.")
    return tuple(words)

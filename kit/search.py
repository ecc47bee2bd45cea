"""Searching Danish text: what counts as the same letter, how words are kept for finding, and what people type.

PostgreSQL's `danish` finds inflected forms. Before that all text is *folded*, alike in the database and here: small
letters, no accents, "aa" is å, "ae" æ and "oe" ø, and "22/9628" is one word. A plain expression folds, no extension;
what is stored was folded this way, so a change here needs a migration that makes the columns anew.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Self

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery, SearchVectorField
from django.db.models import DateField, Field, Func, GeneratedField, TextField

from kit.dates import find_dates

LONGEST_QUERY = 200  # signs; a search is a few words
MOST_WORDS = 12
SHORTEST_PREFIX = 3  # "ba…" would find half the archive
SHORTEST_PART = 4
# A vector holds at most a megabyte; the words after these can be read, not found.
SEARCHED_SIGNS = 100_000

_LARGE, _SMALL = "ÆØÅ", "æøå"
_ACCENTS = {
    "a": "áàâãāă", "c": "çćč", "d": "ďð", "e": "éèêëēěę", "g": "ğ", "i": "íìîïī", "l": "ł", "n": "ñńň", "o": "óòôõōő",
    "r": "ř", "s": "śšş", "t": "ťţ", "u": "úùûüūůű", "y": "ýÿ", "z": "źżž", "æ": "äǽ", "ø": "öǿ", "å": "ǻ",
}  # fmt: skip
_PAIRS = (
    *zip(_LARGE, _SMALL, strict=True),
    *((one, plain) for plain, signs in _ACCENTS.items() for one in signs),
    *((one.upper(), plain) for plain, signs in _ACCENTS.items() for one in signs),
    ("İ", "i"),
)
_FROM, _TO = ("".join(side) for side in zip(*_PAIRS, strict=True))
_PLAIN = str.maketrans(_FROM, _TO)
_DIGRAPHS = (("aa", "å"), ("ae", "æ"), ("oe", "ø"))
_SLASH_IN_NUMBER = re.compile(r"(?<=[0-9])/(?=[0-9])")
_WORD = re.compile(r"[0-9]+(?:/[0-9]+)+|\w+")
_OPERATORS = re.compile(r'"|(?:^|\s)-\S|\bor\b', re.IGNORECASE)


def folded(text: str) -> str:
    """Fold a text as the database does (`Folded`)."""
    plain = unicodedata.normalize("NFC", text).translate(_PLAIN)
    small = plain.replace("Σ", "σ").lower()  # sign by sign: only Python knows how a Greek word ends
    for two, one in _DIGRAPHS:
        small = small.replace(two, one)
    return _SLASH_IN_NUMBER.sub("s", small)


class Folded(Func):
    """The folded text of a column, by the database."""

    arity = 1
    output_field = TextField()
    template = (
        "regexp_replace(replace(replace(replace(lower(translate(normalize(%(expressions)s, NFC), "
        f"'{_FROM}', '{_TO}')), 'aa', 'å'), 'ae', 'æ'), 'oe', 'ø'), '(?<=[0-9])/(?=[0-9])', 's', 'g')"
    )


class TextsInside(Func):
    """The texts of a paper that is kept as data (`kit.paper`), as one text."""

    arity = 1
    output_field = TextField()
    template = (
        "replace((jsonb_path_query_array(%(expressions)s, 'strict $.sections.**.title', silent => true)"
        " || jsonb_path_query_array(%(expressions)s, 'strict $.sections.**.lead', silent => true)"
        " || jsonb_path_query_array(%(expressions)s, 'strict $.sections.**.text', silent => true))::text, '\\n', ' ')"
    )


class Words(Func):
    """The words of a column for finding, inflected forms alike."""

    arity = 1
    output_field = SearchVectorField()
    template = f"setweight(to_tsvector('danish', left(%(expressions)s, {SEARCHED_SIGNS})), '%(weight)s')"

    def __init__(self, text: Any, *, weight: str = "D") -> None:
        super().__init__(Folded(text), weight=weight)


class Spellings(Func):
    """The words of a column as they stand, for one that is still being typed. Without their places: after those of
    `Words` they would make the last word and the first one neighbours.
    """

    arity = 1
    output_field = SearchVectorField()
    template = f"strip(to_tsvector('simple', left(%(expressions)s, {SEARCHED_SIGNS})))"

    def __init__(self, text: Any) -> None:
        super().__init__(Folded(text))


class Joined(Func):
    """Vectors put together."""

    output_field = SearchVectorField()
    template = "(%(expressions)s)"
    arg_joiner = " || "


class OnlySearched(Field):  # type: ignore[type-arg]
    """A column to be looked in and never read: a vector is as long as its text. So no row is fetched with it, neither
    asked for, nor beside another, nor back after it is saved.
    """

    db_returning: Any = False

    def set_attributes_from_name(self, name: str) -> None:
        """Take a name and a column, and stay out of those that make up a row (`concrete_fields`)."""
        super().set_attributes_from_name(name)
        self.concrete = False


class SearchedDay(OnlySearched, DateField):  # type: ignore[type-arg]
    """The day that hits are ordered by, where it is another row's: the database copies it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": True, "blank": True, "editable": False} | kwargs)


class StoredField(OnlySearched, GeneratedField):
    """A stored column that PostgreSQL makes of the row's own columns."""

    def _check_supported(self, databases: Any) -> list[Any]:
        """Every PostgreSQL we run on keeps stored columns; Django would ask the server, which tools have none of."""
        return []


class SearchField(StoredField):
    """What a row is found by, as a vector."""

    def __init__(self, *words: Words | Spellings, **kwargs: Any) -> None:
        given: dict[str, Any] = {"expression": Joined(*words), "output_field": SearchVectorField(), "db_persist": True}
        super().__init__(**given | kwargs)


class FoldedField(StoredField):
    """A text folded, in which parts of words are looked for; folding it anew for each row would be dear."""

    def __init__(self, text: str = "", **kwargs: Any) -> None:
        given: dict[str, Any] = {"expression": Folded(text), "output_field": TextField(), "db_persist": True}
        super().__init__(**given | kwargs)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed: cleaned, and read for words, a last word under way, and a day."""

    text: str
    day: date | None = None

    @classmethod
    def read(cls, typed: str) -> Self:
        """Read what was typed, whatever it is; what cannot be written is left out."""
        written = typed[: 20 * LONGEST_QUERY].encode("utf-8", "ignore").decode()
        seen = "".join(" " if unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp"} else one for one in written)
        text = " ".join(seen.split()[: 4 * MOST_WORDS])[:LONGEST_QUERY].strip()
        return cls(text, next((span.day for span in find_dates(text, is_date_field=True)), None))

    @property
    def words(self) -> tuple[str, ...]:
        """The words, folded."""
        return tuple(folded(one) for one in _WORD.findall(self.text))[:MOST_WORDS]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.words

    @property
    def is_plain(self) -> bool:
        """Whether it is words alone, without the signs that search engines know ("…", -word, or)."""
        return not _OPERATORS.search(self.text)

    @property
    def last(self) -> str:
        """The word that may still be under way."""
        return self.words[-1] if self.words and self.is_plain and len(self.words[-1]) >= SHORTEST_PREFIX else ""

    @property
    def parts(self) -> tuple[str, ...]:
        """What may stand inside longer words ("struktur" in "kvalitetsstruktur"); nothing where a word is short."""
        longs = self.is_plain and all(len(one) >= SHORTEST_PART for one in self.words)
        return self.words if longs else ()

    @property
    def rest(self) -> "Asked":
        """What is asked beside the day."""
        span = next(find_dates(self.text, is_date_field=True), None)
        return Asked(f"{self.text[: span.start]} {self.text[span.end :]}".strip()) if span else self

    @property
    def whole_words(self) -> SearchQuery:
        """The words as they stand, for the database."""
        return _danish(" ".join(self.words) if self.is_plain else folded(self.text))

    @property
    def query(self) -> CombinedSearchQuery | SearchQuery:
        """The same for the database, which takes any of it: whole words, or the last one under way."""
        return self._under_way("simple", "danish")

    @property
    def query_of_words(self) -> CombinedSearchQuery | SearchQuery:
        """The same for a vector of `Words` alone. Nothing is asked twice, or PostgreSQL would expect twice the hits."""
        return self._under_way("danish")

    def _under_way(self, *configs: str) -> CombinedSearchQuery | SearchQuery:
        if not self.last:
            return self.whole_words
        prefix = f"'{self.last}':*"  # letters and figures: nothing in it to mistake
        each = (SearchQuery(prefix, config=config, search_type="raw") for config in configs)
        under_way: CombinedSearchQuery | SearchQuery = reduce(or_, each)
        before = self.words[:-1]
        # Words that say nothing (og, i) ask for nothing: an empty query and another are the other. One word that is
        # under way is also the whole word.
        return self.whole_words | (_danish(" ".join(before)) & under_way) if before else under_way


def _danish(text: str) -> SearchQuery:
    return SearchQuery(text, config="danish", search_type="websearch")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether it is what was looked for."""

    text: str
    is_hit: bool


def marked(text: str, found: Collection[str], *, start: str = "", parts: Collection[str] = ()) -> tuple[Piece, ...]:
    """The whole text, as it was written, with the words marked that were looked for: those found (folded), those that
    begin so, and those that hold a part.
    """
    return tuple(_pieces(text, _hits(text, found, start, parts), 0, len(text)))


def snippet(
    text: str, found: Collection[str], *, start: str = "", parts: Collection[str] = (), length: int = 260
) -> tuple[Piece, ...]:
    """The piece of a text in which most of the words stand that were looked for, with these marked."""
    hits = _hits(text, found, start, parts)
    best = _best_start(hits, length)
    begin = 0 if best < length * 2 // 3 else text.rfind(" ", 0, best - length // 4) + 1
    end = len(text) if begin + length >= len(text) else max(text.rfind(" ", begin, begin + length), begin + length // 2)
    cut = [Piece("… ", is_hit=False)] if begin else []
    rest = [Piece(" …", is_hit=False)] if end < len(text) else []
    return (*cut, *_pieces(text, hits, begin, end), *rest)


def _hits(text: str, found: Collection[str], start: str, parts: Collection[str]) -> list[tuple[int, int]]:
    """Where the words stand."""
    words = ((match, folded(match[0])) for match in _WORD.finditer(text))
    return [
        match.span()
        for match, word in words
        if word in found or (start and word.startswith(start)) or any(part in word for part in parts)
    ]


def _pieces(text: str, hits: list[tuple[int, int]], begin: int, end: int) -> Iterator[Piece]:
    at = begin
    for first, last in hits:
        if begin <= first and last <= end:
            if first > at:
                yield Piece(text[at:first], is_hit=False)
            yield Piece(text[first:last], is_hit=True)
            at = last
    if at < end:
        yield Piece(text[at:end], is_hit=False)


def _best_start(hits: list[tuple[int, int]], length: int) -> int:
    """Where the words stand closest; the first of such places."""
    starts = [first for first, _ in hits[:300]]
    return max(starts, key=lambda at: (sum(at <= one < at + length // 2 for one in starts), -at), default=0)

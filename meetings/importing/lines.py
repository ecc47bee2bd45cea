"""The text of a document as numbered lines, with the noise of web pages and PDF extraction put aside."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

# No field, heading or title is longer; a longer line is prose, or a whole page of a flattened PDF.
LONGEST_LABEL_LINE = 300

_NEWLINE = re.compile(r"\r\n|\r|\n")
_INVISIBLE = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x00AD, 0x200B, 0xFEFF], " ")
_SPACES = re.compile(r"\s+")
_PROVENANCE = "# KILDE:"  # a collector's note above the document, no part of it

_BULLET = re.compile(r"[•·▪◦●○–*-]\s+")
_LIST_NUMBER = re.compile(r"\d{1,2}[.)]\s+(?!(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec))", re.IGNORECASE)

_NOISE = re.compile(
    r"(?:til toppen|hent som fil:?|vælg|accepter cookies|skip navigationen|you are here|printvenlig version|forside:?"
    r"|dagsordener og referater|se vores .?cookiepolitik.?\.?|vi bruger cookies .*|side \d+(?: af \d+)?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the original, how it was printed, and its words without odd spaces."""

    number: int
    raw: str
    text: str

    @property
    def is_blank(self) -> bool:
        return not self.text

    @property
    def bullet(self) -> str:
        """The list mark a line begins with ("•", "2."), or nothing."""
        match = _BULLET.match(self.text) or _LIST_NUMBER.match(self.text)
        return match[0].strip() if match else ""

    @property
    def words(self) -> str:
        """The text after the list mark."""
        return self.text[len(self.bullet) :].strip()


def clean(text: str) -> str:
    """Words with single ordinary spaces: no NBSP, no invisible characters."""
    return _SPACES.sub(" ", text.translate(_INVISIBLE)).strip()


def read_lines(text: str) -> tuple[Line, ...]:
    """All lines of a document, numbered from 1; web-page noise and a collector's note become blank lines."""
    lines = []
    for number, raw in enumerate(_NEWLINE.split(text), start=1):
        if not raw:
            lines.append(Line(number, "", ""))
            continue
        words = clean(raw)
        is_noise = len(words) <= LONGEST_LABEL_LINE and _NOISE.fullmatch(words)
        if is_noise or (number == 1 and words.startswith(_PROVENANCE)):
            raw = words = ""
        lines.append(Line(number, raw, words))
    return tuple(lines)


def verbatim(lines: Iterable[Line]) -> str:
    """The printed text of some lines, untouched but for empty edges."""
    return "\n".join(line.raw for line in lines).strip()


def with_following[T](sequence: Sequence[T]) -> Iterator[tuple[T, T | None]]:
    """Each part with the one after it, the last with None: where a part ends is where the next begins."""
    return zip_longest(sequence, sequence[1:])


def without_blank_edges(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines from the first to the last that says something."""
    filled = [index for index, line in enumerate(lines) if not line.is_blank]
    return lines[filled[0] : filled[-1] + 1] if filled else lines[:0]

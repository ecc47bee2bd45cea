"""Running text in sentences, each with the line it stands on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from meetings.importing.lines import Line

_END = re.compile(r"(?<=[.!?]) (?=[A-ZÆØÅ\"”])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:bl\.a|f\.eks|fx|d|kl|nr|jf|pkt|ca|inkl|evt|mv|m\.v|mfl|pr|vedr|stk)|\b\d{1,2})\.$", re.IGNORECASE
)


# Longer than any sentence a person wrote: a page of a flattened PDF, which cannot be read by sentences.
_LONGEST_SENTENCE = 3000


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence verbatim and its 1-based line."""

    text: str
    line: int


def read_sentences(lines: Sequence[Line]) -> tuple[Sentence, ...]:
    """All sentences of some lines; a line without an end mark is a sentence of its own."""
    return tuple(
        Sentence(part, line.number)
        for line in lines
        for part in split_sentences(line.text)
        if len(part) <= _LONGEST_SENTENCE
    )


def split_sentences(text: str) -> list[str]:
    """A paragraph's sentences, not split after "bl.a." or "d. 5."."""
    parts: list[str] = []
    for part in _END.split(text):
        if parts and _ABBREVIATION.search(parts[-1][-12:]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return parts

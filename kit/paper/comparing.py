"""To filer holdt op mod hinanden: whether they say the same, and which words differ."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from kit.paper.reading import Reading

_MOST_TOLD = 40
_AROUND = 6  # words before and after a change, so that it can be found
_LONGEST = 60  # words of one change
_RUN = 4  # so many words in a row that stand once in each text hold the two together
_MOST_PAIRS = 4_000_000


class Change(NamedTuple):
    """En ændring: the words that were there, those that are there now, and what stands around them."""

    before: str
    removed: str
    added: str
    after: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Udfaldet: the words, and of a PDF which pages look different (by number)."""

    is_same: bool
    changes: tuple[Change, ...] = ()
    more: int = 0
    pages: tuple[int, ...] = ()
    has_looks: bool = False


def compare(issued: Reading, other: Reading) -> Compared:
    """Hold a file up against the one that was issued. Where only the division into words differs, they say the same."""
    pages = tuple(_pages_that_differ(issued.pages, other.pages))
    has_looks = bool(issued.pages and other.pages)
    if "".join(issued.words) == "".join(other.words):
        return Compared(True, pages=pages, has_looks=has_looks)
    spans = list(_spans(issued.words, other.words))
    told = tuple(_change(issued.words, other.words, span) for span in spans[:_MOST_TOLD])
    return Compared(False, told, max(0, len(spans) - _MOST_TOLD), pages, has_looks)


def _pages_that_differ(first: Sequence[str], second: Sequence[str]) -> Iterator[int]:
    if not (first and second):
        return
    for number in range(max(len(first), len(second))):
        if first[number : number + 1] != second[number : number + 1]:
            yield number + 1


class _Span(NamedTuple):
    """Where something changed: from and to in the first text, from and to in the second."""

    start: int
    end: int
    there: int
    there_end: int


def _change(first: Sequence[str], second: Sequence[str], span: _Span) -> Change:
    return Change(
        " ".join(first[max(0, span.start - _AROUND) : span.start]),
        _shown(first[span.start : span.end]),
        _shown(second[span.there : span.there_end]),
        " ".join(first[span.end : span.end + _AROUND]),
    )


def _shown(words: Sequence[str]) -> str:
    """The words of a change; of a long one only the beginning and the end."""
    text = [word[:200] for word in words]
    if len(text) > _LONGEST:
        text = [*text[: _LONGEST // 2], "[…]", *text[-_LONGEST // 2 :]]
    return " ".join(text)


def _spans(first: Sequence[str], second: Sequence[str]) -> Iterator[_Span]:
    """What differs, in the order of reading."""
    here = there = 0
    for at, to in [*_anchors(first, second), (len(first), len(second))]:
        yield from _between(first, second, _Span(here, at, there, to))
        here, there = at + 1, to + 1


def _between(first: Sequence[str], second: Sequence[str], gap: _Span) -> Iterator[_Span]:
    """What differs between two places that hold the texts together."""
    gap = _narrowed(first, second, gap)
    one, other = first[gap.start : gap.end], second[gap.there : gap.there_end]
    if not (one or other):
        return
    if len(one) * len(other) > _MOST_PAIRS:
        yield gap
        return
    for tag, start, end, there, there_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _Span(gap.start + start, gap.start + end, gap.there + there, gap.there + there_end)


def _narrowed(first: Sequence[str], second: Sequence[str], gap: _Span) -> _Span:
    """The same place without the words that are alike at its beginning and its end."""
    start, end, there, there_end = gap
    while start < end and there < there_end and first[start] == second[there]:
        start, there = start + 1, there + 1
    while start < end and there < there_end and first[end - 1] == second[there_end - 1]:
        end, there_end = end - 1, there_end - 1
    return _Span(start, end, there, there_end)


def _anchors(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """The places where a run of words stands in both texts, once in each, in the same order: the most there are."""
    places = _single_runs(second)
    pairs = [(here, places[run]) for run, here in _single_runs(first).items() if run in places]
    ends: list[int] = []  # ends[n]: the earliest place in the second text at which n + 1 pairs in order can end
    last: list[int] = []  # which pair that is
    before: list[int] = []  # of each pair, which one stands before it; -1 is none
    for index, (_, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        if length == len(ends):
            ends.append(there)
            last.append(index)
        else:
            ends[length], last[length] = there, index
        before.append(last[length - 1] if length else -1)
    found, at = list[tuple[int, int]](), last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _single_runs(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """The runs of words that stand only once, in order, and where."""
    runs = [tuple(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1)]
    counts = Counter(runs)
    return {run: place for place, run in enumerate(runs) if counts[run] == 1}

"""Hvad der er ændret fra én ordlyd til den næste: word by word, so that both texts can be read out of it again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, zip_longest
from typing import NamedTuple, Self

# A word keeps its loose accents; each other sign stands for itself; what is left is space. Nothing is left out.
_TOKEN = re.compile(r"[\w\u0300-\u036f]+|[^\w\s\u0300-\u036f]|\s+")
_SPACE = re.compile(r"\s+")

# How many pairs of words are compared before two texts are told apart in the large only: a sentence has some hundreds,
# five hundred new words in the place of five hundred others take a tenth of a second.
_MOST_PAIRS = 250_000
_SHORT_WORD = 3


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Part:
    """Et stykke tekst: it stayed, it went, or it came."""

    kind: Kind
    text: str

    @property
    def lead(self) -> str:
        """The space before the words; it stands outside the mark."""
        return self.text[: len(self.text) - len(self.text.lstrip())] if self.text.strip() else ""

    @property
    def tail(self) -> str:
        """The space after the words."""
        return self.text[len(self.text.rstrip()) :] if self.text.strip() else ""

    @property
    def shown(self) -> str:
        """The words; a change of nothing but space is named, since it cannot be seen."""
        if words := self.text.strip():
            return words
        return "linjeskift" if "\n" in self.text else "mellemrum"


@dataclass(frozen=True, slots=True)
class Diff:
    """To ordlyde, og hvad der skiller dem."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, old: str, new: str) -> Self:
        """Compare two texts word by word."""
        return cls(tuple(_joined(_readable(list(_pieces(_words(old), _words(new)))))))

    @property
    def old(self) -> str:
        """The older text, to the letter."""
        return "".join(part.text for part in self.before)

    @property
    def new(self) -> str:
        """The newer text, to the letter."""
        return "".join(part.text for part in self.after)

    @property
    def before(self) -> tuple[Part, ...]:
        """The older text with what went marked in it."""
        return tuple(part for part in self.parts if part.kind != Kind.ADDED)

    @property
    def after(self) -> tuple[Part, ...]:
        """The newer text with what came marked in it."""
        return tuple(part for part in self.parts if part.kind != Kind.REMOVED)

    @property
    def is_same(self) -> bool:
        """Whether nothing was changed."""
        return all(part.kind == Kind.SAME for part in self.parts)

    @property
    def summary(self) -> str:
        """To ord er kommet til, og ét er gået ud; for those who hear the page before they hear the text."""
        added, removed = (_count(self.parts, kind) for kind in (Kind.ADDED, Kind.REMOVED))
        if self.is_same:
            return "De to tekster er ens."
        if not added and not removed:
            return "Kun tegn og mellemrum er ændret."
        told = [f"{_number(added)} kommet til" if added else "", f"{_number(removed)} gået ud" if removed else ""]
        sentence = " og ".join(one for one in told if one)
        return f"{sentence[0].upper()}{sentence[1:]}."


def _count(parts: tuple[Part, ...], kind: Kind) -> int:
    changed = (word for part in parts if part.kind == kind for word in part.text.split())
    return sum(any(letter.isalnum() for letter in word) for word in changed)


def _number(count: int) -> str:
    return "ét ord er" if count == 1 else f"{count} ord er"


class _Word(NamedTuple):
    """A word or a sign, and the space before it; at the end of a text there may be space alone."""

    space: str
    core: str

    def __str__(self) -> str:
        return self.space + self.core


def _words(text: str) -> list[_Word]:
    words, space = [], ""
    for token in _TOKEN.findall(text):
        if _SPACE.fullmatch(token):
            space = token
        else:
            words.append(_Word(space, token))
            space = ""
    return [*words, _Word(space, "")] if space else words


def _pieces(old: list[_Word], new: list[_Word]) -> Iterator[Part]:
    """What stayed, went and came, in the order of reading: what went stands before what came in its place."""
    for same, first, second in _runs(old, new):
        if same:
            yield from _alike(first, second)
        else:
            yield Part(Kind.REMOVED, "".join(map(str, first)))
            yield Part(Kind.ADDED, "".join(map(str, second)))


def _runs(old: list[_Word], new: list[_Word]) -> Iterator[tuple[bool, list[_Word], list[_Word]]]:
    cores = [word.core for word in old], [word.core for word in new]
    begin = sum(1 for _ in _common(*cores))
    end = sum(1 for _ in _common(cores[0][begin:][::-1], cores[1][begin:][::-1]))
    yield True, old[:begin], new[:begin]
    first, second = old[begin : len(old) - end], new[begin : len(new) - end]
    yield from _middle(first, second)
    yield True, old[len(old) - end :], new[len(new) - end :]


def _common(first: list[str], second: list[str]) -> Iterator[str]:
    for one, other in zip(first, second, strict=False):
        if one != other:
            return
        yield one


def _middle(first: list[_Word], second: list[_Word]) -> Iterator[tuple[bool, list[_Word], list[_Word]]]:
    """The weightiest words that stand in both texts in the same order stay; between them, the rest went and came."""
    if len(first) * len(second) > _MOST_PAIRS:
        yield False, first, second
        return
    at, to = 0, 0
    for here, there in _kept(first, second):
        yield False, first[at:here], second[to:there]
        yield True, [first[here]], [second[there]]
        at, to = here + 1, there + 1
    yield False, first[at:], second[to:]


def _kept(first: list[_Word], second: list[_Word]) -> Iterator[tuple[int, int]]:
    """The places of the words that stay. A long word weighs more: of "a, b og c" and "a, b, c og d" c stays, not og."""
    best = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for here in range(len(first) - 1, -1, -1):
        core, row, below = first[here].core, best[here], best[here + 1]
        weight = len(core) + 1
        for there in range(len(second) - 1, -1, -1):
            if core == second[there].core:
                row[there] = below[there + 1] + weight
            else:
                row[there] = max(below[there], row[there + 1])
    here = there = 0
    while here < len(first) and there < len(second):
        if first[here].core == second[there].core:
            yield here, there
            here, there = here + 1, there + 1
        elif best[here + 1][there] >= best[here][there + 1]:
            here += 1
        else:
            there += 1


def _alike(first: list[_Word], second: list[_Word]) -> Iterator[Part]:
    """The same words; the space between them may have changed."""
    for old, new in zip_longest(first, second):
        if old.space != new.space:
            yield Part(Kind.REMOVED, old.space)
            yield Part(Kind.ADDED, new.space)
            yield Part(Kind.SAME, old.core)
        else:
            yield Part(Kind.SAME, str(old))


def _readable(parts: list[Part]) -> Iterator[Part]:
    """Between two changes, a sign or a little word that happens to be the same is read more easily as changed too."""
    runs = [(same, list(group)) for same, group in groupby(parts, key=lambda part: part.kind == Kind.SAME)]
    for place, (same, run) in enumerate(runs):
        text = "".join(part.text for part in run)
        if same and 0 < place < len(runs) - 1 and _is_island(text, runs[place - 1][1], runs[place + 1][1]):
            yield Part(Kind.REMOVED, text)
            yield Part(Kind.ADDED, text)
        else:
            yield from run


def _is_island(text: str, before: list[Part], after: list[Part]) -> bool:
    words = [word for word in _TOKEN.findall(text) if not _SPACE.fullmatch(word)]
    is_little = len(words) <= 1 and all(len(word) <= _SHORT_WORD for word in words)
    sides = [{part.kind for part in run if part.text.strip()} for run in (before, after)]
    return is_little and all(side == {Kind.REMOVED, Kind.ADDED} for side in sides)


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """Neighbours of one kind become one; between two pieces that stayed, what went comes before what came."""
    for same, run in groupby((part for part in parts if part.text), key=lambda part: part.kind == Kind.SAME):
        pieces = list(run)
        for kind in (Kind.SAME,) if same else (Kind.REMOVED, Kind.ADDED):
            if text := "".join(piece.text for piece in pieces if piece.kind == kind):
                yield Part(kind, text)

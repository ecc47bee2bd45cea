"""The whole paper: letterhead, sections, and what is put on it when it is printed or issued."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from kit.paper.blocks import Section, as_data, from_data

DEFAULT_ACCENT = "#1f4e79"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Et brevhoved: who writes, from where, about which case, and who signs. `facts` are (label, value) pairs."""

    municipality: str
    sender: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    edition: str = ""
    signature: tuple[str, ...] = ()
    accent: str = DEFAULT_ACCENT
    logo: str = ""  # the name under which the logo's bytes are handed along with the paper
    logo_alt: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Et påtryk: what a copy is. A draft says UDKAST on every page; an issued one its number and its fingerprint."""

    mark: str = ""
    number: str = ""
    colophon: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """Et papir, finished: the same object, day and reader give the same text."""

    word: str  # "NOTAT": what kind of paper it is
    title: str
    as_of: str  # "Status pr. 22. november 2026 for perioden 2022–2025"
    letterhead: Letterhead
    sections: tuple[Section, ...]
    running_head: str = ""
    stamp: Stamp = Stamp()

    def stamped(self, stamp: Stamp) -> Self:
        """The same paper with another stamp: its text is the same."""
        return replace(self, stamp=stamp)

    def lines(self) -> Iterator[str]:
        """Tell what the paper says, in reading order; not its stamp, its letterhead or its running heads."""
        yield self.word
        yield self.title
        yield self.as_of
        for section in self.sections:
            yield from section.lines()
        yield from self.letterhead.signature

    @property
    def text(self) -> str:
        """What the paper says, as plain text."""
        return "\n".join(" ".join(line.split()) for line in self.lines() if line.strip())

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the text, 64 hexadecimal digits: the same text has the same fingerprint in every form."""
        return hashlib.sha256(self.text.encode(errors="surrogatepass")).hexdigest()

    @property
    def keywords(self) -> tuple[str, ...]:
        """What an issued note says of itself in every form, to those who check it: its number and fingerprint."""
        return (self.stamp.number, f"sha256:{self.fingerprint}") if self.stamp.number else ()

    def as_data(self) -> dict[str, Any]:
        """Turn it into what JSON can hold, without the stamp."""
        return {
            "word": self.word,
            "title": self.title,
            "as_of": self.as_of,
            "running_head": self.running_head,
            "letterhead": {one.name: as_data(getattr(self.letterhead, one.name)) for one in fields(Letterhead)},
            "sections": as_data(self.sections),
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Turn a frozen paper back into what it was."""
        letterhead = Letterhead(**{name: from_data(value) for name, value in data["letterhead"].items()})
        return cls(
            word=data["word"],
            title=data["title"],
            as_of=data["as_of"],
            running_head=data["running_head"],
            letterhead=letterhead,
            sections=from_data(data["sections"]),
        )

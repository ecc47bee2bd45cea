"""The parts of a paper (papir), in reading order: plain data that can be frozen as JSON and made into any form.

A text here is plain text; what it looks like is the business of those who set it. Every part tells its own lines, so
that the reading order is the same in every form.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar, Literal

_CLOSING = ".,;:!?)»…"  # signs that stand close to the word before them
_SLIM_COLUMNS = 3
_SLIM_CELL = 22  # signs; a table of few such columns need not fill the page

type Block = Paragraph | Wordings | Quotation | Bullets | Table | Figure | Comparison | Subsection


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Et afsnit: body text, `lead` (an opening line), `detail` (small and quiet) or `missing` (it is not known)."""

    kind: ClassVar[str] = "paragraph"
    template: ClassVar[str] = "paper/blocks/paragraph.html"
    text: str
    role: Literal["body", "lead", "detail", "missing"] = "body"

    def lines(self) -> Iterator[str]:
        """Tell it as plain lines."""
        yield from self.text.splitlines()


@dataclass(frozen=True, slots=True)
class Wording:
    """En ordlyd with its number; without a text it is not known. `warning` precedes the details."""

    kind: ClassVar[str] = "wording"
    number: int | None
    text: str
    details: tuple[str, ...] = ()
    warning: str = ""

    def lines(self) -> Iterator[str]:
        """Tell it as plain lines, its number first."""
        text = self.text or "Ordlyden kendes ikke"
        yield f"{self.number}. {text}" if self.number else text
        yield " ".join(part for part in (self.warning, *self.details) if part)


@dataclass(frozen=True, slots=True)
class Wordings:
    """Pejlemærkerne, the hero of the note: a list whose numerals are their own numbers."""

    kind: ClassVar[str] = "wordings"
    template: ClassVar[str] = "paper/blocks/wordings.html"
    items: tuple[Wording, ...]

    def lines(self) -> Iterator[str]:
        """Tell it as plain lines."""
        for item in self.items:
            yield from item.lines()


@dataclass(frozen=True, slots=True)
class Quotation:
    """Et citat, verbatim, with who said it (a unit, never a person)."""

    kind: ClassVar[str] = "quotation"
    template: ClassVar[str] = "paper/blocks/quotation.html"
    text: str
    source: str

    def lines(self) -> Iterator[str]:
        """Tell it as plain lines."""
        yield f"»{self.text}«"
        yield self.source


@dataclass(frozen=True, slots=True)
class Item:
    """Et punkt in a list; `lead` is set in bold before the text, `items` are points under it."""

    kind: ClassVar[str] = "item"
    text: str
    lead: str = ""
    items: tuple["Item", ...] = ()

    def lines(self) -> Iterator[str]:
        """Tell it as plain lines."""
        yield " ".join(part for part in (self.lead, self.text) if part)
        for item in self.items:
            yield from item.lines()


@dataclass(frozen=True, slots=True)
class Bullets:
    """En liste, with bullets or numbers."""

    kind: ClassVar[str] = "bullets"
    template: ClassVar[str] = "paper/blocks/bullets.html"
    items: tuple[Item, ...]
    is_numbered: bool = False

    def lines(self) -> Iterator[str]:
        """Tell it as plain lines."""
        for item in self.items:
            yield from item.lines()


@dataclass(frozen=True, slots=True)
class Table:
    """En tabel for comparing: a caption, a head, and rows as long as the head, each led by its first cell."""

    kind: ClassVar[str] = "table"
    template: ClassVar[str] = "paper/blocks/table.html"
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_slim(self) -> bool:
        """Whether its columns are few and short: across the page, its numbers would stand far from their names."""
        cells = (cell for row in (self.head, *self.rows) for cell in row)
        return len(self.head) <= _SLIM_COLUMNS and all(len(cell) <= _SLIM_CELL for cell in cells)

    def lines(self) -> Iterator[str]:
        """Tell it as plain lines, cell by cell."""
        yield self.caption
        yield from self.head
        for row in self.rows:
            yield from row


@dataclass(frozen=True, slots=True)
class Figure:
    """En tegning drawn by us (SVG markup), with its alternative text, its source, and the table that tells the same."""

    kind: ClassVar[str] = "figure"
    template: ClassVar[str] = "paper/blocks/figure.html"
    svg: str
    title: str
    description: str
    notes: tuple[str, ...] = ()
    table: Table | None = None

    def lines(self) -> Iterator[str]:
        """Tell what is heard: the alternative text stands for the drawing."""
        yield self.title
        yield from self.notes
        if self.table:
            yield from self.table.lines()


@dataclass(frozen=True, slots=True)
class Comparison:
    """To ordlyde word by word: parts of ("same" | "removed" | "added", text); words alone say what is gone and new."""

    kind: ClassVar[str] = "comparison"
    template: ClassVar[str] = "paper/blocks/comparison.html"
    title: str
    parts: tuple[tuple[str, str], ...]

    @property
    def told(self) -> Iterator[tuple[str, str, str]]:
        """The parts that are read: the space before each (none before a comma that stayed), what it is, its words."""
        space = ""
        for what, text in self.parts:
            if words := text.strip():
                yield ("" if what == "same" and words[0] in _CLOSING else space), what, words
                space = " "

    def lines(self) -> Iterator[str]:
        """Tell it as one line, with the marks that a reader without colours sees."""
        if self.title:
            yield self.title
        marks = {"same": "{}", "removed": "[slettet: {}]", "added": "[tilføjet: {}]"}
        yield "".join(space + marks[what].format(words) for space, what, words in self.told)


@dataclass(frozen=True, slots=True)
class Subsection:
    """Et underafsnit, with a heading of its own."""

    kind: ClassVar[str] = "subsection"
    template: ClassVar[str] = "paper/blocks/subsection.html"
    title: str
    blocks: tuple[Block, ...]

    def lines(self) -> Iterator[str]:
        """Tell it as plain lines."""
        yield self.title
        for block in self.blocks:
            yield from block.lines()


@dataclass(frozen=True, slots=True)
class Section:
    """Et afsnit of the paper with its heading; `key` names it in address and recipe."""

    kind: ClassVar[str] = "section"
    key: str
    title: str
    blocks: tuple[Block, ...]

    def lines(self) -> Iterator[str]:
        """Tell it as plain lines."""
        if self.title:
            yield self.title
        for block in self.blocks:
            yield from block.lines()


_KINDS: dict[str, type] = {
    one.kind: one
    for one in (Paragraph, Wording, Wordings, Quotation, Item, Bullets, Table, Figure, Comparison, Subsection, Section)
}


def as_data(part: Any) -> Any:
    """Turn parts into what JSON can hold, to be frozen."""
    if is_dataclass(part) and not isinstance(part, type):
        own = {one.name: as_data(getattr(part, one.name)) for one in fields(part)}
        return {"kind": getattr(part, "kind", ""), **own}
    if isinstance(part, list | tuple):
        return [as_data(one) for one in part]
    return part


def from_data(data: Any) -> Any:
    """Turn frozen parts back into what they were; raises KeyError for a kind that does not exist."""
    if isinstance(data, dict):
        return _KINDS[data["kind"]](**{name: from_data(value) for name, value in data.items() if name != "kind"})
    if isinstance(data, list):
        return tuple(from_data(one) for one in data)
    return data

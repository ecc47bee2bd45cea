"""The sections of an agenda item (sagsfremstilling, økonomi …): heading as printed, text verbatim, structure kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from meetings.importing.lines import Line, verbatim, without_blank_edges

_ENDS_A_SENTENCE = re.compile(r"[.:;!?…,][\"”'’)]?$")
_LONGEST_SUBHEADING = 160


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a sub-heading or a list inside a section; a list has one item per entry."""

    kind: Literal["paragraph", "subheading", "list"]
    line: int
    items: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.items)


@dataclass(frozen=True, slots=True)
class Section:
    """A section: canonical id ("presentation"), heading as printed, its line, text verbatim, blocks, and lines."""

    canonical: str
    heading: str
    line: int
    text: str
    blocks: tuple[Block, ...]
    lines: tuple[Line, ...]


def read_section(canonical: str, heading: str, line: int, body: Sequence[Line]) -> Section:
    """A section from the lines under its heading."""
    content = without_blank_edges(body)
    return Section(canonical, heading, line, verbatim(content), read_blocks(content), tuple(content))


def read_blocks(lines: Sequence[Line]) -> tuple[Block, ...]:
    """Paragraphs and lists as they stand; a short unpunctuated line that heads a paragraph is a sub-heading."""
    groups = _groups(lines)
    blocks = []
    for index, group in enumerate(groups):
        following = groups[index + 1] if index + 1 < len(groups) else None
        blocks.append(_block(group, following))
    return tuple(blocks)


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Runs of lines that belong together: split at blank lines, and where a list begins or ends."""
    groups: list[list[Line]] = []
    was_blank = True
    for line in lines:
        if line.is_blank:
            was_blank = True
            continue
        is_item = bool(line.bullet)
        continues_list = bool(groups) and bool(groups[-1][0].bullet)
        if groups and ((is_item and continues_list) or (not was_blank and (continues_list or not is_item))):
            groups[-1].append(line)
        else:
            groups.append([line])
        was_blank = False
    return groups


def _block(group: list[Line], following: list[Line] | None) -> Block:
    if group[0].bullet:
        return Block("list", group[0].number, _list_items(group))
    is_subheading = len(group) == 1 and following is not None and _looks_like_subheading(group[0], following[0])
    return Block(
        "subheading" if is_subheading else "paragraph", group[0].number, ("\n".join(line.text for line in group),)
    )


def _looks_like_subheading(line: Line, following: Line) -> bool:
    is_short_title = len(line.text) <= _LONGEST_SUBHEADING and not _ENDS_A_SENTENCE.search(line.text)
    # A table flattened to one cell a line is a run of short lines; a real sub-heading is followed by a sentence.
    leads_on = bool(_ENDS_A_SENTENCE.search(following.text)) or bool(following.bullet)
    return is_short_title and leads_on and line.text[0].isupper()


def _list_items(group: list[Line]) -> tuple[str, ...]:
    items: list[str] = []
    for line in group:
        if line.bullet:
            items.append(line.words)
        else:
            items[-1] = f"{items[-1]} {line.text}"
    return tuple(items)

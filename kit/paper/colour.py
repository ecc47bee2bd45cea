"""Husets farve: drawings follow the accent of the letterhead, so that a paper has one colour and not two."""

import re
from dataclasses import replace

from kit.paper.blocks import Block, Figure, Section, Subsection
from kit.paper.document import DEFAULT_ACCENT


def accent(colour: str) -> str:
    """The house's colour, as it may stand in a style sheet; the usual one where it is none."""
    return colour if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else DEFAULT_ACCENT


def in_colour(sections: tuple[Section, ...], colour: str) -> tuple[Section, ...]:
    """Draw what is drawn in our usual colour in the house's; what is said stays the same."""
    house = accent(colour)
    if house == DEFAULT_ACCENT:
        return sections
    return tuple(replace(one, blocks=_all(one.blocks, house)) for one in sections)


def _all(blocks: tuple[Block, ...], house: str) -> tuple[Block, ...]:
    return tuple(_one(block, house) for block in blocks)


def _one(block: Block, house: str) -> Block:
    if isinstance(block, Figure):
        return replace(block, svg=block.svg.replace(f'"{DEFAULT_ACCENT}"', f'"{house}"'))
    if isinstance(block, Subsection):
        return replace(block, blocks=_all(block.blocks, house))
    return block

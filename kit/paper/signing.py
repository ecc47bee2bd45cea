"""Hvordan et papir underskrives."""

from itertools import groupby
from typing import NamedTuple


class Signing(NamedTuple):
    """A greeting, and who sign (underskrivere), line by line."""

    greeting: str
    signers: list[list[str]]


def signing(lines: tuple[str, ...]) -> Signing:
    """Those who sign, with an empty line between them; each gets a line to sign on. A greeting of one line, "Med venlig
    hilsen", gets none.
    """
    blocks = [list(block) for is_text, block in groupby(lines, lambda line: bool(line.strip())) if is_text]
    is_greeted = bool(blocks) and blocks[0][0].casefold().rstrip(" ,.").endswith(("hilsen", "hilsner"))
    greeting = blocks[0].pop(0) if is_greeted else ""
    return Signing(greeting, [block for block in blocks if block])

"""Rows by what they hang on, so that a page asks once for all its items."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any


def grouped(rows: Iterable[Any], by: str = "item_id") -> defaultdict[int, list[Any]]:
    """Gather rows by the key of what they hang on, in the order they come; nothing hangs on what is not there."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, by)].append(row)
    return found

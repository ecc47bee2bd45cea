"""A chain of fingerprints over a log: what is edited, removed, put in, moved, cut off or rewritten shows.

Plain SHA-256 over plain JSON, without a secret: whoever holds an export can check it with other tools than ours.
Pure functions; where rows come from is told in `meetings/documents/log_check.py`.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

BEGINNING = "0" * 64  # what the first link follows on


class Link(NamedTuple):
    """A link of the chain: which rows, each one's fingerprint, and the head that binds them to all before."""

    number: int
    sealed_at: str
    rows: Sequence[int]
    digests: Sequence[str]
    total: int
    previous: str
    head: str


class Anchor(NamedTuple):
    """What is kept outside the database: how far the chain had come, and its head there."""

    number: int
    total: int
    head: str
    source: str = ""


class Break(NamedTuple):
    """A place where the chain does not hold: which link and row, and what is wrong in a sentence."""

    kind: str
    link: int | None
    row: int | None
    text: str


def canonical(row: Mapping[str, Any]) -> str:
    """Write a row as JSON in one way only."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(row: Mapping[str, Any]) -> str:
    """A row's fingerprint."""
    return hashlib.sha256(canonical(row).encode("utf-8", "surrogatepass")).hexdigest()


def head_of(link: Link) -> str:
    """The fingerprint of all that a link says; it holds the link before, and so everything before."""
    return digest_of(said_by(link))


def said_by(link: Link) -> dict[str, Any]:
    """What a link says, as it is fingerprinted and exported."""
    return {
        "number": link.number, "sealed_at": link.sealed_at, "total": link.total, "previous": link.previous,
        "rows": list(link.rows), "digests": list(link.digests),
    }  # fmt: skip


def breaks_in(
    links: Iterable[Link],
    digests_of: Callable[[Sequence[int]], Mapping[int, str]],
    *,
    every_row: Iterable[int],
    waiting: Iterable[int],
    anchors: Sequence[Anchor] = (),
    replaced: Mapping[int, str] | None = None,
) -> list[Break]:
    """Hold the rows against the chain, the chain against itself, and both against what was kept elsewhere. `replaced`
    are rows whose text the log itself says was erased, each with the fingerprint it has since.
    """
    found: list[Break] = []
    heads: dict[int, tuple[int, str]] = {}
    covered: set[int] = set()
    before = Link(0, "", (), (), 0, "", BEGINNING)
    for link in links:
        found += _breaks_between(before, link)
        found += _breaks_within(link, digests_of(link.rows), covered, replaced or {})
        covered.update(link.rows)
        heads[link.number] = (link.total, link.head)
        before = link
    found += _strays(every_row, set(waiting), covered)
    for anchor in anchors:
        found += _breaks_at(anchor, heads)
    return found


def _breaks_between(before: Link, link: Link) -> list[Break]:
    found = []
    if link.number != before.number + 1:
        found.append(Break("link", link.number, None, f"Segl {link.number} følger ikke efter segl {before.number}"))
    if link.previous != before.head:
        found.append(Break("link", link.number, None, f"Segl {link.number} passer ikke til det segl, der står før"))
    if link.total != before.total + len(link.rows):
        found.append(Break("link", link.number, None, f"Segl {link.number} tæller ikke rigtigt"))
    if link.head != head_of(link):
        found.append(Break("link", link.number, None, f"Segl {link.number} er ændret"))
    return found


def _breaks_within(link: Link, now: Mapping[int, str], covered: set[int], replaced: Mapping[int, str]) -> list[Break]:
    found = []
    for row, digest in zip(link.rows, link.digests, strict=False):
        if row in covered:
            found.append(Break("twice", link.number, row, f"Hændelse {row} er forseglet to gange"))
        elif row not in now:
            found.append(Break("removed", link.number, row, f"Hændelse {row} er fjernet"))
        elif now[row] not in (digest, replaced.get(row)):
            found.append(Break("edited", link.number, row, f"Hændelse {row} er ændret"))
    return found


def _strays(every_row: Iterable[int], waiting: set[int], covered: set[int]) -> list[Break]:
    found = []
    for row in every_row:
        if row in waiting:
            waiting.discard(row)
        elif row not in covered:
            found.append(Break("inserted", None, row, f"Hændelse {row} er sat ind uden om loggen"))
    found += [Break("removed", None, row, f"Hændelse {row} er fjernet, før den blev forseglet") for row in waiting]
    return found


def _breaks_at(anchor: Anchor, heads: Mapping[int, tuple[int, str]]) -> list[Break]:
    where = f" ({anchor.source})" if anchor.source else ""
    if anchor.number == 0 and (anchor.total, anchor.head) == (0, BEGINNING):
        return []
    if anchor.number not in heads:
        text = f"Loggen ender før segl {anchor.number}, som står i eksporten{where}: slutningen er skåret af"
        return [Break("cut", anchor.number, None, text)]
    if heads[anchor.number] != (anchor.total, anchor.head):
        text = f"Segl {anchor.number} er et andet end i eksporten{where}: loggen er skrevet om"
        return [Break("rewritten", anchor.number, None, text)]
    return []

"""The log's chain: a thousand tamperings of six kinds, each made on a copy of a log that is whole."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from kit.chain import BEGINNING, Anchor, Link, breaks_in, digest_of, head_of

EVENTS, A_LINK, TIMES = 240, 7, 1002


@dataclass
class Log:
    """A log in memory: rows, the links over them, and the rows that still wait."""

    rows: dict[int, dict[str, Any]]
    links: list[Link] = field(default_factory=list)
    waiting: set[int] = field(default_factory=set)

    @classmethod
    def sealed(cls, rows: dict[int, dict[str, Any]], waiting: int = 3) -> "Log":
        log = cls(rows, waiting=set(sorted(rows)[-waiting:]) if waiting else set())
        for start in range(0, len(rows) - waiting, A_LINK):
            log.seal(sorted(rows)[start : min(start + A_LINK, len(rows) - waiting)])
        return log

    def seal(self, pks: Sequence[int]) -> None:
        before = self.links[-1] if self.links else None
        link = Link(
            number=before.number + 1 if before else 1, sealed_at="nu", rows=tuple(pks),
            digests=tuple(digest_of(self.rows[pk]) for pk in pks), total=(before.total if before else 0) + len(pks),
            previous=before.head if before else BEGINNING, head="",
        )  # fmt: skip
        self.links.append(link._replace(head=head_of(link)))

    def breaks(self, anchor: Anchor | None = None) -> list[str]:
        def digests(pks: Sequence[int]) -> dict[int, str]:
            return {pk: digest_of(self.rows[pk]) for pk in pks if pk in self.rows}

        anchors = [anchor] if anchor else []
        return [
            one.kind
            for one in breaks_in(self.links, digests, every_row=list(self.rows), waiting=self.waiting, anchors=anchors)
        ]

    @property
    def anchor(self) -> Anchor:
        return Anchor(self.links[-1].number, self.links[-1].total, self.links[-1].head)

    def copy(self) -> "Log":
        return Log({pk: dict(row) for pk, row in self.rows.items()}, list(self.links), set(self.waiting))


def a_row(pk: int) -> dict[str, Any]:
    return {"pk": pk, "at": f"2026-01-01T00:00:00.{pk:06}", "actor": "Æ", "action": "a", "changes": {"fra": [pk, None]}}


def a_log() -> Log:
    return Log.sealed({pk: a_row(pk) for pk in range(1, EVENTS + 1) if pk % 11})  # the sequence has holes


def edit(log: Log, chance: random.Random) -> None:
    row = log.rows[chance.choice(log.links[chance.randrange(len(log.links))].rows)]
    name = chance.choice(sorted(row))
    row[name] = {"fra": [chance.random()]} if name == "changes" else row[name] * 2


def remove(log: Log, chance: random.Random) -> None:
    del log.rows[chance.choice(sorted(log.rows))]  # also one that waits


def insert(log: Log, chance: random.Random) -> None:
    pk = chance.choice([pk for pk in range(1, EVENTS + 50) if pk not in log.rows])
    log.rows[pk] = a_row(pk)


def reorder(log: Log, chance: random.Random) -> None:
    if chance.random() < 0.5:
        one, other = chance.sample(sorted(set(log.rows) - log.waiting), 2)
        log.rows[one], log.rows[other] = log.rows[other] | {"pk": one}, log.rows[one] | {"pk": other}
    else:
        one, other = chance.sample(range(len(log.links)), 2)
        log.links[one], log.links[other] = (
            log.links[other]._replace(number=one + 1),
            log.links[one]._replace(number=other + 1),
        )


def cut_tail(log: Log, chance: random.Random) -> None:
    kept = chance.randrange(len(log.links))
    gone = {pk for link in log.links[kept:] for pk in link.rows} | log.waiting
    log.links, log.waiting = log.links[:kept], set()
    log.rows = {pk: row for pk, row in log.rows.items() if pk not in gone}


def rewrite(log: Log, chance: random.Random) -> None:
    """Change one row and seal everything anew, as somebody would who has read this code."""
    edit(log, chance)
    again = Log.sealed(log.rows)
    log.links, log.waiting = again.links, again.waiting


KINDS: list[Callable[[Log, random.Random], None]] = [edit, remove, insert, reorder, cut_tail, rewrite]


def test_whole_log_has_no_breaks() -> None:
    assert a_log().breaks(a_log().anchor) == []


@pytest.mark.parametrize("tamper", KINDS, ids=lambda kind: kind.__name__)
def test_every_tampering_is_found(tamper: Callable[[Log, random.Random], None]) -> None:
    log, chance = a_log(), random.Random(tamper.__name__)
    missed = []
    for number in range(TIMES // len(KINDS)):
        copy = log.copy()
        tamper(copy, chance)
        if not copy.breaks(log.anchor):
            missed.append(number)
    assert missed == []


@pytest.mark.parametrize("tamper", [cut_tail, rewrite], ids=lambda kind: kind.__name__)
def test_without_an_anchor_these_two_cannot_be_seen(tamper: Callable[[Log, random.Random], None]) -> None:
    """The reason why the head is exported: what the database says of itself can be made to fit."""
    log = a_log()
    tamper(log, random.Random(1))
    assert log.breaks() == []


def test_break_tells_the_row() -> None:
    log = a_log()
    log.rows[25]["actor"] = "En anden"
    found = breaks_in(
        log.links, lambda pks: {pk: digest_of(log.rows[pk]) for pk in pks}, every_row=log.rows, waiting=log.waiting
    )
    assert [(one.kind, one.row, one.text) for one in found] == [("edited", 25, "Hændelse 25 er ændret")]


def test_log_grown_since_the_export_still_fits_it() -> None:
    log = a_log()
    anchor = log.anchor
    log.seal(sorted(log.waiting))
    log.waiting = set()
    assert log.breaks(anchor) == []

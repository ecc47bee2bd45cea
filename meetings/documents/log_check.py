"""Whether the log is whole: every event held against the seals, and the seals against what was exported."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from kit.chain import BEGINNING, Anchor, Break, Link, breaks_in, digest_of
from meetings.models import Event, LogSeal, UnsealedEvent

_FIELDS = (
    "pk", "at", "actor", "actor_pk", "action", "target_type", "target_pk", "target", "municipality_pk", "committee_pk",
    "changes",
)  # fmt: skip
ERASED = "person_erased"
_A_HANDFUL = 2000
_SEALED_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class LogCheck:
    """Kontrol af loggen: how far it has come, and where it breaks."""

    events: int  # that are sealed
    waiting: int
    waiting_since: datetime | None
    seals: int
    head: str
    sealed_at: datetime | None
    breaks: tuple[Break, ...]
    erased: int  # whose text was replaced since, which the log itself says

    @classmethod
    def made(cls, anchors: Sequence[Anchor] = ()) -> Self:
        """Read the whole log, all at one moment."""
        with _at_one_moment():
            waiting = list(UnsealedEvent.objects.values_list("event_pk", flat=True))
            last = LogSeal.objects.defer("events", "digests").last()
            breaks = breaks_in(
                links(), lambda pks: {row["pk"]: digest_of(row) for row in rows_of(pks)},
                every_row=Event.objects.order_by().values_list("pk", flat=True).iterator(), waiting=waiting,
                anchors=anchors, replaced=(replaced := erased_rows()),
            )  # fmt: skip
            return cls(
                events=last.count if last else 0,
                waiting=len(waiting),
                waiting_since=Event.objects.filter(pk__in=waiting).aggregate(at=Min("at"))["at"],
                seals=last.number if last else 0,
                head=last.head if last else BEGINNING,
                sealed_at=last.sealed_at if last else None,
                breaks=tuple(breaks),
                erased=len(replaced),
            )

    @property
    def is_whole(self) -> bool:
        """Whether nothing is broken."""
        return not self.breaks

    @property
    def is_late(self) -> bool:
        """Whether events have waited so long for their seal that no worker can be at work."""
        return self.waiting_since is not None and self.waiting_since < timezone.now() - _SEALED_WITHIN

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "whole": self.is_whole, "events": self.events, "waiting": self.waiting, "late": self.is_late,
            "seals": self.seals, "head": self.head, "erased": self.erased,
            "sealed_at": self.sealed_at.isoformat() if self.sealed_at else None,
            "breaks": [one._asdict() for one in self.breaks],
        }  # fmt: skip


@contextmanager
def _at_one_moment() -> Iterator[None]:
    """See one state of the database, though others write meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def erased_rows() -> dict[int, str]:
    """The events whose text was erased (GDPR article 17), with the fingerprint each has had since."""
    told = Event.objects.filter(action=ERASED).order_by("pk").values_list("changes", flat=True)
    return {int(row): digest for changes in told for row, digest in changes.get("rows", {}).items()}


def links() -> Iterator[Link]:
    """The chain, link by link."""
    for seal in LogSeal.objects.order_by("number").iterator(chunk_size=50):
        yield link_of(seal)


def link_of(seal: LogSeal) -> Link:
    """What a seal says."""
    return Link(
        seal.number, as_written(seal.sealed_at), tuple(seal.events), tuple(seal.digests), seal.count, seal.previous,
        seal.head,
    )  # fmt: skip


def rows_of(pks: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The events of these numbers as they are fingerprinted and exported, by number."""
    ordered = sorted(pks)
    for start in range(0, len(ordered), _A_HANDFUL):
        some = Event.objects.filter(pk__in=ordered[start : start + _A_HANDFUL]).order_by("pk")
        for row in some.values(*_FIELDS):
            yield {**row, "at": as_written(row["at"])}


def as_written(at: datetime) -> str:
    """A moment, written in one way only."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def anchors_in(lines: Iterable[str], source: str) -> list[Anchor]:
    """Find the heads in an export; one that has none, or is none, is told by an empty list."""
    found = []
    for line in lines:
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict) and told.get("type") == "head":
            try:
                found.append(Anchor(int(told["number"]), int(told["count"]), str(told["head"]), source))
            except (KeyError, TypeError, ValueError):
                continue
    return found

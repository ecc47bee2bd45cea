"""People who write while things are killed, and know what they were told is kept."""

import threading
import time
from collections import Counter
from contextlib import suppress
from typing import NamedTuple
from uuid import uuid4

import psycopg

from tests.live import Answer, Visitor


def wish_of(text: str) -> dict[str, object]:
    """What is typed into the form for a wish (ønske), with a nonce of its own."""
    return {"about": "plan", "text": text, "requested_on": "2024-05-06", "nonce": uuid4()}


class Kept(NamedTuple):
    """When a write that was acknowledged was sent (the last time), and when that was told."""

    sent: float
    told: float


class Writers:
    """People who each write one wish after another, and send each again until they are told that it is kept."""

    def __init__(self, people: list[Visitor], sets: list[int], *, wishes: int, seconds: float) -> None:
        self.people, self.sets, self.wishes, self.seconds = people, sets, wishes, seconds
        self.kept: list[str] = []
        self.newest = Kept(0, 0)
        self.answers: Counter[str] = Counter()
        self.faults: list[Answer] = []
        self.stop = threading.Event()
        self.until = time.monotonic() + seconds

    def write(self, number: int) -> None:
        """Write one person's share of the wishes."""
        visitor, path = self.people[number], f"/saet/{self.sets[number % len(self.sets)]}/oensker/nyt/"
        visitor.get(path)
        for count in range(self.wishes // len(self.people)):
            if time.monotonic() > self.until:
                return
            text = f"ønske {number}-{count}"
            if kept := self._until_kept(visitor, path, wish_of(text)):
                self.kept.append(text)
                self.newest = max(self.newest, kept)
            if count % 20 == 0:
                self._read_messages(visitor)

    def _until_kept(self, visitor: Visitor, path: str, fields: dict[str, object]) -> Kept | None:
        while not self.stop.is_set():
            sent = time.monotonic()
            try:
                answer = visitor.post(path, fields)
            except OSError as broken:
                self.answers[type(broken).__name__] += 1
            else:
                self.answers[str(answer.status)] += 1
                if answer.status == 303:
                    return Kept(sent, time.monotonic())
                if answer.is_raw_fault or answer.status != 503:
                    self.faults.append(answer)
                    assert len(self.faults) < 20, answer.body
            time.sleep(0.05)
        return None

    @property
    def share_done(self) -> float:
        """How far they have come, in writes or in time."""
        return max(len(self.kept) / self.wishes, 1 - (self.until - time.monotonic()) / self.seconds)

    def first_after(self, moment: float) -> float:
        """Wait for a write that was sent after this moment to be acknowledged; return how long after."""
        while self.newest.sent <= moment:
            assert time.monotonic() - moment < 60, "nothing is acknowledged any more"
            time.sleep(0.01)
        return self.newest.told - moment

    @staticmethod
    def _read_messages(visitor: Visitor) -> None:
        """What was told of each write is kept in the session until somebody reads it."""
        with suppress(OSError):
            visitor.get("/privatliv/")


def open_sets(visitor: Visitor, url: str) -> list[int]:
    """Sets in which somebody may write a wish."""
    with psycopg.connect(url) as database:
        sets = [row[0] for row in database.execute("SELECT id FROM pejlemaerker_goalset ORDER BY id")]
    found = [one for one in sets if visitor.get(f"/saet/{one}/oensker/nyt/").status == 200]
    assert found
    return found


def wishes_in(url: str) -> dict[str, int]:
    """What stands in the database, and how many times."""
    with psycopg.connect(url) as database:
        rows = database.execute("SELECT text FROM pejlemaerker_additionrequest WHERE text LIKE 'ønske %-%'").fetchall()
    return Counter(row[0] for row in rows)

"""More than one machine: two apps, a primary that dies under load, and a standby that takes its place.

Real servers as in tests/live.py, the standby by synchronous streaming (tests/standby.py). DRILL_WRITES, and in no more
than DRILL_SECONDS.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.house.conftest import Tell
from tests.live import ROOT, Visitor, free_port, manage, production, serving, set_up
from tests.standby import Pair, running_pair
from tests.writers import Writers, open_sets, wish_of, wishes_in

pytestmark = pytest.mark.drill

WRITES = int(os.environ.get("DRILL_WRITES", "400"))
SECONDS = int(os.environ.get("DRILL_SECONDS", "120"))
WRITERS = 6
LETTERS = 40
BACK_WITHIN = 5.0  # seconds from the promotion until a write that was sent after the fall is acknowledged


@pytest.fixture(autouse=True)
def _database() -> None:
    """These tests have databases of their own."""


@dataclass
class Machines:
    """Two apps and a worker on a pair of databases."""

    pair: Pair
    ports: tuple[int, int]
    environment: dict[str, str]

    def visitor(self, number: int, username: str = "") -> Visitor:
        """Somebody at one of the two apps."""
        visitor = Visitor(self.ports[number % 2])
        if username:
            visitor.log_in(username)
        return visitor


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pejlemaerker-drill-")))
        pair = stack.enter_context(running_pair(folder, lambda url: set_up(production(url, 0))))
        ports = stack.enter_context(free_port()), stack.enter_context(free_port())
        for port in ports:
            environment = production(pair.url, port) | {"READING_DATABASE_URL": pair.reading_url}
            stack.enter_context(serving(environment, folder))
        stack.enter_context(_working(environment, folder))
        yield Machines(pair, ports, environment)


@contextmanager
def _working(environment: Mapping[str, str], folder: Path) -> Iterator[None]:
    """Run the worker, and start it again when it falls, as systemd does."""
    ended = threading.Event()

    def keep_going() -> None:
        while not ended.is_set():
            with (folder / "worker.log").open("ab") as log:
                command = [sys.executable, "-W", "ignore", "manage.py", "work", "--interval", "0.2"]
                worker = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=log, stderr=log)
            while worker.poll() is None and not ended.wait(0.2):
                pass
            worker.terminate()
            worker.wait(60)

    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(keep_going)
        try:
            yield
        finally:
            ended.set()
            running.result()


# Reminders of an occasion of our own to somebody in the demo who may get one: each is a task, and one letter.
_LETTERS = f"""
from pejlemaerker.models import Invitee
from pejlemaerker.tasks import send_reminder
asked = Invitee.objects.with_state().filter(survey__closed_at=None, withdrawn_at=None).exclude(email="")
one = next(one for one in asked if one.survey.is_open and not one.handed_in_at and not one.no_reminders_at)
for number in range({LETTERS}):
    send_reminder.enqueue(one.pk, f"fald-{{number}}")
"""


def _letters(pair: Pair) -> tuple[int, int]:
    """How many of them were sent, and how many may have been; when the queue has had time to come through."""
    with psycopg.connect(pair.url, autocommit=True) as database:
        for _ in range(600):
            row = database.execute(
                "SELECT count(sent_at), count(claimed_at) - count(sent_at) FROM meetings_letter"
                " WHERE key LIKE 'paamindelse:%:fald-%'"
            ).fetchone()
            assert row
            if sum(row) == LETTERS:
                return row[0], row[1]
            time.sleep(0.1)
    raise AssertionError("the queue stands still")


def _events_of_wishes(pair: Pair) -> int:
    with psycopg.connect(pair.url) as database:
        row = database.execute(
            "SELECT count(*) FROM meetings_event JOIN pejlemaerker_additionrequest wish ON target_pk = wish.id"
            " WHERE action = 'request_recorded' AND target_type = 'pejlemaerker.additionrequest'"
            " AND wish.text LIKE 'ønske %-%'"
        ).fetchone()
    assert row
    return int(row[0])


class _Readers:
    """People without a login who look at pages all the while."""

    def __init__(self, machines: Machines) -> None:
        self.machines = machines
        self.answers: Counter[str] = Counter()
        self.stop = threading.Event()

    def read(self, number: int) -> None:
        """Look at one page after another."""
        visitor = self.machines.visitor(number)
        while not self.stop.wait(0.1):
            try:
                self.answers[str(visitor.get("/pejlemaerker/").status)] += 1
            except OSError as broken:
                self.answers[type(broken).__name__] += 1


def test_pages_are_read_from_the_standby_and_ones_own_write_is_seen_at_once(machines: Machines, tell: Tell) -> None:
    anybody, writer = machines.visitor(0), machines.visitor(1, "konsulent")
    goal_set = open_sets(writer, machines.pair.url)[0]
    before = machines.pair.rows_read_from_standby()
    for _ in range(20):
        assert anybody.get("/udvalg/").status == 200
        time.sleep(0.1)  # the app asks once a second how near the standby is
    read = machines.pair.rows_read_from_standby() - before
    own = 0
    with machines.pair.standby_standing_still():
        for number in range(5):
            text = f"ønske egen-{number}"
            assert writer.post(f"/saet/{goal_set}/oensker/nyt/", wish_of(text)).status == 303
            own += text in writer.get(f"/saet/{goal_set}/").body
    tell(rows_read_from_standby=read, own_writes_seen=f"{own} of 5, with a standby that stands still")
    assert read > 0
    assert own == 5


def test_promotion_loses_nothing_acknowledged(machines: Machines, tmp_path: Path, tell: Tell) -> None:
    pair = machines.pair
    people = [machines.visitor(number, "konsulent") for number in range(WRITERS)]
    writers = Writers(people, open_sets(people[0], pair.url), wishes=WRITES, seconds=SECONDS)
    earlier = wishes_in(pair.url)
    manage(machines.environment, "shell", "--command", _LETTERS)
    head = tmp_path / "head.json"
    manage(machines.environment, "export_log", "--head-only", "--output", str(head))
    readers = _Readers(machines)
    with ThreadPoolExecutor(WRITERS + 2) as threads:
        at_work = [threads.submit(writers.write, number) for number in range(WRITERS)]
        reading = [threads.submit(readers.read, number) for number in range(2)]
        try:
            while writers.share_done < 0.4:
                time.sleep(0.02)
            pair.kill_primary()
            killed = time.monotonic()
            time.sleep(2)  # somebody, or something, has to notice
            pair.promote()
            promoted = time.monotonic()
            out = writers.first_after(killed)
            for one in at_work:
                one.result()
        finally:
            writers.stop.set()
            readers.stop.set()
        for one in reading:
            one.result()
    found = wishes_in(pair.url)
    lost = [text for text in writers.kept if text not in found]
    doubled = [text for text, rows in found.items() if rows > 1]
    sent, uncertain = _letters(pair)
    log = json.loads(manage(machines.environment, "verify_log", "--anchor", str(head), "--seal", "--json"))
    tell(
        acknowledged=len(writers.kept), lost=len(lost), doubled=len(doubled), raw_faults=len(writers.faults),
        out=f"{out:.1f} s from the kill, {out - (promoted - killed):.1f} s from the promotion",
        pages_read=dict(readers.answers), letters=f"{sent} sent, {uncertain} uncertain, of {LETTERS}",
        log=f"whole: {log['whole']}, {log['events']} events", answers=dict(writers.answers),
    )  # fmt: skip
    assert (lost, doubled, writers.faults) == ([], [], [])
    assert len(found) == len(writers.kept) + len(earlier) > len(earlier)
    assert out - (promoted - killed) < BACK_WITHIN
    assert sent + uncertain == LETTERS
    assert uncertain <= 1  # the one that was in the worker's hands
    assert log["whole"]
    assert _events_of_wishes(pair) == len(found)

"""Nothing that was acknowledged is lost or done twice, whatever is killed; and nobody meets a fault unprepared.

The real gunicorn and a PostgreSQL that writes to its disk (tests/live.py). How much is done is told by the environment:
DRILL_WRITES, DRILL_KILLS (of each kind) and DRILL_EDITS, and in no more than DRILL_SECONDS; each test prints what it
did. What is asked for holds for what was done, however little a slow machine came to. The whole of it takes about half
an hour: DRILL_WRITES=10000 DRILL_KILLS=50 DRILL_EDITS=1000 DRILL_SECONDS=2400.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from threading import Barrier
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.house.conftest import Tell
from tests.live import Answer, House, Visitor, back_after, hidden, running_house, serving
from tests.writers import Writers, open_sets, wish_of, wishes_in

pytestmark = pytest.mark.drill

WRITES = int(os.environ.get("DRILL_WRITES", "2000"))
KILLS = int(os.environ.get("DRILL_KILLS", "20"))
EDITS = int(os.environ.get("DRILL_EDITS", "200"))
SECONDS = int(os.environ.get("DRILL_SECONDS", "200"))  # for the writing, and half of it for the edits
WRITERS = 8
BACK_WITHIN = 5.0  # seconds from the kill until a write that was sent after it is acknowledged
APP_BACK_WITHIN = 2.0  # seconds of these, from when PostgreSQL takes connections


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with running_house() as house:
        yield house


@pytest.fixture(autouse=True)
def _database() -> None:
    """These tests have a database of their own, in another server."""


# --- Writing while things are killed --------------------------------------------------------------------------------


def test_nothing_acknowledged_is_lost_or_done_twice(house: House, tell: Tell) -> None:
    # One after another, and before anything is killed: few passwords are checked at once.
    people = [house.visitor("konsulent") for _ in range(WRITERS)]
    writers = Writers(people, open_sets(people[0], house.url), wishes=WRITES, seconds=SECONDS)
    back: dict[str, list[float]] = {"database": [], "of which the app": [], "worker": []}
    with ThreadPoolExecutor(WRITERS) as threads:
        began = time.monotonic()
        at_work = [threads.submit(writers.write, number) for number in range(WRITERS)]
        try:
            for kill in range(2 * KILLS):
                due = (kill + 1) / (2 * KILLS + 1)  # of the writes, or of the time where that is short
                while writers.share_done < due and not any(one.done() for one in at_work):
                    time.sleep(0.02)
                if any(one.done() for one in at_work):
                    break
                if kill % 2:
                    house.kill_worker(kill // 2)
                    back["worker"].append(writers.first_after(time.monotonic()))
                else:
                    house.kill_database()
                    killed = time.monotonic()
                    up = house.database_up_after()
                    back["database"].append(writers.first_after(killed))
                    back["of which the app"].append(max(back["database"][-1] - up, 0))
            for one in at_work:
                one.result()
        finally:
            writers.stop.set()
    found = wishes_in(house.url)
    lost = [text for text in writers.kept if text not in found]
    doubled = [text for text, rows in found.items() if rows > 1]
    tell(
        acknowledged=f"{len(writers.kept)} of {WRITES} asked for", lost=len(lost), doubled=len(doubled),
        raw_faults=len(writers.faults), kills=f"{len(back['database'])} PostgreSQL, {len(back['worker'])} worker",
        back_after={what: f"{median(times):.1f} s, slowest {max(times):.1f}" for what, times in back.items() if times},
        seconds=round(time.monotonic() - began), answers=dict(writers.answers),
    )  # fmt: skip
    assert (lost, doubled, writers.faults) == ([], [], [])
    assert len(found) == len(writers.kept) > 0
    bounds = {"database": BACK_WITHIN, "of which the app": APP_BACK_WITHIN, "worker": BACK_WITHIN}
    assert [one for one, times in back.items() if times and median(times) > bounds[one]] == []
    assert writers.answers["503"] + sum(map(writers.answers.__getitem__, ["ConnectionError", "ConnectionResetError"]))


# --- Two texts at once ----------------------------------------------------------------------------------------------


@pytest.mark.asvs("V2.3.4")
def test_of_eight_who_save_at_once_one_wins_and_seven_see_both_texts(house: House, tell: Tell) -> None:
    meeting, number, item = _undecided_item(house)
    path = f"/moeder/{meeting}/punkter/{number}/kladde/"
    people = [house.visitor("sekretaer") for _ in range(WRITERS)]
    for one in people:
        one.get(f"/moeder/{meeting}/beslutninger/")
    together = Barrier(WRITERS)
    outcomes: Counter[str] = Counter()
    revision, seen_both, done = 0, 0, 0

    def save(who: int) -> tuple[str, Answer]:
        text = f"Tekst af {who}: {uuid4()}"
        together.wait(60)
        fields = {"text": text, "revision": revision, "nonce": uuid4(), "item_pk": item}
        return text, people[who].post(path, fields)

    began = time.monotonic()
    with ThreadPoolExecutor(WRITERS) as threads:
        for _ in range(EDITS):
            if time.monotonic() - began > SECONDS / 2:
                break
            done += 1
            ends = list(threads.map(save, range(WRITERS)))
            outcomes.update(str(answer.status) for _, answer in ends)
            won = [text for text, answer in ends if answer.status in {200, 303}]
            assert len(won) == 1, outcomes
            with psycopg.connect(house.url) as database:
                draft = database.execute(
                    "SELECT text, revision FROM meetings_decisiondraft WHERE item_id = %s", [item]
                ).fetchone()
            assert draft
            assert draft[0] == won[0]
            revision = draft[1]
            seen_both += sum(
                answer.status == 409 and text in answer.body and won[0] in answer.body for text, answer in ends
            )
    tell(
        edits=f"{done} of {EDITS} asked for",
        at_once=WRITERS,
        **outcomes,
        saw_both=seen_both,
        seconds=round(time.monotonic() - began),
    )
    assert seen_both == done * (WRITERS - 1) > 0


def _undecided_item(house: House) -> tuple[int, str, int]:
    visitor = house.visitor("sekretaer")
    with psycopg.connect(house.url) as database:
        rows = database.execute(
            "SELECT meeting_id, number, i.id FROM meetings_agendaitem i"
            " WHERE NOT EXISTS (SELECT FROM meetings_decision WHERE item_id = i.id)"
            " AND NOT EXISTS (SELECT FROM meetings_decisiondraft WHERE item_id = i.id) ORDER BY i.id DESC"
        ).fetchall()
    for meeting, number, item in rows:
        page = visitor.get(f"/moeder/{meeting}/beslutninger/")
        if page.status == 200 and f"/moeder/{meeting}/punkter/{number}/kladde/" in page.body:
            return meeting, number, item
    raise AssertionError("no item to write on")


# --- Faults that pass -----------------------------------------------------------------------------------------------


def test_frozen_database_is_a_503_with_what_was_typed(house: House, tell: Tell) -> None:
    visitor, path, wish = _a_wish(house)
    with house.frozen_database():
        began = time.monotonic()
        answer = visitor.post(path, wish)
        waited = time.monotonic() - began
    tell(frozen=f"503 after {waited:.1f} s")
    assert (answer.status, answer.is_raw_fault) == (503, False)
    assert str(wish["text"]) in answer.body
    assert waited < 20  # as long as htmx waits
    assert _sent_again(house, visitor, path, answer) == 1


def test_database_that_refuses_is_a_503_with_what_was_typed(house: House) -> None:
    visitor, path, wish = _a_wish(house)
    elsewhere = house.url.replace("/postgres?", "/template1?")
    with psycopg.connect(elsewhere, autocommit=True) as administrator:
        administrator.execute("ALTER DATABASE postgres ALLOW_CONNECTIONS false")
        try:
            administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'")
            answer = visitor.post(path, wish)
        finally:
            administrator.execute("ALTER DATABASE postgres ALLOW_CONNECTIONS true")
    assert (answer.status, answer.is_raw_fault) == (503, False)
    assert _sent_again(house, visitor, path, answer) == 1


def test_lock_that_nobody_lets_go_of_is_a_503_with_what_was_typed(house: House) -> None:
    visitor, path, wish = _a_wish(house)
    with psycopg.connect(house.url) as somebody:
        somebody.execute("LOCK pejlemaerker_additionrequest IN ACCESS EXCLUSIVE MODE")
        answer = visitor.post(path, wish)
        somebody.rollback()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert "Andre skrev samtidig" in answer.body
    assert _sent_again(house, visitor, path, answer) == 1


def test_deadlock_is_a_503_and_done_once_when_sent_again(house: House) -> None:
    visitor, path, wish = _a_wish(house)
    with psycopg.connect(house.url) as somebody:
        # Ours is the younger wait, so PostgreSQL lets the app's wait end: the one that looks first for a deadlock.
        somebody.execute("SET deadlock_timeout = '60s'")
        somebody.execute("LOCK pejlemaerker_additionrequest IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(2) as threads:
            posted = threads.submit(visitor.post, path, wish)
            _wait_until_waiting(house)
            crossing = threads.submit(somebody.execute, "LOCK pejlemaerker_goalset IN ACCESS EXCLUSIVE MODE")
            answer = posted.result()
            crossing.result()
        somebody.rollback()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert _sent_again(house, visitor, path, answer) == 1


def test_server_told_to_stop_finishes_what_it_has_begun(house: House) -> None:
    visitor, path, wish = _a_wish(house)
    with psycopg.connect(house.url) as somebody, ThreadPoolExecutor(1) as threads:
        somebody.execute("LOCK pejlemaerker_additionrequest IN ACCESS EXCLUSIVE MODE")
        posted = threads.submit(visitor.post, path, wish)
        _wait_until_waiting(house)
        house.app.send_signal(signal.SIGTERM)
        time.sleep(0.5)  # the signal comes when it comes; what is asked is that the answer comes all the same
        somebody.rollback()
        assert posted.result().status == 303
        assert house.app.wait(40) == 0
    assert wishes_in(house.url)[str(wish["text"])] == 1
    with serving(house.environment, house.place) as again:
        house.app = again


def _a_wish(house: House) -> tuple[Visitor, str, dict[str, object]]:
    visitor = house.visitor("konsulent")
    path = f"/saet/{open_sets(visitor, house.url)[0]}/oensker/nyt/"
    visitor.get(path)
    return visitor, path, wish_of(f"ønske {uuid4()}-fejl")


def _sent_again(house: House, visitor: Visitor, path: str, answer: Answer) -> int:
    """Send what the page of the fault holds, twice, and count the rows it made."""
    back_after(house.port, within=30)
    form = hidden(answer.body)
    UUID(form["nonce"])  # it is there
    assert [visitor.post(path, form).status for _ in range(2)] == [303, 303]
    return wishes_in(house.url)[form["text"]]


def _wait_until_waiting(house: House) -> None:
    with psycopg.connect(house.url, autocommit=True) as database:
        for _ in range(500):
            waiting = database.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
            if waiting and waiting[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits for the lock")

"""The log's chain in the database: sealed without making writers wait, and tampering past the triggers is found."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from meetings.actions.sealing import seal_log
from meetings.documents.log_check import LogCheck, anchors_in
from meetings.models import Committee, Event, LogSeal, Municipality, UnsealedEvent, User
from tests.conftest import CANARY


@pytest.fixture
def log(committee: Committee, secretary: User) -> list[int]:
    """Forty events in four seals."""
    for number in range(40):
        Event.objects.record("proevet", committee, by=secretary if number % 2 else None, tal=number, ord="Æble")
        if number % 10 == 9:
            seal_log()
    return list(Event.objects.order_by("pk").values_list("pk", flat=True))


@contextmanager
def past_the_triggers(*tables: str) -> Iterator[Any]:
    """Be the tables' owner, who can switch the triggers off; all is undone afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables or ("event", "logseal", "unsealedevent"):
            cursor.execute(f"ALTER TABLE meetings_{table} DISABLE TRIGGER USER")
        yield cursor
        transaction.set_rollback(True)


def test_log_is_whole_and_sealed(log: list[int]) -> None:
    check = LogCheck.made()
    assert (check.is_whole, check.events, check.waiting, check.seals) == (True, 40, 0, 4)


def test_seal_follows_on_the_seal_before(log: list[int]) -> None:
    seals = list(LogSeal.objects.all())
    assert [one.previous for one in seals[1:]] == [one.head for one in seals[:-1]]


def test_nothing_new_needs_no_seal(log: list[int]) -> None:
    assert (seal_log(), LogSeal.objects.count()) == (0, 4)


TAMPERINGS: dict[str, Callable[[Any, list[int]], Any]] = {
    "edited": lambda db, log: db.execute("UPDATE meetings_event SET actor = 'En anden' WHERE id = %s", [log[7]]),
    "moment": lambda db, log: db.execute(
        "UPDATE meetings_event SET at = at + interval '1 microsecond' WHERE id = %s", [log[7]]
    ),
    "json": lambda db, log: db.execute(
        "UPDATE meetings_event SET changes = changes || '{\"tal\": -1}' WHERE id = %s", [log[7]]
    ),
    "home": lambda db, log: db.execute("UPDATE meetings_event SET municipality_pk = NULL WHERE id = %s", [log[7]]),
    "removed": lambda db, log: db.execute("DELETE FROM meetings_event WHERE id = %s", [log[7]]),
    "inserted": lambda db, log: db.execute(
        "INSERT INTO meetings_event (at, actor, action, target_type, target_pk, target, changes)"
        " SELECT at, actor, action, target_type, target_pk, target, changes FROM meetings_event WHERE id = %s",
        [log[7]],
    ),
    "reordered": lambda db, log: db.execute(
        "UPDATE meetings_event SET id = CASE id WHEN %s THEN -1 ELSE %s END WHERE id IN (%s, %s)",
        [log[3], log[3], log[3], log[30]],
    ),
    "seal": lambda db, log: db.execute("UPDATE meetings_logseal SET sealed_at = now() WHERE number = 2"),
    "seal removed": lambda db, log: db.execute("DELETE FROM meetings_logseal WHERE number = 2"),
    "cut": lambda db, log: (
        db.execute("DELETE FROM meetings_logseal WHERE number = 4"),
        db.execute("DELETE FROM meetings_event WHERE id = ANY(%s)", [log[30:]]),
    ),
    "rewritten": lambda db, log: (
        db.execute("UPDATE meetings_event SET actor = 'En anden' WHERE id = %s", [log[7]]),
        db.execute("DELETE FROM meetings_logseal"),
        db.execute("INSERT INTO meetings_unsealedevent SELECT id FROM meetings_event"),
        seal_log(),
    ),
}


@pytest.mark.asvs("V16.4.2")
@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_past_the_triggers_is_found(name: str, log: list[int], tmp_path: Path) -> None:
    anchors = anchors_in(exported(tmp_path), "i nat")
    assert LogCheck.made(anchors).is_whole
    with past_the_triggers() as cursor:
        TAMPERINGS[name](cursor, log)
        assert not LogCheck.made(anchors).is_whole
    assert LogCheck.made(anchors).is_whole


def test_event_removed_before_its_seal_is_found(log: list[int], committee: Committee) -> None:
    gone = Event.objects.record("proevet", committee, by=None)
    with past_the_triggers() as cursor:
        cursor.execute("DELETE FROM meetings_event WHERE id = %s", [gone.pk])
        assert [one.row for one in LogCheck.made().breaks] == [gone.pk]
        seal_log()
        assert [one.row for one in LogCheck.made().breaks] == [gone.pk]


# --- The commands ---------------------------------------------------------------------------------------------------


def exported(tmp_path: Path) -> list[str]:
    target = tmp_path / "log.jsonl"
    call_command("export_log", output=str(target), stderr=StringIO())
    return target.read_text(encoding="utf-8").splitlines()


def verified(*arguments: str) -> tuple[int, str]:
    told = StringIO()
    try:
        call_command("verify_log", *arguments, stdout=told)
    except SystemExit as left:
        return int(str(left.code)), told.getvalue()
    return 0, told.getvalue()


def test_export_holds_every_event_and_the_head(log: list[int], tmp_path: Path) -> None:
    lines = [json.loads(line) for line in exported(tmp_path)]
    assert [one["pk"] for one in lines if one["type"] == "event"] == log
    assert (lines[-1]["type"], lines[-1]["count"], lines[-1]["number"]) == ("head", 40, 4)


def test_export_can_be_checked_without_our_program(log: list[int], tmp_path: Path) -> None:
    def fingerprint(line: dict[str, Any]) -> str:
        text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    digests, head = {}, "0" * 64
    for line in map(json.loads, exported(tmp_path)):
        match line.pop("type"):
            case "event":
                digests[line["pk"]] = fingerprint(line)
            case "seal":
                told = line.pop("head")
                assert line["digests"] == [digests[pk] for pk in line["rows"]]
                assert line["previous"] == head
                head = fingerprint(line)
                assert head == told
            case "head":
                assert line["head"] == head


def test_verify_log_says_that_all_is_well(log: list[int], tmp_path: Path) -> None:
    exported(tmp_path)
    code, told = verified("--anchor", str(tmp_path / "log.jsonl"))
    assert (code, told.splitlines()[-1]) == (0, "Loggen er hel og passer til 1 tidligere eksport(er).")


def test_verify_log_tells_where_it_breaks(log: list[int]) -> None:
    with past_the_triggers() as cursor:
        cursor.execute("UPDATE meetings_event SET actor = 'x' WHERE id = %s", [log[7]])
        code, told = verified()
        as_json = json.loads(verified("--json")[1])
    assert (code, f"Hændelse {log[7]} er ændret." in told, told.splitlines()[-1]) == (4, True, "Loggen er BRUDT.")
    assert [(one["kind"], one["link"], one["row"]) for one in as_json["breaks"]] == [("edited", 1, log[7])]


def test_cut_tail_shows_against_an_export_only(log: list[int], tmp_path: Path) -> None:
    exported(tmp_path)
    with past_the_triggers() as cursor:
        TAMPERINGS["cut"](cursor, log)
        assert verified()[0] == 0
        code, told = verified("--anchor", str(tmp_path / "log.jsonl"))
    assert (code, "slutningen er skåret af" in told) == (4, True)


def test_verify_log_can_seal_first(log: list[int], committee: Committee) -> None:
    Event.objects.record("proevet", committee, by=None)
    assert ("1 hændelser venter" in verified()[1], "1 hændelser venter" in verified("--seal")[1]) == (True, False)


def test_file_that_is_no_export_is_refused(log: list[int], tmp_path: Path) -> None:
    (tmp_path / "half.jsonl").write_text('{"type": "event"}\n[1]\nnul\n{"type": "head"}\n')
    with pytest.raises(CommandError, match="ikke en hel eksport"):
        verified("--anchor", str(tmp_path / "half.jsonl"))


# --- Many at once ---------------------------------------------------------------------------------------------------


def in_threads(count: int, work: Callable[[int], None]) -> None:
    def run(number: int) -> None:
        try:
            work(number)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_event_of_a_slow_transaction_is_sealed_when_it_is_there(committed_db: str) -> None:
    """Its number is lower than those that were sealed before it could be seen."""
    house = Municipality.objects.create(name="Herning Kommune", slug="herning")
    begun, may_end = Barrier(2, timeout=30), Barrier(2, timeout=30)

    def slowly(_number: int) -> None:
        with transaction.atomic():
            Event.objects.record("langsom", house, by=None)
            begun.wait()
            may_end.wait()

    slow = Thread(target=lambda: in_threads(1, slowly))
    slow.start()
    begun.wait()
    quick = Event.objects.record("hurtig", house, by=None)
    assert seal_log() == 1
    may_end.wait()
    slow.join()
    assert seal_log() == 1
    late = Event.objects.get(action="langsom")
    assert late.pk < quick.pk
    assert [one.events for one in LogSeal.objects.all()] == [[quick.pk], [late.pk]]
    assert LogCheck.made().is_whole


def test_writers_and_sealers_at_once_make_one_whole_chain(committed_db: str) -> None:
    house = Municipality.objects.create(name="Herning Kommune", slug="herning")

    def work(number: int) -> None:
        for turn in range(25):
            with transaction.atomic():
                Event.objects.record(f"skrev{number}", house, by=None, tal=turn)
            if number < 2:
                seal_log()

    in_threads(6, work)
    seal_log()
    check = LogCheck.made()
    assert (check.is_whole, check.events, UnsealedEvent.objects.count()) == (True, 150, 0)


# --- Where events belong --------------------------------------------------------------------------------------------


def test_event_belongs_where_its_target_does(meeting: Any, closed_item: Any, closed_approval: Any) -> None:
    home = (meeting.committee.municipality_id, meeting.committee_id)
    for target in (meeting, closed_item, closed_approval, meeting.committee):
        event = Event.objects.record("proevet", target, by=None)
        assert (event.municipality_pk, event.committee_pk) == home
        assert CANARY not in event.target

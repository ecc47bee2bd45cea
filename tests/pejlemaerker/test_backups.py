"""A backup comes back as it was, table by table; a damaged, later or misplaced one is refused."""

import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from meetings.models import Committee, Municipality, StoredFile
from pejlemaerker import backups
from pejlemaerker.backups import BackupError, Table, back_up, inspect, restore, tables
from tests.database import RUN, WORKER, copy_of, create_database, drop_database, working_in

LARGE = bytes(range(256)) * 20_000  # five million bytes that are no text


class Made(NamedTuple):
    """A backup of the demo with a large file in it, and what stood in the demo's tables."""

    file: Path
    tables: dict[str, Table]


@pytest.fixture(scope="module")
def made(
    demo_template: str, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Made:
    path = tmp_path_factory.mktemp("kopier") / "kopi.tar"
    with django_db_blocker.unblock(), copy_of(demo_template, f"test_{WORKER}_kept_{RUN}"):
        StoredFile.objects.create(content=LARGE, sha256="f" * 64, size=len(LARGE))
        call_command("backup", path, stdout=StringIO())
        return Made(path, tables())


@pytest.fixture
def kept(made: Made, tmp_path: Path) -> Path:
    """A copy of the backup, to spoil."""
    return Path(shutil.copy(made.file, tmp_path))


@pytest.fixture(scope="module")
def restored(made: Made, django_db_blocker: Any) -> Iterator[str]:
    """The backup, brought back into an empty database."""
    with django_db_blocker.unblock(), _empty("restored") as name, working_in(name):
        call_command("restore", made.file, stdout=StringIO())
        connections.close_all()
        yield name


@pytest.fixture
def empty_db(committed_db: str) -> Iterator[str]:
    """An empty database that Django works in."""
    with _empty("empty") as name, working_in(name):
        yield name


@pytest.fixture
def as_restored(restored: str, committed_db: str) -> Iterator[None]:
    """Django works in the restored database."""
    with working_in(restored):
        yield


@contextmanager
def _empty(what: str) -> Iterator[str]:
    name = f"test_{WORKER}_{what}_{RUN}"
    create_database(name)
    try:
        yield name
    finally:
        drop_database(name)


@pytest.mark.usefixtures("as_restored")
def test_restored_database_is_as_it_was(made: Made) -> None:
    assert tables() == made.tables
    assert made.tables["public.meetings_event"].rows > 0
    assert bytes(StoredFile.objects.get(sha256="f" * 64).content) == LARGE
    call_command("migrate", check_unapplied=True, stdout=StringIO())


@pytest.mark.usefixtures("as_restored")
@pytest.mark.parametrize("attack", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", ["meetings_event", "meetings_decision", "pejlemaerker_goalversion"])
def test_restored_database_refuses_what_it_refused(attack: str, table: str) -> None:
    with pytest.raises(DatabaseError, match=r"[Cc]annot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack.format(table))


@pytest.mark.usefixtures("as_restored")
def test_restored_database_goes_on_counting() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM meetings_committee")
        highest = cursor.fetchone()[0]
        with transaction.atomic():
            home = Municipality.objects.all()[0]
            new = Committee.objects.create(municipality=home, name="Nyt", slug="nyt", abbreviation="NY")
            transaction.set_rollback(True)
    assert new.pk == highest + 1


def test_backup_is_for_its_owner_only(made: Made) -> None:
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert [path.name for path in made.file.parent.iterdir()] == ["kopi.tar"]


def test_backup_is_never_written_over_another(kept: Path) -> None:
    with pytest.raises(CommandError, match="findes allerede"):
        call_command("backup", kept)


def test_backup_that_fails_leaves_nothing(committed_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "_program", lambda name: "/bin/false")
    with pytest.raises(BackupError, match="pg_dump"):
        back_up(tmp_path / "kopi.tar")
    assert list(tmp_path.iterdir()) == []


def test_backup_is_never_restored_over_something(kept: Path) -> None:
    before = tables()
    with pytest.raises(BackupError, match="ikke tom"):
        restore(kept)
    assert tables() == before


@pytest.mark.parametrize("part", [0.0001, 0.3, 0.7, 0.99, 0.9999])
def test_backup_with_one_bit_changed_is_refused(kept: Path, part: float, empty_db: str) -> None:
    content = bytearray(kept.read_bytes())
    content[int(len(content.rstrip(b"\0")) * part)] ^= 1
    kept.write_bytes(content)
    _is_refused(kept)


@pytest.mark.parametrize("left_out", [1, 20_000, 1_000_000, -1000, -1])
def test_backup_that_is_cut_is_refused(kept: Path, left_out: int, empty_db: str) -> None:
    kept.write_bytes(kept.read_bytes()[:-left_out])
    _is_refused(kept)


def _is_refused(path: Path) -> None:
    with pytest.raises(CommandError, match=r"beskadiget|skåret"):
        call_command("restore", path)
    assert tables() == {}


def test_dump_changed_with_its_checksum_is_found_by_its_tables(
    kept: Path, empty_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_dump = backups._read_dump

    def lose_a_row(*args: Any) -> None:
        read_dump(*args)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")

    monkeypatch.setattr(backups, "_read_dump", lose_a_row)
    with pytest.raises(BackupError, match="django_migrations"):
        restore(kept)


def test_backup_from_a_later_edition_is_refused(committed_db: str, tmp_path: Path) -> None:
    MigrationRecorder(connection).record_applied("meetings", "0999_what_comes")
    back_up(tmp_path / "kopi.tar")
    with _empty("earlier") as name, working_in(name):
        with pytest.raises(BackupError, match=r"nyere udgave .* meetings\.0999_what_comes"):
            restore(tmp_path / "kopi.tar")
        assert tables() == {}


def test_backup_names_its_newest_migrations(made: Made) -> None:
    with made.file.open("rb") as file:
        named = inspect(file).migrations
    assert sorted(one.split(".")[0] for one in named if one.startswith(("meetings", "pejl"))) == [
        "meetings", "pejlemaerker",
    ]  # fmt: skip


def test_program_older_than_the_database_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    old.chmod(0o755)
    monkeypatch.setattr(backups, "_candidates", lambda name: [str(old)])
    with pytest.raises(BackupError, match="udgave 9, men databasen er PostgreSQL"):
        backups._program("pg_dump")
    monkeypatch.setattr(backups, "_candidates", lambda name: [])
    with pytest.raises(BackupError, match="pg_dump findes ikke"):
        backups._program("pg_dump")

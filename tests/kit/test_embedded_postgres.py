"""The embedded server: lives as long as its owner, keeps what it should, lets nobody else in."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from kit import embedded_postgres


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder as somebody might have it: with a space, Danish letters, and longer than a socket's path may be."""
    path = tmp_path / "Børn og Unge" / ("langt navn " * 10)
    path.mkdir(parents=True)
    yield path
    embedded_postgres.remove(path)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def postmaster(url: str) -> int:
    """The server's process, from the lock beside its socket."""
    sockets = Path(str(conninfo_to_dict(url)["host"]))
    return int((sockets / ".s.PGSQL.5432.lock").read_text().split()[0])


def wait_until_gone(process: int) -> None:
    deadline = time.monotonic() + 20
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < deadline, "the server outlived its owner"
        time.sleep(0.02)


def test_data_stay_from_one_start_to_the_next(folder: Path) -> None:
    with embedded_postgres.start(folder) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE ordlyd AS SELECT 'Vi sætter barnet først' AS tekst")
    with embedded_postgres.start(folder) as server:
        assert ask(server.url, "SELECT tekst FROM ordlyd") == "Vi sætter barnet først"


def test_server_knows_danish_letters_and_listens_on_no_port(folder: Path) -> None:
    with embedded_postgres.start(folder) as server:
        assert ask(server.url, "SELECT lower('ÆBLEGRØD PÅ ØEN')") == "æblegrød på øen"
        assert ask(server.url, "SELECT current_setting('listen_addresses')") == ""


def test_socket_folder_is_closed_to_others(folder: Path) -> None:
    with embedded_postgres.start(folder) as server:
        sockets = Path(str(conninfo_to_dict(server.url)["host"]))
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700


def test_socket_folder_laid_by_somebody_else_is_refused(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.mkdir(mode=0o777)
    trap.chmod(0o777)
    with pytest.raises(embedded_postgres.PostgresError, match="ikke vores"):
        embedded_postgres.Account().private_folder(trap)


def test_second_start_on_the_same_data_is_refused_while_the_first_lives(folder: Path) -> None:
    with embedded_postgres.start(folder) as server:
        with pytest.raises(embedded_postgres.InUseError, match=str(os.getpid())):
            embedded_postgres.start(folder)
        with pytest.raises(embedded_postgres.InUseError):
            embedded_postgres.remove(folder)
        assert ask(server.url, "SELECT 1") == 1


def test_killed_server_is_started_again_with_what_was_written(folder: Path) -> None:
    with embedded_postgres.start(folder) as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE svar AS SELECT 42 AS tal")
        killed = postmaster(server.url)
        os.kill(killed, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while True:
            try:
                assert ask(server.url, "SELECT tal FROM svar") == 42
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            else:
                break
        assert postmaster(server.url) != killed


@pytest.mark.skipif(sys.platform != "linux", reason="looks the process up in /proc")
def test_server_left_by_a_watcher_that_was_killed_is_stopped_though_its_owner_lives(folder: Path) -> None:
    with embedded_postgres.start(folder) as server:
        left = postmaster(server.url)
        watcher = int(Path(f"/proc/{left}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(watcher, signal.SIGKILL)
    embedded_postgres.remove(folder)
    wait_until_gone(left)


@pytest.mark.skipif(sys.platform != "linux", reason="looks the process up in /proc")
def test_server_goes_when_its_owner_is_killed(folder: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from kit import embedded_postgres\n"
        "print(embedded_postgres.start(Path(sys.argv[1])).url, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    server = postmaster(owner.stdout.readline().strip())
    owner.kill()
    owner.wait()
    owner.stdout.close()
    wait_until_gone(server)
    with embedded_postgres.start(folder) as again:
        assert ask(again.url, "SELECT 1") == 1


def test_throw_away_server_leaves_nothing_behind() -> None:
    with embedded_postgres.start() as server:
        place = Path(str(conninfo_to_dict(server.url)["host"])).parent
        assert place.is_dir()
    assert not place.exists()

"""Two PostgreSQL servers, the second following the first without a gap (synchronous streaming), to be promoted."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import psycopg

from kit import embedded_postgres
from kit.embedded_postgres import Account, Place, halt, lasting_place, launch, programs

# On its command line and not in its files, which the standby copies: promoted, it would wait for a standby of its own.
_PRIMARY = ("synchronous_standby_names=*",)


@dataclass
class Pair:
    """A primary and its standby."""

    primary: Place
    standby: Place
    server: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """The address of whichever may be written to."""
        return self._url("read-write")

    @property
    def reading_url(self) -> str:
        """The address of the standby, or of what is left."""
        return self._url("prefer-standby")

    def kill_primary(self) -> None:
        """kill -9; and it does not come back."""
        os.kill(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def promote(self) -> None:
        """Let the standby be the primary, as the operator does it."""
        with psycopg.connect(self.standby.url, autocommit=True) as standby:
            standby.execute("SELECT pg_promote()")

    def rows_read_from_standby(self) -> int:
        """How many rows it has given to anybody."""
        with psycopg.connect(self.standby.url) as standby:
            row = standby.execute("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables")
            return int((row.fetchone() or [0])[0])

    @contextmanager
    def standby_standing_still(self) -> Iterator[None]:
        """It receives everything and shows nothing of it."""
        with psycopg.connect(self.standby.url, autocommit=True) as standby:
            standby.execute("SELECT pg_wal_replay_pause()")
            try:
                yield
            finally:
                standby.execute("SELECT pg_wal_replay_resume()")

    def _url(self, wanted: str) -> str:
        hosts = quote(f"{self.primary.sockets},{self.standby.sockets}", safe="")
        return f"postgresql://postgres@/postgres?host={hosts}&target_session_attrs={wanted}"


@contextmanager
def running_pair(folder: Path, fill: Callable[[str], None]) -> Iterator[Pair]:
    """Start a primary, fill it, copy it, and let the copy follow."""
    account = Account()
    folders = [folder / name for name in ("primary", "standby")]
    try:
        with ExitStack() as stack:
            primary, standby = (stack.enter_context(lasting_place(one, account)) for one in folders)
            server = launch(primary)
            stack.callback(lambda: halt(server))
            fill(primary.url)
            _copy(primary, standby, account)
            following = launch(standby)
            stack.callback(lambda: halt(following))
            halt(server)
            server = launch(replace(primary, settings=(*primary.settings, *_PRIMARY)))
            _wait_until_followed(primary)
            yield Pair(primary, standby, server)
    finally:
        for one in folders:
            embedded_postgres.remove(one)


def _copy(primary: Place, standby: Place, account: Account) -> None:
    command = [
        str(programs(account) / "pg_basebackup"), "--pgdata", str(standby.data), "--host", str(primary.sockets),
        "--username", "postgres", "--checkpoint", "fast", "--wal-method", "stream", "--write-recovery-conf",
        "--no-sync",
    ]  # fmt: skip
    subprocess.run(command, check=True, **account.run_as())
    standby.data.with_name("initialised").touch()


def _wait_until_followed(primary: Place) -> None:
    with psycopg.connect(primary.url, autocommit=True) as database:
        for _ in range(600):
            if database.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone():
                return
            database.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("the standby does not follow")

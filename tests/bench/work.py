"""How much work something is: the seconds of this process and of its database's, which other programs do not disturb as
they disturb the clock on the wall.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection


class Work(NamedTuple):
    """Milliseconds: of Python, of PostgreSQL, and by the clock on the wall."""

    ours: float
    database: float
    wall: float

    @property
    def total(self) -> float:
        """Python's and PostgreSQL's."""
        return self.ours + self.database


def work_of(do: Callable[[], Any]) -> Work:
    """Do it, and say how much work it was."""
    wall, ours, database = time.perf_counter(), time.process_time(), _database()
    do()
    return Work(
        (time.process_time() - ours) * 1000, (_database() - database) / 1_000_000, (time.perf_counter() - wall) * 1000
    )


def _database() -> int:
    """The nanoseconds that our connection's own process of PostgreSQL has worked; Linux tells, if it runs here."""
    connection.ensure_connection()
    path = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(path.read_text().split()[0]) if path.exists() else 0

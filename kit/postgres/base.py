"""Django's PostgreSQL, with patience that ends: a frozen database must not take every thread of the web server with it.

PostgreSQL itself ends what takes too long (`statement_timeout`, `lock_timeout`). But a server that is frozen, or a net
that has gone quiet, ends nothing; so the waiting side has a clock as well.
"""

from functools import partial
from typing import Any

import psycopg
from django.db.backends.postgresql import base

_GRACE = 2  # seconds that PostgreSQL gets to end a statement by itself, before we hang up
_PATIENCE_WITH_A_PULSE = 3  # seconds for "are you there?" on a connection that was kept


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that hangs up on a server that says nothing for OPTIONS["patience"] seconds; 0 waits for ever."""

    def get_connection_params(self) -> dict[str, Any]:
        """Keep what is ours from the driver."""
        parameters: dict[str, Any] = super().get_connection_params()
        self.patience: int = parameters.pop("patience", 0)
        return parameters

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, and put the clock on."""
        connection = super().get_new_connection(conn_params)
        if self.patience:
            self._time(connection, self.patience + _GRACE)
        return connection

    def is_usable(self) -> bool:
        """Ask a kept connection whether the server is there, with less patience than for work."""
        if self.connection is None or not self.patience:
            return bool(super().is_usable())
        self._time(self.connection, _PATIENCE_WITH_A_PULSE)
        usable = bool(super().is_usable())
        self._time(self.connection, self.patience + _GRACE)
        return usable

    @staticmethod
    def _time(connection: Any, seconds: int) -> None:
        connection.wait = partial(_wait, connection, seconds)


def _wait(connection: "psycopg.Connection[Any]", seconds: int, generator: Any, *args: Any, **kwargs: Any) -> Any:
    """Wait as psycopg does, but hang up after so many seconds without the whole answer."""
    kwargs.setdefault("timeout", seconds)
    try:
        return type(connection).wait(connection, generator, *args, **kwargs)
    except psycopg.OperationalError:
        if connection.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:  # it never answered
            connection.pgconn.finish()
        raise

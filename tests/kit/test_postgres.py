"""A database that says nothing is left, and a connection that died is opened again."""

import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from kit.postgres import base


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseDatabaseWrapper]:
    """A connection that waits one second, to a PostgreSQL that would wait for ever."""
    monkeypatch.setattr(base, "_GRACE", 0)
    connection = connections.create_connection("default")
    connection.settings_dict = {
        **connection.settings_dict,
        "OPTIONS": {**connection.settings_dict["OPTIONS"], "patience": 1},
    }
    yield connection
    connection.close()


def test_server_that_says_nothing_is_left(impatient: BaseDatabaseWrapper) -> None:
    began = time.monotonic()
    with pytest.raises(OperationalError), impatient.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")
    assert time.monotonic() - began < 10
    assert not impatient.is_usable()


def test_connection_that_was_left_is_opened_again(impatient: BaseDatabaseWrapper) -> None:
    with pytest.raises(OperationalError), impatient.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")
    impatient.close_if_unusable_or_obsolete()
    with impatient.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_statement_that_fails_leaves_the_connection(impatient: BaseDatabaseWrapper) -> None:
    with impatient.cursor() as cursor:
        cursor.execute("SET statement_timeout = 100")
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(30)")
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert impatient.is_usable()

"""Databases of a test run: made once, and copied for each worker and for tests in which transactions really commit.

Append-only tables refuse TRUNCATE, so Django's own way of emptying them between tests cannot be used; PostgreSQL copies
a small database in a tenth of a second.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, connections
from psycopg import sql

# What all workers of one run share; without xdist the run is this process.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
MAKING = 7_461_001  # PostgreSQL's advisory lock: one worker makes or copies, the others wait


@contextmanager
def made_once(what: str, make: Callable[[], None], *, on: str = "template1") -> Iterator[str]:
    """Give the name of a database that the first worker who needs it makes for all; the last to leave drops it."""
    name = f"test_{what}_{RUN}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as here:
        with _others_waiting():
            here.execute("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", [name])
            if not _exists(name):
                _make(name, make, on)
        try:
            yield name
        finally:
            with _others_waiting():
                here.execute("SELECT pg_advisory_unlock_shared(hashtextextended(%s, 0))", [name])
                alone = here.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name]).fetchone()
                if alone == (True,):
                    drop_database(name)


def _make(name: str, make: Callable[[], None], on: str) -> None:
    _administer("CREATE DATABASE {} TEMPLATE {}", name, on)
    try:
        with working_in(name):
            make()
    except BaseException:
        drop_database(name)
        raise


@contextmanager
def copy_of(original: str, name: str) -> Iterator[str]:
    """Let Django work in a copy of a database that nobody works in, and drop the copy afterwards."""
    with _others_waiting():
        copy_database(original, name)
    try:
        with working_in(name):
            yield name
    finally:
        drop_database(name)


@contextmanager
def working_in(name: str) -> Iterator[None]:
    """Let Django work in another database for a while."""
    original = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = original


def create_database(name: str) -> None:
    """Make an empty database."""
    _administer("CREATE DATABASE {} TEMPLATE template0", name)


def copy_database(original: str, name: str) -> None:
    """Make `name` as a copy of `original`; whoever is still connected to that is cut off."""
    drop_database(name)
    cut_off(original)
    _administer("CREATE DATABASE {} TEMPLATE {}", name, original)


def cut_off(name: str) -> None:
    """End every other session in a database: a server's thread may still hold one when its test is over."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as administrator:
        administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def drop_database(name: str) -> None:
    """Drop a database and whoever is still connected to it."""
    _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def _others_waiting() -> Iterator[None]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as administrator:
        administrator.execute("SELECT pg_advisory_lock(%s)", [MAKING])
        yield


def _exists(name: str) -> bool:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as administrator:
        return bool(administrator.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def _administer(statement: str, *names: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as administrator:
        administrator.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

"""Copies of a database, for tests in which transactions really commit.

Append-only tables refuse TRUNCATE, so Django's own way of emptying them between tests cannot be used; PostgreSQL copies
a
small database in a tenth of a second.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, connections
from psycopg import sql


@contextmanager
def own_copy(name: str) -> Iterator[str]:
    """Let Django work in a copy of the current database, and drop the copy afterwards."""
    original = connection.settings_dict["NAME"]
    connections.close_all()
    copy_database(original, name)
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = original
        drop_database(name)


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


def _administer(statement: str, *names: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as administrator:
        administrator.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

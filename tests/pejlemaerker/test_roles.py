"""The app's role owns nothing: deploy/roles.sql, as the guide to operations says to run it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from kit.embedded_postgres import Account, PostgresError, programs
from tests.database import RUN, WORKER

ROLES = Path(__file__).resolve().parents[2] / "deploy" / "roles.sql"
OWNER, APP = f"owner_{WORKER}_{RUN}", f"app_{WORKER}_{RUN}"


@pytest.fixture
def as_app(committed_db: str) -> Iterator[psycopg.Connection]:
    """A connection as the app's role, to a database that another role owns and has filled."""
    try:
        psql = programs(Account()) / "psql"
    except PostgresError:
        pytest.skip("another server than the embedded one, and no psql to run the file with")
    script = ROLES.read_text().replace("pejlemaerker_owner", OWNER).replace("pejlemaerker_app", APP)
    address = connection.get_connection_params()
    where = {"PGHOST": str(address["host"]), "PGUSER": str(address["user"]), "PGDATABASE": committed_db}
    command = [str(psql), "--no-psqlrc", "--quiet", "--set=owner_password=a", "--set=app_password=b"]
    subprocess.run(command, input=script, text=True, env=os.environ | where, check=True, capture_output=True)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE made_before (id int); ALTER TABLE made_before OWNER TO {OWNER}")
        # What the owner makes is the app's to use; the tables of this copy were made by somebody else.
        cursor.execute(f"SET ROLE {OWNER}; CREATE TABLE made_later (id serial, word text); RESET ROLE")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP}")
    connection.close()
    try:
        with psycopg.connect(host=where["PGHOST"], user=APP, password="b", dbname=committed_db, autocommit=True) as app:
            yield app
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"REASSIGN OWNED BY {OWNER} TO CURRENT_USER")
            for role in (APP, OWNER):
                cursor.execute(f"DROP OWNED BY {role} CASCADE")
                cursor.execute(f"DROP ROLE {role}")


def test_app_reads_and_writes_what_the_owner_makes(as_app: psycopg.Connection) -> None:
    as_app.execute("INSERT INTO made_later (word) VALUES ('a')")
    as_app.execute("UPDATE made_later SET word = 'b'")
    assert as_app.execute("SELECT id, word FROM made_later").fetchall() == [(1, "b")]
    as_app.execute("DELETE FROM made_later")


@pytest.mark.parametrize(
    "attack",
    [
        "TRUNCATE meetings_event",
        "TRUNCATE made_later",
        "DROP TABLE made_later",
        "ALTER TABLE meetings_event DISABLE TRIGGER ALL",
        "DROP TRIGGER {trigger} ON meetings_event",
        "CREATE TABLE own (id int)",
        "CREATE SCHEMA own",
        "SET session_replication_role = replica",
        "ALTER TABLE meetings_event OWNER TO CURRENT_USER",
        "CREATE OR REPLACE FUNCTION meetings_able_to_vote() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE RULE own AS ON INSERT TO meetings_event DO INSTEAD NOTHING",
    ],
)
def test_app_can_do_nothing_to_the_tables_themselves(attack: str, as_app: psycopg.Connection) -> None:
    found = as_app.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'meetings_event'::regclass AND NOT tgisinternal"
    ).fetchone()
    assert found
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_app.execute(attack.format(trigger=found[0]).encode())

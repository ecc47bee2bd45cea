"""A backup: everything in one file, and the proof that it comes back as it was.

Uploaded files are rows, so one dump of the database is all there is. The file is a plain tar of two members: `dump`,
PostgreSQL's custom format, and `manifest.json`, which says what is in it (the app's version, the newest migrations,
every table's count of rows and hash) and what the dump's own SHA-256 is. Who has nothing but the file and PostgreSQL
can still unpack it with tar and read it with pg_restore.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any, Self

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from psycopg import sql

from kit.embedded_postgres import Account, PostgresError, programs

FORMAT = 1
DUMP = "dump"
MANIFEST = "manifest.json"
_CHUNK = 1024 * 1024
_LARGEST_MANIFEST = 10_000_000


class BackupError(Exception):
    """The backup could not be made or will not be restored; the message says why and what to do."""


@dataclass(frozen=True)
class Table:
    """What stood in a table: how many rows, and the SHA-256 of all of them in the order of their key."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    app_version: str
    server_version: int
    migrations: list[str]
    tables: dict[str, Table]
    dump_sha256: str
    dump_bytes: int

    def written(self) -> bytes:
        """Write it down, with a checksum of its own: a bit that fell over here shall be found as well."""
        told = {"format": FORMAT, **asdict(self)}
        return json.dumps({**told, "checksum": _checksum(told)}, indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read it, or refuse what is damaged or from a later edition of the app."""
        try:
            told = json.loads(raw)
            checksum = told.pop("checksum")
            if checksum != _checksum(told):
                raise BackupError("Filen er beskadiget: dens indholdsfortegnelse passer ikke med sin kontrolsum.")
            if told.pop("format") != FORMAT:
                raise BackupError("Filen er lavet af en nyere udgave af Pejlemærker. Gendan den med den udgave.")
            return cls(**{**told, "tables": {name: Table(**one) for name, one in told["tables"].items()}})
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BackupError("Filen er beskadiget: dens indholdsfortegnelse kan ikke læses.") from None


def _checksum(told: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


# --- Making one -----------------------------------------------------------------------------------------------------


def back_up(path: Path) -> Manifest:
    """Write a backup to a file that only we can read; it is there in full or not at all."""
    if path.exists():
        raise BackupError(f"{path} findes allerede. Vælg et andet navn.")
    with _draft_of(path) as draft, _snapshot() as snapshot:
        dump_sha256, dump_bytes = _write_dump(draft, snapshot)
        manifest = Manifest(
            made_at=timezone.now().isoformat(timespec="seconds"), app_version=app_version(),
            server_version=_server_version(), migrations=sorted(_newest(_applied())), tables=tables(),
            dump_sha256=dump_sha256, dump_bytes=dump_bytes,
        )  # fmt: skip
        with tarfile.open(fileobj=draft, mode="w", format=tarfile.GNU_FORMAT) as archive:
            written = manifest.written()
            archive.addfile(_member(MANIFEST, len(written)), io.BytesIO(written))
    return manifest


@contextmanager
def _draft_of(path: Path) -> Iterator[IO[bytes]]:
    """Give a file beside the wanted one, for our eyes only, that takes its name when it is whole and on the disk."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made with 0600
    except OSError as error:
        raise BackupError(f"Der kan ikke skrives i {path.parent}: {error.strerror}.") from None
    draft = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise BackupError(f"{path} kunne ikke skrives: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _snapshot() -> Iterator[str]:
    """Hold one moment of the database still, and give its name: dump and hashes are of that same moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _write_dump(file: IO[bytes], snapshot: str) -> tuple[str, int]:
    """Lay the dump into the file as a tar member, and return its SHA-256 and size; the head waits for the size."""
    file.write(bytes(tarfile.BLOCKSIZE))
    command = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}"]
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=_address()) as process:
            assert process.stdout  # noqa: S101 -- for the type checker: a pipe was asked for
            for chunk in _chunks(process.stdout):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        if process.returncode:
            raise BackupError(f"pg_dump kunne ikke læse databasen:\n{_last_words(errors)}")
    file.write(bytes(-size % tarfile.BLOCKSIZE))
    end = file.tell()
    file.seek(0)
    file.write(_member(DUMP, size).tobuf(tarfile.GNU_FORMAT))
    file.seek(end)
    return digest.hexdigest(), size


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(timezone.now().timestamp())
    return member


# --- Bringing one back ----------------------------------------------------------------------------------------------


def restore(path: Path) -> Manifest:
    """Read a backup into an empty database, and prove that every table holds what it held."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupError(f"{path} kan ikke læses: {error.strerror}.") from None
    with file:
        manifest = inspect(file)
        _refuse_newer_schema(manifest)
        _refuse_database_in_use()
        _read_dump(file, manifest)
    _compare(manifest)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # so that the first questions are as quick as before
    return manifest


def inspect(file: IO[bytes]) -> Manifest:
    """Read the whole file once and return what it says of itself; a damaged or cut one is refused."""
    try:
        with tarfile.open(fileobj=file, mode="r:") as archive:
            members = {member.name: member for member in archive.getmembers()}
            is_ours = set(members) == {DUMP, MANIFEST} and members[MANIFEST].size <= _LARGEST_MANIFEST
            if not is_ours or file.seek(0, os.SEEK_END) % tarfile.RECORDSIZE:
                raise BackupError("Filen er ikke en sikkerhedskopi fra Pejlemærker, eller den er skåret over.")
            raw = archive.extractfile(members[MANIFEST])
            manifest = Manifest.read(raw.read() if raw else b"")
            dump = archive.extractfile(members[DUMP])
            digest = hashlib.sha256()
            for chunk in _chunks(dump) if dump else ():
                digest.update(chunk)
    except (tarfile.TarError, OSError):
        raise BackupError("Filen er beskadiget eller skåret over.") from None
    if digest.hexdigest() != manifest.dump_sha256:
        raise BackupError("Filen er beskadiget: indholdet passer ikke med kontrolsummen.")
    return manifest


def _refuse_newer_schema(manifest: Manifest) -> None:
    known = {_name(key) for key in MigrationLoader(None).disk_migrations}
    if unknown := [one for one in manifest.migrations if one not in known]:
        raise BackupError(
            f"Kopien er fra en nyere udgave ({manifest.app_version}) end denne ({app_version()}): "
            f"{', '.join(unknown)} kendes ikke her. Gendan med den udgave, eller en senere."
        )


def _refuse_database_in_use() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        )
        if cursor.fetchone()[0]:
            raise BackupError(
                "Databasen er ikke tom, og der gendannes aldrig oven i noget. Lav en ny, tom database (createdb), og "
                "lad DATABASE_URL pege på den."
            )


def _read_dump(file: IO[bytes], manifest: Manifest) -> None:
    """Hand the dump to pg_restore: all of it, or nothing."""
    command = [
        _program("pg_restore"), "--exit-on-error", "--single-transaction", "--no-owner", "--no-acl",
        f"--dbname={connection.settings_dict['NAME']}",
    ]  # fmt: skip
    connection.close()
    file.seek(0)
    with (
        tempfile.TemporaryFile() as errors,
        tarfile.open(fileobj=file, mode="r:") as archive,
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=errors, env=_address()) as process,
    ):
        dump = archive.extractfile(DUMP)
        assert process.stdin and dump  # noqa: S101, PT018 -- for the type checker
        with suppress(BrokenPipeError):  # it stopped: its own words say why
            shutil.copyfileobj(dump, process.stdin, _CHUNK)
            process.stdin.close()
        if process.wait():
            raise BackupError(f"pg_restore kunne ikke gendanne; databasen er stadig tom:\n{_last_words(errors)}")


def _compare(manifest: Manifest) -> None:
    found = tables()
    wrong = sorted(name for name in found | manifest.tables if found.get(name) != manifest.tables.get(name))
    if wrong:
        raise BackupError(f"Databasen blev ikke som den var, og må ikke bruges. Disse tabeller er anderledes: {wrong}")


# --- What is in a database ------------------------------------------------------------------------------------------


def tables() -> dict[str, Table]:
    """Count and hash every table, as it stands in this transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        # What a row looks like as text shall not hang on how a server is set up.
        for setting in ("TimeZone = 'UTC'", "DateStyle = 'ISO, YMD'", "IntervalStyle = 'postgres'",
                        "bytea_output = 'hex'", "extra_float_digits = 1", "statement_timeout = 0"):  # fmt: skip
            cursor.execute(f"SET LOCAL {setting}")
        cursor.execute(_TABLES)
        return {name: _hashed(cursor, name, columns, order) for name, columns, order in cursor.fetchall()}


# Every table with its columns as they stand, and its key; text is ordered by its bytes, whatever the server's language.
_TABLES = """
    SELECT format('%I.%I', nspname, relname),
           (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
             WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped),
           (SELECT string_agg(quote_ident(attname) || CASE WHEN attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END, ', '
                              ORDER BY array_position(indkey::int2[], attnum))
              FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
             WHERE indrelid = pg_class.oid AND indisprimary)
      FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
     ORDER BY 1
"""


def _hashed(cursor: Any, name: str, columns: str, key: str | None) -> Table:
    order = key or f'({name}.*)::text COLLATE "C"'
    digest = hashlib.sha256(columns.encode())
    with cursor.copy(sql.SQL(f"COPY (SELECT {columns} FROM {name} ORDER BY {order}) TO STDOUT")) as copy:  # noqa: S608
        rows = 0
        for row in copy:
            rows += bytes(row).count(b"\n")  # a line is a row: a line break in a text is written as \n
            digest.update(row)
    return Table(rows, digest.hexdigest())


def _applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def _newest(applied: set[tuple[str, str]]) -> set[str]:
    """The migrations that no later one of the same app stands on; one that the code does not know is among them."""
    disk = MigrationLoader(None).disk_migrations
    stood_on = {needed for key in applied & disk.keys() for needed in disk[key].dependencies if needed[0] == key[0]}
    return {_name(key) for key in applied - stood_on}


def _name(key: tuple[str, str]) -> str:
    return ".".join(key)


def app_version() -> str:
    """The version of the app as it was installed, or as the project's own file says."""
    with suppress(PackageNotFoundError):
        return version("pejlemaerker")
    project = Path(__file__).resolve().parents[1] / "pyproject.toml"
    lines = project.read_text(encoding="utf-8").splitlines() if project.exists() else []
    return next((line.split('"')[1] for line in lines if line.startswith("version = ")), "ukendt")


# --- PostgreSQL's own programs --------------------------------------------------------------------------------------


def _program(name: str) -> str:
    """Find one that is not older than the server: on PATH, or in the wheel of the embedded server."""
    needed = _server_version()
    found = {path: _major(path) for path in _candidates(name)}
    for path, major in found.items():
        if major >= needed:
            return path
    if found:
        path, major = max(found.items(), key=lambda one: one[1])
        raise BackupError(
            f"{path} er udgave {major}, men databasen er PostgreSQL {needed}: programmet må ikke være ældre end "
            f"databasen. Installér postgresql-client-{needed}, og lad PATH begynde med dets mappe."
        )
    raise BackupError(f"{name} findes ikke. Installér postgresql-client-{needed}, så {name} står i PATH.")


def _candidates(name: str) -> Iterator[str]:
    if path := shutil.which(name):
        yield path
    with suppress(PostgresError):
        yield str(programs(Account()) / name)


def _major(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    number = next((word for word in said.split() if word[:1].isdigit()), "0")
    return int("".join(letter for letter in number.split(".")[0] if letter.isdigit()))


def _server_version() -> int:
    connection.ensure_connection()
    version_number: int = connection.pg_version  # type: ignore[attr-defined]
    return version_number // 10000


def _address() -> dict[str, str]:
    """Tell the programs where the database is by environment: a command line can be read by everybody."""
    told = {
        key: str(value) for key, value in connection.get_connection_params().items() if isinstance(value, str | int)
    }
    return dict(os.environ) | {_VARIABLES[key]: value for key, value in told.items() if key in _VARIABLES and value}


_VARIABLES = {
    "dbname": "PGDATABASE", "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE", "service": "PGSERVICE", "channel_binding": "PGCHANNELBINDING",
    "target_session_attrs": "PGTARGETSESSIONATTRS", "connect_timeout": "PGCONNECT_TIMEOUT",
}  # fmt: skip


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _last_words(errors: IO[bytes]) -> str:
    errors.seek(0)
    return errors.read()[-2000:].decode(errors="replace").strip()

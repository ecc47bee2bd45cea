"""The migrated database as SQL, kept between runs: migrating takes Django many seconds, reading the outcome takes one.

What is kept is used only while everything it was made of is the same: migrations, models (Django lists them in tables),
settings and the versions of all packages. A clean clone has nothing kept, and migrates.
"""

import os
import subprocess
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from kit.embedded_postgres import Account, PostgresError, programs

ROOT = Path(__file__).resolve().parents[1]
KEPT = 10  # of as many states of the work


def migrate(folder: Path) -> None:
    """Give the current, empty database its tables: from what is kept in the folder, or by migrating."""
    kept = folder / f"{_fingerprint()}.sql"
    try:
        binaries = programs(Account())
    except PostgresError:  # another server than the embedded one, and no programs to read and write it by
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        return
    if not kept.exists():
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        _keep(binaries, kept)
        return
    _run(binaries / "psql", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", f"--file={kept}")


def _keep(binaries: Path, kept: Path) -> None:
    draft = kept.with_suffix(f".{os.getpid()}")
    _run(binaries / "pg_dump", "--no-owner", f"--file={draft}")
    draft.rename(kept)
    for old in sorted(kept.parent.glob("*.sql"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)


def _run(program: Path, *arguments: str) -> None:
    address = connection.get_connection_params()
    names = {"dbname": "PGDATABASE", "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    told = {variable: str(address[name]) for name, variable in names.items() if address.get(name)}
    subprocess.run(
        [program, "--no-psqlrc", *arguments] if program.name == "psql" else [program, *arguments],
        env=os.environ | told,
        check=True,
        capture_output=True,
    )


def _fingerprint() -> str:
    """Return a name for everything that decides what the database looks like after migrating."""
    whole = sha256()
    for path in sorted({*_sources(), Path(__file__)}):
        whole.update(path.as_posix().encode() + path.read_bytes())
    whole.update(" ".join(sorted(f"{one.name}={one.version}" for one in distributions())).encode())
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        whole.update(str(cursor.fetchone()).encode())
    return whole.hexdigest()[:20]


def _sources() -> list[Path]:
    """Return migrations, models and settings; those of packages are told by the packages' versions."""
    own = [
        Path(app.path) for app in apps.get_app_configs() if ROOT in Path(app.path).parents and ".venv" not in app.path
    ]
    found = [
        path for folder in own for path in folder.rglob("*.py") if {"migrations", "models"} & {*path.parts, path.stem}
    ]
    settled = [ROOT / "kit" / name for name in ("clock.py", "search.py")]  # what columns and their defaults are made by
    return [*found, Path(str(settings.SETTINGS_MODULE).replace(".", "/") + ".py").resolve(), *settled]

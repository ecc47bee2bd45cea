"""`make bench YEARS=100`: an archive of so many years and one of a tenth, and in them pages, searches and papers.

On a server that is thrown away; with DATABASE_URL on one that is there, and there the archives are kept for next time.
"""

import gc
import os
import sys

import django

from kit import embedded_postgres

server = None if "DATABASE_URL" in os.environ else embedded_postgres.start()
if server:
    os.environ["DATABASE_URL"] = server.url
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tests.bench import archive, pages, papers, search  # noqa: E402


def main(years: int) -> None:
    """Measure all of it."""
    _enter(max(years // 10, 1))
    gc.freeze()  # as gunicorn's processes do: what was there from the start is not looked through again
    small = pages.measured()
    _enter(years)
    pages.report(small, pages.measured())
    search.report()
    papers.report()


def _enter(years: int) -> None:
    """Go to the archive of so many years; make it, if it is not there."""
    name = f"pejlemaerker_{years}_aar"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        is_there = cursor.fetchone() is not None
        if not is_there:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    connection.close()
    connection.settings_dict["NAME"] = name
    if not is_there:
        sys.stdout.write(f"{years} år lægges ind …\n")
        call_command("migrate", verbosity=0, interactive=False)
        archive.fill(years)


if __name__ == "__main__":
    main(int(sys.argv[1]))
    if server:
        server.stop()

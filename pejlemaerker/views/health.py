"""Whether the app is well, for the container's health check and the monitor."""

from datetime import timedelta
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from pejlemaerker.worker import stands_still

_QUEUE_MOVES_WITHIN = timedelta(minutes=15)


@public
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, every migration has run and the PDF engine can be loaded; else 503. A queue that
    stands still is told too, for the monitor: it is the worker's illness, and a new web server does not cure it.
    """
    parts = {"database": _database_answers(), "migrations": False, "pdf": _pdf_engine_loads()}
    parts["migrations"] = parts["database"] and _migrations_have_run()
    queue = parts["migrations"] and not stands_still(for_longer_than=_QUEUE_MOVES_WITHIN)
    return JsonResponse({**parts, "queue": queue}, status=200 if all(parts.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations_have_run() -> bool:
    return _needed() <= MigrationRecorder(connection).applied_migrations().keys()


@cache
def _needed() -> frozenset[tuple[str, str]]:
    """The newest migration of each app, read once a process: the code does not change while it runs."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _pdf_engine_loads() -> bool:
    try:
        import kit.pdf  # noqa: F401, PLC0415  (slow import, and it fails where Pango is missing: that is the question)
    except (ImportError, OSError):
        return False
    return True

"""The worker beside the web server: the queue library's own, and what it lacks.

A worker holds an advisory lock of PostgreSQL's for as long as it lives, on a connection of its own; the lock falls
however the worker dies. So a task that is "running" with a worker whose lock is free was cut off, and may begin again:
each task may run twice and still does its work once.
"""

import logging
import time
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as LibraryWorker
from django_tasks_db.models import DBTaskResult, get_date_max

from meetings.actions.sealing import seal_log
from pejlemaerker.tasks import daily

logger = logging.getLogger("pejlemaerker.worker")

_TIDY_EVERY = 30  # seconds
_SEAL_EVERY = 5  # seconds that an event at most waits for its seal, when no long task is at hand
_LETTERS_FROM = 7  # o'clock, in Copenhagen
_ATTEMPTS = 5  # of a task that fails or takes its worker down with it
_KEPT = timedelta(days=14)  # that a finished task can still be looked at
_DAILY = "pejlemaerker.daily"


class Worker(LibraryWorker):
    """Does what waits in the queue until it is told to stop; several may work at once."""

    def __init__(self, *, interval: float) -> None:
        super().__init__(
            queue_names=["default"], interval=interval, batch=True, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id=get_random_string(32), excluded_queue_names=[],
        )  # fmt: skip
        self.life = LifeLine(self.worker_id)

    def run(self) -> None:
        """Empty the queue, tidy up, seal the log, wait a moment, and so on."""
        tidied = sealed = -float(_TIDY_EVERY)
        try:
            while self.running:
                if time.monotonic() - tidied >= _TIDY_EVERY:
                    self.life.hold()
                    tidy()
                    tidied = time.monotonic()
                if time.monotonic() - sealed >= _SEAL_EVERY:
                    seal_log()
                    sealed = time.monotonic()
                super().run()
                if self.running:
                    time.sleep(self.interval)
        finally:
            self.life.let_go()


class LifeLine:
    """The lock that tells that a worker is alive."""

    def __init__(self, worker_id: str) -> None:
        self.worker_id = worker_id
        self._connection: BaseDatabaseWrapper | None = None

    def hold(self) -> None:
        """Take the lock, or see that it is still held: a database that was restarted has forgotten it."""
        if self._connection:
            try:
                with self._connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
            except OperationalError:
                self.let_go()
            else:
                return
        self._connection = connections.create_connection("default")
        with self._connection.cursor() as cursor:
            # A machine that vanishes closes no connection; the server shall notice within two minutes.
            for name, value in (("idle", 60), ("interval", 10), ("count", 6)):
                cursor.execute(f"SET tcp_keepalives_{name} = {value}")
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [_lock_of(self.worker_id)])

    def let_go(self) -> None:
        """End the connection, and with it the lock."""
        if self._connection:
            self._connection.close()
            self._connection = None


def _lock_of(worker_id: str) -> str:
    return f"pejlemaerker.worker:{worker_id}"


def tidy() -> None:
    """Put the queue in order: what was cut off or failed begins again, the day's work is asked for, old rows go."""
    resume_cut_off()
    retry_failed()
    ask_for_daily()
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - _KEPT).delete()


@transaction.atomic
def resume_cut_off() -> int:
    """Make those tasks ready again whose worker is gone; one that has taken several workers with it fails."""
    cut_off = [one for one in DBTaskResult.objects.running().select_for_update(skip_locked=True) if _is_gone(one)]
    for one in cut_off:
        logger.warning("task %s (%s) was cut off", one.pk, one.task_path)
        if len(one.worker_ids) < _ATTEMPTS:
            one.status = TaskResultStatus.READY
            one.save(update_fields=["status"])
        else:
            one.set_failed(RuntimeError("Arbejderen er blevet afbrudt for mange gange"))
    return len(cut_off)


def _is_gone(task: DBTaskResult[Any, Any]) -> bool:
    """Whether nobody holds the lock of the worker that began the task; our own try at it ends with the transaction."""
    if not task.worker_ids:
        return True
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [_lock_of(str(task.worker_ids[-1]))]
        )
        return bool(cursor.fetchone()[0])


@transaction.atomic
def retry_failed() -> int:
    """Let a task that failed begin again, each time after a longer wait; after some attempts it stays, to be looked
    at.
    """
    now = timezone.now()
    failed = DBTaskResult.objects.failed().filter(finished_at__gte=now - _KEPT).select_for_update(skip_locked=True)
    due = [one for one in failed if len(one.worker_ids) < _ATTEMPTS and one.finished_at + _wait(one) <= now]
    for one in due:
        logger.warning("task %s (%s) failed with %s", one.pk, one.task_path, one.exception_class_path)
        one.status = TaskResultStatus.READY
        one.save(update_fields=["status"])
    return len(due)


def _wait(task: DBTaskResult[Any, Any]) -> timedelta:
    longer: int = 4 ** (len(task.worker_ids) - 1)
    return timedelta(minutes=5) * longer


@transaction.atomic
def ask_for_daily() -> bool:
    """Ask for the day's work, from the morning on, once a day in Copenhagen, whatever was restarted."""
    local = timezone.localtime()
    if local.hour < _LETTERS_FROM:
        return False
    day = str(local.date())
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_DAILY])
    asked = DBTaskResult.objects.filter(task_path=daily.module_path, args_kwargs={"args": [day], "kwargs": {}})
    if asked.exists():
        return False
    daily.enqueue(day)
    return True


def stands_still(*, for_longer_than: timedelta) -> bool:
    """Whether a task has been ready for so long that no worker can be at work."""
    before = timezone.now() - for_longer_than
    waiting = Q(run_after=get_date_max(), enqueued_at__lt=before) | Q(run_after__lt=before)
    return bool(DBTaskResult.objects.ready().filter(waiting).exists())

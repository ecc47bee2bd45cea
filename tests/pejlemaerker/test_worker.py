"""The worker: the queue survives restarts and kills, sends nothing twice, and loses nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.tasks import TaskResultStatus
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from meetings.models import Committee, Letter, Municipality
from pejlemaerker.models import Invitee, Survey
from pejlemaerker.tasks import daily, send_invitation
from pejlemaerker.worker import LifeLine, ask_for_daily, resume_cut_off, retry_failed, tidy
from tests.conftest import run_tasks
from tests.mail_server import MailServer, mail_server

ROOT = Path(__file__).resolve().parents[2]
HERE = ZoneInfo("Europe/Copenhagen")


def an_invitee(number: int = 1) -> Invitee:
    """One who is asked in an open round, in a database of its own."""
    municipality, _ = Municipality.objects.get_or_create(name="Hvidovre Kommune", slug="hvidovre", code="167")
    committee, _ = Committee.objects.get_or_create(municipality=municipality, name="Børneudvalget", slug="boern")
    survey = Survey.objects.first() or Survey.objects.create(
        committee=committee, kind="midterm", held_on=timezone.localdate(),
        due_on=timezone.localdate() + timedelta(days=14), subject="Midtvejs", invitation="Kære leder",
        opened_at=timezone.now(),
    )  # fmt: skip
    return Invitee.objects.create(survey=survey, name=f"Leder {number}", email=f"leder{number}@eksempel.dk")


# --- Two at once
# -----------------------------------------------------------------------------------------------------------


def test_two_workers_share_the_queue_and_send_each_letter_once(committed_db: str) -> None:
    invitees = [an_invitee(number) for number in range(6)]
    for invitee in invitees * 2:  # each asked for twice
        send_invitation.enqueue(invitee.pk, occasion="aabnet")
    begin = threading.Barrier(2)

    def work() -> None:
        begin.wait()
        run_tasks()
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(message.to[0] for message in mail.outbox) == [invitee.email for invitee in invitees]
    assert DBTaskResult.objects.successful().count() == 12


def test_two_workers_ask_for_the_days_work_once(committed_db: str) -> None:
    begin, answers = threading.Barrier(2), []

    def ask() -> None:
        begin.wait()
        answers.append(ask_for_daily())
        connections.close_all()

    with time_machine.travel(datetime(2026, 11, 2, 8, tzinfo=HERE), tick=True):
        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == [False, True]


# --- Real workers, really killed
# -----------------------------------------------------------------------------------------------------------


@contextmanager
def a_worker(server: MailServer) -> Iterator["subprocess.Popen[bytes]"]:
    """`manage.py work` as a process of its own, on the test's database and mail server."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    settings = {
        "DATABASE_URL": urlunsplit(database), "EMAIL_URL": server.url, "SITE_URL": "http://127.0.0.1:8000",
        "DEFAULT_FROM_EMAIL": "pejlemaerker@eksempel.dk",
    }  # fmt: skip
    command = [sys.executable, "manage.py", "work", "--interval", "0.05"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def until(state: str) -> None:
    """Wait for the only task to come so far."""
    deadline = time.monotonic() + 60
    while DBTaskResult.objects.exclude(task_path=daily.module_path).get().status != state:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kill_at(stop: str, server: MailServer) -> None:
    """Let a worker begin the letter, and kill it while the mail server is at that point of the conversation."""
    server.stops_at = stop
    with a_worker(server) as worker:
        assert server.has_stopped.wait(60)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    server.stops_at = ""
    server.may_go_on.set()


def test_letter_of_a_worker_killed_before_claiming_it_is_sent_once_by_the_next(committed_db: str) -> None:
    send_invitation.enqueue(an_invitee().pk, occasion="aabnet")
    with mail_server() as server:
        kill_at("greeting", server)
        assert Letter.objects.waiting().count() == 1
        with a_worker(server) as worker:
            until(TaskResultStatus.SUCCESSFUL)
            worker.terminate()
            assert worker.wait(30) == 0
        assert len(server.taken) == 1
    assert Letter.objects.get().sent_at


def test_letter_of_a_worker_killed_while_sending_is_uncertain_and_not_sent_again(committed_db: str) -> None:
    send_invitation.enqueue(an_invitee().pk, occasion="aabnet")
    with mail_server() as server:
        kill_at("MAIL", server)
        with a_worker(server):
            until(TaskResultStatus.SUCCESSFUL)
        assert server.taken == []
    assert Letter.objects.uncertain().count() == 1


# --- Cut off, failed, done
# -----------------------------------------------------------------------------------------------------------


def running(worker_id: str, *, attempts: int = 1) -> DBTaskResult[Any, Any]:
    task: DBTaskResult[Any, Any] = send_invitation.enqueue(0, occasion="aabnet").db_result  # type: ignore[attr-defined]
    task.status, task.worker_ids, task.started_at = TaskResultStatus.RUNNING, [worker_id] * attempts, timezone.now()
    task.save()
    return task


def test_task_of_a_worker_that_lives_is_left_alone(committed_db: str) -> None:
    task, life = running("lever"), LifeLine("lever")
    life.hold()
    life.hold()
    assert resume_cut_off() == 0
    life.let_go()
    assert resume_cut_off() == 1
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY


def test_worker_takes_its_lock_again_when_the_database_has_forgotten_it(committed_db: str) -> None:
    running("lever")
    life = LifeLine("lever")
    life.hold()
    with connection.cursor() as cursor:
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"  # others test next door
        held = f"FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND {here}"
        cursor.execute(f"SELECT pg_terminate_backend(pid, 5000) {held}")
    life.hold()
    assert resume_cut_off() == 0
    life.let_go()


def test_task_that_takes_every_worker_down_is_given_up() -> None:
    task = running("død", attempts=5)
    resume_cut_off()
    task.refresh_from_db()
    assert task.status == TaskResultStatus.FAILED


def test_task_that_fails_begins_again_after_a_while() -> None:
    task = running("x")
    task.set_failed(RuntimeError("databasen var væk"))
    assert retry_failed() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert retry_failed() == 1
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY


def test_finished_tasks_are_kept_for_two_weeks() -> None:
    task = running("x")
    task.set_successful(None)
    tidy()
    assert DBTaskResult.objects.filter(pk=task.pk).exists()
    DBTaskResult.objects.filter(pk=task.pk).update(finished_at=timezone.now() - timedelta(days=15))
    tidy()
    assert not DBTaskResult.objects.filter(pk=task.pk).exists()


@pytest.mark.parametrize(
    ("moments", "days"),
    [
        (["2026-11-02 06:59"], []),
        (["2026-11-02 07:00", "2026-11-02 23:59"], ["2026-11-02"]),
        (["2026-11-02 08:00", "2026-11-03 00:30", "2026-11-03 07:01"], ["2026-11-02", "2026-11-03"]),
        (["2026-10-24 08:00", "2026-10-25 08:00", "2026-11-09 22:00"], ["2026-10-24", "2026-10-25", "2026-11-09"]),
    ],
)
def test_days_work_is_asked_for_once_a_day_in_copenhagen(moments: list[str], days: list[str]) -> None:
    for moment in moments:
        with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=HERE)):
            tidy()
            ask_for_daily()
    asked = DBTaskResult.objects.filter(task_path=daily.module_path).order_by("enqueued_at")
    assert [task.args_kwargs["args"] for task in asked] == [[day] for day in days]


def test_days_work_of_another_day_does_nothing() -> None:
    daily.enqueue(date(2020, 1, 2).isoformat())
    run_tasks()
    assert DBTaskResult.objects.count() == 1


# --- What the monitor is told
# -----------------------------------------------------------------------------------------------------------


def test_health_tells_that_the_queue_stands_still_without_calling_the_web_server_ill(anonymous: Client) -> None:
    send_invitation.enqueue(0, occasion="aabnet")
    assert anonymous.get("/healthz").json()["queue"] is True
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        response = anonymous.get("/healthz")
    assert (response.status_code, response.json()["queue"]) == (200, False)


def test_letter_that_is_put_off_is_no_queue_that_stands_still(anonymous: Client) -> None:
    send_invitation.using(run_after=timezone.now() + timedelta(hours=4)).enqueue(0, occasion="aabnet")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert anonymous.get("/healthz").json()["queue"] is True

"""Letters: each is handed over once, and what became of it is told."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from kit.env import env_mail
from meetings.actions.letters import NotNow, send_once
from meetings.actions.returned_mail import record_returned_mail
from meetings.importing.returned_mail import ReturnedMail, read_returned_mail
from meetings.models import Letter, Municipality
from tests.mail_server import MailServer, mail_server

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)


def send(key: str = "indbydelse:1", *, to: str = "leder@eksempel.dk", **how: Any) -> Letter:
    def compose() -> EmailMessage:
        return EmailMessage(body="Kære leder på Børnehuset Åen")

    return send_once(
        key=key, kind="indbydelse", about="adspurgt:1", to=to, subject="Midtvejs\r\nevaluering",
        **{"compose": compose} | how,
    )  # fmt: skip


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as running:
        monkeypatch.setenv("MAIL", running.url)
        settings.MAILERS = {"default": env_mail("MAIL", default="")}
        yield running


# --- Once
# -----------------------------------------------------------------------------------------------------------


def test_letter_is_sent_once() -> None:
    first, second = send(), send()
    assert (first.pk, len(mail.outbox)) == (second.pk, 1)
    assert second.sent_at is not None


def test_letter_carries_its_own_number_and_says_that_a_machine_wrote_it() -> None:
    letter = send()
    headers = mail.outbox[0].message()
    assert (headers["Message-ID"], headers["Auto-Submitted"]) == (letter.message_id, "auto-generated")
    assert (headers["Subject"], headers["To"]) == ("Midtvejs evaluering", "leder@eksempel.dk")


def test_letter_that_cannot_be_written_is_not_claimed() -> None:
    def fail() -> EmailMessage:
        Municipality.objects.create(name="Et link", slug="link", code="001")
        raise LookupError

    with pytest.raises(LookupError):
        send(compose=fail)
    assert Letter.objects.waiting().count() == 1
    assert not Municipality.objects.filter(slug="link").exists()  # what was made for it is gone with it
    assert send().sent_at


def test_two_at_once_send_one_letter(committed_db: str) -> None:
    both_write = threading.Barrier(2, timeout=0.5)

    def slowly() -> EmailMessage:
        try:
            both_write.wait()  # would both be let through, they would meet here
        except threading.BrokenBarrierError:
            return EmailMessage(body="Kære leder")
        raise AssertionError("two write the same letter")

    def one() -> None:
        send(compose=slowly)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(mail.outbox), Letter.objects.filter(sent_at__isnull=False).count()) == (1, 1)


# --- What the mail server says
# -----------------------------------------------------------------------------------------------------------


def test_letter_is_handed_to_the_mail_server(server: MailServer) -> None:
    assert send().sent_at
    received = message_from_bytes(server.taken[0])
    assert "Åen" in received.get_payload(decode=True).decode()  # type: ignore[union-attr]


@pytest.mark.parametrize(("command", "answer"), [("RCPT", "550 5.1.1 Findes\x07 ikke"), (".", "554 Ligner spam")])
def test_letter_that_is_refused_for_good_has_come_back(command: str, answer: str, server: MailServer) -> None:
    server.answers[command] = answer
    letter = send()
    assert letter.returned_at
    assert letter.returned_why.startswith(f"Mailserveren afviste brevet: {answer[:3]} ")
    server.answers.clear()
    send()
    assert server.taken == []


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("greeting", "421 Kom igen"),
        ("greeting", "hang up"),
        ("MAIL", "550 Hvem er I?"),
        ("RCPT", "450 Greylisted"),
        (".", "451 Fuld"),
    ],
)
def test_letter_that_was_not_taken_is_put_off_and_sent_once_later(
    command: str, answer: str, server: MailServer
) -> None:
    server.answers[command] = answer
    with time_machine.travel(NOON, tick=False), pytest.raises(NotNow) as put_off:
        send()
    assert put_off.value.again_at == NOON + timedelta(minutes=1)
    assert Letter.objects.waiting().count() == 1
    server.answers.clear()
    assert send().sent_at
    assert len(server.taken) == 1


def test_letter_waits_longer_each_time_and_is_given_up_after_a_day(settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": "kit.mail.NoMailServer"}}
    now: datetime | None = NOON
    moments: list[datetime] = []
    while now:
        with time_machine.travel(now, tick=False), pytest.raises(NotNow) as put_off:
            send()
        moments.append(now)
        now = put_off.value.again_at
    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1], len(waits)) == (timedelta(minutes=1), timedelta(hours=4), 14)
    letter = Letter.objects.get()
    assert letter.returned_why.startswith("Mailserveren tog ikke imod brevet i et døgn")


def test_letter_broken_off_while_it_was_handed_over_is_uncertain_and_not_sent_again(server: MailServer) -> None:
    server.answers["."] = "hang up"
    letter = send()
    server.answers.clear()
    send()
    assert list(Letter.objects.uncertain()) == [letter]
    assert server.taken == []


def test_address_that_no_mail_server_knows_has_come_back(server: MailServer) -> None:
    assert send(to="søren@eksempel.dk").returned_why == "Adressen kan ikke bruges."


# --- What comes back later
# -----------------------------------------------------------------------------------------------------------


def report(letter: Letter, *, action: str = "failed", copy: str = "message/rfc822", message_id: str = "") -> bytes:
    """What Postfix and Exchange send back (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mail.kommune.dk
To: pejlemaerker@kommune.dk
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=utf-8

Brevet kunne ikke afleveres.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.kommune.dk

Final-Recipient: rfc822; {letter.to.upper()}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{letter.to}>:
    User unknown

--B
Content-Type: {copy}

Message-ID: {message_id or letter.message_id}
To: {letter.to}
Subject: Midtvejsevaluering

Kaere leder
--B--
""".replace("\n", "\r\n").encode()


@pytest.mark.parametrize("copy", ["message/rfc822", "text/rfc822-headers"])
def test_report_marks_the_letter_it_is_about(copy: str) -> None:
    letter, newer = send(), send("indbydelse:2")
    assert record_returned_mail(report(letter, copy=copy)) == letter
    letter.refresh_from_db()
    newer.refresh_from_db()
    assert letter.returned_why == "Brevet kom retur: 550 5.1.1 <leder@eksempel.dk>: User unknown"
    assert (letter.returned_at is not None, newer.returned_at) == (True, None)


def test_report_without_our_number_is_about_the_newest_letter_to_the_address() -> None:
    send()
    newer = send("indbydelse:2")
    send("indbydelse:3", to="en.anden@eksempel.dk")
    assert record_returned_mail(report(newer, message_id="<fremmed@andetsteds.dk>")) == newer


def test_report_of_long_ago_is_about_no_letter_to_the_address() -> None:
    letter = send()
    Letter.objects.update(claimed_at=NOON - timedelta(days=40))
    assert record_returned_mail(report(letter, message_id="<fremmed@andetsteds.dk>")) is None


def test_delay_is_no_return() -> None:
    letter = send()
    assert record_returned_mail(report(letter, action="delayed")) is None
    assert not Letter.objects.filter(returned_at__isnull=False).exists()


def test_out_of_office_is_no_return() -> None:
    raw = b"From: leder@eksempel.dk\r\nSubject: Ikke til stede\r\nAuto-Submitted: auto-replied\r\n\r\nJeg holder ferie."
    assert read_returned_mail(raw) is None


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    read_returned_mail(raw)


_SAMPLE = report(Letter(to="leder@eksempel.dk", message_id="<1@eksempel.dk>"))


@given(st.integers(0, len(_SAMPLE)), st.integers(0, len(_SAMPLE)), st.binary(max_size=60), st.booleans())
def test_damaged_reports_are_read_without_an_error(begin: int, end: int, noise: bytes, is_repeated: bool) -> None:
    damaged = _SAMPLE[:begin] + noise + (_SAMPLE if is_repeated else _SAMPLE[end:])
    found = read_returned_mail(damaged)
    assert found is None or isinstance(found, ReturnedMail)

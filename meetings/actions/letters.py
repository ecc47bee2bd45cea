"""Breve by e-mail: handed to the mail server once, whatever is restarted in between."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.utils import make_msgid, parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from meetings.models import Letter

logger = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT, _GIVEN_UP_AFTER = timedelta(minutes=1), timedelta(hours=4), timedelta(days=1)


class NotNow(Exception):
    """The mail server is not to be had, or asks us to come back; nothing was handed over. The task is to ask again at
    `again_at`, or not at all (None), when the letter has been given up.
    """

    def __init__(self, again_at: datetime | None) -> None:
        super().__init__("Mailserveren tager ikke imod lige nu")
        self.again_at = again_at


def send_once(*, key: str, kind: str, about: str, to: str, subject: str, compose: Callable[[], EmailMessage]) -> Letter:
    """Send the letter of this occasion, if nobody has begun to. What `compose` makes for the letter (a personal link)
    is kept only if the letter is claimed; raises NotNow where it was certainly not handed over.

    One who is cut off after claiming leaves the letter uncertain: it may have arrived, so it is not sent again.
    """
    asked = {"kind": kind, "about": about, "to": to, "subject": " ".join(subject.split())[:200]}
    letter, _ = Letter.objects.get_or_create(key=key, defaults=asked)
    if letter.claimed_at or letter.returned_at:
        return letter
    if letter.to != to:  # corrected while the letter waited: what is in it is for the one who has the address now
        Letter.objects.filter(pk=letter.pk, claimed_at=None).update(to=to)
    with _open_mailer(letter) as mailer:  # first of all: the usual fault is met before anything is claimed
        if message := _claimed(letter, compose):
            _hand_over(mailer, letter, message)
    letter.refresh_from_db()
    return letter


@contextmanager
def _open_mailer(letter: Letter) -> Iterator[BaseEmailBackend]:
    """Lend the connection to the mail server, or put the letter off where there is none."""
    mailer = mailers.default
    try:
        try:
            mailer.open()
        except OSError as fault:
            raise _put_off(letter, type(fault).__name__) from fault
        yield mailer
    finally:
        with suppress(OSError):  # the letter's own fate is known by now
            mailer.close()


@transaction.atomic(durable=True)  # what is claimed stays claimed, whatever happens to the one who claimed it
def _claimed(letter: Letter, compose: Callable[[], EmailMessage]) -> EmailMessage | None:
    """Take the letter for ourselves and write it; None where somebody else has."""
    locked = Letter.objects.select_for_update().get(pk=letter.pk)
    if locked.claimed_at or locked.returned_at:
        return None
    message = compose()
    message_id = make_msgid(domain=parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2])
    message.to, message.subject = [locked.to], locked.subject
    message.extra_headers |= {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    message.message()  # one that cannot be put on paper fails here, unclaimed
    Letter.objects.filter(pk=locked.pk).update(claimed_at=timezone.now(), message_id=message_id)
    return message


def _hand_over(mailer: BaseEmailBackend, letter: Letter, message: EmailMessage) -> None:
    """Give the letter to the mail server and note its answer; where it breaks off without one, nobody knows."""
    try:
        mailer.send_messages([message])
    except ValueError:  # the mail server was not even asked: the address has signs that e-mail does not know
        mark_returned(letter=letter, why="Adressen kan ikke bruges.")
    except SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        _refused(letter, code, words, is_final=code >= 500)
    except SMTPResponseException as refused:  # at DATA it is about the letter; before that, about us
        is_final = isinstance(refused, SMTPDataError) and refused.smtp_code >= 500
        _refused(letter, refused.smtp_code, refused.smtp_error, is_final=is_final)
    except OSError as fault:
        logger.warning("letter %s is uncertain: %s", letter.pk, type(fault).__name__)
    else:
        Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now())


def _refused(letter: Letter, code: int, words: bytes | str, *, is_final: bool) -> None:
    """Note a refusal for good; after one for now let go of the letter, which we hold, and put it off."""
    said = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
    if is_final:
        mark_returned(letter=letter, why=f"Mailserveren afviste brevet: {said}")
    else:
        Letter.objects.filter(pk=letter.pk).update(claimed_at=None)
        raise _put_off(letter, said)


def _put_off(letter: Letter, why: str) -> NotNow:
    """Say when to try again a letter that certainly was not handed over: as long from now as it has waited. After a day
    it is given up, and that is told.
    """
    now = timezone.now()
    waited = now - letter.asked_at
    if waited >= _GIVEN_UP_AFTER:
        mark_returned(letter=letter, why=f"Mailserveren tog ikke imod brevet i et døgn: {why}")
        return NotNow(None)
    return NotNow(now + min(max(waited, _FIRST_WAIT), _LONGEST_WAIT))


def mark_returned(*, letter: Letter, why: str) -> bool:
    """Note that a letter did not arrive, and why; False where that was known already."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in why).split())[:300]
    unreturned = Letter.objects.filter(pk=letter.pk, returned_at__isnull=True)
    return bool(unreturned.update(returned_at=timezone.now(), returned_why=words))

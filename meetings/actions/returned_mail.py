"""Breve, der kom retur: which of ours a mail server's report is about."""

from datetime import timedelta

from django.utils import timezone

from meetings.actions.letters import mark_returned
from meetings.importing.returned_mail import ReturnedMail, read_returned_mail
from meetings.models import Letter

_RECENT = timedelta(days=14)


def record_returned_mail(raw: bytes) -> Letter | None:
    """Note from a report that a letter did not arrive, and return the letter; None where it is about none of ours."""
    report = read_returned_mail(raw)
    letter = _letter_of(report) if report else None
    if report and letter:
        mark_returned(letter=letter, why=f"Brevet kom retur: {report.why}" if report.why else "Brevet kom retur.")
    return letter


def _letter_of(report: ReturnedMail) -> Letter | None:
    """Find it by its own number; else the newest that was lately sent to the recipient."""
    message_id, recipient = (text.replace("\x00", "") for text in (report.message_id, report.recipient))
    if message_id and (found := Letter.objects.filter(message_id=message_id).first()):
        return found
    lately = Letter.objects.filter(claimed_at__gt=timezone.now() - _RECENT)
    return lately.filter(to__iexact=recipient).order_by("-claimed_at").first() if recipient else None

"""What people do with the log itself: check it, and take a copy of it. Both are events."""

from typing import Any

from django.db import transaction

from meetings.actions.sealing import seal_log
from meetings.documents.log_check import LogCheck
from meetings.models import Committee, Event, Municipality, Right
from pejlemaerker.documents.log_words import CHECKED, EXPORTED


def check_log(*, by: Any) -> LogCheck:
    """Seal what waits, hold the log against its seals, and write down what was found."""
    seal_log()
    check = LogCheck.made()
    _record(CHECKED, by, whole=check.is_whole, events=check.events, seals=check.seals, head=check.head)
    return check


def note_export(*, by: Any, asked: dict[str, str]) -> None:
    """Write down that somebody takes a copy of the log, and of what part of it."""
    _record(EXPORTED, by, **asked)


@transaction.atomic
def _record(action: str, by: Any, **changes: Any) -> None:
    """Each municipality, or committee, whose log the person reads, gets the event."""
    held = by.holds(Right.READ_LOG)
    whole = {role.municipality for role in held if role.committee is None}
    for municipality in Municipality.objects.filter(pk__in=whole):
        Event.objects.record(action, municipality, by=by, **changes)
    parts = {role.committee for role in held if role.committee}
    for committee in Committee.objects.filter(pk__in=parts).exclude(municipality__in=whole):
        Event.objects.record(action, committee, by=by, **changes)

"""Påmindelser: which of them somebody with a login does not want."""

from collections.abc import Iterable

from django.db import transaction

from meetings.models import Event, ReminderStop, User
from pejlemaerker.documents.reminder_kinds import ReminderKind, roles_by_kind


@transaction.atomic
def choose_reminders(*, user: User, wanted: Iterable[str]) -> None:
    """Keep the kinds of reminder that a user wants among those the user's roles bring, and stop the others."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    offered = set(roles_by_kind(user))
    stopped = offered - set(wanted)
    before = set(ReminderStop.objects.filter(user=user, kind__in=offered).values_list("kind", flat=True))
    if stopped == before:
        return
    ReminderStop.objects.filter(user=user, kind__in=offered - stopped).delete()
    ReminderStop.objects.bulk_create(ReminderStop(user=user, kind=kind) for kind in sorted(stopped - before))
    Event.objects.record("reminders_chosen", user, by=user, stopped=sorted(stopped))


def stop_reminders(*, user: User, kind: str = "") -> None:
    """Stop one kind of reminder, or (without a kind) all that the user's roles bring; once is enough."""
    stopped = set(ReminderStop.objects.filter(user=user).values_list("kind", flat=True))
    going = {kind} if kind else set(ReminderKind.values)
    choose_reminders(user=user, wanted=set(ReminderKind.values) - stopped - going)

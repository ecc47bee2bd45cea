"""Following an evaluation round: reminding those who are missing, closing the round, and opening it again."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from kit.clock import today
from kit.dates import format_date
from meetings.actions.refusals import NotAllowed
from meetings.models import Event
from pejlemaerker.documents.respondents import REMINDED, Reminding, reminded_on, reminding, respondents_in
from pejlemaerker.models import Survey
from pejlemaerker.models.answer import OPEN_AFTER_DUE
from pejlemaerker.tasks import send_reminder


def locked_survey(survey: Survey) -> Survey:
    """Lock a round that the leaders can answer; raises NotAllowed where it is not opened yet, or is closed."""
    locked = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if locked.opened_at is None:
        raise NotAllowed("Runden er ikke åbnet endnu.")
    if locked.closed_at is not None:
        raise NotAllowed("Runden er lukket. Genåbn den først.")
    return locked


def check_links_still_open(survey: Survey) -> None:
    """Refuse to write to anybody with a link that would have expired before it was sent."""
    last_day = survey.due_on + OPEN_AFTER_DUE
    if today() > last_day:
        raise NotAllowed(
            f"Links i denne runde virkede til og med {format_date(last_day)}. Forlæng fristen, før der sendes nye."
        )


@transaction.atomic
def remind_missing(*, survey: Survey, by: Any) -> Reminding:
    """Remind those who have not answered; nobody is reminded twice a day. Raises NotAllowed."""
    locked, day = locked_survey(survey), today()
    check_links_still_open(locked)
    told = reminding(respondents_in(locked), reminded=reminded_on(locked, day))
    for one in told.to:
        send_reminder.enqueue(one.invitee.pk, occasion=f"paamindelse-{day.isoformat()}")
    if told.to:
        invitees = [one.invitee.pk for one in told.to]
        Event.objects.record(REMINDED, locked, by=by, day=day.isoformat(), invitees=invitees)
    return told


@transaction.atomic
def close_survey(*, survey: Survey, by: Any) -> Survey:
    """Close a round: from now on nobody answers. Who is missing stands in the log by name. One that is closed stays as
    it was closed; raises NotAllowed for one that was never opened.
    """
    locked = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if locked.opened_at is None:
        raise NotAllowed("Runden er ikke åbnet endnu, og der er intet at lukke.")
    if locked.closed_at is None:
        locked.closed_at = timezone.now()
        locked.save(update_fields=["closed_at"])
        missing = [str(one.invitee) for one in respondents_in(locked) if one.is_missing]
        Event.objects.record("survey_closed", locked, by=by, missing=missing)
    return locked


@transaction.atomic
def reopen_survey(*, survey: Survey, by: Any) -> Survey:
    """Open a closed round again, so that those who are missing can answer. One that is open stays as it is."""
    locked = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if locked.closed_at is not None:
        locked.closed_at = None
        locked.save(update_fields=["closed_at"])
        Event.objects.record("survey_reopened", locked, by=by)
    return locked

"""Offentliggørelse: an act per record, and its withdrawal."""

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction

from meetings.actions.refusals import NotAllowed
from meetings.documents.minutes import minutes_may_be_public
from meetings.models import MINUTES, Event, Meeting, Publication


@transaction.atomic
def publish(*, subject: str, record: models.Model, by: Any, warnings_accepted: list[str]) -> Publication:
    """Make a record public, with the warnings that a person saw and accepted."""
    return _act(Publication.Act.PUBLISHED, subject, record, by, warnings_accepted)


@transaction.atomic
def publish_minutes(*, meeting: Meeting, by: Any, warnings_accepted: list[str]) -> Publication:
    """Make a meeting's minutes public, once they are finished: until the meeting is closed, they may still change.

    Raises NotAllowed. Minutes that were read from a document were finished elsewhere.
    """
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not minutes_may_be_public(locked):
        raise NotAllowed("Mødet skal lukkes, før referatet kan offentliggøres.")
    return publish(subject=MINUTES, record=locked, by=by, warnings_accepted=warnings_accepted)


@transaction.atomic
def withdraw(*, subject: str, record: models.Model, by: Any) -> Publication:
    """Take a record back from the public; the trace that it was public stays."""
    return _act(Publication.Act.WITHDRAWN, subject, record, by, [])


def _act(act: str, subject: str, record: models.Model, by: Any, warnings: list[str]) -> Publication:
    type(record)._base_manager.select_for_update().get(pk=record.pk)
    latest = Publication.objects.filter(subject=subject, subject_pk=record.pk).order_by("-pk").first()
    if latest and latest.act == act:  # the second click of a double click
        return latest
    publication = Publication.objects.create(
        subject=subject, subject_pk=record.pk, act=act, by=by, warnings_accepted=warnings
    )
    Event.objects.record(f"{subject}_{act}", record, by=by)
    return publication


def note_accepted(record: models.Model, warnings: Sequence[str], *, by: Any) -> None:
    """Keep in the log what a person saw and accepted in a text that was public the moment it was saved."""
    if warnings:
        Event.objects.record("warnings_accepted", record, by=by, warnings=list(warnings))

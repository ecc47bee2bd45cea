"""Offentliggørelse: an act per record, and its withdrawal."""

from typing import Any

from django.db import models, transaction

from meetings.models import Event, Publication


@transaction.atomic
def publish(*, subject: str, record: models.Model, by: Any, warnings_accepted: list[str]) -> Publication:
    """Make a record public, with the warnings that a person saw and accepted."""
    return _act(Publication.Act.PUBLISHED, subject, record, by, warnings_accepted)


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

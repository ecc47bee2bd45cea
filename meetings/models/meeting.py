"""Meetings of a committee."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from kit.dates import format_date
from kit.drafts import Draft
from kit.once import SubmittedOnce
from meetings.models.after_closing import frozen_after_closing
from meetings.models.committee import Committee
from meetings.models.publication import Publication, latest_act
from meetings.models.role import Right
from meetings.models.searched_day import day_given_to
from meetings.models.source_document import SourceDocument

AGENDA = "meeting.agenda"
MINUTES = "meeting.minutes"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings, by who may see them and what of them is public."""

    def visible_to(self, user: Any) -> Self:
        """Return the meetings of the user's own committees, and those of which the agenda or the minutes are public."""
        public = Publication.Act.PUBLISHED
        return self.alias(_agenda=latest_act(AGENDA, viewer=user), _minutes=latest_act(MINUTES, viewer=user)).filter(
            Q(committee__in=Committee.objects.where(user, Right.READ_MEETINGS)) | Q(_agenda=public) | Q(_minutes=public)
        )

    def minutes_visible_to(self, user: Any) -> Self:
        """Return the meetings whose decisions the user may read."""
        return self.alias(_minutes=latest_act(MINUTES, viewer=user)).filter(
            Q(committee__in=Committee.objects.where(user, Right.READ_MEETINGS)) | Q(_minutes=Publication.Act.PUBLISHED)
        )


class Meeting(Draft, SubmittedOnce):
    """Et møde i et udvalg. The hours are unknown where the source does not give them."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", "Ordinært møde"
        EXTRAORDINARY = "extraordinary", "Ekstraordinært møde"
        JOINT = "joint", "Fællesmøde"
        CONSTITUENT = "constituent", "Konstituerende møde"

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="meetings")
    date = models.DateField("dato")
    starts_at = models.TimeField("begynder", null=True, blank=True)
    ends_at = models.TimeField("slutter", null=True, blank=True)
    place = models.CharField("sted", max_length=160, blank=True)
    kind = models.CharField("art", max_length=20, choices=Kind, default=Kind.ORDINARY)
    cancelled = models.CharField("aflyst, fordi", max_length=200, blank=True)
    is_demo = models.BooleanField("opdigtet til demo", default=False)
    source_document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings"
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        triggers = [
            *frozen_after_closing(
                "{row}.id", but=("is_demo", "source_document_id", "revision", "edited_at", "edited_by_id")
            ),
            day_given_to("meetings_agendaitem", "meeting_id", "date"),
        ]
        verbose_name = "møde"
        verbose_name_plural = "møder"
        ordering = ["-date", "-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["committee", "-date"], name="meeting_of_committee"),
            models.Index(fields=["-date"], name="meeting_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.held_by}, {format_date(self.date)}"

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.pk])

    @property
    def held_by(self) -> str:
        """The committee's name on the day of the meeting, which it may no longer bear. Prefetch
        `committee__former_names` for lists.
        """
        return self.committee.name_on(self.date)

"""Fremmøde: who was there, who was out of the room, and who was disqualified (inhabil)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kit.once import SubmittedOnce
from meetings.models.after_closing import OF_MEETING, frozen_after_closing
from meetings.models.agenda_item import AgendaItem, OfOpenItemManager, OfProtocolQuerySet
from meetings.models.committee import Person
from meetings.models.meeting import Meeting

# A seat on the day of the meeting, or the place of somebody who has one and is not there (styrelsesloven § 28).
_HAS_A_SEAT = pgtrigger.Trigger(
    name="has_a_seat",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("sitting", "bigint")],
    func="""
        sitting := COALESCE(NEW.substitute_for_id, NEW.person_id);
        IF NOT EXISTS (
            SELECT 1 FROM meetings_membership s JOIN meetings_meeting m ON m.committee_id = s.committee_id
             WHERE m.id = NEW.meeting_id AND s.person_id = sitting AND s.seat <> 'substitute'
               AND s.valid_from <= m.date AND (s.valid_to IS NULL OR s.valid_to >= m.date)
        ) THEN
            RAISE EXCEPTION 'person % has no seat in the committee on the day of meeting %', sitting, NEW.meeting_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT 1 FROM meetings_attendance a WHERE a.meeting_id = NEW.meeting_id AND a.state = 'present'
               AND ((NEW.substitute_for_id IS NOT NULL AND a.person_id = NEW.substitute_for_id)
                 OR (NEW.state = 'present' AND a.substitute_for_id = NEW.person_id))
        ) THEN
            RAISE EXCEPTION 'a member and the substitute cannot both attend meeting %', NEW.meeting_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class Attendance(models.Model):
    """Fremmøde: how one person took part in a meeting. A substitute has an own line, which names whose place it is."""

    class State(models.TextChoices):
        PRESENT = "present", "Til stede"
        EXCUSED = "excused", "Afbud"
        ABSENT = "absent", "Fravær uden afbud"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField("fremmøde", max_length=20, choices=State)
    substitute_for = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="stedfortræder for"
    )

    class Meta:
        triggers = [_HAS_A_SEAT, *frozen_after_closing(OF_MEETING)]
        verbose_name = "fremmøde"
        verbose_name_plural = "fremmøde"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once"),
            models.UniqueConstraint(fields=["meeting", "substitute_for"], name="one_substitute_for_each"),
            models.CheckConstraint(
                condition=Q(substitute_for__isnull=True) | (Q(state="present") & ~Q(substitute_for=F("person"))),
                name="substitute_attends_for_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"


class ItemAbsenceQuerySet(OfProtocolQuerySet["ItemAbsence"]):
    """Absences from items, seen with the protocol."""


class OpenItemAbsenceManager(OfOpenItemManager["ItemAbsence"].from_queryset(ItemAbsenceQuerySet)):  # type: ignore[misc]
    """The safe default: absences from open items."""


class ItemAbsence(models.Model):
    """Fravær under et punkt: somebody who attends the meeting was out of the room while this item was treated."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="absences")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    note = models.CharField("hvornår", max_length=160, blank=True)  # "forlod mødet kl. 18.10"

    objects = OpenItemAbsenceManager()
    including_closed = ItemAbsenceQuerySet.as_manager()

    class Meta:
        triggers = frozen_after_closing()
        verbose_name = "fravær under punkt"
        verbose_name_plural = "fravær under punkter"
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="item_absence_once")]

    def __str__(self) -> str:
        return f"{self.person} uden for døren, {self.item}"


class RecusalQuerySet(OfProtocolQuerySet["Recusal"]):
    """Recusals, seen with the protocol."""


class OpenRecusalManager(OfOpenItemManager["Recusal"].from_queryset(RecusalQuerySet)):  # type: ignore[misc]
    """The safe default: recusals on open items."""


class Recusal(SubmittedOnce):
    """Inhabilitet: whether a member may take part in an item is decided by the committee, not by the member
    (styrelsesloven § 14; forvaltningsloven § 3). Who is disqualified leaves the room and does not vote.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="recusals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recusals")
    ground = models.CharField("grund", max_length=300)
    raised_by = models.CharField("rejst af", max_length=120, blank=True)
    is_disqualified = models.BooleanField("inhabil")
    ruling = models.CharField("udvalgets afgørelse", max_length=300, blank=True)
    substitute = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="stedfortræder"
    )
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OpenRecusalManager()
    including_closed = RecusalQuerySet.as_manager()

    class Meta:
        triggers = frozen_after_closing()
        verbose_name = "inhabilitet"
        verbose_name_plural = "inhabilitet"
        constraints = [
            models.UniqueConstraint(fields=["item", "person"], name="recusal_once"),
            models.CheckConstraint(
                condition=Q(substitute__isnull=True) | (Q(is_disqualified=True) & ~Q(substitute=F("person"))),
                name="substitute_only_for_the_disqualified",
            ),
        ]

    def __str__(self) -> str:
        return f"Inhabilitet, {self.item}"

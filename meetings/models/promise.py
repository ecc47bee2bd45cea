"""Løfter: what the administration has said it will come back with."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from kit.once import SubmittedOnce
from meetings.models.after_closing import frozen_after_closing
from meetings.models.agenda_item import AgendaItem, OfOpenItemManager, OfProtocolQuerySet
from meetings.models.committee import Committee
from meetings.models.decision import PROCEDURAL, Decision
from meetings.models.meeting import Meeting
from meetings.models.role import Right


class PromiseQuerySet(OfProtocolQuerySet["Promise"]):
    """Promises, by whether they are kept."""

    def visible_to(self, user: Any) -> Self:
        """Delegate to the item's rule; a promise made outside the committee's meetings is for its own people."""
        on_items = AgendaItem.including_closed.visible_to(user)
        return self.filter(
            Q(item__in=on_items, item__meeting__in=Meeting.objects.minutes_visible_to(user))
            | Q(item__isnull=True, committee__in=Committee.objects.where(user, Right.READ_MEETINGS))
        )

    def given_in(self, committees: Iterable[Committee | int]) -> Self:
        """Return the promises to these committees, wherever they were made."""
        near = list(committees)
        return self.filter(Q(item__meeting__committee__in=near) | Q(committee__in=near))

    def still_open(self) -> Self:
        """Return the promises that are not kept: the item that answers them has not been treated, and nobody has noted
        another answer. Oldest due date first.
        """
        treated = Decision.including_closed.filter(item=OuterRef("answer")).exclude(category__in=PROCEDURAL)
        return self.filter(Q(settled_on__isnull=True), ~Exists(treated)).order_by("due_on", "pk")


class OpenPromiseManager(OfOpenItemManager["Promise"].from_queryset(PromiseQuerySet)):  # type: ignore[misc]
    """The safe default: promises that were not made on a closed item."""

    def get_queryset(self) -> PromiseQuerySet:
        return PromiseQuerySet(self.model, using=self._db).exclude(item__is_closed=True)


class Promise(SubmittedOnce):
    """Et løfte: "Forvaltningen vender tilbage" with what, to whom, and by which meeting. It is kept when an item that
    answers it has been treated. It is made on an agenda item; or elsewhere, and then the row itself says to which
    committee, when and where (a dialogue meeting).
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="promises")
    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="promises_made_elsewhere"
    )
    made_on = models.DateField("givet", null=True, blank=True)
    made_at = models.CharField("hvor", max_length=160, blank=True)  # "Dialogmøde midtvejs", where no item is
    made_url = models.CharField("adresse", max_length=200, blank=True)
    text = models.CharField("hvad der er lovet", max_length=400)
    to_whom = models.CharField("til hvem", max_length=160, default="Udvalget")
    responsible = models.CharField("hvem følger op", max_length=160, blank=True)
    due_meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="promises_due",
        verbose_name="senest mødet",
    )
    due_on = models.DateField("senest")  # the day of that meeting, or one that was named
    answer = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="answers", verbose_name="besvares på"
    )
    settled_on = models.DateField("indfriet på anden vis", null=True, blank=True)
    settled_note = models.CharField("hvordan", max_length=300, blank=True)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OpenPromiseManager()
    including_closed = PromiseQuerySet.as_manager()

    class Meta:
        triggers = frozen_after_closing(but=("answer_id", "settled_on", "settled_note"))
        verbose_name = "løfte"
        verbose_name_plural = "løfter"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True, settled_note="")
                | (Q(settled_on__isnull=False) & ~Q(settled_note="")),
                name="settled_promise_says_how",
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False, committee__isnull=True, made_on__isnull=True, made_at="")
                | (Q(item__isnull=True, committee__isnull=False, made_on__isnull=False) & ~Q(made_at="")),
                name="promise_is_made_in_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"Løfte, {self.item or self.made_at}"

    @property
    def given_in(self) -> Committee:
        """The committee it was made to."""
        return self.item.meeting.committee if self.item else self._elsewhere[0]

    @property
    def given_on(self) -> date:
        """The day it was made."""
        return self.item.meeting.date if self.item else self._elsewhere[1]

    @property
    def held_by(self) -> str:
        """The committee's name, as it was that day."""
        return self.given_in.name_on(self.given_on)

    @property
    def is_internal(self) -> bool:
        """Whether only the committee's own people may read it: it was made on a closed item, or elsewhere."""
        return self.item is None or self.item.is_closed

    @property
    def _elsewhere(self) -> tuple[Committee, date]:
        if self.committee is None or self.made_on is None:  # the constraint promise_is_made_in_one_place keeps it
            raise ValueError("A promise is made on an item or elsewhere")
        return self.committee, self.made_on

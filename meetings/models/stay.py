"""Standsning: a member brings a committee's decision before the council (styrelsesloven § 23)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kit.append_only import APPEND_ONLY_TRIGGERS, AppendOnlyModel, AppendOnlyQuerySet
from kit.once import SubmittedOnce
from meetings.models.after_closing import no_more_after_closing
from meetings.models.agenda_item import AgendaItem, OfOpenItemManager, OfProtocolQuerySet
from meetings.models.committee import Person
from meetings.models.decision import PROCEDURAL, Decision


class StayQuerySet(OfProtocolQuerySet["Stay"], AppendOnlyQuerySet["Stay"]):  # type: ignore[override]
    """Stays, seen with the protocol."""

    item = "decision__item"


class OpenStayManager(OfOpenItemManager["Stay"].from_queryset(StayQuerySet)):  # type: ignore[misc]
    """The safe default: stays of decisions on open items."""


_MAY_BE_STAYED = pgtrigger.Trigger(
    name="may_be_stayed",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=f"""
        IF NOT EXISTS (
            SELECT 1 FROM meetings_decision d, meetings_able_to_vote(d.item_id) able
             WHERE d.id = NEW.decision_id AND able.person_id = NEW.declared_by_id
        ) THEN
            RAISE EXCEPTION 'person % took no part in the item and cannot stay its decision', NEW.declared_by_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT 1 FROM meetings_decision d JOIN meetings_agendaitem i ON i.id = d.item_id
              JOIN meetings_meeting m ON m.id = i.meeting_id JOIN meetings_committee c ON c.id = m.committee_id
             WHERE d.id = NEW.decision_id
               AND (c.kind = 'council' OR d.category IN ({", ".join(f"'{category.value}'" for category in PROCEDURAL)}))
        ) THEN
            RAISE EXCEPTION 'decision % is on procedure, or the council''s own: it cannot be stayed', NEW.decision_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,  # noqa: S608  (constants of our own only)
)


class Stay(SubmittedOnce, AppendOnlyModel):
    """En standsning: declared to the protocol, until the meeting closes, by a member who took part in the item; no
    reason and no vote against is needed. The decision then takes no effect until the council has decided.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="stay")
    declared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stays")
    reason = models.TextField("begrundelse", blank=True)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OpenStayManager()
    including_closed = StayQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        triggers = [
            *APPEND_ONLY_TRIGGERS, _MAY_BE_STAYED,
            no_more_after_closing(
                "(SELECT i.meeting_id FROM meetings_decision d JOIN meetings_agendaitem i ON i.id = d.item_id"
                " WHERE d.id = {row}.decision_id)"
            ),
        ]  # fmt: skip
        verbose_name = "standsning"
        verbose_name_plural = "standsninger"

    def __str__(self) -> str:
        return f"Standsning, {self.decision}"


class StayOutcomeQuerySet(  # type: ignore[override]
    OfProtocolQuerySet["StayOutcome"], AppendOnlyQuerySet["StayOutcome"]
):
    """What became of stays, seen with the protocol."""

    item = "stay__decision__item"


class OpenOutcomeManager(OfOpenItemManager["StayOutcome"].from_queryset(StayOutcomeQuerySet)):  # type: ignore[misc]
    """The safe default: outcomes of stays on open items."""


# The council decides a stay, on an item of its own and not before the committee did.
_COUNCIL_DECIDED = pgtrigger.Trigger(
    name="council_decided",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF EXISTS (
            SELECT 1 FROM meetings_stay s JOIN meetings_decision d ON d.id = s.decision_id
             WHERE s.id = NEW.stay_id AND d.decided_on > NEW.decided_on
        ) THEN
            RAISE EXCEPTION 'stay % was settled before the decision it holds back', NEW.stay_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.council_item_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM meetings_agendaitem i JOIN meetings_meeting m ON m.id = i.meeting_id
              JOIN meetings_committee c ON c.id = m.committee_id
             WHERE i.id = NEW.council_item_id AND c.kind = 'council'
        ) THEN
            RAISE EXCEPTION 'item % is not of a council: it settles no stay', NEW.council_item_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class StayOutcome(SubmittedOnce, AppendOnlyModel):
    """Hvad standsningen blev til: the council decides on the substance, or the committee takes its decision back."""

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", "Stadfæstet"
        CHANGED = "changed", "Ændret"
        ANNULLED = "annulled", "Ophævet af udvalget selv"

    stay = models.OneToOneField(Stay, on_delete=models.PROTECT, related_name="outcome")
    verdict = models.CharField("udfald", max_length=20, choices=Verdict)
    decided_on = models.DateField("afgjort den")
    council_item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="rådets punkt"
    )
    note = models.CharField("bemærkning", max_length=300, blank=True)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OpenOutcomeManager()
    including_closed = StayOutcomeQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        triggers = [*APPEND_ONLY_TRIGGERS, _COUNCIL_DECIDED]
        verbose_name = "udfald af standsning"
        verbose_name_plural = "udfald af standsninger"
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="annulled") | Q(council_item__isnull=False) | ~Q(note=""),
                name="outcome_says_where_it_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}, {self.stay}"

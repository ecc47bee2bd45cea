"""Facts that take effect because a decision says so, and only as long as it does."""

from datetime import date
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from kit.append_only import APPEND_ONLY_TRIGGERS, AppendOnlyModel, AppendOnlyQuerySet
from meetings.models import APPROVING, Correction, Decision
from pejlemaerker.models.knowledge import AsOf, end_of, known_by

_STAY = "decision__stay"
_OUTCOME = "decision__stay__outcome"


class ByDecisionQuerySet[M: models.Model](AppendOnlyQuerySet[M]):
    """Facts by decision, by whether they hold."""

    kept_since: ClassVar[str]  # the path to the pejlemærke's own
    day: ClassVar[str]  # the field that says from when the fact has effect

    def effective(self, at: AsOf) -> Self:
        """Return the facts that were known then and whose decision, by what was known, approves: none that a stay
        (styrelsesloven § 23) holds back on that day. Those without a decision hold by themselves.
        """
        return (
            self.known(at.known)
            .alias(_category=_category(at.known), _holds=self._not_held_back(at))
            .filter(Q(decision__isnull=True) | Q(_category__in=APPROVING, _holds=True))
        )

    def known(self, day: date) -> Self:
        """Return the facts that were known on a day, whether or not they hold."""
        by_decision = known_by(day, "decision__decided_on", kept_since=self.kept_since)
        by_itself = known_by(day, self.day, kept_since=self.kept_since)
        return self.filter(Q(by_decision, decision__isnull=False) | Q(by_itself, decision__isnull=True))

    def with_stay(self, at: AsOf) -> Self:
        """Annotate `is_stayed`: a stay was declared, and the council had not settled it by that day; `verdict` and
        `settled_on`, once it had; all as far as was known. Only that comes along: the item may be closed (DESIGN § 5).
        """
        settled = self._is_settled(at)
        return self.annotate(
            is_stayed=Case(
                When(settled, then=Value(False)),
                When(self._is_stayed(at), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            ),
            verdict=Case(When(settled, then=F(f"{_OUTCOME}__verdict")), default=None),
            settled_on=Case(When(settled, then=F(f"{_OUTCOME}__decided_on")), default=None),
        )

    def _not_held_back(self, at: AsOf) -> Case:
        """A stay holds the decision back until the council has confirmed it; it was known once it was written."""
        return Case(
            When(self._is_settled(at) & Q(**{f"{_OUTCOME}__verdict": "confirmed"}), then=Value(True)),
            When(self._is_stayed(at), then=Value(False)),
            default=Value(True),
            output_field=BooleanField(),
        )

    def _is_stayed(self, at: AsOf) -> Q:
        written = f"{_STAY}__recorded_at"
        known = known_by(at.known, "decision__decided_on", recorded=written, kept_since=self.kept_since)
        return Q(known, **{f"{_STAY}__isnull": False})

    def _is_settled(self, at: AsOf) -> Q:
        written = f"{_OUTCOME}__recorded_at"
        known = known_by(at.known, f"{_OUTCOME}__decided_on", recorded=written, kept_since=self.kept_since)
        return Q(known, **{f"{_OUTCOME}__decided_on__lte": at.on})


def _category(known: date) -> Coalesce:
    """The decision's category after the corrections written by a day."""
    corrections = Correction.including_closed.filter(decision=OuterRef("decision"), recorded_at__lt=end_of(known))
    latest = corrections.exclude(category="").order_by("-pk")
    return Coalesce(Subquery(latest.values("category")[:1]), F("decision__category"))


# A decision that only noted, discussed or postponed has no such effect, nor one that is stayed (styrelsesloven § 23),
# whoever inserts the row (DESIGN § 4).
DECISION_MUST_APPROVE = pgtrigger.Trigger(
    name="decision_must_approve",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NEW.decision_id IS NOT NULL AND COALESCE(
            (SELECT c.category FROM meetings_correction c
              WHERE c.decision_id = NEW.decision_id AND c.category <> '' ORDER BY c.id DESC LIMIT 1),
            (SELECT d.category FROM meetings_decision d WHERE d.id = NEW.decision_id)
        ) NOT IN ('approved', 'approved_amended') THEN
            RAISE EXCEPTION 'decision % does not approve: it cannot put a wording in force', NEW.decision_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT 1 FROM meetings_stay s LEFT JOIN meetings_stayoutcome o ON o.stay_id = s.id
             WHERE s.decision_id = NEW.decision_id AND o.verdict IS DISTINCT FROM 'confirmed'
        ) THEN
            RAISE EXCEPTION 'decision % is stayed: it cannot put a wording in force', NEW.decision_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class ByDecision(AppendOnlyModel):
    """A fact with the decision that gave it effect, or with a noted delegation (bemyndigelse)."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    delegation_note = models.CharField("efter bemyndigelse", max_length=400, blank=True)
    recorded_at = models.DateTimeField("skrevet ind", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        abstract = True
        triggers = [*APPEND_ONLY_TRIGGERS, DECISION_MUST_APPROVE]


def decision_or_delegation(name: str) -> models.CheckConstraint:
    """Return the constraint that exactly one of the two is there."""
    return models.CheckConstraint(
        condition=Q(decision__isnull=False, delegation_note="") | (Q(decision__isnull=True) & ~Q(delegation_note="")),
        name=name,
    )

"""Udvalgets godkendelser: the decisions that a form may point at."""

from collections.abc import Iterable
from typing import Any

from django import forms

from kit.dates import format_date
from meetings.models import Category, Decision
from pejlemaerker.models import GoalSet

OFFERED = 40
EXCERPT = 160


class DecisionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the approvals, named by its day, its item and its words; by its committee too where there are several."""

    names_committee = False

    def label_from_instance(self, obj: Decision) -> str:
        excerpt = obj.text if len(obj.text) <= EXCERPT else f"{obj.text[:EXCERPT].rstrip()} …"
        category = Category(obj.effective_category).label  # type: ignore[attr-defined]
        committee = f"{obj.item.meeting.committee.name_on(obj.decided_on)} " if self.names_committee else ""
        return (
            f"{committee}{format_date(obj.decided_on)}, punkt {obj.item.number}: {obj.item.title}. "
            f"{category}: »{excerpt}«"
        )


def decisions_offered(committees: Iterable[int], user: Any, named: str = "") -> Any:
    """The approvals of these committees that the user may see: the newest, and the one the user came from."""
    own = Decision.including_closed.visible_to(user).approving().filter(item__meeting__committee__in=list(committees))
    newest = own.order_by("-decided_on", "-pk").values_list("pk", flat=True)[:OFFERED]
    offered = {*newest, *([int(named)] if named.isdecimal() and len(named) < 19 else [])}
    decisions = own.filter(pk__in=offered).select_related("item__meeting__committee")
    return decisions.prefetch_related("item__meeting__committee__former_names").order_by(
        "-decided_on", "item__position"
    )


def deciding(goal_set: GoalSet) -> list[int]:
    """The committees that decide about a set: its own, and those that share it."""
    return [goal_set.period.committee_id, *goal_set.partners.values_list("pk", flat=True)]

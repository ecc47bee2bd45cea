"""Choosing the agenda item on which something is put before a committee, or was asked."""

from typing import Any

from django import forms
from django.db.models import Case, F, When

from kit.clock import today
from kit.dates import format_date
from meetings.models import AgendaItem
from pejlemaerker.models import GoalSet

_OFFERED = 60


class ItemField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Et dagsordenspunkt of one of the committees that decide about a set, among those the user may see: what is coming
    first, soonest first, then what has been, latest first.
    """

    def __init__(self, goal_set: GoalSet, *, user: Any, label: str, help_text: str, named: str = "") -> None:
        super().__init__(
            _offered(goal_set, user, named),
            label=label,
            help_text=help_text,
            required=False,
            empty_label="Intet punkt valgt",
            error_messages={"invalid_choice": "Punktet er ikke et, du kan vælge. Hent siden igen."},
        )

    def label_from_instance(self, obj: AgendaItem) -> str:
        """12. december 2022, punkt 4: the title."""
        return f"{format_date(obj.meeting.date)}, punkt {obj.number}: {obj.title}"


def _offered(goal_set: GoalSet, user: Any, named: str) -> Any:
    committees = [goal_set.period.committee_id, *goal_set.partners.values_list("pk", flat=True)]
    own = AgendaItem.including_closed.visible_to(user).filter(meeting__committee__in=committees)
    ahead = Case(When(meeting__date__gte=today(), then=F("meeting__date")))
    order = (ahead.asc(nulls_last=True), "-meeting__date", "position", "pk")
    offered = {*own.order_by(*order).values_list("pk", flat=True)[:_OFFERED], *named_pk(named)}
    return own.filter(pk__in=offered).select_related("meeting").order_by(*order)


def named_pk(raw: str) -> list[int]:
    """The number an address or a form names; nonsense names nothing."""
    return [int(raw)] if raw.isascii() and raw.isdecimal() and len(raw) < 19 else []

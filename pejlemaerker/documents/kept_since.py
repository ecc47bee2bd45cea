"""Siden hvornår et udvalgs arbejde er ført her: of days before that, all counts that had happened."""

from datetime import date

from django.db.models import Min, Q

from meetings.models import Committee
from pejlemaerker.models import GoalSet


def kept_since_in(committee: Committee) -> date:
    """Return the day on which the first of the committee's sets came here, its own or one it shares; where it has none
    there is no such day, and all counts.
    """
    own = Q(period__committee=committee) | Q(partners=committee)
    first: date | None = GoalSet.objects.filter(own).aggregate(first=Min("kept_since"))["first"]
    return first or date.max

"""Sagen, et papir hører til: its number, and the unit that wrote it."""

from django.db.models import F, Q

from meetings.models import OrgUnit, SourceDocument
from pejlemaerker.documents.set_status import SetStatus
from pejlemaerker.models import GoalVersion


def case_and_unit(status: SetStatus) -> tuple[str, str]:
    """The case the set was journalised on and the unit that wrote it, from the newest source of the day; else the only
    centre.
    """
    at, goals = status.at, [standing.goal for standing in (*status.goals, *status.former)]
    wordings = GoalVersion.objects.written(at).filter(goal__in=goals)
    documents = SourceDocument.objects.filter(pk__in=wordings.values("source_document")).exclude(case_no="")
    dated = documents.filter(Q(date__isnull=True) | Q(date__lte=at.on)).defer("text")  # may be megabytes
    if newest := dated.order_by(F("date").desc(nulls_last=True), "-pk").first():
        return newest.case_no, newest.sender_unit
    centres = OrgUnit.objects.filter(
        municipality=status.goal_set.period.committee.municipality, kind=OrgUnit.Kind.CENTRE
    ).values_list("name", flat=True)[:2]
    return "", centres[0] if len(centres) == 1 else ""

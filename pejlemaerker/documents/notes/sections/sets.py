"""Årets pejlemærker: each set in a line, to see at a glance how it stands."""

from collections import Counter
from collections.abc import Iterable

from kit.danish import count_word
from kit.paper.blocks import Paragraph, Table
from pejlemaerker.documents.course import NO_COURSE
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.standing import Standing
from pejlemaerker.models import Assessment, GoalSet


def sets(material: Material) -> Blocks:
    """Tell the sets the committee worked by: how many pejlemærker, how they were assessed last, and what comes next."""
    told, name = material.sets, material.committee_name
    if not told:
        return (Paragraph(f"{name} har ikke arbejdet efter pejlemærker i {material.subject.year}."),)
    count = "ét" if len(told) == 1 else count_word(len(told))
    lead = f"{name} har arbejdet efter {count} sæt pejlemærker."
    head = ("Område og periode", "Pejlemærker", "Seneste vurdering", "Det næste")
    rows = tuple(_row(one, material) for one in told)
    return (Paragraph(lead), Table("Sæt af pejlemærker", head, rows))


def _row(goal_set: GoalSet, material: Material) -> tuple[str, ...]:
    standings = [one for one in material.everyone.get(goal_set.pk, ()) if one.is_listed]
    course = material.happened.course_of.get(goal_set.pk, NO_COURSE)
    ahead = course.ahead
    coming = f"{ahead.title}{f', {ahead.when}' if ahead.when else ''}" if ahead else "Ikke planlagt"
    return str(goal_set), _count(standings), assessed(standings) or "Ikke vurderet", coming


def _count(standings: list[Standing]) -> str:
    waiting = sum(1 for one in standings if one.lacks_decision)
    return f"{len(standings)}, heraf {waiting} uden beslutning" if waiting else str(len(standings))


def assessed(standings: Iterable[Standing]) -> str:
    """2 på vej, 1 i god gang, 1 uden vurdering; nothing where none is assessed."""
    given = Counter(one.status.entry.assessment if one.status else None for one in standings)
    values = [value for value in Assessment if value != Assessment.NOT_ASSESSED and given[value]]
    told = [f"{given[value]} {_low(value.label)}" for value in values]
    without = given[""] + given[None]
    if not told:
        return ""
    return ", ".join([*told, *([f"{without} uden vurdering"] if without else [])])


def _low(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"

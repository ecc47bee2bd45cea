"""Pejlemærker og ordlyd: the wordings in force that day, each with the decision it rests on."""

from collections.abc import Iterable, Mapping

from kit.paper.blocks import Paragraph, Subsection, Wording, Wordings
from pejlemaerker.documents.endings import Ending
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.set_history import goals_as_known
from pejlemaerker.documents.standing import Standing
from pejlemaerker.models import NoteKind


def wordings(material: Material) -> Blocks:
    """Tell the wordings; where the text is unknown it says so. A paper of a year tells them set by set."""
    refers_to = goals_as_known((one.goal for one in material.goals), material.at)
    if material.subject.kind == NoteKind.YEAR:
        listed = {
            one.pk: [goal for goal in material.everyone.get(one.pk, ()) if goal.is_listed] for one in material.sets
        }
        return tuple(Subsection(str(one), _list(listed[one.pk], refers_to)) for one in material.sets if listed[one.pk])
    if not material.goals:
        return (Paragraph("Der er ingen pejlemærker i dette sæt endnu."),)
    return _list(material.goals, refers_to)


def _list(goals: Iterable[Standing], refers_to: Mapping[int, str]) -> Blocks:
    return (Wordings(tuple(_wording(one, refers_to.get(one.goal.pk, "")) for one in goals)),)


def _wording(one: Standing, refers_to: str) -> Wording:
    warning = "" if not one.lacks_decision else "Beslutningen er standset." if one.is_stayed else "Beslutning mangler."
    newer = f"{one.note} Den lyder: »{one.newer}«" if one.newer else one.note
    lines = (_since(one), newer, ended(one.ending), f"Henviser til {refers_to}." if refers_to else "")
    return Wording(one.number, one.wording, tuple(line for line in lines if line), warning)


def _since(one: Standing) -> str:
    """Since when, and by which decision or after which delegation."""
    coming = [ground for adoption, ground in one.decided if one.coming and adoption.pk == one.coming.pk]
    ground = one.ground or next(iter(coming), None)
    if not one.since or ground is None:
        return one.since
    since = one.since.removesuffix(".")
    return f"{since}{': ' if coming and not one.ground else ', '}{ground.text.removesuffix('.')}."


def ended(ending: Ending | None) -> str:
    """Udgået 1. december 2024: why."""
    if ending is None:
        return ""
    return f"{ending.text}: {ending.reason.rstrip('.')}." if ending.reason else f"{ending.text}."

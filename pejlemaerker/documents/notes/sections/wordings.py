"""Pejlemærker og ordlyd: the wordings in force that day, each with the decision it rests on."""

from kit.paper.blocks import Paragraph, Wording, Wordings
from pejlemaerker.documents.note import NoteGoal
from pejlemaerker.documents.notes.material import Blocks, Material


def wordings(material: Material) -> Blocks:
    """Tell the wordings; where the old text is unknown it says so."""
    told = [NoteGoal.of(one, {}) for one in material.goals]
    if not told:
        return (Paragraph("Der er ingen pejlemærker i dette sæt endnu."),)
    return (Wordings(tuple(_wording(one) for one in told)),)


def _wording(goal: NoteGoal) -> Wording:
    details = tuple(line for line in (goal.adoption_line, goal.version_note) if line)
    return Wording(goal.number, goal.text or "", details, "Beslutning mangler." if goal.awaiting_decision else "")

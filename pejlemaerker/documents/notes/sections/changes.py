"""Ændringer: what has come into force, been repealed, merged, moved or dropped, and how the plan was amended."""

from collections.abc import Iterator

from kit.dates import format_date
from kit.paper.blocks import Block, Bullets, Item, Paragraph, Subsection, Table
from pejlemaerker.documents.notes.changed import changes_since
from pejlemaerker.documents.notes.changed.sets import plan_changes_since
from pejlemaerker.documents.notes.choices import SectionKey
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.notes.sections.appendix import compared
from pejlemaerker.documents.notes.since import Since
from pejlemaerker.documents.standing import Standing, standings
from pejlemaerker.models import GoalVersion

_HEAD = ("Dato", "Hvad", "Ændring", "Grundlag")


def changes(material: Material) -> Blocks:
    """Tell the changes in a table, and then word by word how each wording reads against what it was."""
    since = Since.of(material)
    lines = changes_since(material, since)
    lead = Paragraph(since.lead, "lead")
    if not lines:
        return (lead, Paragraph("Der er ikke ændret noget."))
    rows = tuple((format_date(one.on), one.about, one.what, one.ground) for one in lines)
    told = Table("Hvad der blev ændret", _HEAD, rows)
    return (lead, told, *_amended(material, since), *_word_by_word(material, since))


def _amended(material: Material, since: Since) -> Iterator[Block]:
    amended = plan_changes_since(material, since)
    if amended:
        yield Subsection("Opfølgningsplanen", (Bullets(tuple(Item(line) for line in amended)),))


def _word_by_word(material: Material, since: Since) -> Iterator[Block]:
    """Only from what was said then to what is said now; all that lies between stands in the appendix."""
    then = standings([one.goal for one in material.goals], viewer=material.reader, at=since.before)
    told = [
        (one, before, after)
        for one in material.goals
        if (before := _shown(then[one.goal.pk])) and (after := _shown(one)) and before.pk != after.pk
    ]
    if told and SectionKey.APPENDIX in material.choices.sections:
        yield Paragraph("Ordlydene er sammenlignet ord for ord i bilaget.", "detail")
        return
    for one, before, after in told:
        title = f"Fra ordlyd {before.number} til ordlyd {after.number}"
        yield Subsection(f"{material.heading(one)}, ord for ord", (compared(before.text, after.text, title),))


def _shown(one: Standing) -> GoalVersion | None:
    """The wording a paper shows; that of a pejlemærke whose only text is lost is told as lost."""
    shown = one.in_force or (one.coming.version if one.coming else one.awaiting)
    return shown or (one.versions[-1] if one.versions else None)

"""Læringen: what was learned, what to carry on, and for whom."""

from kit.paper.blocks import Block, Paragraph, Subsection
from pejlemaerker.documents.learning import Learned, learned_in_sets
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.notes.sections.words import paragraphs
from pejlemaerker.models import GoalSet


def learning(material: Material) -> Blocks:
    """Tell what was learned of the work as a whole, and of each pejlemærke."""
    found = learned_in_sets(material.sets, at=material.at, year=material.subject.year)
    several, goal = len(material.sets) > 1, material.subject.goal
    told = [(one, learned) for one in material.sets for learned in found.get(one.pk, ())]
    if goal:
        told = [(one, learned) for one, learned in told if learned.goal_pk == goal.pk]
    return tuple(Subsection(_heading(learned, one, named=several), _of(learned)) for one, learned in told)


def _heading(learned: Learned, goal_set: GoalSet, *, named: bool) -> str:
    return f"{goal_set.area}, {learned.about[:1].lower()}{learned.about[1:]}" if named else learned.about


def _of(learned: Learned) -> Blocks:
    carried: list[Block] = (
        [Paragraph("Føres videre:", "detail"), *paragraphs(learned.carry_on)] if learned.carry_on else []
    )
    return (*paragraphs(learned.text), *carried, Paragraph(f"{learned.source}.", "detail"))

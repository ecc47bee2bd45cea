"""Kilderne: the documents and evaluations that the note rests on."""

from collections.abc import Iterator

from kit.paper.blocks import Bullets, Item
from pejlemaerker.documents.held import HeldInSets
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.set_status import knowledge_sources, sources_of


def sources(material: Material) -> Blocks:
    """Name the sources, never who wrote them."""
    told = tuple(Item(source) for source in dict.fromkeys(_sources(material)))
    return (Bullets(told),) if told else ()


def _sources(material: Material) -> Iterator[str]:
    """The documents, then the evaluations, then what the administration gathers; of two periods those of both."""
    pks, goals = [one.pk for one in material.sets], [one.goal for one in material.concerned]
    if material.subject.other_set:
        sides = material.two.sides
        pks = [side.goal_set.pk for side, _ in sides]
        goals = [one.standing.goal for _, own in sides for one in own]
        evaluations = HeldInSets.in_sets(pks, viewer=material.reader, at=material.at).evaluations
    else:
        evaluations = material.happened.evaluations
    for fact in sources_of(pks, goals, viewer=material.reader, at=material.at):
        yield f"{fact.label}, {fact.value}"
    yield from (str(one) for one in evaluations)
    if gathered := knowledge_sources(pks, at=material.at):
        yield f"Administrationens viden: {gathered}"

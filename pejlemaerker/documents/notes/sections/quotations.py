"""Citater: what the leaders were quoted for in the evaluations that were presented, by unit and never by person."""

from collections.abc import Iterable

from kit.paper.blocks import Block, Paragraph, Quotation, Subsection
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.standing import Standing
from pejlemaerker.models import EvaluationRound
from pejlemaerker.models import Quotation as Quoted


def quotations(material: Material) -> Blocks:
    """Tell them pejlemærke by pejlemærke, those of the latest evaluation first."""
    rounds = _rounds(material)
    told = [(one, _of(one, material, rounds)) for one in material.goals]
    if material.subject.goal:
        return told[0][1] if told else ()
    return tuple(Subsection(material.heading(one), blocks) for one, blocks in told if blocks)


def quotations_in(found: Iterable[Quoted]) -> Blocks:
    """Set quotations as they were chosen."""
    return tuple(Quotation(one.text, one.source) for one in found)


def _rounds(material: Material) -> dict[int, EvaluationRound]:
    """The evaluations that are quoted, the latest first."""
    pks = {pk for own in material.quoted.values() for pk in own}
    found = EvaluationRound.objects.visible_to(material.reader).filter(pk__in=pks)
    return {one.pk: one for one in found.order_by("-held_on", "-pk")}


def _of(one: Standing, material: Material, rounds: dict[int, EvaluationRound]) -> Blocks:
    own = material.quoted.get(one.goal.pk, {})
    blocks: list[Block] = []
    for pk, evaluation in rounds.items():
        if found := own.get(pk):
            blocks += [Paragraph(f"{evaluation}:", "detail"), *quotations_in(found)]
    return tuple(blocks)

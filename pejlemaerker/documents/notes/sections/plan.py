"""Opfølgningsplanen i sin helhed, and what comes next."""

from collections.abc import Iterator

from kit.dates import format_date
from kit.paper.blocks import Block, Bullets, Item, Paragraph, Subsection, Table
from pejlemaerker.documents.known_dialogues import KnownDialogue
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.plan import Held, PlanDocument, PlanStep
from pejlemaerker.models import GoalSet

NOT_FIXED = "Ikke fastsat"


def plan(material: Material) -> Blocks:
    """Tell the plan that held that day: its steps, who sees to them, and what came of each. Deadlines counted back from
    the committee's meetings are not told: the calendar keeps no history, and a paper is made again.
    """
    told = [(one, PlanDocument.for_set(one, viewer=material.reader, at=material.at)) for one in material.sets]
    plans = [(one, document) for one, document in told if document and document.plan]
    if not plans:
        return (Paragraph("Der er ikke lagt en plan for opfølgningen.", "missing"),)
    if len(plans) == 1:
        return _of_set(plans[0][1])
    return tuple(Subsection(str(one), _of_set(document)) for one, document in plans)


def _of_set(document: PlanDocument) -> Blocks:
    lead = [Paragraph(document.lead)] if document.lead else []
    return (*lead, *_table(document), *_recurring(document))


def _table(document: PlanDocument) -> Iterator[Block]:
    if not document.steps:
        return
    has_responsible = any(step.responsible for step in document.steps)
    head = ("Trin", "Hvornår", *(("Hvem sørger for det",) if has_responsible else ()), "Hvad er sket")
    rows = tuple(
        (_name(step), _when(step), *((step.responsible,) if has_responsible else ()), _came_of(step))
        for step in document.steps
    )
    yield Table("Trin i opfølgningsplanen", head, rows)


def _recurring(document: PlanDocument) -> Iterator[Block]:
    """What returns and is never done, with each time it was held."""
    if not document.recurring:
        return
    yield Paragraph("Det, der vender tilbage:")
    yield Bullets(tuple(_returning(step) for step in document.recurring))


def _returning(step: PlanStep) -> Item:
    when = step.when or "løbende"
    responsible = f" {step.responsible.rstrip('.')}." if step.responsible else ""
    return Item(
        f"{when[:1].upper()}{when[1:].rstrip('.')}.{responsible}", lead=f"{_name(step).rstrip('.')}.",
        items=tuple(Item(_held(one)) for one in step.held),
    )  # fmt: skip


def _name(step: PlanStep) -> str:
    return f"{step.step} ({step.kind[:1].lower()}{step.kind[1:]})" if step.kind else str(step.step)


def _when(step: PlanStep) -> str:
    if not step.when:
        return NOT_FIXED
    when = f"{step.when[:1].upper()}{step.when[1:]}"
    return f"{when} ({step.meaning})" if step.meaning else when


def _came_of(step: PlanStep) -> str:
    state = {"": "Planlagt"}.get(step.state, step.state)
    return " ".join([f"{state}.", *(_held(one) for one in step.held)])


def _held(one: Held) -> str:
    """Holdt 14. november 2023. What came of it, for those inside."""
    outcome = " ".join(one.outcome.split())
    told = one.text if one.text.endswith(".") else f"{one.text}."
    return f"{told} {outcome}" if outcome else told


def next_steps(material: Material) -> Blocks:
    """Tell what comes next, and when: the steps that are not done, and dialogue meetings that are planned."""
    several = len(material.sets) > 1
    steps = [item for goal_set in material.sets for item in _steps(material, goal_set, named=several)]
    trails = {trail for _, course in material.happened.courses() for trail in course.trails}
    planned = [_planned(one) for one in material.happened.planned if one.trail not in trails]
    if not steps and not planned:
        return (Paragraph("Der er ikke planlagt flere trin."),)
    return (Bullets((*planned, *steps)),)  # a day that is fixed comes before what is only planned


def _steps(material: Material, goal_set: GoalSet, *, named: bool) -> Iterator[Item]:
    course = material.happened.course_of.get(goal_set.pk)
    for step in course.steps if course else ():
        if step.state not in ("done", "missed"):
            when = step.when or NOT_FIXED
            whose = f" ({goal_set.area})" if named else ""
            yield Item(f"{step.title.rstrip('.')}{whose}.", lead=f"{when[:1].upper()}{when[1:].rstrip('.')}.")


def _planned(known: KnownDialogue) -> Item:
    return Item(f"{known.dialogue.get_kind_display()}.", lead=f"{format_date(known.dialogue.held_on)}.")

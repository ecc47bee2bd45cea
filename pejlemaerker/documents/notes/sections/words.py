"""Indledning og afslutning: the writer's own words, or the house's usual ones."""

import re
from typing import Any

from kit.danish import count_word
from kit.paper.blocks import Block, Paragraph
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.notes.sections.sets import assessed
from pejlemaerker.models import NoteKind


def paragraphs(text: str) -> Blocks:
    """Set a text as paragraphs: an empty line begins a new one, and a single line break is kept as one."""
    found: list[Block] = [Paragraph(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    return tuple(found)


def introduction(material: Material) -> Blocks:
    """The writer's own introduction; else a sentence that says what the paper is about."""
    own = paragraphs(material.choices.introduction)
    demo = _has_invented(material)
    note = [Paragraph("Demo: notatet rummer beslutninger, statusser eller dialogmøder, der er opdigtet.", "detail")]
    return (*(own or (Paragraph(_usual(material)),)), *(note if demo else ()))


def _has_invented(material: Material) -> bool:
    grounds = (one.ground for one in material.concerned if one.ground)
    dialogues = (known.dialogue for known in material.happened.dialogues)
    rows: list[Any] = [*material.sets, *grounds, *material.happened.evaluations, *dialogues]
    return any(row.is_demo for row in rows)


def conclusion(material: Material) -> Blocks:
    """The writer's own conclusion."""
    return paragraphs(material.choices.conclusion)


def _usual(material: Material) -> str:
    subject, committee = material.subject, material.committee_name
    if subject.kind == NoteKind.YEAR:
        return (
            f"Årsstatus samler, hvad {committee} har besluttet om sine pejlemærker i {subject.year}, hvordan det går "
            "med dem, og hvad der er det næste."
        )
    if subject.kind == NoteKind.COMPARISON:
        return "Notatet holder pejlemærkerne i to perioder op mod hinanden og viser, hvad der blev af dem."
    goal_set = material.status.goal_set
    about, all_told = f"for {goal_set.area} i perioden {goal_set.period}", len(material.status.goals)
    if subject.kind == NoteKind.GOAL:
        return _about_one(material, committee, about, all_told)
    if not all_told:
        return f"{committee} har ingen pejlemærker {about} endnu."
    nouns = "pejlemærke" if all_told == 1 else "pejlemærker"
    if material.at.on > goal_set.period.ends_on:
        return f"{committee} havde {_one(all_told)} {nouns} {about}.{_assessed(material)}"
    return f"{committee} har {_one(all_told)} {nouns} {about}. {_in_force(material)}{_assessed(material)}"


def _about_one(material: Material, committee: str, about: str, all_told: int) -> str:
    one = material.goals[0] if material.goals else None
    if one is None:
        return f"{committee} havde ikke skrevet pejlemærket endnu."
    if one.number is None:
        return f"Notatet handler om et pejlemærke uden nummer {about}."
    others = f" Det er ét af {count_word(all_told)} pejlemærker." if one.is_listed and all_told > 1 else ""
    return f"Notatet handler om pejlemærke {one.number}, som {committee} har sat {about}.{others}"


def _in_force(material: Material) -> str:
    """How many of them hold."""
    goals = material.status.goals
    holding, lacking = (sum(map(of, goals)) for of in (lambda one: bool(one.in_force), lambda one: one.lacks_decision))
    if holding == len(goals):
        return "Det gælder." if len(goals) == 1 else "De gælder alle."
    if lacking == len(goals):
        return "Ordlyden er ikke besluttet endnu." if len(goals) == 1 else "Ingen af dem er besluttet endnu."
    lacks = f", og {_one(lacking)} mangler en beslutning" if lacking else ""
    return (
        f"{_one(holding).capitalize()} af dem gælder{lacks}." if holding else f"{_one(lacking)} mangler en beslutning."
    )


def _assessed(material: Material) -> str:
    """How they go, in the first lines: it is what the reader came for."""
    told = assessed(material.status.goals)
    return f" Seneste vurdering: {told}." if told else ""


def _one(count: int) -> str:
    return "ét" if count == 1 else count_word(count)

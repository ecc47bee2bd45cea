"""Dialogmøderne in their public summaries; the internal notes never come here."""

from kit.danish import join_words
from kit.paper.blocks import Block, Paragraph, Subsection
from pejlemaerker.documents.known_dialogues import KnownDialogue
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.notes.sections.words import paragraphs
from pejlemaerker.models import GoalSet


def dialogues(material: Material) -> Blocks:
    """Tell each meeting that was held, the earliest first; that one has no summary is told to those who wait for it."""
    told = [one for one in reversed(material.happened.dialogues) if _has_something(one, material)]
    return tuple(Subsection(str(one.dialogue), _of(one, material)) for one in told)


def _has_something(known: KnownDialogue, material: Material) -> bool:
    return bool(material.happened.summary_of.get(known.dialogue.pk)) or not material.is_public


def _of(known: KnownDialogue, material: Material) -> Blocks:
    summary = material.happened.summary_of.get(known.dialogue.pk, "")
    missing: list[Block] = [Paragraph("Der er ikke skrevet et resumé.", "missing")]
    about = _about(known, material)
    return (*([Paragraph(about, "detail")] if about else []), *(paragraphs(summary) or missing))


def _about(known: KnownDialogue, material: Material) -> str:
    """Om pejlemærke 1 og 2 for Dagtilbudsområdet; nothing where it was about all that the paper is about."""
    if material.subject.goal or known.goals >= material.goal_pks:
        return ""
    told = [text for one in material.sets if (text := _of_set(known, one, material))]
    return f"Om {join_words(told)}." if told else ""


def _of_set(known: KnownDialogue, goal_set: GoalSet, material: Material) -> str:
    listed = [one for one in material.everyone.get(goal_set.pk, ()) if one.is_listed]
    about = [one for one in listed if one.goal.pk in known.goals]
    numbers = [str(one.number) for one in about if one.number]
    if not about:
        return ""
    if len(about) == len(listed):
        named = "pejlemærket" if len(about) == 1 else "alle pejlemærker"
    else:
        named = f"pejlemærke {join_words(numbers)}" if len(numbers) == len(about) else "nogle af pejlemærkerne"
    return f"{named} for {goal_set.area}" if len(material.sets) > 1 else named

"""Rækkefølgen af et notats afsnit: the chosen in the writer's order, the others where they usually stand."""

from collections.abc import Iterable, Sequence

from pejlemaerker.documents.notes.choices import SECTIONS_OF, SectionKey, known_sections
from pejlemaerker.models import NoteKind

UP, DOWN = "op", "ned"


def arranged(chosen: Sequence[SectionKey], kind: str) -> tuple[SectionKey, ...]:
    """Return all sections that a kind of note can hold: the chosen in their order, each other one after the section
    that it usually follows.
    """
    order = list(chosen)
    before: SectionKey | None = None
    for key in SECTIONS_OF[NoteKind(kind)]:
        if key not in order:
            order.insert(order.index(before) + 1 if before else 0, key)
        before = key
    return tuple(order)


def moved(chosen: Sequence[SectionKey], kind: str, *, key: str, to: str, seen: Iterable[str]) -> tuple[SectionKey, ...]:
    """Return the chosen sections after one was moved: a step up or down among them, or to a place in the list that the
    writer saw. What is moved is taken along; a move that makes no sense moves nothing.
    """
    shown = [*known_sections(seen, kind)]
    shown += [one for one in arranged(chosen, kind) if one not in shown]
    if key not in shown:
        return tuple(chosen)
    mine = SectionKey(key)
    along = [one for one in shown if one in chosen or one == mine]
    if to in (UP, DOWN):
        if mine not in chosen:
            return tuple(along)
        at = along.index(mine)
        return _at(along, mine, max(0, at + (-1 if to == UP else 1)))
    if to.isdecimal() and 0 < len(to) < 4:
        return tuple(one for one in _at(shown, mine, max(0, int(to) - 1)) if one in along)
    return tuple(chosen)


def _at(order: Sequence[SectionKey], key: SectionKey, place: int) -> tuple[SectionKey, ...]:
    others = [one for one in order if one != key]
    others.insert(place, key)
    return tuple(others)

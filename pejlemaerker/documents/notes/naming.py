"""Hvad pejlemærker hedder i en sætning: "pejlemærke 1, 2 og 3", and with their sets where a paper tells of several."""

from collections.abc import Iterable

from kit.danish import join_words
from pejlemaerker.documents.notes.material import Material
from pejlemaerker.documents.standing import Standing


def named(goals: Iterable[int], material: Material) -> str:
    """Name pejlemærker (by their keys) in the order of the paper: "pejlemærke 1 og 2 og tidligere pejlemærke 3"."""
    wanted = set(goals)
    several = len(material.sets) > 1
    told = []
    for one in material.sets:
        own = [standing for standing in material.everyone.get(one.pk, ()) if standing.goal.pk in wanted]
        if own:
            names = _of_one_set(own, material.former_numbers)
            told.append(f"{names} ({one.area})" if several else names)
    return join_words(told)


def _of_one_set(own: list[Standing], former_numbers: dict[int, int | None]) -> str:
    """By their numbers; one that has lost its own by the last it had."""
    numbers = [str(one.number) for one in own if one.number is not None]
    lost = [former_numbers.get(one.goal.pk) for one in own if one.number is None]
    former, never = [str(number) for number in lost if number], lost.count(None)
    parts = [f"pejlemærke {join_words(numbers)}"] if numbers else []
    if former:
        parts.append(f"tidligere pejlemærke {join_words(former)}")
    if never:
        parts.append("et pejlemærke uden nummer" if never == 1 else f"{never} pejlemærker uden nummer")
    return join_words(parts)


def capital(text: str) -> str:
    """Begin a sentence."""
    return f"{text[:1].upper()}{text[1:]}"

"""Hvad der er ændret siden en dag: wordings, endings, places and the plan, each with the decision behind it."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from pejlemaerker.documents.notes.changed.goals import changed_goals
from pejlemaerker.documents.notes.changed.sets import changed_sets
from pejlemaerker.documents.notes.changed.wordings import changed_wordings
from pejlemaerker.documents.notes.material import Material
from pejlemaerker.documents.notes.naming import capital, named
from pejlemaerker.documents.notes.since import Since


class ChangeLine(NamedTuple):
    """En ændring, as it is told: all pejlemærker of one act together."""

    on: date
    about: str
    what: str
    ground: str


def changes_since(material: Material, since: Since) -> tuple[ChangeLine, ...]:
    """Tell what was changed, in the order in which it happened."""
    found = [
        *changed_wordings(material, since),
        *changed_goals(material, since),
        *changed_sets(material, since),
    ]
    together: dict[tuple[date, str, str], list[int | str]] = defaultdict(list)
    for one in sorted((one for one in found if one.on <= material.at.on), key=lambda one: one.on):
        together[one.on, one.what, one.ground].append(one.about)
    return tuple(ChangeLine(on, _about(own, material), what, ground) for (on, what, ground), own in together.items())


def _about(own: list[int | str], material: Material) -> str:
    goals = capital(named([one for one in own if isinstance(one, int)], material))
    return goals or " og ".join(dict.fromkeys(str(one) for one in own))

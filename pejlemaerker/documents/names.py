"""Navne i et resumé: it is told without names (udtalelse 84.1.5), so those who took part are looked for in it."""

import re
from collections.abc import Iterator

from meetings.models import Membership
from pejlemaerker.models import Dialogue

_LETTERS = r"[\w'’-]"


def warnings_of_names(dialogue: Dialogue, text: str, *, where: str = "Resumé") -> tuple[str, ...]:
    """What looks like the name of one who took part or sits in the committee, masked: it is kept in the log."""
    found: dict[str, None] = {}
    if text.strip():
        for name in _names(dialogue):
            for part in _parts(name):
                if re.search(rf"(?<!{_LETTERS}){re.escape(part)}s?(?!{_LETTERS})", text):
                    found[f"{where}: navnet {_masked(part)}"] = None
                    break  # the whole name says more than its parts
    return tuple(found)


def _names(dialogue: Dialogue) -> Iterator[str]:
    """Those on the list of participants, and the members of the committee on the day."""
    participants = dialogue.participants.values_list("name", flat=True)
    seats = Membership.objects.current(dialogue.held_on).filter(committee=dialogue.committee_id)
    yield from sorted({*participants, *seats.values_list("person__name", flat=True)})


def _parts(name: str) -> list[str]:
    """The whole name, the first and the last; an initial is no name."""
    words = name.split()
    return [part for part in dict.fromkeys([" ".join(words), *words[:1], *words[-1:]]) if len(part) > 1]


def _masked(name: str) -> str:
    return " ".join(f"{word[:1]}{'•' * (len(word) - 1)}" for word in name.split())

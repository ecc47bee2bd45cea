"""»Mente du …?«: the words that stand in what the viewer may see, held against one that was found nowhere."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from kit.search import Asked, folded
from meetings.models import AgendaItem
from pejlemaerker.documents.search_found import united
from pejlemaerker.models import Goal, GoalVersion

_LOOKED_THROUGH = 300  # of the newest wordings, and of the newest items
_ALIKE = 0.78
_WORD = re.compile(r"\w{4,}")


def suggestion(viewer: Any, asked: Asked) -> str:
    """The same search with its words as they are spelled elsewhere; nothing where no word comes near."""
    spelled = {folded(word): word.lower() for text in _texts(viewer) for word in _WORD.findall(text)}
    words = [_nearest(word, spelled) for word in asked.words]
    return " ".join(words) if tuple(folded(word) for word in words) != asked.words else ""


def _nearest(word: str, spelled: dict[str, str]) -> str:
    near = get_close_matches(word, spelled, n=1, cutoff=_ALIKE) if len(word) >= 4 else []
    return spelled[near[0]] if near else word


def _texts(viewer: Any) -> Iterator[str]:
    wordings = GoalVersion.objects.filter(goal__in=Goal.objects.visible_to(viewer)).order_by("-pk")
    items = AgendaItem.including_closed.visible_to(viewer).order_by("-meeting__date", "-pk")
    newest = (wordings.values_list("text")[:_LOOKED_THROUGH], items.values_list("title")[:_LOOKED_THROUGH])
    yield from (text for (text,) in united(newest))

"""Policy areas (områder) as a note names them: "Dagtilbudsområdet:", "på dagtilbuds- og …området", "begge områder"."""

import re
from collections.abc import Sequence

_BOTH = re.compile(r"\b(?:begge|alle|de to) områder", re.IGNORECASE)
_ENDING = re.compile(r"s?-?området$")
_AREA_IN_TITLE = re.compile(
    r"\b(?:for|på|inden for)\s+(?P<area>(?:[\wæøå]+-?(?:, | og | & )?(?:[\wæøå]+- og )?)?[\wæøå-]+området)\b",
    re.IGNORECASE,
)


def stem(area: str) -> str:
    """What is common to the ways an area is written: "Børne- og Familieområdet" → "børne- og familie"."""
    return _ENDING.sub("", area.casefold().strip(" :"))


def areas_named(text: str, areas: Sequence[str]) -> tuple[str, ...]:
    """Which of a note's own areas a sentence is about; none where it names none."""
    if _BOTH.search(text):
        return tuple(areas)
    words = text.casefold()
    return tuple(area for area in areas if re.search(rf"(?<![\wæøå]){re.escape(stem(area))}", words))


def area_in_title(text: str) -> str | None:
    """The area a title is about: "Politiske målsætninger for børne- og ungeområdet" → "børne- og ungeområdet"."""
    match = _AREA_IN_TITLE.search(text)
    return match["area"] if match else None

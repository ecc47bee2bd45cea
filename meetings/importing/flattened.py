"""Text of a PDF flattened to one line a page: cut before each heading and label, so that it reads as lines again.

Only lines too long to be a heading are cut, and only where a heading's name stands as a heading does: with a capital
where the sentence did not ask for one, and a capital, a figure or a colon after it. Danish writes nouns small, which is
what makes this safe.
"""

import re
from collections.abc import Sequence

from meetings.importing.headings import names
from meetings.importing.lines import LONGEST_LABEL_LINE, Line

# Labels of a meeting's or an item's head that stand between sections on a flattened page.
_LABELS = (
    "Sagsnr.", "Sagsnr", "Sagnr.", "Sagsid.", "Sagsid", "J.nr.", "Sagstype", "Type", "Dok.nr.", "Doknr.",
    "Sagsbehandler", "Dato", "Mødedato", "Mødetidspunkt", "Mødested", "Mødelokale", "Tidspunkt", "Lokale",
)  # fmt: skip
_BARE_LABELS = ("Tid", "Sted")
_FEWEST_CUTS = 2
_PAGE = re.compile(r"(?P<number>\d{1,4}) (?=\S)")
_FOOT = re.compile(
    r"(?:^|(?<=[.:;!?] ))(?:Møde den(?: \S+)? kl\.?(?: \S+)? )?Side \d+(?: af \d+)?(?=$| \d| Punkt)", re.IGNORECASE
)
_CONTENTS = "Indholdsfortegnelse"
_WEEKDAY = "Mandag|Tirsdag|Onsdag|Torsdag|Fredag|Lørdag|Søndag"


def _alternatives(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _headings() -> re.Pattern[str]:
    printed = {name[0].upper() + name[1:] for name in names()} | {"Resumé", "Sagsresumé"}
    with_colon = _alternatives([*printed, *_LABELS])
    bare = _alternatives(sorted(printed))
    by_body = r"(?:Beslutning|Indstilling)(?: (?:i|fra|af))? [^.:]{4,60}? den \d\d-\d\d-\d{4}"
    return re.compile(
        rf"(?<!\S)(?:(?P<body>{by_body})"
        rf"|(?P<colon>(?:{with_colon}|Beslutning den) ?:)"
        rf"|(?P<label>{_alternatives(_BARE_LABELS)})(?= (?:{_WEEKDAY}|[A-ZÆØÅ]))"
        rf"|(?P<bare>{bare})(?= (?:[A-ZÆØÅ\d]|at\b)|$)"
        rf"|(?P<item>Punkt \d{{1,3}}\.(?= [A-ZÆØÅ])))"
    )


_CUT = _headings()
_NUMBERED_TITLE = re.compile(r"\d{1,3}\. (?=[A-ZÆØÅ])")


def unflatten(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, with those that hold a whole page cut into what they were before."""
    pages = _pages(lines)
    result: list[Line] = []
    for line in lines:
        text = line.text
        if line.number in pages:
            text = text[pages[line.number] :]
        parts = _cut(text) if line.number in pages or len(text) > LONGEST_LABEL_LINE else [text]
        if len(parts) == 1 and line.number not in pages:
            result.append(line)
        else:
            result.extend(Line(line.number, part, part) for part in parts)
    return tuple(result)


def _pages(lines: Sequence[Line]) -> dict[int, int]:
    """Lines that are pages, with the length of the page number each begins with: numbers that rise by one from 1."""
    filled = [line for line in lines if line.text]
    found: dict[int, int] = {}
    for line in filled:
        match = _PAGE.match(line.text)
        if match and int(match["number"]) == len(found) + 1:
            found[line.number] = match.end()
        elif found:
            return {}  # a list, or items: a page is one line
    is_flat = len(found) >= _FEWEST_CUTS and any(
        len(_cut(line.text)) > _FEWEST_CUTS for line in filled if line.number in found
    )
    return found if is_flat else {}


def _cut(text: str) -> list[str]:
    text = _FOOT.sub("", text).strip()
    cuts = [match.span() for match in _CUT.finditer(text)]
    if text.startswith(_CONTENTS):
        return [_CONTENTS]  # the titles stand once more where the items do
    if len(cuts) < _FEWEST_CUTS:
        return [text]
    places = sorted(
        {0, *(place for span in cuts for place in (span[0], *((span[1],) if _stands_alone(text, span) else ())))}
    )
    parts = [text[place:end].strip() for place, end in zip(places, [*places[1:], None], strict=True)]
    return [_with_colon(part) for part in parts if part]


def _with_colon(part: str) -> str:
    """ "Tid Tirsdag 13. august 2019" as the label it is."""
    label, _, value = part.partition(" ")
    return f"{label}: {value}" if label in _BARE_LABELS and value else part


def _stands_alone(text: str, span: tuple[int, int]) -> bool:
    """Whether the heading gets a line of its own; a label keeps its value on the same line."""
    words = text[span[0] : span[1]]
    return not words.rstrip(" :").endswith(_LABELS) and words not in _BARE_LABELS and not words.startswith("Punkt ")

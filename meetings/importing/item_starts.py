"""Where agenda items begin: by their numbers, else by their case lines, else by headings that start over."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meetings.importing.found import Confidence, Found
from meetings.importing.headings import CLOSED_GROUP, Heading, normalise
from meetings.importing.lines import LONGEST_LABEL_LINE, Line

_MONTH = r"(?!(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]*\b)"
_NUMBERED = re.compile(
    r"(?P<bullet>[•·]\s+)?(?P<word>(?:(?:lukket |åbent )?punkt(?: nr\.)?|pkt\.?|sag(?: nr\.?)?|nr\.|ad\.?)\s?)?"
    rf"(?P<number>\d{{1,4}})(?P<mark>\.|:|\)|\s-|)(?P<gap>\s?){_MONTH}(?P<title>[^\s\d.,:;)-].*|\d[^.:]*[^\W\d].*|)",
    re.IGNORECASE,
)
CASE_LINE = re.compile(r"(?:sagsnr|sagnr|sagsid|sagsnummer|j\.nr|journalnr)\.?\s*:", re.IGNORECASE)
_CONFIRMS = re.compile(
    r"(?:sagsnr|sagnr|sagsid|sagsnummer|j\.nr|dok\.?nr)\.?\s*(?::|\d)|sag \d|lukket (?:sag|punkt)|åbent(?: punkt)?$"
    r"|(?:åbent|lukket) - \d|sagstype:",
    re.IGNORECASE,
)

_BARE = re.compile(r"(?:sag|punkt|pkt\.?) ?nr\.? ?:?(?P<number>\d{1,4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ItemStart:
    """Where an item begins: index of its line among the lines, its printed number and title, if any."""

    index: int
    number: Found[str] | None
    title: Found[str] | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that looks like "20. Titel"; whether it is one depends on what stands around it."""

    index: int
    number: int
    printed: str
    title: str
    style: str
    indent: int


def find_item_starts(lines: Sequence[Line], headings: Mapping[int, Heading]) -> list[ItemStart]:
    """The beginnings of all items; `headings` are the recognised headings by index."""
    return (
        _numbered_items(lines, headings)
        or _items_by_bare_number(lines, headings)
        or _items_by_case_line(lines, headings)
        or _items_by_repetition(headings)
    )


# By number -------------------------------------------------------------------------------------------------------


def _numbered_items(lines: Sequence[Line], headings: Mapping[int, Heading]) -> list[ItemStart]:
    candidates = _candidates(lines, headings)
    in_list = _list_members(candidates, lines)
    listed_titles = {normalise(candidates[position].title) for position in in_list}
    first_section = min((i for i, h in headings.items() if h.canonical not in _BEFORE_ITEMS), default=len(lines))
    accepted: list[_Candidate] = []
    starts: list[ItemStart] = []
    for position, candidate in enumerate(candidates):
        if position in in_list or not _continues(candidate, accepted, first_section):
            continue
        is_named_before = normalise(candidate.title) in listed_titles and bool(candidate.title)
        confidence = _confirmed(candidate, lines, headings, is_named_before, candidates, position)
        if confidence is None:
            continue
        accepted.append(candidate)
        starts.append(_start(candidate, lines, confidence))
    return starts


_BEFORE_ITEMS = ("attendance", "contents", "meeting_facts")


def _candidates(lines: Sequence[Line], headings: Mapping[int, Heading]) -> list[_Candidate]:
    found = []
    for index, line in enumerate(lines):
        if not line.text or index in headings or len(line.text) > LONGEST_LABEL_LINE:
            continue
        match = _NUMBERED.fullmatch(line.text)
        if match and _is_title(match):
            indent = len(line.raw) - len(line.raw.lstrip())
            style = f"{'•' if match['bullet'] else ''}{_word(match)}{match['mark']}"
            title = _undoubled(match["number"] + match["mark"], match["title"].strip())
            found.append(_Candidate(index, int(match["number"]), match["number"], title, style, indent))
    return found


def _word(match: re.Match[str]) -> str:
    return (match["word"] or "").lower().removeprefix("lukket ").removeprefix("åbent ").strip()


def _is_title(match: re.Match[str]) -> bool:
    title = match["title"].strip(" -")
    has_mark = bool(match["word"] or match["bullet"] or match["mark"])
    if not title:
        return bool(match["bullet"]) and not match["mark"]
    is_title = title[0] not in "([%" or title.casefold().startswith(("(lukket", "(åben"))
    return has_mark and is_title and not title[0].islower()


def _undoubled(number: str, title: str) -> str:
    """The title said once: a contents line and its item may be glued together ("mødesag1. mødesag")."""
    first, glue, second = title.partition(f"{number} ")
    return second if glue and first.strip() == second.strip() else title.strip(" -").removesuffix("( )").strip()


def _list_members(candidates: Sequence[_Candidate], lines: Sequence[Line]) -> set[int]:
    """Numbered lines right below each other, or said again further down, are a list or contents, not items."""
    members: set[int] = set()
    later: set[tuple[int, str]] = set()
    for position in range(len(candidates) - 1, -1, -1):
        name = (candidates[position].number, normalise(candidates[position].title))
        if name in later and name[1]:
            members.add(position)
        later.add(name)
    for position in range(1, len(candidates)):
        before, here = candidates[position - 1], candidates[position]
        if here.index - before.index == 1 and here.number > before.number and here.title and before.title:
            members.update((position - 1, position))
    return members


def _continues(candidate: _Candidate, accepted: Sequence[_Candidate], first_section: int) -> bool:
    """The numbers of items rise, keep their style and indent, and begin before any section does."""
    if not accepted:
        return candidate.index < first_section
    last = accepted[-1]
    return candidate.number > last.number and candidate.style == last.style and abs(candidate.indent - last.indent) <= 1


def _confirmed(
    candidate: _Candidate,
    lines: Sequence[Line],
    headings: Mapping[int, Heading],
    is_named_before: bool,
    candidates: Sequence[_Candidate],
    position: int,
) -> Confidence | None:
    """Sure if a contents list, a repeated title, a case line or "Punkt" says so; likely if a heading follows."""
    if candidate.style.startswith("ad"):
        return "sure" if is_named_before else None  # "Ad 1. Godkendt." is a part of a decision
    if is_named_before or candidate.style.startswith(("nr", "punkt", "pkt", "•punkt", "sag")):
        return "sure"
    following = _next_filled(lines, candidate.index, 3)
    for index in following:
        text = lines[index].text
        if _CONFIRMS.match(text) or (candidate.title and normalise(text) == normalise(candidate.title)):
            return "sure"
        if candidate.title.endswith((".", ";")):
            continue
        if index in headings or CLOSED_GROUP.fullmatch(text):
            return "sure" if index == following[0] else "likely"
    if re.match(r"lukke[td]", candidate.title, re.IGNORECASE):
        return "sure"
    stands_alone = not following or (position + 1 < len(candidates) and candidates[position + 1].index == following[0])
    return "likely" if stands_alone and candidate.title and not candidate.title.endswith((".", ";")) else None


def _next_filled(lines: Sequence[Line], index: int, count: int) -> list[int]:
    found: list[int] = []
    position = index + 1
    while position < len(lines) and len(found) < count:
        if lines[position].text:
            found.append(position)
        position += 1
    return found


def _start(candidate: _Candidate, lines: Sequence[Line], confidence: Confidence) -> ItemStart:
    number = Found(candidate.printed, lines[candidate.index].number, confidence)
    title = Found(candidate.title, lines[candidate.index].number, confidence) if candidate.title else None
    return ItemStart(candidate.index, number, title)


# By a number on a line of its own ----------------------------------------------------------------------------------


def _items_by_bare_number(lines: Sequence[Line], headings: Mapping[int, Heading]) -> list[ItemStart]:
    """ "Sag nr. 130" below the title, or "Pkt.nr. 1" above it: what stands below the first of them tells which."""
    marks = [(index, match["number"]) for index, line in enumerate(lines) if (match := _BARE.fullmatch(line.text))]
    numbers = [int(number) for _, number in marks]
    if not marks or numbers != sorted(set(numbers)):
        return []
    below = [_next_filled(lines, index, 1) for index, _ in marks]
    titles_are_above = not any(under and _is_name(under[0], lines, headings) for under in below)
    starts = []
    for (index, number), under in zip(marks, below, strict=True):
        above = next((i for i in range(index - 1, -1, -1) if lines[i].text), None) if titles_are_above else None
        place = above if titles_are_above else (under[0] if under else None)
        named = place is not None and _is_name(place, lines, headings)
        title = Found(lines[place].text, lines[place].number) if place is not None and named else None
        starts.append(
            ItemStart(
                place if place is not None and above is not None and named else index,
                Found(number, lines[index].number),
                title,
            )
        )
    return starts


def _is_name(index: int, lines: Sequence[Line], headings: Mapping[int, Heading]) -> bool:
    """Whether a line can be an item's title: no heading, no field, no number, not a whole paragraph."""
    text = lines[index].text
    return (
        index not in headings
        and len(text) <= LONGEST_LABEL_LINE
        and not _CONFIRMS.match(text)
        and not text.endswith(":")
    )


# Without numbers -------------------------------------------------------------------------------------------------


def _items_by_case_line(lines: Sequence[Line], headings: Mapping[int, Heading]) -> list[ItemStart]:
    """Herning's web view: each item opens with its case line, the title below it."""
    if not headings:
        return []
    return [ItemStart(index, None, None) for index, line in enumerate(lines) if CASE_LINE.match(line.text)]


def _items_by_repetition(headings: Mapping[int, Heading]) -> list[ItemStart]:
    """No numbers, no titles: a new item begins where a heading comes back, after the attachments if any."""
    sections = [(i, h) for i, h in sorted(headings.items()) if h.canonical not in (*_BEFORE_ITEMS, "history")]
    starts: list[int] = []
    seen: dict[str, int] = {}
    for position, (index, heading) in enumerate(sections):
        name = normalise(heading.printed)
        if not starts:
            starts.append(index)
        elif name in seen and heading.canonical in ("presentation", "decision", "recommendation", "summary"):
            ends = [p for p in range(seen[name], position) if sections[p][1].canonical == "attachments"]
            first = ends[-1] + 1 if ends else position
            starts.append(sections[first][0])
            seen = {normalise(sections[p][1].printed): p for p in range(first, position)}
        seen[name] = position
    return [ItemStart(index, None, None) for index in starts]

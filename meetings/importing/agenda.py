"""A whole agenda or minutes (dagsorden, referat): its meeting and its items, from text to values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from meetings.importing.agenda_item import AgendaItemReading, read_agenda_item
from meetings.importing.decisions import categorise
from meetings.importing.flattened import unflatten
from meetings.importing.headings import (
    CLOSED_GROUP,
    OPEN_GROUP,
    OTHER_GROUP,
    Heading,
    read_heading,
    read_lead,
    split_glued,
)
from meetings.importing.item_starts import ItemStart, find_item_starts
from meetings.importing.lines import Line, read_lines, verbatim, with_following
from meetings.importing.meeting_head import MeetingHead, read_meeting_head

Group = Literal["open", "closed", "other"]
AgendaKind = Literal["referat", "dagsorden", "uddrag"]
_HAS_OWN_LEADS = ("recommendation", "history", "decision")  # "… indstiller, at" is a part of these, not their end
_HEAD_ONLY = ("contents", "meeting_facts")
# A section that only agendas have; one of them is what makes a text an agenda.
_TELLING = ("recommendation", "decision", "presentation", "summary")

_IS_CLOSED: Mapping[Group | None, bool] = {"open": False, "closed": True}
_LONGEST_GROUP = 60


@dataclass(frozen=True, slots=True)
class AgendaReading:
    """What an agenda or minutes says; `kind` is "uddrag" for decisions without a meeting around them."""

    kind: AgendaKind
    meeting: MeetingHead
    items: tuple[AgendaItemReading, ...]


def read_agenda(text: str, synonyms: Mapping[str, str] | None = None) -> AgendaReading | None:
    """The agenda in a text, or None if it is something else; `synonyms` are a municipality's own headings."""
    lines = split_glued(unflatten(read_lines(text)))
    headings = _headings(lines, synonyms)
    starts = find_item_starts(lines, headings)
    first = _first_item(lines, headings, starts)
    meeting = read_meeting_head(lines[:first], list(headings.values()), lines[first:])
    is_agenda = any(heading.canonical in _TELLING for heading in headings.values())
    if not is_agenda and not (meeting.committee and meeting.paper):
        return None
    items = (*_headless_decision(lines[:first], headings, first, meeting), *_items(lines, headings, starts, meeting))
    return AgendaReading(_kind(meeting, items), meeting, items)


def _headings(lines: Sequence[Line], synonyms: Mapping[str, str] | None) -> dict[int, Heading]:
    found = {}
    for index, line in enumerate(lines):
        heading = read_heading(line, synonyms)
        is_list_item = bool(line.bullet) and index + 1 < len(lines) and bool(lines[index + 1].text)
        if heading and not is_list_item:
            found[index] = heading
        elif (lead := read_lead(line)) and not (found and found[max(found)].canonical in _HAS_OWN_LEADS):
            found[index] = lead
    return found


def _first_item(lines: Sequence[Line], headings: Mapping[int, Heading], starts: Sequence[ItemStart]) -> int:
    if starts:
        return starts[0].index
    sections = [index for index, heading in headings.items() if heading.canonical in _TELLING]
    return min(sections, default=len(lines))


def _items(
    lines: Sequence[Line], headings: Mapping[int, Heading], starts: Sequence[ItemStart], meeting: MeetingHead
) -> tuple[AgendaItemReading, ...]:
    committee = meeting.committee.value if meeting.committee else None
    items = []
    is_minutes = meeting.paper is not None and meeting.paper.value == "referat"
    group = _group_before(lines[: starts[0].index]) if starts else None
    for start, following in with_following(starts):
        end = following.index if following else len(lines)
        groups = [index for index in range(start.index + 1, end) if _group(lines[index])]
        own_end = groups[0] if groups else end
        own = {i - start.index: headings[i] for i in range(start.index, own_end) if i in headings}
        own = {index: heading for index, heading in own.items() if heading.canonical not in _HEAD_ONLY}
        part = lines[start.index : own_end]
        items.append(read_agenda_item(start, part, own, committee, _IS_CLOSED.get(group), is_minutes=is_minutes))
        group = _group(lines[groups[-1]]) if groups else group
    return tuple(items)


def _headless_decision(
    lines: Sequence[Line], headings: Mapping[int, Heading], first: int, meeting: MeetingHead
) -> tuple[AgendaItemReading, ...]:
    """An excerpt of bare decisions may have lost its first heading: decision words above the next "Beslutning"."""
    is_excerpt = (
        not meeting.committee and not meeting.date and first in headings and headings[first].canonical == "decision"
    )
    text = [line for line in lines if line.text]
    if not is_excerpt or not text or categorise(verbatim(text)) is None:
        return ()
    heading = Heading("decision", "", text[0].number)
    start = ItemStart(0, None, None)
    return (read_agenda_item(start, [Line(text[0].number, "", ""), *text], {0: heading}, None, None),)


def _group(line: Line) -> Group | None:
    """The part of an agenda that a line opens: its closed items, its open ones, or a part that says nothing of that."""
    if len(line.text) > _LONGEST_GROUP:
        return None
    if CLOSED_GROUP.fullmatch(line.text):
        return "closed"
    if OPEN_GROUP.fullmatch(line.text):
        return "open"
    return "other" if OTHER_GROUP.fullmatch(line.text) else None


def _group_before(lines: Sequence[Line]) -> Group | None:
    return next((group for line in reversed(lines) if (group := _group(line))), None)


def _kind(meeting: MeetingHead, items: Sequence[AgendaItemReading]) -> AgendaKind:
    is_decided = any(item.decision for item in items)
    if is_decided:
        is_more = any(item.number or item.title or len(item.sections) > 1 for item in items)
        return "referat" if meeting.paper or is_more else "uddrag"
    return meeting.paper.value if meeting.paper else "dagsorden"

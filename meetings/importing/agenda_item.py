"""One agenda item (dagsordenspunkt) read from its lines: head, routing, sections, indstilling and beslutning."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from meetings.importing.case_numbers import is_known_form
from meetings.importing.decisions import Decision, categorise, read_decision
from meetings.importing.fields import Field, names_in, number_in, read_fields
from meetings.importing.found import Found
from meetings.importing.headings import Heading, normalise
from meetings.importing.item_starts import CASE_LINE, ItemStart
from meetings.importing.lines import LONGEST_LABEL_LINE, Line, with_following
from meetings.importing.recommendations import Recommendation, read_recommendation
from meetings.importing.routing import Routing, read_path, read_routing
from meetings.importing.sections import Section, read_section

CaseType = Literal["decision", "discussion", "briefing"]

_PRINTED_TYPES: dict[str, CaseType] = {
    "beslutningssag": "decision", "drøftelsessag": "discussion", "orienteringssag": "briefing",
    "(beslutning)": "decision", "(drøftelse)": "discussion", "(orientering)": "briefing",
    "(b)": "decision", "(d)": "discussion", "(o)": "briefing",
}  # fmt: skip
_TYPE_IN_TITLE = re.compile(r"\((?:beslutning|drøftelse|orientering|b|d|o)\)$", re.IGNORECASE)
_ASKS_FOR: tuple[tuple[CaseType, str], ...] = (
    ("discussion", r"\bdrøft"),
    ("briefing", r"\btil efterretning|til orientering"),
)
# "Åbent", "(Lukket sag)", "Lukket punkt 83: …", and "Åbent - 17.00.00-G01-3-24" with the case number after it.
_OPEN = re.compile(r"\(?åbent?(?: punkt| sag)?\)?(?: ?- ?(?P<case>\d.*))?", re.IGNORECASE)
_CLOSED = re.compile(r"\(?lukket(?: punkt| sag)?\)?(?: ?- ?(?P<case>\d.*))?", re.IGNORECASE)
_CLOSED_START = re.compile(r"\(?lukket(?: punkt| sag)?\b", re.IGNORECASE)
_OPENNESS_IN_TITLE = re.compile(
    r"^[([](?P<first>lukket|åbent?)(?: punkt| sag)?[)\]]\s*|\s*[([](?P<last>lukket|åbent?)(?: punkt| sag)?[)\]]$",
    re.IGNORECASE,
)

_MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class AgendaItemReading:
    """What one agenda item says; every part that is not there is None or empty."""

    line: int
    number: Found[str] | None
    title: Found[str] | None
    case_no: Found[str] | None
    doc_no: Found[str] | None
    case_officer: Found[str] | None
    co_officers: tuple[Found[str], ...]
    is_closed: Found[bool] | None
    case_type: Found[CaseType] | None
    routing: Found[Routing] | None
    sections: tuple[Section, ...]
    recommendations: tuple[Recommendation, ...]
    decision: Decision | None
    earlier_decisions: tuple[Decision, ...]

    def section(self, canonical: str) -> Section | None:
        """The first section of a kind."""
        return next((section for section in self.sections if section.canonical == canonical), None)


def read_agenda_item(
    start: ItemStart,
    lines: Sequence[Line],
    headings: Mapping[int, Heading],
    committee: str | None,
    group_is_closed: bool | None,
    *,
    is_minutes: bool = False,
) -> AgendaItemReading:
    """An item from its lines (the first is where it begins) and the headings by index among them."""
    cuts = sorted(headings)
    head = _head(start, lines[: cuts[0] if cuts else len(lines)])
    fields = list(read_fields(head))
    routing = read_routing(head)
    printed = start.title or _title_below(head, fields, routing.numbers if routing else frozenset())
    title = printed and replace(printed, value=_OPENNESS_IN_TITLE.sub("", printed.value))
    parts = [(headings[cut], lines[cut:following]) for cut, following in with_following(cuts)]
    recommendations = tuple(
        read_recommendation(part[0], _after(heading, part))
        for heading, part in parts
        if heading.canonical == "recommendation"
    )
    decision, earlier = _decisions(parts, committee)
    if is_minutes and not parts:
        decision = _bare_decision(head)
    return AgendaItemReading(
        line=lines[0].number,
        number=start.number,
        title=title,
        case_no=number_in(fields, "case_no") or _number_after_openness(head),
        doc_no=number_in(fields, "doc_no"),
        case_officer=next(iter(names_in(fields, "case_officer")), None),
        co_officers=names_in(fields, "co_officers"),
        is_closed=_is_closed(lines[0], head, printed, group_is_closed),
        case_type=_case_type(lines, title, recommendations),
        routing=routing.found if routing else _path(lines),
        sections=tuple(read_section(h.canonical, h.printed, h.line, _after(h, part)) for h, part in parts),
        recommendations=tuple(part for part in recommendations if part.points or part.by),
        decision=decision,
        earlier_decisions=earlier,
    )


def _head(start: ItemStart, lines: Sequence[Line]) -> Sequence[Line]:
    """The lines above the first section, without the numbered title itself."""
    return lines[1:] if start.number else lines


def _after(heading: Heading, part: Sequence[Line]) -> Sequence[Line]:
    """The lines under a heading; words on the heading's own line come first."""
    own = [Line(heading.line, heading.rest, heading.rest)] if heading.rest else []
    return [*own, *part[1:]]


def _title_below(head: Sequence[Line], fields: Sequence[Field], routing_lines: frozenset[int]) -> Found[str] | None:
    """The title of an item that opens with its case line or a bare number: the first line that is nothing else."""
    taken = {field.line for field in fields} | routing_lines
    if not any(CASE_LINE.match(line.text) for line in head[:4]):
        return None
    for line in head:
        if (
            line.text
            and line.number not in taken
            and not line.text.endswith(":")
            and len(line.text) <= LONGEST_LABEL_LINE
        ):
            return Found(line.text, line.number)
    return None


def _decisions(
    parts: Sequence[tuple[Heading, Sequence[Line]]], committee: str | None
) -> tuple[Decision | None, tuple[Decision, ...]]:
    """The meeting's own decision, and those of other bodies quoted in the same item."""
    found = [
        d for heading, part in parts if heading.canonical == "decision" and (d := read_decision(heading, part[1:]))
    ]
    if not found:
        return None, ()
    own = [d for d in found if d.body and committee and normalise(d.body) in normalise(committee)]
    unnamed = [d for d in found if d.body is None]
    chosen = (own or unnamed or found[-1:])[-1]
    return chosen, tuple(d for d in found if d is not chosen)


def _number_after_openness(head: Sequence[Line]) -> Found[str] | None:
    """The case number of a line such as "Åbent - 17.00.00-G01-3-24"."""
    for line in head:
        match = _OPEN.fullmatch(line.text) or _CLOSED.fullmatch(line.text)
        if match and match["case"] and is_known_form(match["case"]):
            return Found(match["case"], line.number)
    return None


def _bare_decision(head: Sequence[Line]) -> Decision | None:
    """In minutes without headings the words below a title are the decision, if they are a known formula and no more."""
    lines = [line for line in head if line.text]
    if not lines or len(lines) > _MOST_LINES or categorise("\n".join(line.text for line in lines)) is None:
        return None
    decision = read_decision(Heading("decision", "", lines[0].number), lines)
    return decision and replace(decision, category=decision.category and decision.category.likely())


def _is_closed(
    first: Line, head: Sequence[Line], title: Found[str] | None, group_is_closed: bool | None
) -> Found[bool] | None:
    """Closed or open only where it is printed: on the item, in its title, or above its group."""
    for line in head:
        words = line.text.removeprefix("Sagstype:").strip()
        if _CLOSED.fullmatch(words):
            return Found(True, line.number)
        if _OPEN.fullmatch(words):
            return Found(False, line.number)
    if title and (match := _OPENNESS_IN_TITLE.search(title.value)):
        return Found((match["first"] or match["last"]).casefold() == "lukket", title.line)
    if _CLOSED_START.match(first.text) or (title and _CLOSED_START.match(title.value)):
        return Found(True, first.number)
    number = title.line if title else first.number
    return Found(group_is_closed, number, "sure") if group_is_closed is not None else None


def _case_type(
    lines: Sequence[Line], title: Found[str] | None, recommendations: Sequence[Recommendation]
) -> Found[CaseType] | None:
    """Printed ("Beslutningssag") it is sure; derived from what the at-points ask for it is only likely."""
    if title and (match := _TYPE_IN_TITLE.search(title.value)):
        return Found(_PRINTED_TYPES[match[0].lower()], title.line)
    for line in lines:
        if len(line.text) < 20 and (printed := _PRINTED_TYPES.get(line.text.casefold())):
            return Found(printed, line.number)
    points = [point.text for part in recommendations for point in part.points]
    for case_type, words in _ASKS_FOR:
        if points and all(re.search(words, point.value, re.IGNORECASE) for point in points):
            return Found(case_type, points[0].line, "likely")
    return None


def _path(lines: Sequence[Line]) -> Found[Routing] | None:
    for line in lines:
        if len(line.text) < LONGEST_LABEL_LINE and (path := read_path(line)):
            return Found(path, line.number)
    return None

"""The head of an agenda or minutes: which body met, when, where, and which of the two papers it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kit.dates import WEEKDAYS, find_dates, read_date
from meetings.importing.bodies import body_in_title, body_name
from meetings.importing.fields import Field, read_fields
from meetings.importing.found import Found
from meetings.importing.headings import Heading
from meetings.importing.lines import LONGEST_LABEL_LINE, Line

Paper = Literal["referat", "dagsorden"]

_PAPER = re.compile(r"\b(referat|dagsorden)\b", re.IGNORECASE)
_ONLY_A_DATE = re.compile(rf"(?:(?:{'|'.join(WEEKDAYS)})?,? ?(?:den |d\. )?)", re.IGNORECASE)
_MET = re.compile(rf"mødet? (?:fandt sted|blev (?:af)?holdt|afholdes|er|den)? ?{_ONLY_A_DATE.pattern}", re.IGNORECASE)
_CLOCK = re.compile(r"[ ,-]*(?:kl\.?)? ?(?:\d{1,2}[.:]\d\d(?::\d\d)?)?(?: ?-.*)?", re.IGNORECASE)
_ROOM = re.compile(r"(?:mødelokale|byrådssalen|rådssalen)\b.*", re.IGNORECASE)
_LONGEST_HEAD = 60
_AGENDA_FOR = re.compile(
    r"dagsorden(?:en)? (?:for|til) (?:mødet? i )?(?P<body>[^.,:]{2,60}?)(?:s møde)? (?:den |d\. )"
    r"(?P<day>\d{1,2}[. ].{4,16})",
    re.IGNORECASE,
)
_ABBREVIATED = {"KB": "Kommunalbestyrelsen", "ØU": "Økonomiudvalget"}


@dataclass(frozen=True, slots=True)
class MeetingHead:
    """What the head of a document says about its meeting."""

    committee: Found[str] | None
    date: Found[date] | None
    place: Found[str] | None
    paper: Found[Paper] | None


def read_meeting_head(lines: Sequence[Line], headings: Sequence[Heading], items: Sequence[Line] = ()) -> MeetingHead:
    """The head above the first item; where it is silent, "Beslutning i … den …" or an approved agenda may speak."""
    head = [line for line in lines if line.text][:_LONGEST_HEAD]
    fields = list(read_fields(lines))
    decisions = [heading for heading in headings if heading.canonical == "decision"]
    agenda = _approved_agenda(items)
    return MeetingHead(
        committee=_labelled_committee(fields)
        or _committee_in_titles(head)
        or _committee_in_decisions(decisions)
        or (agenda.committee if agenda else None),
        date=_labelled_date(fields)
        or _date_in_titles(head)
        or _date_in_decisions(decisions)
        or (agenda.date if agenda else None),
        place=_place(fields, head),
        paper=_paper(head),
    )


def _labelled_committee(fields: Sequence[Field]) -> Found[str] | None:
    for field in fields:
        if field.name == "committee" and (body_name(field.value) or "udvalg" in field.value.casefold()):
            return Found(field.value, field.line)
    return None


def _committee_in_titles(head: Sequence[Line]) -> Found[str] | None:
    for line in head:
        sentence = line.text.split(". ")[0] if not read_date(line.text) else line.text
        if body := body_in_title(sentence):
            return Found(body, line.number, "sure" if read_date(line.text) else "likely")
    return None


def _committee_in_decisions(decisions: Sequence[Heading]) -> Found[str] | None:
    bodies = {heading.body for heading in decisions if heading.body}
    return Found(bodies.pop(), decisions[0].line, "likely") if len(bodies) == 1 else None


def _labelled_date(fields: Sequence[Field]) -> Found[date] | None:
    for field in fields:
        if field.name == "date" and (day := read_date(field.value, is_date_field=True)):
            return Found(day, field.line)
    return None


def _date_in_titles(head: Sequence[Line]) -> Found[date] | None:
    """The date of a title line that names the paper or the body, or a line that is nothing but a date."""
    for line in head:
        if len(line.text) > LONGEST_LABEL_LINE:
            continue
        span = next(find_dates(line.text, is_date_field=True), None)
        if span is None:
            continue
        if body_in_title(line.text):
            return Found(span.day, line.number)
        before, after = line.text[: span.start], line.text[span.end :]
        if _MET.fullmatch(before) or (_ONLY_A_DATE.fullmatch(before) and _CLOCK.fullmatch(after)):
            return Found(span.day, line.number, "likely")
    return None


def _date_in_decisions(decisions: Sequence[Heading]) -> Found[date] | None:
    days = {day for heading in decisions if (day := read_date(heading.printed, is_date_field=True))}
    return Found(days.pop(), decisions[0].line, "likely") if len(days) == 1 else None


@dataclass(frozen=True, slots=True)
class _ApprovedAgenda:
    """What the approval of the agenda says of the meeting."""

    committee: Found[str] | None
    date: Found[date]


def _approved_agenda(lines: Sequence[Line]) -> _ApprovedAgenda | None:
    """The sentence "Godkendelse af dagsorden for KB den 22. januar 2020" among the first lines of the first item."""
    for line in [line for line in lines if line.text][:_LONGEST_HEAD]:
        match = _AGENDA_FOR.search(line.text) if len(line.text) <= LONGEST_LABEL_LINE else None
        if match and (day := read_date(match["day"], is_date_field=True)):
            body = _ABBREVIATED.get(match["body"]) or body_name(match["body"])
            return _ApprovedAgenda(
                Found(body, line.number, "likely") if body else None, Found(day, line.number, "likely")
            )
    return None


def _place(fields: Sequence[Field], head: Sequence[Line]) -> Found[str] | None:
    for field in fields:
        if field.name == "place":
            return Found(field.value, field.line)
    room = next((line for line in head if len(line.text) < 150 and _ROOM.fullmatch(line.text)), None)
    return Found(room.text, room.number, "likely") if room else None


def _paper(head: Sequence[Line]) -> Found[Paper] | None:
    """The word Referat or Dagsorden where it begins a line or stands beside the body's name."""
    for line in head:
        match = _PAPER.search(line.text) if len(line.text) <= LONGEST_LABEL_LINE else None
        if match and (match.start() == 0 or body_in_title(line.text)):
            return Found("referat" if match[1].lower() == "referat" else "dagsorden", line.number)
    return None

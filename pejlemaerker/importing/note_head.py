"""The head of a NOTAT: title, numbers, date and sender, also where the letterhead landed in the middle of the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kit.dates import read_date
from meetings.importing.fields import Field, number_in, read_fields
from meetings.importing.found import Found
from meetings.importing.lines import Line

_NOTE_WORD = re.compile(r"notat:?", re.IGNORECASE)
_MUNICIPALITY = re.compile(r"[A-ZÆØÅ][A-ZÆØÅ -]+ KOMMUNE")
_ROLE = re.compile(
    r"(?P<role>\w*(?:konsulent|chef|direktør|medarbejder|sekretær|fuldmægtig)|udarbejdet af|fra|sagsbehandler):"
    r"\s*(?P<name>.*)",
    re.IGNORECASE,
)
_FIELD = re.compile(r"(?:sagsnr|sagsnummer|dok\.? ?nr|dokumentnr|dato|j\.nr|journalnr)\.?:?(?:\s|$)", re.IGNORECASE)
_INITIALS = re.compile(r"\d/([a-zæøå]{2,6})$", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:emne|vedr\.?|vedrørende):\s*(?P<title>.+)", re.IGNORECASE)
_LONGEST_LETTERHEAD_LINE = 60


@dataclass(frozen=True, slots=True)
class NoteHead:
    """What a note says about itself; `letterhead` are the lines that are no part of the running text."""

    title: Found[str] | None
    municipality: Found[str] | None
    units: tuple[Found[str], ...]
    author: Found[str] | None
    author_title: Found[str] | None
    case_no: Found[str] | None
    doc_no: Found[str] | None
    date: Found[date] | None
    initials: Found[str] | None
    letterhead: frozenset[int]


def is_note_word(line: Line) -> bool:
    """Whether a line is the document's own word for itself, NOTAT."""
    return bool(_NOTE_WORD.fullmatch(line.text))


def read_note_head(lines: Sequence[Line]) -> NoteHead:
    """The head from all lines of a note."""
    block = _letterhead(lines)
    fields = list(read_fields(block))
    author, author_title, author_lines = _author(block)
    day, initials = _date(fields)
    municipality = next((line for line in block if _MUNICIPALITY.fullmatch(line.text)), None)
    in_block = frozenset(line.number for line in block)
    return NoteHead(
        title=_title([line for line in lines if line.number not in in_block]),
        municipality=Found(municipality.text, municipality.number) if municipality else None,
        units=_units(block, author_lines),
        author=author,
        author_title=author_title,
        case_no=number_in(fields, "case_no"),
        doc_no=number_in(fields, "doc_no"),
        date=day,
        initials=initials,
        letterhead=in_block,
    )


def _letterhead(lines: Sequence[Line]) -> list[Line]:
    """The block from the first to the last line only a letterhead has, as long as it is short lines all the way."""
    anchors = [index for index, line in enumerate(lines) if _is_anchor(line)]
    if not anchors:
        return []
    first = last = anchors[0]
    for anchor in anchors[1:]:
        if any(_is_prose(line) for line in lines[last + 1 : anchor]):
            break
        last = anchor
    end = last + 1
    if _FIELD.fullmatch(lines[last].text):  # a label without colon, its value on the line below
        end = next((index + 1 for index in range(end, len(lines)) if lines[index].text), end)
    return list(lines[first:end])


def _is_anchor(line: Line) -> bool:
    text = line.text
    return len(text) <= _LONGEST_LETTERHEAD_LINE and bool(
        _MUNICIPALITY.fullmatch(text) or _FIELD.match(text) or _ROLE.fullmatch(text)
    )


def _is_prose(line: Line) -> bool:
    return len(line.text) > _LONGEST_LETTERHEAD_LINE or bool(re.search(r"[a-zæøå]\.$", line.text))


def _author(block: Sequence[Line]) -> tuple[Found[str] | None, Found[str] | None, frozenset[int]]:
    """The writer's name, beside or below a post such as "Chefkonsulent:"."""
    for index, line in enumerate(block):
        match = _ROLE.fullmatch(line.text)
        if match is None:
            continue
        below = next((other for other in block[index + 1 :] if other.text), None)
        name = (
            Found(match["name"], line.number) if match["name"] else Found(below.text, below.number) if below else None
        )
        role = match["role"]
        is_post = role.lower() not in ("fra", "udarbejdet af", "sagsbehandler")
        numbers = frozenset({line.number} | ({name.line} if name else set()))
        return name, Found(role, line.number) if is_post else None, numbers
    return None, None, frozenset()


def _units(block: Sequence[Line], author_lines: frozenset[int]) -> tuple[Found[str], ...]:
    """The sending units: letterhead lines that are no field, no person and not the municipality."""
    if not any(_MUNICIPALITY.fullmatch(line.text) for line in block):
        return ()
    lines = [line for line in block if line.text and line.number not in author_lines]
    return tuple(
        Found(line.text, line.number) for line in lines if not _is_anchor(line) and not re.search(r"\d", line.text)
    )


def _date(fields: Sequence[Field]) -> tuple[Found[date] | None, Found[str] | None]:
    """The day, and the writer's initials: "Dato: 08-09-2022/fto"."""
    for field in fields:
        if field.name == "date" and (day := read_date(field.value, is_date_field=True)):
            match = _INITIALS.search(field.value)
            return Found(day, field.line), Found(match[1], field.line) if match else None
    return None, None


def _title(lines: Sequence[Line]) -> Found[str] | None:
    """The subject line; else the first line before the word NOTAT, or after it where nothing stands before."""
    for line in lines:
        if match := _SUBJECT.fullmatch(line.text):
            return Found(match["title"], line.number)
    if not any(is_note_word(line) for line in lines):
        return None  # a letter: its first line may be anything
    filled = [line for line in lines if line.text and not is_note_word(line)]
    return Found(filled[0].text, filled[0].number) if filled else None

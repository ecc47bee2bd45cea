"""Labelled fields: "Sagsnr.: 00.01.10-G01-1-21 Sagsbehandler: …" on one line, or a label with its value on the next."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from meetings.importing.case_numbers import is_known_form, labelled_number
from meetings.importing.found import Found
from meetings.importing.lines import LONGEST_LABEL_LINE, Line, with_following

_LABELS: dict[str, str] = {
    "case_no": r"sagsnr|sagnr|sagsid|sagsnummer|j\.nr|journalnr|journalnummer",
    "doc_no": r"dok\.? ?nr|dokumentnr|dokumentnummer",
    "case_officer": r"sagsbehandler",
    "co_officers": r"øvrige sagsbehandlere",
    "initials": r"initialer|sagsinitialer",
    "openness": r"sagstype",
    "committee": r"udvalg|møde",
    "date": r"mødedato|dato|starttidspunkt|mødetid|mødetidspunkt|tidspunkt|tid",
    "place": r"mødested|sted|mødelokale|lokale",
}
_NAME_OF = {name: re.compile(rf"(?:{words})\.?", re.IGNORECASE) for name, words in _LABELS.items()}
_LABEL = re.compile(rf"(?<![\wæøå])(?:{'|'.join(_LABELS.values())})\.?\s?:", re.IGNORECASE)
_WITHOUT_COLON = re.compile(
    r"(?P<label>sag|sagsnr|sagsid|sagsnummer|j\.nr|journalnr|dok|dok\.?nr)\.? (?P<number>\d[\w./-]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Field:
    """A label that was recognised, and the text after it."""

    name: str
    value: str
    line: int


def read_fields(lines: Sequence[Line]) -> Iterator[Field]:
    """All labelled fields in some lines, in order."""
    for index, line in enumerate(lines):
        if not line.text or len(line.text) > LONGEST_LABEL_LINE:
            continue
        if match := _WITHOUT_COLON.fullmatch(line.text):
            if is_known_form(match["number"]):
                yield Field(
                    "doc_no" if match["label"].lower().startswith("dok") else "case_no", match["number"], line.number
                )
        elif name := _label_alone(line.text):
            yield from _value_below(name, lines[index + 1 : index + 4])
        else:
            yield from _fields_on(line)


def _kind_of_number(match: re.Match[str]) -> str:
    return "doc_no" if match["label"].lower().startswith("dok") else "case_no"


def _fields_on(line: Line) -> Iterator[Field]:
    """Fields of a line that begins with a label; a label in the middle of a sentence is none."""
    marks = list(_LABEL.finditer(line.text))
    start = _WITHOUT_COLON.match(line.text)
    if start and marks and is_known_form(start["number"]):
        yield Field(_kind_of_number(start), start["number"], line.number)
    elif not marks or marks[0].start() != 0:
        return
    for mark, following in with_following(marks):
        value = line.text[mark.end() : following.start() if following else None].strip()
        if value and (name := _name(mark[0])):
            yield Field(name, value, line.number)


def _label_alone(text: str) -> str | None:
    """The field of a line that is nothing but a label: "UDVALG", "Mødetid:", "Sagsnr.", "Mødelokale"."""
    return _name(text) if len(text) < 30 and text[0].isupper() else None


def _value_below(name: str, below: Sequence[Line]) -> Iterator[Field]:
    for line in below:
        if line.text:
            if not line.text.endswith(":") and len(line.text) <= LONGEST_LABEL_LINE and not _name(line.text):
                yield Field(name, line.text, line.number)
            return


def _name(label: str) -> str | None:
    words = label.strip(" :")
    return next((name for name, pattern in _NAME_OF.items() if pattern.fullmatch(words)), None)


def number_in(fields: Iterable[Field], name: str) -> Found[str] | None:
    """The case or document number among some fields."""
    for field in fields:
        if field.name == name and (number := labelled_number(field.value)):
            return Found(number[0], field.line, number[1])
    return None


def names_in(fields: Iterable[Field], name: str) -> tuple[Found[str], ...]:
    """Persons named by a field, separated by commas; "-" is nobody."""
    return tuple(
        Found(person.strip(), field.line)
        for field in fields
        if field.name == name
        for person in field.value.split(",")
        if person.strip(" -–")
    )

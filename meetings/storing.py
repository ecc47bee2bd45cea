"""What was read out of a document becomes rows: the original, every finding with its line, and the meeting."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DataError, IntegrityError, transaction

from kit.dates import format_date
from meetings.importing import found
from meetings.importing.agenda import AgendaReading
from meetings.importing.agenda_item import AgendaItemReading
from meetings.importing.sections import Block
from meetings.models import (
    AgendaItem,
    Committee,
    Decision,
    Event,
    Finding,
    ItemSection,
    Meeting,
    Municipality,
    Recommendation,
    Routing,
    SourceDocument,
    free_address,
)

LARGEST_FILE = 5 * 1024 * 1024


class CannotStore(Exception):
    """The document cannot be taken in; the message says why, in Danish, and nothing was stored."""


@contextmanager
def refusing_clearly(name: str) -> Iterator[None]:
    """Say in Danish what the database would not keep of a document; stands around the transaction, which is undone."""
    try:
        yield
    except DataError as error:
        raise CannotStore(f"{name}: noget i dokumentet er længere, end der er plads til. Intet er gemt.") from error
    except IntegrityError as error:
        raise CannotStore(f"{name}: dokumentet siger to gange, hvad der kun kan stå én gang. Intet er gemt.") from error


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """A file as it came: its name, its text and its fingerprint."""

    name: str
    text: str
    sha256: str


def open_original(name: str, data: bytes) -> OriginalFile:
    """Take in a text file; raises CannotStore when it is empty, larger than 5 MB, or no text."""
    if len(data) > LARGEST_FILE:
        raise CannotStore(f"{name}: filen er større end 5 MB.")
    text = _decode(name, data)
    if not text.strip():
        raise CannotStore(f"{name}: filen er tom.")
    readable = name.encode(errors="replace").decode()[:255]  # a file's name may be no text at all
    return OriginalFile(readable, text, hashlib.sha256(data).hexdigest())


def _decode(name: str, data: bytes) -> str:
    if b"\0" in data:
        raise CannotStore(f"{name}: filen er ikke en tekstfil.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotStore(f"{name}: filen er ikke en tekstfil i et tegnsæt, vi kender.")


def already_stored(original: OriginalFile, municipality: Municipality) -> SourceDocument | None:
    """Find the document if this very file has been taken in before."""
    return SourceDocument.objects.filter(municipality=municipality, sha256=original.sha256).first()


def store_document(
    original: OriginalFile, findings: Iterable[found.Finding], *, municipality: Municipality, by: Any, **head: Any
) -> SourceDocument:
    """Keep the original and everything that was found in it."""
    document = SourceDocument.objects.create(
        municipality=municipality,
        file_name=original.name,
        text=original.text,
        sha256=original.sha256,
        imported_by=by,
        **head,
    )
    Finding.objects.bulk_create(
        Finding(
            document=document, position=n, field=one.field, value=one.value, line=one.line, confidence=one.confidence
        )
        for n, one in enumerate(findings, start=1)
    )
    Event.objects.record("document_imported", document, by=by, sha256=original.sha256)
    return document


def committee_named(name: str, municipality: Municipality) -> Committee:
    """Find a committee by its name, or write it down as new."""
    committee, _ = Committee.objects.get_or_create(
        municipality=municipality, name=name, defaults={"slug": free_address(name, municipality)}
    )
    return committee


@transaction.atomic
def store_meeting(
    reading: AgendaReading, document: SourceDocument, *, unstated_items_are_open: bool, by: Any
) -> Meeting:
    """Write down a meeting, its items and decisions as a dagsorden or referat gives them.

    An item whose openness the document does not state stays closed, unless the importer says that such items are open.
    Raises CannotStore where committee or date could not be read, or the meeting is already there.
    """
    head = reading.meeting
    committee = document.committee
    if committee is None or head.date is None:
        raise CannotStore(f"{document.file_name}: udvalg eller mødedato kunne ikke læses. Intet er gemt.")
    if Meeting.objects.filter(committee=committee, date=head.date.value).exists():
        raise CannotStore(
            f"{document.file_name}: mødet den {format_date(head.date.value)} findes allerede. Intet er ændret."
        )
    meeting = Meeting.objects.create(
        committee=committee,
        date=head.date.value,
        place=head.place.value if head.place else "",
        source_document=document,
    )
    for position, item in enumerate(reading.items, start=1):
        _store_item(item, meeting, position, unstated_items_are_open)
    Event.objects.record("meeting_imported", meeting, by=by, items=len(reading.items))
    return meeting


def _store_item(reading: AgendaItemReading, meeting: Meeting, position: int, unstated_is_open: bool) -> None:
    officers = [reading.case_officer, *reading.co_officers]
    item = AgendaItem.including_closed.create(
        meeting=meeting,
        number=reading.number.value if reading.number else f"({position})",
        position=position,
        title=reading.title.value if reading.title else "Uden titel i kilden",
        case_no=reading.case_no.value if reading.case_no else "",
        case_type=reading.case_type.value if reading.case_type else "",
        case_officers=[officer.value for officer in officers if officer],
        is_closed=reading.is_closed.value if reading.is_closed else not unstated_is_open,
        unplaced_marks=_unplaced_marks(reading),
    )
    _store_parts(reading, item)
    if reading.decision and meeting.source_document:
        Decision.including_closed.create(
            item=item,
            category=reading.decision.category.value if reading.decision.category else "none",
            text=reading.decision.text.value,
            decided_on=meeting.date,
            source_document=meeting.source_document,
        )


def _unplaced_marks(reading: AgendaItemReading) -> int:
    if reading.routing is None:
        return 0
    routing = reading.routing.value
    return routing.marks - sum(body.marked is True for body in routing.bodies)


def _store_parts(reading: AgendaItemReading, item: AgendaItem) -> None:
    bodies = reading.routing.value.bodies if reading.routing else ()
    Routing.including_closed.bulk_create(
        Routing(item=item, position=n, abbreviation=body.abbreviation, is_marked=body.marked)
        for n, body in enumerate(bodies, start=1)
    )
    prose = [section for section in reading.sections if section.canonical not in {"recommendation", "decision"}]
    ItemSection.including_closed.bulk_create(
        ItemSection(
            item=item,
            position=n,
            kind=section.canonical,
            heading=section.heading,
            text=section.text,
            blocks=[_block(block) for block in section.blocks],
        )
        for n, section in enumerate(prose, start=1)
    )
    points = [(part, point) for part in reading.recommendations for point in part.points]
    Recommendation.including_closed.bulk_create(
        Recommendation(item=item, number=n, by=part.by.value if part.by else "", text=point.text.value)
        for n, (part, point) in enumerate(points, start=1)
    )


def _block(block: Block) -> dict[str, Any]:
    """A list keeps its items, a paragraph or sub-heading its text."""
    if block.kind == "list":
        return {"type": "list", "items": list(block.items)}
    return {"type": block.kind, "text": block.text}

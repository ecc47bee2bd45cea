"""Et kildedokument as it came, line by line, beside what was read out of it."""

import re
from dataclasses import dataclass
from typing import Self

from kit.clock import moment
from kit.dates import format_date, read_date
from meetings.documents.parts import Fact
from meetings.models import AgendaItem, Category, Finding, SourceDocument
from meetings.models.noticed import notice

_LABELS = {
    "committee": "Udvalg", "date": "Dato", "place": "Sted", "number": "Nummer", "title": "Titel", "case_no": "Sagsnr.",
    "doc_no": "Doknr.", "case_officer": "Sagsbehandler", "co_officers": "Øvrig sagsbehandler", "closed": "Lukket punkt",
    "case_type": "Sagstype", "routing": "Sagsgang", "sections": "Afsnit", "recommended_by": "Indstilles af",
    "recommendations": "At-punkt", "decision": "Beslutning", "text": "ordlyd", "category": "art", "goals": "Pejlemærke",
    "goal_sets": "Sæt", "area": "Område", "steps": "Opfølgning", "amendment": "Tilføjelse", "dialogue": "Dialogmøde",
    "knowledge_source": "Videnskilde", "sender": "Afsender", "author": "Forfatter", "initials": "Initialer",
    "author_title": "Forfatterens titel", "subject": "Emne", "municipality": "Kommune", "refers_to": "Henviser til",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One value, where it stands and how sure the reader was."""

    label: str
    value: str
    line: int | None
    confidence: str
    is_sure: bool

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Tell a finding in Danish."""
        is_sure = finding.confidence == Finding.Confidence.SURE
        return cls(_label(finding.field), _value(finding), finding.line, finding.get_confidence_display(), is_sure)


@dataclass(frozen=True, slots=True)
class OriginalDocument:
    """The document's lines, numbered from 1, and the findings in reading order."""

    source: SourceDocument
    facts: tuple[Fact, ...]
    lines: tuple[str, ...]
    findings: tuple[FindingRow, ...]

    @classmethod
    def for_source(cls, source: SourceDocument) -> Self:
        """Ask for the findings; the text is kept in the document itself."""
        notice("meetings.sourcedocument", source.pk)
        findings = tuple(FindingRow.of(finding) for finding in Finding.objects.filter(document=source))
        return cls(source, tuple(_facts(source)), tuple(source.text.split("\n")), findings)


def _facts(source: SourceDocument) -> list[Fact]:
    known = [
        Fact("Art", source.get_kind_display()),
        Fact("Dato", format_date(source.date) if source.date else ""),
        Fact("Sagsnr.", source.case_no),
        Fact("Doknr.", source.doc_no),
        Fact("Afsender", source.sender_unit),
        Fact("Fil", source.file_name),
        Fact("Indlæst", moment(source.imported_at)),
        Fact("Fingeraftryk (SHA-256)", source.sha256),
    ]
    return [fact for fact in known if fact.value]


def _label(field: str) -> str:
    """items[0].decision.text → Beslutning, ordlyd; an unknown field keeps its name."""
    parts = [part for part in re.split(r"[.\[\]]+", field) if part]
    if "sections" in parts:
        return _LABELS["sections"]
    names = [_LABELS[part] for part in parts if part in _LABELS]
    return ", ".join(names) if names else field


def _value(finding: Finding) -> str:
    """Coded values and dates as they are said; all else as it was read."""
    labels = dict(Category.choices) | dict(AgendaItem.CaseType.choices)
    if finding.field.endswith(("category", "case_type")):
        return str(labels.get(finding.value, finding.value))
    day = read_date(finding.value) if re.fullmatch(r"\d{4}-\d\d-\d\d", finding.value) else None
    return format_date(day) if day else finding.value

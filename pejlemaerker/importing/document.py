"""Any document: decides what it is, calls the right reader, and tells what was read in one form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain
from typing import Any, Literal

from meetings.importing.agenda import AgendaReading, read_agenda
from meetings.importing.agenda_item import AgendaItemReading
from meetings.importing.found import Finding, Found
from meetings.importing.lines import read_lines
from pejlemaerker.importing.findings import agenda_findings, goal_document_findings, goal_findings, note_findings
from pejlemaerker.importing.goal_document import GoalDocumentReading, read_goal_document
from pejlemaerker.importing.goal_sets import GoalSetReading, read_goal_sets
from pejlemaerker.importing.note import NoteReading, read_note
from pejlemaerker.importing.note_head import is_note_word

DocType = Literal["referat", "dagsorden", "notat", "maaldokument", "uddrag", "ukendt"]


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """What a document is and says; one of the readings is there, or none where the document is not known ("ukendt")."""

    doc_type: DocType
    agenda: AgendaReading | None = None
    note: NoteReading | None = None
    goal_document: GoalDocumentReading | None = None
    goal_sets: tuple[GoalSetReading, ...] = ()

    @property
    def committee(self) -> Found[str] | None:
        """The committee the document is about."""
        if self.agenda:
            return self.agenda.meeting.committee
        about = self.note or self.goal_document
        return about.committee if about else None

    @property
    def date(self) -> Found[date] | None:
        """The meeting's day, or the day the note was written."""
        if self.agenda:
            return self.agenda.meeting.date
        if self.note:
            return self.note.head.date
        return self.goal_document.date if self.goal_document else None

    def findings(self) -> tuple[Finding, ...]:
        """Every value with its line and confidence."""
        return tuple(
            chain(
                agenda_findings(self.agenda) if self.agenda else (),
                note_findings(self.note) if self.note else (),
                goal_document_findings(self.goal_document) if self.goal_document else (),
                goal_findings(self.goal_sets),
            )
        )

    def as_json(self, *, file: str) -> dict[str, Any]:
        """The object `import_document --json` prints; what is not known is null."""
        head = self.note.head if self.note else None
        day = self.date
        return {
            "file": file,
            "doc_type": self.doc_type,
            "committee": _value(self.committee),
            "date": day.value.isoformat() if day else None,
            "place": _value(self.agenda.meeting.place) if self.agenda else None,
            "case_no": _value(head.case_no) if head else None,
            "doc_no": _value(head.doc_no) if head else None,
            "items": [_item(item) for item in self.agenda.items] if self.agenda else [],
            "goal_sets": [_goal_set(goal_set) for goal_set in self.goal_sets],
            "steps": [{"kind": step.kind, "when": step.when.label} for step in self.note.steps] if self.note else [],
            "findings": [asdict(finding) for finding in self.findings()],
        }


def read_document(text: str, synonyms: Mapping[str, str] | None = None) -> DocumentReading:
    """The document in a text; `synonyms` are a municipality's own section headings."""
    agenda = read_agenda(text, synonyms)
    if agenda and not (_calls_itself_note(text) and agenda.kind != "referat"):
        return DocumentReading(agenda.kind, agenda=agenda, goal_sets=_goals_in_agenda(agenda))
    if note := read_note(text):
        return DocumentReading("notat", note=note, goal_sets=note.goal_sets)
    if document := read_goal_document(text):
        return DocumentReading("maaldokument", goal_document=document, goal_sets=document.goal_sets)
    return DocumentReading("ukendt")


def _calls_itself_note(text: str) -> bool:
    return any(is_note_word(line) for line in read_lines(text))


def _goals_in_agenda(agenda: AgendaReading) -> tuple[GoalSetReading, ...]:
    """Wordings listed in an item's own presentation or decision."""
    sections = [
        (item, section)
        for item in agenda.items
        for section in item.sections
        if section.canonical in ("summary", "presentation", "decision")
    ]
    return tuple(chain.from_iterable(read_goal_sets(section.lines, item.title) for item, section in sections))


def _value(found: Found[str] | None) -> str | None:
    return found.value if found else None


def _item(item: AgendaItemReading) -> dict[str, Any]:
    decision = item.decision
    return {
        "number": _value(item.number),
        "title": _value(item.title),
        "case_no": _value(item.case_no),
        "closed": item.is_closed.value if item.is_closed else None,
        "recommendations": [point.text.value for part in item.recommendations for point in part.points],
        "decision": {"category": decision.category.value if decision.category else None, "text": decision.text.value}
        if decision
        else None,
    }


def _goal_set(goal_set: GoalSetReading) -> dict[str, Any]:
    goals = [{"number": goal.number, "text": goal.text.value} for goal in goal_set.goals]
    return {"area": _value(goal_set.area), "goals": goals}

"""Everything that was read as one flat list: field, value, line, confidence; for review and for JSON."""

from collections.abc import Iterator
from datetime import date

from meetings.importing.agenda import AgendaReading
from meetings.importing.agenda_item import AgendaItemReading
from meetings.importing.found import Confidence, Finding, Found
from pejlemaerker.importing.goal_document import GoalDocumentReading
from pejlemaerker.importing.goal_sets import GoalSetReading
from pejlemaerker.importing.note import NoteReading


def _one(field: str, found: Found[str] | Found[date] | Found[bool] | None) -> Iterator[Finding]:
    if found is None:
        return
    value = found.value
    words = (
        "ja" if value is True else "nej" if value is False else value.isoformat() if isinstance(value, date) else value
    )
    yield Finding(field, words, found.line, found.confidence)


def agenda_findings(agenda: AgendaReading) -> Iterator[Finding]:
    """What an agenda or minutes holds."""
    yield from _one("committee", agenda.meeting.committee)
    yield from _one("date", agenda.meeting.date)
    yield from _one("place", agenda.meeting.place)
    for index, item in enumerate(agenda.items):
        yield from _item(f"items[{index}]", item)


def _item(path: str, item: AgendaItemReading) -> Iterator[Finding]:
    for name in ("number", "title", "case_no", "doc_no", "case_officer"):
        yield from _one(f"{path}.{name}", getattr(item, name))
    for officer in item.co_officers:
        yield from _one(f"{path}.co_officers", officer)
    yield from _one(f"{path}.closed", item.is_closed)
    if item.case_type:
        yield Finding(f"{path}.case_type", item.case_type.value, item.case_type.line, item.case_type.confidence)
    if item.routing:
        yield Finding(f"{path}.routing", str(item.routing.value), item.routing.line, item.routing.confidence)
    for section in item.sections:
        yield Finding(f"{path}.sections.{section.canonical}", section.heading, section.line, "sure")
    yield from _proposed_and_decided(path, item)


def _proposed_and_decided(path: str, item: AgendaItemReading) -> Iterator[Finding]:
    for recommendation in item.recommendations:
        yield from _one(f"{path}.recommended_by", recommendation.by)
        for point in recommendation.points:
            yield from _one(f"{path}.recommendations", point.text)
    if item.decision:
        yield from _one(f"{path}.decision.text", item.decision.text)
        if category := item.decision.category:
            yield Finding(f"{path}.decision.category", category.value, category.line, category.confidence)


def note_findings(note: NoteReading) -> Iterator[Finding]:
    """What a note holds."""
    head = note.head
    yield from _one("committee", note.committee)
    for name in ("date", "title", "case_no", "doc_no", "initials", "municipality", "author", "author_title"):
        yield from _one(name, getattr(head, name))
    for unit in head.units:
        yield from _one("sender_unit", unit)
    if note.requested_at:
        yield from _one("requested_at", note.requested_at.date)
    for change in note.amendments:
        what = f"pejlemærke {change.goal_number}" if change.about == "wording" else "opfølgningsplanen"
        where = ", ".join(change.areas) or "område ukendt"
        confidence: Confidence = "sure" if change.areas else "likely"
        yield Finding("amendment", f"{what} ({where}); tidligere ordlyd kendes ikke", change.text.line, confidence)
    for dialogue in note.dialogues:
        words = f"{dialogue.date.value.isoformat()}: {dialogue.committee} og {dialogue.leader_group}"
        yield Finding("dialogue", words, dialogue.date.line, dialogue.date.confidence)
    yield from _plan(note)


def _plan(note: NoteReading) -> Iterator[Finding]:
    for step in note.steps:
        yield Finding(f"steps.{step.kind}", step.when.label or step.title, step.line, step.confidence)
    for source in note.knowledge:
        words = f"{source.name.value} ({source.scope})" if source.scope else source.name.value
        yield Finding("knowledge_source", words, source.name.line, source.name.confidence)


def goal_document_findings(document: GoalDocumentReading) -> Iterator[Finding]:
    """What a goal document holds besides its goals."""
    yield from _one("title", document.title)
    yield from _one("committee", document.committee)
    yield from _one("date", document.date)


def goal_findings(goal_sets: tuple[GoalSetReading, ...]) -> Iterator[Finding]:
    """The wordings, whatever kind of document they stood in."""
    for index, goal_set in enumerate(goal_sets):
        yield from _one(f"goal_sets[{index}].area", goal_set.area)
        for goal in goal_set.goals:
            path = f"goal_sets[{index}].goals[{goal.number}]"
            yield from _one(path, goal.text)
            for name in goal.refers_to:
                yield Finding(f"{path}.refers_to", name, goal.text.line, "likely")

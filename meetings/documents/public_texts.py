"""Det, der bliver offentligt: the texts an outsider gets of a meeting, each with the place where it stands.

The places name items by number, never by title: they are kept with the warnings that were accepted.
"""

from collections.abc import Iterator
from typing import NamedTuple

from meetings.documents.attachments import attachment_passages, public_attachments
from meetings.models import (
    AGENDA,
    MINUTES,
    AgendaItem,
    Attendance,
    Correction,
    Decision,
    ItemAbsence,
    ItemSection,
    Meeting,
    MinutesAddition,
    Promise,
    ProtocolNote,
    Publication,
    Recommendation,
    Recusal,
    Stay,
    Vote,
)

type Passage = tuple[str, str]
"""Where a text stands ("Punkt 3, titel"), and the text."""


class Publicity(NamedTuple):
    """How much of a meeting outsiders may read today; the minutes bring the agenda with them."""

    agenda: bool
    minutes: bool

    @classmethod
    def of(cls, meeting_pk: int) -> "Publicity":
        """Ask for the latest act on each."""
        acts = Publication.objects.filter(subject__in=[AGENDA, MINUTES], subject_pk=meeting_pk).order_by("pk")
        latest = {act.subject: act.act == Publication.Act.PUBLISHED for act in acts}
        minutes = latest.get(MINUTES, False)
        return cls(latest.get(AGENDA, False) or minutes, minutes)


def is_public_now(item: AgendaItem) -> bool:
    """Whether outsiders read this item today."""
    return not item.is_closed and Publicity.of(item.meeting_id).agenda


def agenda_passages(meeting: Meeting) -> Iterator[Passage]:
    """What the agenda says in public."""
    yield "Mødested", meeting.place
    yield "Aflysning", meeting.cancelled
    for item in AgendaItem.objects.filter(meeting=meeting):
        yield f"Punkt {item.number}, titel", item.title
        yield f"Punkt {item.number}, sagsnr.", item.case_no
    for section in ItemSection.objects.filter(item__meeting=meeting).select_related("item"):
        yield f"Punkt {section.item.number}, {section.heading.lower()}", section.text
    for recommendation in Recommendation.objects.filter(item__meeting=meeting).select_related("item"):
        yield f"Punkt {recommendation.item.number}, indstilling", f"{recommendation.by} {recommendation.text}"
    yield from attachment_passages(public_attachments(meeting))
    for trace in AgendaItem.including_closed.filter(meeting=meeting).closed_traces():
        yield f"Punkt {trace['number']}, offentlig overskrift", trace["public_heading"]


def minutes_passages(meeting: Meeting) -> Iterator[Passage]:
    """What the minutes add to it."""
    for attendance in Attendance.objects.filter(meeting=meeting).select_related("person", "substitute_for"):
        yield "Fremmøde", f"{attendance.person} {attendance.substitute_for or ''}"
    yield from _decided(meeting)
    yield from _negotiated(meeting)
    for addition in MinutesAddition.objects.filter(meeting=meeting):
        yield "Tilføjelse til referatet", addition.text
    for trace in AgendaItem.including_closed.filter(meeting=meeting).closed_traces():
        yield f"Punkt {trace['number']}, åben beslutning", trace["open_decision"]


def _decided(meeting: Meeting) -> Iterator[Passage]:
    """Decisions, what stayed them, and what was added below them."""
    for decision in Decision.objects.filter(item__meeting=meeting).select_related("item"):
        yield f"Punkt {decision.item.number}, beslutning", decision.text
        yield f"Punkt {decision.item.number}, betingelser", decision.conditions
    for correction in Correction.objects.filter(decision__item__meeting=meeting).select_related("decision__item"):
        yield f"Punkt {correction.decision.item.number}, rettelse", correction.text
    stays = Stay.objects.filter(decision__item__meeting=meeting)
    for stay in stays.select_related("decision__item", "declared_by", "outcome"):
        where = f"Punkt {stay.decision.item.number}, standsning"
        yield where, f"{stay.declared_by} {stay.reason}"
        if hasattr(stay, "outcome"):
            yield where, stay.outcome.note


def _negotiated(meeting: Meeting) -> Iterator[Passage]:
    """How the items were treated: votes, who was away or disqualified, what was noted and promised."""
    for vote in Vote.objects.filter(item__meeting=meeting).select_related("item"):
        yield f"Punkt {vote.item.number}, afstemning", vote.about
    for recusal in Recusal.objects.filter(item__meeting=meeting).select_related("item", "person", "substitute"):
        yield f"Punkt {recusal.item.number}, inhabilitet", f"{recusal.person} var inhabil. {recusal.substitute or ''}"
    for absence in ItemAbsence.objects.filter(item__meeting=meeting).select_related("item"):
        yield f"Punkt {absence.item.number}, fravær", absence.note
    for note in ProtocolNote.objects.filter(item__meeting=meeting).select_related("item"):
        yield f"Punkt {note.item.number}, {note.get_kind_display().lower()}", f"{note.by} {note.text}"
    for promise in Promise.objects.filter(item__meeting=meeting).select_related("item"):
        told = (promise.text, promise.to_whom, promise.responsible, promise.settled_note)
        yield f"Punkt {promise.item.number}, løfte", " · ".join(told)

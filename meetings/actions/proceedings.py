"""Forhandlingen af et punkt: who was out of the room or disqualified, what was noted, promised and stayed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models, transaction

from kit.once import made_by
from meetings.actions.attendance import person_called
from meetings.actions.protocol import open_protocol
from meetings.actions.refusals import NotAllowed
from meetings.actions.voters import voters_stand_firm
from meetings.models import (
    PROCEDURAL,
    AgendaItem,
    Committee,
    Decision,
    Event,
    ItemAbsence,
    Meeting,
    Person,
    Promise,
    ProtocolNote,
    Recusal,
    Roll,
    Stay,
    Vote,
)

# What may be taken out again until the meeting is closed, by the word its form uses.
REMOVABLE: dict[str, type[models.Model]] = {
    "afstemning": Vote, "ude": ItemAbsence, "inhabilitet": Recusal, "bemaerkning": ProtocolNote, "loefte": Promise,
}  # fmt: skip


@transaction.atomic
def record_absences(*, item: AgendaItem, people: Sequence[Person], note: str, by: Any) -> None:
    """Note who was out of the room while the item was treated; who is noted already stays so."""
    meeting = open_protocol(item.meeting_id)
    noted = {one.person_id for one in ItemAbsence.including_closed.filter(item=item)}
    present = Roll.of(meeting).present
    with voters_stand_firm(meeting, field="people"):
        for person in people:
            if person not in present and not _stands_in(item, person):
                raise NotAllowed(f"{person} er ikke skrevet til stede på mødet.", field="people")
            if person.pk not in noted:
                absence = ItemAbsence.including_closed.create(item=item, person=person, note=note)
                Event.objects.record("absence_recorded", absence, by=by)


def _stands_in(item: AgendaItem, person: Person) -> bool:
    return Recusal.including_closed.filter(item=item, substitute=person).exists()


@transaction.atomic
def record_recusal(
    *,
    item: AgendaItem,
    person: Person,
    ground: str,
    raised_by: str,
    is_disqualified: bool,
    ruling: str,
    substitute: Person | str | None,
    nonce: UUID,
    by: Any,
) -> Recusal:
    """Enter what the committee has found about a member's inhabilitet (styrelsesloven § 14)."""
    meeting = open_protocol(item.meeting_id)
    stands_in = person_called(meeting, substitute) if substitute else None
    values = {
        "item_id": item.pk, "person_id": person.pk, "ground": ground, "raised_by": raised_by or str(person),
        "is_disqualified": is_disqualified, "ruling": ruling, "substitute_id": stands_in.pk if stands_in else None,
    }  # fmt: skip
    existing, nonce = made_by(Recusal.including_closed.all(), nonce, **values)
    if existing:
        return existing
    _refuse_recusal(meeting, item, person, is_disqualified, stands_in)
    with voters_stand_firm(meeting, field="person"):
        recusal = Recusal.including_closed.create(**values, nonce=nonce, recorded_by=by)
    Event.objects.record("recusal_recorded", recusal, by=by, is_disqualified=is_disqualified)
    return recusal


def _refuse_recusal(
    meeting: Meeting, item: AgendaItem, person: Person, is_disqualified: bool, substitute: Person | None
) -> None:
    roll = Roll.of(meeting)
    recusals = roll.recusals.get(item.pk, ())
    if person not in roll.present:
        raise NotAllowed(f"{person} er ikke skrevet til stede på mødet.", field="person")
    if person in [one.person for one in recusals]:
        raise NotAllowed(f"Der er allerede skrevet om {person} på punktet. Slet linjen først.", field="person")
    if substitute is None:
        return
    if not is_disqualified:
        raise NotAllowed("Kun den, der er inhabil, kan have en stedfortræder.", field="substitute")
    seated = {seat.person_id for seat in roll.seats if seat.seat != seat.Seat.SUBSTITUTE}
    if substitute in roll.present or substitute.pk in seated:
        raise NotAllowed(f"{substitute} sidder selv med ved mødet.", field="substitute")
    if substitute in [one.substitute for one in recusals]:
        raise NotAllowed(f"{substitute} er allerede stedfortræder på punktet.", field="substitute")


@transaction.atomic
def record_note(*, item: AgendaItem, kind: str, speaker: str, text: str, nonce: UUID, by: Any) -> ProtocolNote:
    """Enter what somebody wants to stand beside the decision, word for word."""
    open_protocol(item.meeting_id)
    same = {"item_id": item.pk, "kind": kind, "by": speaker, "text": text}
    existing, nonce = made_by(ProtocolNote.including_closed.all(), nonce, **same)
    if existing:
        return existing
    note = ProtocolNote.including_closed.create(**same, nonce=nonce, recorded_by=by)
    Event.objects.record("note_recorded", note, by=by, kind=kind)
    return note


@transaction.atomic
def record_promise(
    *,
    item: AgendaItem,
    text: str,
    to_whom: str,
    responsible: str,
    due_meeting: Meeting | None,
    due_on: date | None,
    nonce: UUID,
    by: Any,
) -> Promise:
    """Enter what the administration has promised to come back with, and by when."""
    meeting = open_protocol(item.meeting_id)
    due = due_meeting.date if due_meeting else due_on
    if due is None:
        raise NotAllowed("Vælg det møde, der senest skal have svaret, eller skriv en dato.", field="due_meeting")
    if due_meeting and due_meeting.committee_id != meeting.committee_id:
        raise NotAllowed("Mødet er ikke i dette udvalg.", field="due_meeting")
    if due < meeting.date:
        raise NotAllowed("Fristen ligger før mødet.", field="due_on")
    same = {
        "item_id": item.pk, "text": text, "to_whom": to_whom, "responsible": responsible,
        "due_meeting_id": due_meeting.pk if due_meeting else None, "due_on": due,
    }  # fmt: skip
    existing, nonce = made_by(Promise.including_closed.all(), nonce, **same)
    if existing:
        return existing
    promise = Promise.including_closed.create(**same, nonce=nonce, recorded_by=by)
    Event.objects.record("promise_recorded", promise, by=by)
    return promise


@transaction.atomic
def declare_stay(
    *, item: AgendaItem, decision: Decision, declared_by: Person, reason: str, nonce: UUID, by: Any
) -> Stay:
    """Enter that a member brings the decision before the council (styrelsesloven § 23). It cannot be undone."""
    meeting = open_protocol(item.meeting_id)
    same = {"decision_id": decision.pk, "declared_by_id": declared_by.pk, "reason": reason}
    existing, nonce = made_by(Stay.including_closed.all(), nonce, **same)
    if existing:
        return existing
    if standing := Stay.including_closed.filter(decision=decision).select_related("declared_by").first():
        raise NotAllowed(f"Beslutningen er allerede standset af {standing.declared_by}.", field="decision")
    if decision.item_id != item.pk or decision.category in PROCEDURAL:
        raise NotAllowed("Beslutningen angår kun sagens gang og kan ikke standses.", field="decision")
    if meeting.committee.kind == Committee.Kind.COUNCIL:
        council = meeting.committee.municipality.council_name
        raise NotAllowed(f"{council} standser ikke sine egne beslutninger.", field="decision")
    if declared_by not in [voter.person for voter in Roll.of(meeting).voters_on(item.pk)]:
        raise NotAllowed(f"{declared_by} deltog ikke i behandlingen af punktet.", field="declared_by")
    stay = Stay.including_closed.create(**same, nonce=nonce, recorded_by=by)
    Event.objects.record("decision_stayed", stay, by=by)
    return stay


@transaction.atomic
def remove_line(*, item: AgendaItem, kind: str, pk: int, by: Any) -> None:
    """Take a wrong line out again, while the meeting is open; a line that is gone already is fine."""
    meeting = open_protocol(item.meeting_id)
    line = REMOVABLE[kind].including_closed.filter(item=item, pk=pk).first()  # type: ignore[attr-defined]
    if line is None:
        return
    Event.objects.record("line_removed", line, by=by)
    if kind == "afstemning":
        line.delete()
        return
    with voters_stand_firm(meeting):
        line.delete()

"""Fremmødet: who was there, who was not, and who came in whose place."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import transaction

from meetings.actions.protocol import open_protocol
from meetings.actions.refusals import NotAllowed
from meetings.actions.voters import voters_stand_firm
from meetings.models import AgendaItem, Attendance, Event, Meeting, Person, seats_on_the_day


class Presence(NamedTuple):
    """How one member took part, and who came instead: somebody known, or a name that is new here."""

    person: int
    state: str
    substitute: Person | str | None = None


class AttendanceChanged(Exception):
    """Somebody else has written the attendance in between."""


def attendance_mark(meeting: Meeting) -> str:
    """Return a mark of the attendance as it stands; another attendance has another mark."""
    rows = Attendance.objects.filter(meeting=meeting).order_by("person")
    told = list(rows.values_list("person", "state", "substitute_for"))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16] if told else ""


@transaction.atomic
def record_attendance(*, meeting: Meeting, presences: Sequence[Presence], expected: str, by: Any) -> None:
    """Write down how every member took part, in the place of what stood there; the same again changes nothing.

    Raises MeetingClosed, NotAllowed (fields are those of the member: "stand_17", "stedfortraeder_17"), and
    AttendanceChanged where what stands there has not the expected mark.
    """
    meeting = open_protocol(meeting.pk)
    before = list(Attendance.objects.filter(meeting=meeting))
    rows = _rows(meeting, presences)
    if _told(rows) == _told(before):
        return
    if attendance_mark(meeting) != expected:
        raise AttendanceChanged
    _refuse_leaving_what_is_told_of(meeting, rows)
    with voters_stand_firm(meeting, field="stand_", by_person=True):
        Attendance.objects.filter(meeting=meeting).delete()
        for row in rows:  # those away first: only then is there a place for a substitute to take
            row.save()
    counts = {state: sum(row.state == state for row in rows) for state in Attendance.State.values}
    Event.objects.record("attendance_recorded", meeting, by=by, **counts)


def _rows(meeting: Meeting, presences: Sequence[Presence]) -> list[Attendance]:
    seated = {seat.person_id: seat for seat in seats_on_the_day(meeting) if seat.seat != seat.Seat.SUBSTITUTE}
    rows: list[Attendance] = []
    substitutes: list[Attendance] = []
    for person, state, substitute in presences:
        if person not in seated:
            name = Person.objects.filter(pk=person).values_list("name", flat=True).first() or "Personen"
            raise NotAllowed(f"{name} er ikke medlem af udvalget den dag.")
        rows.append(Attendance(meeting=meeting, person_id=person, state=state))
        if substitute:
            if state == Attendance.State.PRESENT:
                raise NotAllowed(
                    "Kun den, der ikke er til stede, kan have en stedfortræder.", field=f"stedfortraeder_{person}"
                )
            found = person_called(meeting, substitute)
            if found.pk in seated or found.pk in [one.person_id for one in substitutes]:
                where = "sidder selv i udvalget" if found.pk in seated else "er allerede stedfortræder for en anden"
                raise NotAllowed(f"{found} {where}.", field=f"stedfortraeder_{person}")
            substitutes.append(
                Attendance(
                    meeting=meeting, person=found, state=Attendance.State.PRESENT, substitute_for_id=person
                )
            )  # fmt: skip
    rows.sort(key=lambda row: row.state == Attendance.State.PRESENT)
    return rows + substitutes


def person_called(meeting: Meeting, substitute: Person | str) -> Person:
    """Return the person, or the one of that name in the municipality; a name nobody bears is somebody new."""
    if isinstance(substitute, Person):
        return substitute
    municipality = meeting.committee.municipality
    known = Person.objects.filter(municipality=municipality, name__iexact=substitute).order_by("pk").first()
    return known or Person.objects.create(municipality=municipality, name=substitute)


def _told(rows: Iterable[Attendance]) -> set[tuple[int, str, int | None]]:
    return {(row.person_id, row.state, row.substitute_for_id) for row in rows}


def _refuse_leaving_what_is_told_of(meeting: Meeting, rows: Iterable[Attendance]) -> None:
    """Somebody who was out of the room or disqualified on an item was at the meeting."""
    there = {row.person_id for row in rows if row.state == Attendance.State.PRESENT}
    items = AgendaItem.including_closed.filter(meeting=meeting)
    told_of = [
        (person, number)
        for way in ("absences__person", "recusals__person")
        for person, number in items.filter(**{f"{way}__isnull": False}).values_list(way, "number")
    ]
    for person, number in told_of:
        if person not in there:
            name = Person.objects.get(pk=person)
            raise NotAllowed(
                f"{name} er skrevet ude af lokalet eller inhabil på punkt {number}. Slet linjen dér først.",
                field=f"stand_{person}",
            )

"""Planning a meeting: when and where it is held, and that it is called at all."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import transaction

from kit.danish import join_words
from kit.dates import format_date
from kit.once import made_by
from meetings.actions.protocol import open_protocol
from meetings.actions.publishing import note_accepted
from meetings.actions.refusals import NotAllowed
from meetings.models import AgendaItem, Committee, CouncilTerm, Decision, Event, Meeting


def refuse_day(committee: Committee, day: date) -> None:
    """Raise NotAllowed where the committee cannot meet that day: outside the council's terms, where any are written
    down, or before or after the committee itself.
    """
    terms = sorted(CouncilTerm.objects.filter(municipality=committee.municipality_id), key=lambda term: term.starts_on)
    if terms and not any(term.starts_on <= day <= term.ends_on for term in terms):
        names = join_words([str(term) for term in terms])
        word = "valgperioden" if len(terms) == 1 else "valgperioderne"
        raise NotAllowed(f"Mødet ligger uden for {word} {names}.", field="date")
    if committee.valid_from and day < committee.valid_from:
        raise NotAllowed(f"{committee} findes først fra {format_date(committee.valid_from)}.", field="date")
    if committee.valid_to and day > committee.valid_to:
        raise NotAllowed(f"{committee} fandtes kun til {format_date(committee.valid_to)}.", field="date")


@transaction.atomic
def create_meeting(
    *,
    committee: Committee,
    date: date,
    starts_at: time | None,
    place: str,
    open_titles: list[str],
    closed_titles: list[str],
    nonce: UUID,
    by: Any,
    kind: str = Meeting.Kind.ORDINARY,
) -> Meeting:
    """Call a meeting with its agenda: open items first, then closed ones, numbered from 1. The same nonce gives the
    same meeting.
    """
    Committee.objects.select_for_update().get(pk=committee.pk)
    same = {"committee": committee, "date": date, "starts_at": starts_at}
    existing, nonce = made_by(Meeting.objects.all(), nonce, **same)
    if existing:
        return existing
    refuse_day(committee, date)
    meeting = Meeting.objects.create(
        committee=committee, date=date, starts_at=starts_at, place=place, kind=kind, nonce=nonce
    )
    titles = [(title, False) for title in open_titles] + [(title, True) for title in closed_titles]
    AgendaItem.including_closed.bulk_create(
        AgendaItem(meeting=meeting, number=str(n), position=n, title=title, is_closed=is_closed, edited_by=by)
        for n, (title, is_closed) in enumerate(titles, start=1)
    )
    Event.objects.record("meeting_created", meeting, by=by, items=len(titles))
    return meeting


@transaction.atomic
def edit_meeting(
    *, meeting: Meeting, expected: int, by: Any, warnings_accepted: Sequence[str] = (), **fields: Any
) -> Meeting:
    """Change when, where and how a meeting is held, or call it off; raises MeetingClosed, EditConflict, NotAllowed."""
    current = open_protocol(meeting.pk)
    if fields["date"] != current.date:
        refuse_day(current.committee, fields["date"])
        if Decision.including_closed.filter(item__meeting=current).exists():
            raise NotAllowed("Der er ført beslutninger til protokollen; mødets dato ligger fast.", field="date")
    same = {"committee": current.committee_id, "date": fields["date"], "starts_at": fields["starts_at"]}
    if Meeting.objects.filter(**same).exclude(pk=current.pk).exists():
        raise NotAllowed("Udvalget har allerede et møde den dag på det tidspunkt.", field="date")
    changed = current.save_if_unchanged(expected=expected, by=by, **fields)
    Event.objects.record(
        "meeting_changed", changed, by=by,
        fields=sorted(name for name in fields if getattr(changed, name) != getattr(current, name)),
        was={"date": current.date.isoformat(), "cancelled": current.cancelled},  # a paper of an earlier day tells that
    )  # fmt: skip
    note_accepted(changed, warnings_accepted, by=by)
    return changed

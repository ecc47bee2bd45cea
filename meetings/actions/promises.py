"""Løfterne: put on an agenda to be answered there, or noted as kept in another way."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from kit.dates import format_date
from meetings.actions.agenda import SectionText, add_item
from meetings.actions.protocol import open_protocol
from meetings.actions.refusals import NotAllowed
from meetings.models import AgendaItem, Decision, Event, Meeting, Promise, SectionKind, section_headings

_TITLE = 400  # what an item's title holds
_NOT_DECIDED_YET = "Der er ikke taget stilling til, om punktet kan behandles åbent."


@transaction.atomic
def settle_promise(*, promise: Promise, on: date, note: str, by: Any, warnings_accepted: Sequence[str] = ()) -> Promise:
    """Note that a promise was kept otherwise than by an item: when, and how. The same note twice is one note."""
    locked = _locked(promise)
    if (locked.settled_on, locked.settled_note) == (on, note):
        return locked
    if not Promise.including_closed.filter(pk=locked.pk).still_open().exists():
        raise NotAllowed("Løftet er allerede indfriet.")
    locked.settled_on, locked.settled_note = on, note
    locked.save(update_fields=["settled_on", "settled_note"])
    Event.objects.record("promise_settled", locked, by=by, warnings_accepted=list(warnings_accepted))
    return locked


@transaction.atomic
def put_promise_on_agenda(
    *, promise: Promise, meeting: Meeting, nonce: UUID, by: Any, is_open: bool = False
) -> AgendaItem:
    """Put an item on the agenda that answers the promise, as open or closed as the item on which it was given; one that
    was given elsewhere is internal, and its item open only where that is said (`is_open`). Twice on one meeting is
    once; raises MeetingClosed and NotAllowed.
    """
    target = open_protocol(meeting.pk)
    locked = _locked(promise)
    origin = locked.item
    if locked.answer_id and (answer := AgendaItem.including_closed.filter(pk=locked.answer_id, meeting=target).first()):
        return answer
    if locked.given_in.pk != target.committee_id:
        raise NotAllowed("Løftet er givet i et andet udvalg.")
    if not Promise.including_closed.filter(pk=locked.pk).still_open().exists():
        raise NotAllowed("Løftet er allerede indfriet.")
    if locked.answer_id and not Decision.including_closed.filter(item=locked.answer_id).exists():
        where = Meeting.objects.get(items=locked.answer_id)  # nor has it been put off there
        raise NotAllowed(f"Opfølgningen står allerede på dagsordenen for mødet den {format_date(where.date)}.")
    locked.answer = add_item(
        meeting=target,
        nonce=nonce,
        by=by,
        points=["at opfølgningen tages til efterretning."],
        recommended_by="",
        sections=[_presentation(locked)],
        number=_next_number(target),
        title=_title(locked),
        case_no=origin.case_no if origin else "",
        case_type=AgendaItem.CaseType.BRIEFING,
        **(_as_the_item(origin) if origin else _as_it_is_said(is_open=is_open)),
    )
    locked.save(update_fields=["answer"])
    Event.objects.record("promise_put_on_agenda", locked, by=by, meeting=target.pk)
    return locked.answer


def _locked(promise: Promise) -> Promise:
    promises = Promise.including_closed.select_for_update(of=("self",)).select_related(
        "item__meeting__committee__municipality", "committee__municipality"
    )
    return promises.get(pk=promise.pk)


def _as_the_item(origin: AgendaItem) -> dict[str, Any]:
    return {name: getattr(origin, name) for name in ("is_closed", "closed_reason", "public_heading")}


def _as_it_is_said(*, is_open: bool) -> dict[str, Any]:
    return {"is_closed": not is_open, "closed_reason": "" if is_open else _NOT_DECIDED_YET}


def _title(promise: Promise) -> str:
    title = f"Opfølgning: {promise.text}"
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"


def _presentation(promise: Promise) -> SectionText:
    """Tell what was promised, where and to whom, under the house's own heading; the answer is for others to write."""
    kind = SectionKind.PRESENTATION
    heading = dict(section_headings(promise.given_in.municipality)).get(kind, str(kind.label))
    text = f"{_where(promise)} blev der givet dette løfte til {_inside(promise.to_whom)}: “{promise.text}”"
    return SectionText(kind, heading, text)


def _where(promise: Promise) -> str:
    """Under punkt 3 på mødet 3. oktober 2022; or På dialogmødet midtvejs 14. november 2023."""
    day = format_date(promise.given_on)
    if promise.item:
        return f"Under punkt {promise.item.number} på mødet {day}"
    return f"På {promise.made_at[:1].lower()}{promise.made_at[1:]} {day}"


def _inside(name: str) -> str:
    """Udvalget, in the middle of a sentence; a name keeps its capital."""
    return "udvalget" if name == "Udvalget" else name


def _next_number(meeting: Meeting) -> str:
    numbers = AgendaItem.including_closed.filter(meeting=meeting).values_list("number", flat=True)
    return str(max((int(number) for number in numbers if number.isdecimal()), default=0) + 1)

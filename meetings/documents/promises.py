"""Løfterne: what is promised and to whom, oldest first; and which of them to put on an agenda now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from kit.clock import today
from kit.danish import sort_key
from kit.dates import format_date
from meetings.documents.paging import Paging
from meetings.documents.promise_lines import PromiseLine, promise_lines
from meetings.models import Closing, Committee, Decision, Meeting, Promise, Right, has_right

ON_THE_COMMITTEES_PAGE = 5
IN_GOOD_TIME = timedelta(days=14)  # after the meeting: what is due before the next one can hardly be prepared in time


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """Et løfte in the ledger."""

    pk: int
    line: PromiseLine
    deadline: str  # "Senest 5. december 2022", or "Fristen var …"
    is_overdue: bool
    committee: str
    made: str  # "Punkt 3, 3. oktober 2022"
    made_url: str
    responsible: str  # for the committee's own people: it may be an official by name
    is_open: bool
    can_settle: bool
    proposed_on: str  # the day of the meeting it can be put on now; "" where there is none
    asks_if_open: bool  # no item says whether its answer is to be treated in the open


def awaiting_an_item(promises: Any) -> Any:
    """Of these promises, return the open ones that no item is waiting to answer: none was put on, or the one that was
    has been put off.
    """
    put_off = Decision.including_closed.filter(item=OuterRef("answer"))  # and it is open still: on procedure only
    return promises.still_open().filter(Q(answer__isnull=True) | Exists(put_off))


def meeting_to_answer(promise: Promise) -> Meeting | None:
    """The meeting at which a promise is to be kept: the one it is due at, else the committee's next."""
    return _meeting_for(promise, upcoming(promise.given_in.pk))


def upcoming(*committees: int) -> "QuerySet[Meeting]":
    """The committees' meetings that can still take an item, the next first."""
    return Meeting.objects.filter(
        committee__in=committees, date__gte=today(), cancelled="", closing__isnull=True
    ).order_by("date", "starts_at", "pk")


def _rows(promises: "QuerySet[Promise]", viewer: Any) -> tuple[PromiseRow, ...]:
    """Tell promises that came through `visible_to`, in six queries at most."""
    near = "item__meeting__committee"
    found = promises.select_related(near, "committee").prefetch_related(
        f"{near}__former_names", "committee__former_names"
    )
    told = [pair for pairs in promise_lines(found, viewer=viewer).values() for pair in pairs]
    told.sort(key=lambda pair: (pair[0].due_on, pair[0].pk))
    pks = [promise.pk for promise, _ in told]
    open_now = set(Promise.including_closed.filter(pk__in=pks).still_open().values_list("pk", flat=True))
    waiting = set(awaiting_an_item(Promise.including_closed.filter(pk__in=pks)).values_list("pk", flat=True))
    committees = {promise.given_in for promise, _ in told}
    inside, settling, planning = (
        {one.pk for one in committees if has_right(viewer, right, one)}
        for right in (Right.READ_MEETINGS, Right.RECORD_DECISIONS, Right.PLAN_MEETINGS)
    )
    ahead = list(upcoming(*planning)) if planning else []
    return tuple(
        _row(
            promise,
            line,
            is_open=promise.pk in open_now,
            is_inside=promise.given_in.pk in inside,
            can_settle=promise.given_in.pk in settling,
            meeting=_meeting_for(promise, ahead) if promise.pk in waiting else None,
        )
        for promise, line in told
    )


def _meeting_for(promise: Promise, ahead: Iterable[Meeting]) -> Meeting | None:
    own = [meeting for meeting in ahead if meeting.committee_id == promise.given_in.pk]
    return next((meeting for meeting in own if meeting.pk == promise.due_meeting_id), own[0] if own else None)


def _row(
    promise: Promise, line: PromiseLine, *, is_open: bool, is_inside: bool, can_settle: bool, meeting: Meeting | None
) -> PromiseRow:
    is_overdue = is_open and promise.due_on < today()
    return PromiseRow(
        pk=promise.pk,
        line=line,
        deadline=f"{'Fristen var' if is_overdue else 'Senest'} {line.due}",
        is_overdue=is_overdue,
        committee=promise.held_by,
        made=where_made(promise),
        made_url=where_to_read(promise),
        responsible=line.responsible if is_inside else "",
        is_open=is_open,
        can_settle=is_open and can_settle,
        proposed_on=format_date(meeting.date) if meeting else "",
        asks_if_open=promise.item is None,
    )


def where_made(promise: Promise) -> str:
    """Punkt 3, 3. oktober 2022; or Dialogmødet midtvejs, 14. november 2023."""
    where = f"Punkt {promise.item.number}" if promise.item else promise.made_at
    return f"{where}, {format_date(promise.given_on)}"


def where_to_read(promise: Promise) -> str:
    """The page that tells of what it was made at."""
    return promise.item.get_absolute_url() if promise.item else promise.made_url


@dataclass(frozen=True, slots=True)
class PromiseLedger:
    """Løfterne a viewer may read, of all committees or one, open ones or all."""

    rows: tuple[PromiseRow, ...]
    paging: Paging
    committees: tuple[Committee, ...]
    selected: Committee | None
    shows_all: bool

    @classmethod
    def for_viewer(cls, viewer: Any, *, committee_slug: str = "", shows_all: bool = False, number: str = "1") -> Self:
        """Ask for one page; the committees to choose from are those that have promises to show."""
        visible = Promise.including_closed.visible_to(viewer)
        having = Committee.objects.filter(
            Q(pk__in=visible.values("item__meeting__committee")) | Q(pk__in=visible.values("committee"))
        )
        committees = sorted(having, key=lambda one: sort_key(one.name))
        selected = next((one for one in committees if one.slug == committee_slug), None)
        wanted = visible.given_in([selected]) if selected else visible
        ordered = wanted.order_by("due_on", "pk") if shows_all else wanted.still_open()
        shown, paging = Paging.through(
            ordered.values_list("pk", flat=True),
            number,
            udvalg=selected.slug if selected else "",
            vis="alle" if shows_all else "",
        )
        rows = _rows(Promise.including_closed.visible_to(viewer).filter(pk__in=list(shown)), viewer)
        return cls(rows, paging, tuple(committees), selected, shows_all)


@dataclass(frozen=True, slots=True)
class OpenPromises:
    """The oldest open promises of one committee, for its page."""

    rows: tuple[PromiseRow, ...]
    total: int

    @classmethod
    def of(cls, committee: Committee, *, viewer: Any) -> Self:
        """Ask for those the viewer may read; ask nothing more where there are none."""
        visible = Promise.including_closed.visible_to(viewer).given_in([committee])
        pks = list(visible.still_open().values_list("pk", flat=True))
        first = Promise.including_closed.visible_to(viewer).filter(pk__in=pks[:ON_THE_COMMITTEES_PAGE])
        return cls(_rows(first, viewer) if pks else (), len(pks))

    @property
    def has_more(self) -> bool:
        """Whether the ledger has more than these."""
        return self.total > len(self.rows)


@dataclass(frozen=True, slots=True)
class ProposedPromise:
    """Et løfte to put on this agenda."""

    pk: int
    text: str
    due: str
    is_overdue: bool
    made: str
    made_url: str
    asks_if_open: bool


def promises_for_agenda(meeting: Meeting, *, viewer: Any) -> tuple[ProposedPromise, ...]:
    """Return the promises to put on the meeting's agenda: open, due by then or soon after, and answered by no item
    yet. Nothing for a meeting that is closed. One query.
    """
    visible = (
        Promise.including_closed.visible_to(viewer)
        .given_in([meeting.committee_id])
        .filter(due_on__lte=meeting.date + IN_GOOD_TIME)
    )
    closed = Closing.objects.filter(meeting=meeting)
    found = awaiting_an_item(visible).filter(~Exists(closed)).exclude(item__meeting=meeting)
    return tuple(_proposed(promise, meeting.date) for promise in found.select_related("item__meeting"))


def _proposed(promise: Promise, on: date) -> ProposedPromise:
    return ProposedPromise(
        promise.pk, promise.text, format_date(promise.due_on), promise.due_on < on,
        where_made(promise), where_to_read(promise), asks_if_open=promise.item is None,
    )  # fmt: skip

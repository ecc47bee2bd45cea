"""Hændelser: what the log tells, to those who may read it, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from kit.clock import beginning_of
from kit.dates import format_date, format_datetime, format_time, read_date
from meetings.models import Committee, Event, LogSeal, Municipality, Right, UnsealedEvent
from meetings.models.noticed import READ
from pejlemaerker.documents.log_words import CHECKED, EXPORTED, kind_of_thing, what_was_done

A_PAGE = 50
MOST_EXPORTED = 100_000
_ORGANISATION = (
    "municipality", "committee", "membership", "person", "orgunit", "leadergroup", "leadership", "councilterm",
    "sectionheading", "housephrase", "dispatchrule", "formername",
)  # fmt: skip
KINDS: dict[str, tuple[str, Q]] = {
    "laesning": ("Læsning af lukkede punkter", Q(action=READ)),
    "protokol": (
        "Møder og beslutninger",
        Q(target_type__startswith="meetings.")
        & ~Q(action__in=[READ, CHECKED, EXPORTED])
        & ~Q(target_type__in=[f"meetings.{name}" for name in _ORGANISATION]),
    ),
    "pejlemaerker": ("Pejlemærker, evalueringer og notater", Q(target_type__startswith="pejlemaerker.")),
    "organisation": (
        "Organisation",
        Q(target_type__in=[f"meetings.{name}" for name in _ORGANISATION]) & ~Q(action__in=[CHECKED, EXPORTED]),
    ),
    "log": ("Loggen selv", Q(action__in=[CHECKED, EXPORTED])),
}


@dataclass(frozen=True, slots=True)
class LogFilters:
    """What the log is narrowed by; a choice that is none of those there are is no choice."""

    who: str = ""
    what: str = ""
    kind: str = ""
    municipality: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, asked: QueryDict) -> Self:
        """Read the choices."""
        kind = asked.get("art", "")
        return cls(
            who=_text(asked, "hvem"), what=_text(asked, "hvad"), kind=kind if kind in KINDS else "",
            municipality=_text(asked, "kommune"), since=read_date(asked.get("fra", "")),
            until=read_date(asked.get("til", "")),
        )  # fmt: skip

    def applied_to(self, events: "QuerySet[Event]") -> "QuerySet[Event]":
        """Narrow the log."""
        if self.who:
            events = events.filter(actor__icontains=self.who)
        if self.what:
            events = events.filter(Q(target__icontains=self.what) | Q(changes__where__icontains=self.what))
        if self.kind:
            events = events.filter(KINDS[self.kind][1])
        if self.municipality:
            events = events.filter(municipality_pk__in=Municipality.objects.filter(slug=self.municipality).values("pk"))
        if self.since:
            events = events.filter(at__gte=beginning_of(self.since))
        if self.until and self.until < date.max:
            events = events.filter(at__lt=beginning_of(self.until + timedelta(days=1)))
        return events

    def as_query(self) -> dict[str, str]:
        """The choices as they stand in an address."""
        told = {
            "hvem": self.who, "hvad": self.what, "art": self.kind, "kommune": self.municipality,
            "fra": self.since.isoformat() if self.since else "", "til": self.until.isoformat() if self.until else "",
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}


def _text(asked: QueryDict, name: str) -> str:
    return asked.get(name, "").replace("\x00", "").strip()[:100]


@dataclass(frozen=True, slots=True)
class LogLine:
    """One event in a sentence."""

    pk: int
    at: str
    hour: str
    day: str
    actor: str
    done: str
    target: str
    kind: str  # the thing's Danish name, where the target does not say it
    note: str
    home: str

    @classmethod
    def of(cls, event: Event, committees: dict[int, str]) -> Self:
        """Tell an event."""
        local = timezone.localtime(event.at)
        return cls(
            pk=event.pk, at=format_datetime(local), hour=format_time(local), day=format_date(local.date()),
            actor=event.actor, done=what_was_done(event.action) or event.action, target=event.target,
            kind="" if event.action in (READ, CHECKED, EXPORTED) else kind_of_thing(event.target_type),
            note=f"på {event.changes['where']}" if event.action == READ and "where" in event.changes else "",
            home=committees.get(event.committee_pk or 0, ""),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LogState:
    """Whether the log is whole: as it was checked last, and how far it is sealed."""

    sealed_at: datetime | None
    waiting: int
    checked: str  # when and by whom; empty where it never was
    was_whole: bool

    @classmethod
    def now(cls) -> Self:
        """Ask three queries; the chain itself is read when somebody asks for a check."""
        seal = LogSeal.objects.defer("events", "digests").last()
        last = Event.objects.filter(action=CHECKED).order_by("-pk").first()
        return cls(
            sealed_at=seal.sealed_at if seal else None,
            waiting=UnsealedEvent.objects.count(),
            checked=format_datetime(timezone.localtime(last.at)) if last else "",
            was_whole=bool(last and last.changes.get("whole")),
        )

    @property
    def sealed(self) -> str:
        """When it was sealed last."""
        return format_datetime(timezone.localtime(self.sealed_at)) if self.sealed_at else ""


@dataclass(frozen=True, slots=True)
class LogDocument:
    """A page of the log, newest first, by day."""

    filters: LogFilters
    days: tuple[tuple[str, tuple[LogLine, ...]], ...]
    older: str  # the address of what comes before; empty at the end
    newest: str  # the way back to the newest, where this is not it
    municipalities: tuple[Municipality, ...]
    kinds: tuple[tuple[str, str], ...]
    state: LogState

    @classmethod
    def for_viewer(cls, viewer: Any, *, filters: LogFilters, before: str = "") -> Self:
        """Ask a handful of queries, however long the log is: the place in it is a number, not a count."""
        events = filters.applied_to(Event.objects.visible_to(viewer)).order_by("-pk")
        is_newest = not (before.isdecimal() and len(before) < 19)
        if not is_newest:
            events = events.filter(pk__lt=int(before))
        found = list(events[: A_PAGE + 1])
        shown = found[:A_PAGE]
        query = filters.as_query()
        return cls(
            filters=filters,
            days=_by_day(shown),
            older="?" + urlencode({**query, "foer": shown[-1].pk}) if len(found) > A_PAGE else "",
            newest="" if is_newest else f"?{urlencode(query)}",
            municipalities=_municipalities_of(viewer),
            kinds=tuple((value, name) for value, (name, _) in KINDS.items()),
            state=LogState.now(),
        )


def _by_day(events: list[Event]) -> tuple[tuple[str, tuple[LogLine, ...]], ...]:
    committees = dict(Committee.objects.filter(pk__in={one.committee_pk for one in events}).values_list("pk", "name"))
    days: dict[str, list[LogLine]] = {}
    for line in (LogLine.of(event, committees) for event in events):
        days.setdefault(line.day, []).append(line)
    return tuple((day, tuple(lines)) for day, lines in days.items())


def _municipalities_of(viewer: Any) -> tuple[Municipality, ...]:
    return tuple(Municipality.objects.filter(pk__in=[role.municipality for role in viewer.holds(Right.READ_LOG)]))


COLUMNS = (
    "nummer", "tidspunkt", "hvem", "hvem_nr", "handling", "kode", "art", "genstand", "genstand_nr", "kommune_nr",
    "udvalg_nr", "detaljer",
)  # fmt: skip


def rows_for(viewer: Any, filters: LogFilters) -> Iterator[dict[str, Any]]:
    """The log as a table, newest first, as far as the viewer may read it."""
    events = filters.applied_to(Event.objects.visible_to(viewer)).order_by("-pk")[:MOST_EXPORTED]
    for event in events.iterator():
        told = (
            event.pk, timezone.localtime(event.at).isoformat(timespec="seconds"), event.actor, event.actor_pk,
            what_was_done(event.action) or event.action, event.action, kind_of_thing(event.target_type), event.target,
            event.target_pk, event.municipality_pk, event.committee_pk, str(event.changes or ""),
        )  # fmt: skip
        yield dict(zip(COLUMNS, told, strict=True))

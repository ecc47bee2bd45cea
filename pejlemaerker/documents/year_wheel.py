"""Årshjulet: a year of a committee or of a whole municipality, month by month, for one viewer on one day."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Self

from kit.danish import join_words, sort_key
from kit.dates import MONTHS, format_date, format_time
from meetings.models import Committee, Meeting, Municipality
from pejlemaerker.documents.as_of import AsOfNote, day_query
from pejlemaerker.documents.known_meetings import known_meetings
from pejlemaerker.documents.wheel_drawing import Mark, Ring, Wheel, draw
from pejlemaerker.documents.wheel_events import SetEvent, WheelSet, set_events, sets_of
from pejlemaerker.models import AsOf, GoalSet

type Kind = Literal["meeting", "step", "held"]

RINGS = 4  # more sets than these share rings: one for each committee, else one for all
LETTERS = "ABCD"
YEARS = range(1970, 2200)


@dataclass(frozen=True, slots=True)
class WheelEntry:
    """Noget i året: a sentence with its day, what it is and whose, and the number it bears in the drawing."""

    number: int
    kind: Kind
    starts: date  # within the year
    ends: date
    is_span: bool
    when: str
    what: str
    whose: str
    url: str
    note: str = ""
    ring: str = ""  # the letter of its ring
    is_done: bool = False
    is_cancelled: bool = False
    is_demo: bool = False

    @property
    def detail(self) -> str:
        """Whose it is, with the letter of its ring, and what more there is to say."""
        whose = f"{self.whose} ({self.ring})" if self.ring else self.whose
        return " ".join(f"{part}." for part in (whose, self.note) if part)

    @property
    def mark(self) -> Mark:
        """How it is drawn."""
        shape: Any = "meeting" if self.kind == "meeting" else "span" if self.is_span else "day"
        return Mark(self.number, shape, self.starts, self.ends, self.is_done, self.is_cancelled)


@dataclass(frozen=True, slots=True)
class WheelMonth:
    """En måned with what begins in it."""

    name: str
    entries: tuple[WheelEntry, ...]
    periods: tuple[str, ...]  # the periods that begin or end in it, a sentence each


@dataclass(frozen=True, slots=True)
class RingKey:
    """En ring's letter and what it is of."""

    letter: str
    name: str


@dataclass(frozen=True, slots=True)
class YearWheelDocument:
    """Et årshjul."""

    municipality: Municipality
    committee: Committee | None  # None for the whole municipality
    whose: str  # the committee by the name it bore that year, or the municipality
    year: int
    at: AsOf
    today: date
    months: tuple[WheelMonth, ...]
    undated: tuple[SetEvent, ...]
    rings: tuple[RingKey, ...]
    wheel: Wheel
    kept_since: date

    @classmethod
    def for_committee(cls, committee: Committee, *, viewer: Any, year: int, at: AsOf, today: date) -> Self:
        """Gather the year of one committee: its meetings, and the sets it owns or shares."""
        return cls._of(committee.municipality, [committee], committee, viewer=viewer, year=year, at=at, today=today)

    @classmethod
    def for_municipality(cls, municipality: Municipality, *, viewer: Any, year: int, at: AsOf, today: date) -> Self:
        """Gather the year of all committees together."""
        committees = list(Committee.objects.filter(municipality=municipality))
        return cls._of(municipality, committees, None, viewer=viewer, year=year, at=at, today=today)

    @classmethod
    def _of(
        cls,
        municipality: Municipality,
        committees: list[Committee],
        committee: Committee | None,
        *,
        viewer: Any,
        year: int,
        at: AsOf,
        today: date,
    ) -> Self:
        sets = sets_of(committees, viewer=viewer, at=at)
        events = set_events(sets, committees, viewer=viewer, at=at)
        keys = _ring_keys(sets, events, year, with_committee=committee is None)
        told = [
            *_meetings(committees, year, viewer, at, in_one=committee is not None),
            *_dated(events, year, keys, with_committee=committee is None),
        ]
        told.sort(key=lambda one: (one.starts, one.kind != "meeting", one.ends, sort_key(one.what), one.ring, one.url))
        entries = [replace(entry, number=n) for n, entry in enumerate(told, start=1)]
        return cls(
            municipality=municipality,
            committee=committee,
            whose=committee.name_on(min(at.on, date(year, 12, 31))) if committee else municipality.name,
            year=year,
            at=at,
            today=today,
            months=tuple(_months(entries, sets, year)),
            undated=tuple(event for event in events if event.is_undated and event.covers(year)),
            rings=tuple(RingKey(letter, name) for letter, name in dict.fromkeys(keys.values())),
            wheel=draw(year, _rings(entries, keys, sets, year), today=at.on),
            kept_since=max((one.kept_since for one in sets), default=date.min),
        )

    @property
    def entries(self) -> tuple[WheelEntry, ...]:
        """All that has a place in the year, in order."""
        return tuple(entry for month in self.months for entry in month.entries)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell of the year."""
        return not (self.months or self.undated)

    @property
    def has_invented(self) -> bool:
        """Whether some of it was made up for the demo."""
        return any(entry.is_demo for entry in self.entries)

    @property
    def title(self) -> str:
        """Årshjul 2023."""
        return f"Årshjul {self.year}"

    @property
    def gist(self) -> str:
        """The drawing in words: what it holds, how it is read."""
        meetings = sum(1 for entry in self.entries if entry.kind == "meeting")
        others = len(self.entries) - meetings
        told = [f"{meetings} {'møde' if meetings == 1 else 'møder'}", f"{others} trin i opfølgningen"]
        return f"{self.title} for {self.whose}: {join_words(told)}. Det hele står i listen med de samme numre."

    @property
    def today_text(self) -> str:
        """What the line across the rings is, where there is one."""
        if self.wheel.today is None:
            return ""
        return f"I dag, {format_date(self.at.on)}" if self.at.on == self.today else format_date(self.at.on)

    @property
    def has_several_in_one(self) -> bool:
        """Whether some marks stand for several entries."""
        return any(mark.stands_for > 1 for ring in self.wheel.rings for mark in ring.marks)

    @property
    def shapes(self) -> frozenset[str]:
        """Which shapes the drawing has, and so the key explains."""
        marks = [mark for ring in self.wheel.rings for mark in ring.marks]
        named = {"done" if one.mark.shape == "day" and one.mark.is_done else one.mark.shape for one in marks}
        return frozenset(named | {"cancelled" for one in marks if one.mark.is_cancelled})

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.kept_since)

    @property
    def query(self) -> str:
        """What the address asks for: the year, the municipality, and the day when it is another than today."""
        day = day_query(self.at)
        kept = f"&kommune={self.municipality.slug}" if self.committee is None else ""
        return f"{day}&aar={self.year}{kept}" if day else f"?aar={self.year}{kept}"

    @property
    def before(self) -> str:
        """The query of the year before; none before the first."""
        return replace(self, year=self.year - 1).query if self.year - 1 in YEARS else ""

    @property
    def after(self) -> str:
        """The query of the year after."""
        return replace(self, year=self.year + 1).query if self.year + 1 in YEARS else ""


# --- What is in the year ----------------------------------------------------------------------------------------------


def _meetings(committees: list[Committee], year: int, viewer: Any, at: AsOf, *, in_one: bool) -> Iterator[WheelEntry]:
    """The meetings; in a committee's own wheel nobody needs to be told whose they are."""
    found = known_meetings(viewer, at=at).filter(committee__in=committees, date__year=year)
    for meeting in found.select_related("committee").prefetch_related("committee__former_names"):
        ordinary = meeting.kind == Meeting.Kind.ORDINARY
        yield WheelEntry(
            number=0,
            kind="meeting",
            starts=meeting.date,
            ends=meeting.date,
            is_span=False,
            when=_day(meeting.date) + (f" {format_time(meeting.starts_at)}" if meeting.starts_at else ""),
            what="Møde" if ordinary else meeting.get_kind_display(),
            whose="" if in_one else meeting.held_by,
            url=meeting.get_absolute_url(),
            note="Aflyst" if meeting.cancelled else "",
            is_done=meeting.date <= at.on and not meeting.cancelled,
            is_cancelled=bool(meeting.cancelled),
            is_demo=meeting.is_demo,
        )


def _dated(
    events: Iterable[SetEvent], year: int, keys: dict[int, tuple[str, str]], *, with_committee: bool
) -> Iterator[WheelEntry]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    for event in events:
        if event.earliest is None or event.latest is None or event.earliest > last or event.latest < first:
            continue
        letters = list(dict.fromkeys(keys[one.pk][0] for one in event.of))
        yield WheelEntry(
            number=0,
            kind="step" if event.is_step else "held",
            starts=max(event.earliest, first),
            ends=min(event.latest, last),
            is_span=not event.is_firm,
            when=_day(event.earliest) if event.is_firm else event.when,
            what=event.what,
            whose=event.full_whose if with_committee else event.whose,
            url=event.url,
            note=event.note if event.is_firm else ". ".join(part for part in (_span(event), event.note) if part),
            ring=letters[0] if letters else "",
            is_done=event.is_done,
            is_cancelled=event.is_cancelled,
            is_demo=event.is_demo,
        )


def _day(day: date) -> str:
    return f"{day.day}. {MONTHS[day.month - 1]}"


def _span(event: SetEvent) -> str:
    """The days that vague words can mean: "Tegnet som september til november"; with years where it crosses one."""
    first, last = event.earliest, event.latest
    if first is None or last is None:
        return ""
    if first.year != last.year:
        return f"Tegnet som {_part(first, is_end=False)} {first.year} til {_part(last, is_end=True)} {last.year}"
    begins, ends = _part(first, is_end=False), _part(last, is_end=True)
    return f"Tegnet som {begins if begins == ends else f'{begins} til {ends}'}"


def _part(day: date, *, is_end: bool) -> str:
    """A month, where the span begins or ends with it; else the day."""
    whole = day.day == (monthrange(day.year, day.month)[1] if is_end else 1)
    return MONTHS[day.month - 1] if whole else _day(day)


def _months(entries: list[WheelEntry], sets: list[WheelSet], year: int) -> Iterator[WheelMonth]:
    for month, name in enumerate(MONTHS, start=1):
        here = tuple(entry for entry in entries if entry.starts.month == month)
        periods = tuple(_periods(sets, year, month))
        if here or periods:
            yield WheelMonth(name.capitalize(), here, periods)


def _periods(sets: list[WheelSet], year: int, month: int) -> Iterator[str]:
    told: dict[tuple[date, str, str], list[str]] = {}
    for one in sets:
        period = one.goal_set.period
        for day, verb in ((period.starts_on, "begynder"), (period.ends_on, "slutter")):
            if (day.year, day.month) == (year, month):
                told.setdefault((day, f"perioden {period}", verb), []).append(one.name)
    for (day, named, verb), names in sorted(told.items()):
        yield f"{_day(day)} {verb} {named} for {join_words(sorted(set(names), key=sort_key))}."


# --- The drawing ------------------------------------------------------------------------------------------------------


def _ring_keys(
    sets: list[WheelSet], events: list[SetEvent], year: int, *, with_committee: bool
) -> dict[int, tuple[str, str]]:
    """Give each set that has something in the year a ring, by letter and name; many sets share."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    used = {
        one.pk
        for event in events
        for one in event.of
        if event.earliest and event.latest and event.earliest <= last and event.latest >= first
    }
    shown = [one for one in sets if one.pk in used]
    names = {one.pk: one.full_name if with_committee else one.name for one in shown}
    if len(names) > RINGS:
        names = {one.pk: one.committee_name for one in shown}
    if len(set(names.values())) > RINGS:
        names = dict.fromkeys(names, "Trin i opfølgningen")
    letters = dict(zip(dict.fromkeys(names.values()), LETTERS, strict=False))
    return {pk: (letters[name], name) for pk, name in names.items()}


def _rings(entries: list[WheelEntry], keys: dict[int, tuple[str, str]], sets: list[WheelSet], year: int) -> list[Ring]:
    meetings = Ring("", tuple(entry.mark for entry in entries if not entry.ring))
    rings = [meetings] if meetings.marks else []
    for letter in dict.fromkeys(letter for letter, _ in keys.values()):
        marks = tuple(entry.mark for entry in entries if entry.ring == letter)
        own = [one for one in sets if keys.get(one.pk, ("",))[0] == letter]
        rings.append(Ring(letter, marks, _runs(own, year)))
    return rings


def _runs(sets: list[WheelSet], year: int) -> tuple[date, date] | None:
    """The days of the year that lie in the period of one of the sets; none of them, the whole year."""
    inside = [
        (max(one.goal_set.period.starts_on, date(year, 1, 1)), min(one.goal_set.period.ends_on, date(year, 12, 31)))
        for one in sets
        if one.covers(year)
    ]
    return (min(first for first, _ in inside), max(last for _, last in inside)) if inside else None


def municipalities() -> list[Municipality]:
    """The municipalities that have committees, in Danish order."""
    found = Municipality.objects.filter(pk__in=Committee.objects.values("municipality"))
    return sorted(found, key=lambda one: sort_key(one.name))


def first_to_show(among: list[Municipality], viewer: Any) -> Municipality | None:
    """The first municipality of which the viewer sees pejlemærker, else the first."""
    seen = set(GoalSet.objects.visible_to(viewer).values_list("period__committee__municipality", flat=True))
    return next((one for one in among if one.pk in seen), next(iter(among), None))

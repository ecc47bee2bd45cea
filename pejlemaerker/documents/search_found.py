"""Hvor der søges: in each kind of thing the newest hits among those the viewer may see, and how well they match.

Never all hits: counts, choices and order are made of the newest, so that a common word costs no more as the archive
grows. Everything goes through `visible_to`, so nothing of what is closed is in any number.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchRank
from django.db.models import BooleanField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate

from kit.search import Asked
from meetings.models import AgendaItem, Committee, Decision, ItemSection, Right
from pejlemaerker.models import Adoption, AsOf, Goal, GoalVersion, Note

NEWEST = 1_001  # of a kind; there may be more, and then nobody counts
_NEWEST_PARTS = 2_000
RANKED = 400  # the newest hits, whose words are weighed
_PART_RANK = 0.05  # found inside a longer word: below a title, above a word in passing

KINDS = {
    "pejlemaerke": "Pejlemærke", "ordlyd": "Ordlyd", "punkt": "Dagsordenspunkt", "beslutning": "Beslutning",
    "notat": "Notat",
}  # fmt: skip

type Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Valget: what the hits are narrowed to; all of it stands in the address."""

    udvalg: str = ""
    art: str = ""
    valgperiode: str = ""
    fra: date | None = None
    til: date | None = None

    @property
    def days(self) -> tuple[date, date] | None:
        """From the first day to the last; an open end is open. None where nothing is said of days."""
        if not (self.valgperiode or self.fra or self.til):
            return None
        first, last = term_days(self.valgperiode) if self.valgperiode else (date.min, date.max)
        return max(first, self.fra or date.min), min(last, self.til or date.max)

    def chosen(self) -> dict[str, str]:
        """What stands in the address."""
        said = {"udvalg": self.udvalg, "art": self.art, "valgperiode": self.valgperiode}
        days = {name: day.isoformat() for name, day in (("fra", self.fra), ("til", self.til)) if day}
        return {name: value for name, value in said.items() if value} | days


def term_of(day: date) -> str:
    """The valgperiode a day lies in, "2022-2025": four years from 1 January after the election."""
    first = 2022 + (day.year - 2022) // 4 * 4
    return f"{first}-{first + 3}"


def term_days(term: str) -> tuple[date, date]:
    """The first and the last day of a valgperiode as `term_of` names it."""
    first, last = term.split("-")
    return date(int(first), 1, 1), date(int(last), 12, 31)


def is_term(term: str) -> bool:
    """Whether it is a valgperiode in which something can lie."""
    return term in {term_of(date(year, 1, 1)) for year in range(1970, 2100, 4)}


class Found(NamedTuple):
    """A hit before it is told: where it was found, the thing itself (hits in an item's title and in its sections are
    one), whose it is, and of which day.
    """

    arm: str
    pk: int
    about: int
    committee: int
    day: date
    goal: int | None

    @property
    def thing(self) -> tuple[str, int]:
        """What was found."""
        return _THING[self.arm], self.about


# Arms by what they find; where a thing is found in several, the first of them tells it.
_THING = {
    "ordlyd": "ordlyd", "punkt": "punkt", "beslutning": "beslutning", "notat": "notat", "afsnit": "punkt",
    "del": "punkt", "dag": "punkt", "dag_beslutning": "beslutning",
}  # fmt: skip
_FIRST = {arm: place for place, arm in enumerate(_THING)}
_MODELS: dict[str, Any] = {
    "ordlyd": GoalVersion.objects, "punkt": AgendaItem.including_closed, "afsnit": ItemSection.including_closed,
    "beslutning": Decision.including_closed, "notat": Note.objects,
}  # fmt: skip


def find(viewer: Any, asked: Asked, narrowed: Narrowed) -> tuple[list[tuple[str, Found]], bool]:
    """The newest hits with their kinds, each thing once, and whether there may be more than these."""
    rows = [Found(*row) for row in united(_arms(viewer, asked, narrowed))]
    sizes = Counter(one.arm for one in rows)
    once = {one.thing: one for one in sorted(rows, key=lambda one: _FIRST[one.arm], reverse=True)}
    newest = sorted(once.values(), key=lambda one: (one.day, one.pk), reverse=True)
    return list(_with_kinds(newest)), max(sizes.values(), default=0) >= NEWEST


def united(arms: Iterable[Rows]) -> Iterator[tuple[Any, ...]]:
    """Ask several questions at once."""
    first, *others = arms
    yield from first.union(*others, all=True).order_by() if others else first


def _arms(viewer: Any, asked: Asked, narrowed: Narrowed) -> Iterator[Rows]:
    query, inside = asked.query, _holding("folded_title", asked.parts)
    wordings = GoalVersion.objects.filter(goal__in=Goal.objects.visible_to(viewer)).exclude(text="")
    items = _seen_by(viewer, AgendaItem.including_closed.all())
    decisions = _seen_by(viewer, Decision.including_closed.all())
    inside_text = _holding("folded_text", asked.parts)
    matching = wordings.filter(Q(search=query) | inside_text if inside_text else Q(search=query))
    yield _newest(
        matching, "ordlyd", narrowed, committee="goal__goal_set__period__committee", goal="goal_id",
        day=Coalesce("worded_on", "goal__goal_set__period__starts_on"),
    )  # fmt: skip
    yield _of_item(items.filter(search=query), "punkt", narrowed)
    yield _of_item(
        _seen_by(viewer, ItemSection.including_closed.all()).filter(search=query), "afsnit", narrowed, "item__"
    )
    yield _of_decision(decisions.filter(search=query), "beslutning", narrowed)
    yield _newest(
        _seen_by(viewer, Note.objects.all()).filter(search=query), "notat", narrowed, committee="committee_id",
        day=TruncDate("issued_at"),
    )  # fmt: skip
    if inside:
        # Looked up on their own, and only the newest: together with the order by day, PostgreSQL would look through the
        # whole index of parts once for every meeting. What is closed to the viewer pushes nothing else out.
        readable = Q(is_closed=False) | Q(meeting__committee__in=Committee.objects.where(viewer, Right.READ_CLOSED))
        holding = AgendaItem.including_closed.filter(inside, readable).order_by("-pk").values("pk")[:_NEWEST_PARTS]
        yield _of_item(items.filter(pk__in=holding), "del", narrowed)
    if asked.day:
        rest = Q() if asked.rest.is_empty else Q(search=asked.rest.query)
        yield _of_item(items.filter(rest, meeting__date=asked.day), "dag", narrowed)
        yield _of_decision(decisions.filter(rest, decided_on=asked.day), "dag_beslutning", narrowed)


def _seen_by(viewer: Any, rows: Any) -> Rows:
    """Those that the viewer may see, asked of each row when it comes to it. Asked of all rows at once, PostgreSQL would
    go through the whole archive before it finds the first: it guesses that next to nothing is public.
    """
    seen = rows.visible_to(viewer).filter(pk=OuterRef("pk")).order_by().values_list(Value(True))[:1]
    asked: Rows = rows.alias(_seen=Subquery(seen, output_field=BooleanField())).filter(_seen=True)
    return asked


def _holding(column: str, parts: Sequence[str]) -> Q:
    """The condition that a folded text holds all of these somewhere, also inside its words."""
    return Q(*((f"{column}__contains", part) for part in parts))


def _of_item(rows: Rows, arm: str, narrowed: Narrowed, path: str = "") -> Rows:
    return _newest(
        rows, arm, narrowed, about=f"{path}pk" if path else "pk", committee=f"{path}meeting__committee",
        day=F(f"{path}meeting__date"),
    )  # fmt: skip


def _of_decision(rows: Rows, arm: str, narrowed: Narrowed) -> Rows:
    return _newest(rows, arm, narrowed, committee="item__meeting__committee", day=F("decided_on"))


def _newest(
    rows: Rows, arm: str, narrowed: Narrowed, *, committee: str, day: Any, about: str = "pk", goal: str = ""
) -> Rows:
    """The newest of these, as `Found`."""
    found = rows.annotate(
        _arm=Value(arm), _about=F(about), _committee=F(committee), _day=day,
        _goal=F(goal) if goal else Value(None, output_field=IntegerField()),
    )  # fmt: skip
    if narrowed.udvalg:
        found = found.filter(**{f"{committee.removesuffix('_id')}__slug": narrowed.udvalg})
    if days := narrowed.days:
        found = found.filter(_day__range=days)
    told: Rows = found.order_by("-_day", "-pk").values_list("_arm", "pk", "_about", "_committee", "_day", "_goal")
    return told[:NEWEST]


def _with_kinds(found: list[Found]) -> Iterator[tuple[str, Found]]:
    """Tell the wordings that hold today (pejlemærker) from the others (ordlyde)."""
    goals = {one.goal for one in found if one.arm == "ordlyd"}
    adoptions = Adoption.objects.in_force(AsOf.now()).filter(version__goal__in=goals)
    in_force = set(adoptions.values_list("version", flat=True))
    for one in found:
        yield "pejlemaerke" if one.arm == "ordlyd" and one.pk in in_force else one.thing[0], one


def in_order(found: list[tuple[str, Found]], asked: Asked) -> list[tuple[str, Found]]:
    """The best of the newest first; what is as good, the newest first. The hits before these follow by day."""
    weighed, others = found[:RANKED], found[RANKED:]
    arms: dict[str, list[int]] = {}
    for _, one in weighed:
        arms.setdefault(one.arm, []).append(one.pk)
    weight = SearchRank(F("search"), asked.whole_words) + SearchRank(F("search"), asked.query)  # whole words twice
    questions = [
        # Seen already: these numbers came through visible_to.
        _MODELS[arm].filter(pk__in=pks).annotate(_arm=Value(arm), _rank=weight)
        .order_by().values_list("_arm", "pk", "_rank")
        for arm, pks in arms.items() if arm in _MODELS
    ]  # fmt: skip
    ranks = {(arm, pk): rank for arm, pk, rank in united(questions)} if questions else {}
    weighed.sort(key=lambda row: ranks.get((row[1].arm, row[1].pk)) or _PART_RANK, reverse=True)
    return weighed + others

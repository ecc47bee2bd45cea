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
from django.db import connection
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, TruncDate

from kit.search import Asked
from meetings.models import AgendaItem, Decision, ItemSection
from pejlemaerker.models import Adoption, AsOf, Goal, GoalVersion, Note

NEWEST = 301  # of a kind; there may be more, and then nobody counts
RANKED = 300  # the newest hits, whose words are weighed
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
    rows = _seen(_arms(viewer, asked, narrowed))
    sizes = Counter(one.arm for one in rows)
    once = {one.thing: one for one in sorted(rows, key=lambda one: _FIRST[one.arm], reverse=True)}
    newest = sorted(once.values(), key=lambda one: (one.day, one.pk), reverse=True)
    return list(_with_kinds(newest)), max(sizes.values(), default=0) >= NEWEST


def united(arms: Iterable[Rows]) -> Iterator[tuple[Any, ...]]:
    """Ask several questions at once."""
    first, *others = arms
    yield from first.union(*others, all=True).order_by() if others else first


_NEWEST_SEEN = (
    f"(SELECT _arm, _pk, _about, _committee, _day, _goal FROM ({{hits}} OFFSET 0) hit"  # noqa: S608 (our own words)
    f" WHERE _committee IS NOT NULL LIMIT {NEWEST})"
)


def _seen(arms: Iterable[Rows]) -> list[Found]:
    """Of each arm's hits the newest that have a committee (`_hits`): those the viewer may see; one query.

    PostgreSQL puts the hits in order first and then asks of one after another, until it has enough. That is what
    OFFSET 0 is for: without it every hit would be asked about before they are ordered, which takes ten times as long.
    """
    questions = [arm.query.sql_with_params() for arm in arms]
    statement = " UNION ALL ".join(_NEWEST_SEEN.format(hits=hits) for hits, _ in questions)
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for _, values in questions for value in values])
        return [Found(*row) for row in cursor.fetchall()]


def _arms(viewer: Any, asked: Asked, narrowed: Narrowed) -> Iterator[Rows]:
    items, sections = AgendaItem.including_closed.all(), ItemSection.including_closed.all()
    decisions, notes = Decision.including_closed.all(), Note.objects.all()
    query, inside = asked.query, _holding("folded_title", asked.parts)
    inside_text = _holding("folded_text", asked.parts)
    of_wording = Q(search=query) | inside_text if inside_text else Q(search=query)
    open_items = items.visible_to(viewer).values("meeting__committee")
    open_item = open_items.filter(pk=OuterRef("pk"))
    open_decision = decisions.visible_to(viewer).filter(pk=OuterRef("pk")).values("item__meeting__committee")
    yield _hits(
        GoalVersion.objects.filter(of_wording).exclude(text=""), "ordlyd", narrowed, goal="goal_id",
        day=Coalesce("worded_on", "goal__goal_set__period__starts_on"), path="goal__goal_set__period__committee",
        seen=Goal.objects.visible_to(viewer).filter(pk=OuterRef("goal")).values("goal_set__period__committee"),
    )  # fmt: skip
    yield _hits(
        notes.filter(search=query), "notat", narrowed, day=TruncDate("issued_at"), path="committee",
        seen=notes.visible_to(viewer).filter(pk=OuterRef("pk")).values("committee"),
    )  # fmt: skip

    def of_item(rows: Rows, arm: str) -> Rows:
        return _hits(rows, arm, narrowed, day=F("day"), path="meeting__committee", seen=open_item)

    def of_decision(rows: Rows, arm: str) -> Rows:
        return _hits(rows, arm, narrowed, day=F("decided_on"), path="item__meeting__committee", seen=open_decision)

    yield of_item(items.filter(search=query), "punkt")
    yield _hits(
        sections.filter(search=asked.query_of_words), "afsnit", narrowed, about="item_id", day=F("day"),
        path="item__meeting__committee", seen=open_items.filter(pk=OuterRef("item")),
    )  # fmt: skip
    yield of_decision(decisions.filter(search=asked.query_of_words), "beslutning")
    if inside:
        yield of_item(items.filter(inside), "del")
    if asked.day:
        rest = asked.rest
        yield of_item(items.filter(_also(rest, rest.query), day=asked.day), "dag")
        yield of_decision(decisions.filter(_also(rest, rest.query_of_words), decided_on=asked.day), "dag_beslutning")


def _also(rest: Asked, query: Any) -> Q:
    return Q() if rest.is_empty else Q(search=query)


def _holding(column: str, parts: Sequence[str]) -> Q:
    """The condition that a folded text holds all of these somewhere, also inside its words."""
    return Q(*((f"{column}__contains", part) for part in parts))


def _hits(
    rows: Rows, arm: str, narrowed: Narrowed, *, day: Any, path: str, seen: Rows, about: str = "pk", goal: str = ""
) -> Rows:
    """All that were found, as `Found`, the newest first: with the committee whose they are where the viewer may see
    them (`seen`), and with none where not. Only `_seen` reads them.
    """
    found = rows.annotate(
        _arm=Value(arm), _pk=F("pk"), _about=F(about), _committee=Subquery(seen.order_by()[:1]), _day=day,
        _goal=Cast(F(goal) if goal else Value(None), BigIntegerField()),
    )  # fmt: skip
    if narrowed.udvalg:
        found = found.filter(**{f"{path}__slug": narrowed.udvalg})
    if days := narrowed.days:
        found = found.filter(_day__range=days)
    told: Rows = found.order_by("-_day", "-_pk").values_list("_arm", "_pk", "_about", "_committee", "_day", "_goal")
    return told


def _with_kinds(found: list[Found]) -> Iterator[tuple[str, Found]]:
    """Tell the wordings that hold today (pejlemærker) from the others (ordlyde)."""
    goals = {one.goal for one in found if one.arm == "ordlyd"}
    in_force = _in_force(goals) if goals else set()
    for one in found:
        yield "pejlemaerke" if one.arm == "ordlyd" and one.pk in in_force else one.thing[0], one


def _in_force(goals: set[int | None]) -> set[int]:
    adoptions = Adoption.objects.in_force(AsOf.now()).filter(version__goal__in=goals)
    return set(adoptions.values_list("version", flat=True))


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

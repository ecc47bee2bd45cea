"""Et fund, as it is told: what it is, its title, whose and when, and the piece of its text in which the words stand."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchHeadline
from django.db.models import Case, CharField, DateField, F, IntegerField, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear, Left, TruncDate
from django.urls import reverse

from kit.dates import format_date
from kit.search import Asked, Folded, Piece, TextsInside, marked, snippet
from meetings.models import AgendaItem, Committee, Decision, ItemSection
from meetings.models.noticed import notice
from pejlemaerker.documents.search_found import KINDS, Found, Rows, united
from pejlemaerker.models import GoalVersion, Note

_HEADLINED = 30_000  # signs in which the found words are looked for
_OPEN, _SHUT = "⟦", "⟧"
_MARKED = re.compile(f"{_OPEN}(.*?){_SHUT}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Hit:
    """Et fund."""

    kind: str
    title: tuple[Piece, ...]
    url: str
    about: str
    text: tuple[Piece, ...]


class _Row(NamedTuple):
    """What is fetched of a hit to tell it."""

    arm: str
    pk: int
    title: str
    text: str
    headline: str
    number: str
    parent: int | None
    version: int | None
    first_year: int | None
    last_year: int | None
    day: date | None
    closed: int | None  # the dagsordenspunkt it is told of, when that is closed


def told(shown: Sequence[tuple[str, Found]], asked: Asked, committees: Mapping[int, Committee]) -> Iterator[Hit]:
    """Tell these hits; one query for all of them. They came through `visible_to`, so they may be told."""
    pks: dict[str, list[int]] = {}
    for _, one in shown:
        pks.setdefault(_TOLD_BY.get(one.arm, one.arm), []).append(one.pk)
    questions = [_QUESTIONS[arm](found, asked) for arm, found in pks.items()]
    rows = {(row.arm, row.pk): row for row in (_Row(*row) for row in united(questions))} if questions else {}
    for kind, one in shown:
        row = rows[_TOLD_BY.get(one.arm, one.arm), one.pk]
        notice(AgendaItem._meta.label_lower, row.closed)
        yield _hit(kind, one, row, asked, committees[one.committee])


_TOLD_BY = {"del": "punkt", "dag": "punkt", "dag_beslutning": "beslutning"}


def _hit(kind: str, found: Found, row: _Row, asked: Asked, committee: Committee) -> Hit:
    words = {match[1] for match in _MARKED.finditer(row.headline)}
    parts = asked.parts if found.arm in ("del", "ordlyd") else ()
    title, url = _title_and_url(kind, row)
    body = " ".join(json.loads(row.text)) if kind == "notat" else row.text
    day = format_date(row.day) if row.day else ""
    return Hit(
        kind=KINDS[kind],
        title=marked(title, words, start=asked.last, parts=parts),
        url=url,
        about=" · ".join(part for part in (committee.name_on(found.day), day) if part),
        text=snippet(body, words, start=asked.last, parts=parts),
    )


def _title_and_url(kind: str, row: _Row) -> tuple[str, str]:
    if kind in ("pejlemaerke", "ordlyd"):
        goal = f"pejlemærke {row.number}" if row.number else "pejlemærke uden nummer"
        where = f"{row.title} {row.first_year}–{row.last_year}"
        if kind == "pejlemaerke":
            return f"{goal.capitalize()}, {where}", reverse("goal", args=[row.parent])
        return f"Ordlyd {row.version} af {goal}, {where}", reverse("wording", args=[row.parent, row.version])
    if kind == "notat":
        return f"{row.number}: {row.title}", reverse("issued_note", args=[row.pk])
    return row.title, reverse("item", args=[row.parent, row.number])


# --- What is fetched --------------------------------------------------------------------------------------------------


def _closed(item: str, path: str) -> Case:
    """The number of an item that is closed: to tell of one is a reading."""
    return Case(When(**{f"{path}is_closed": True}, then=F(item)), output_field=IntegerField())


def _wordings(pks: list[int], asked: Asked) -> Rows:
    period = "goal__goal_set__period"
    return _rows(
        GoalVersion.objects.filter(pk__in=pks), "ordlyd", asked, title="goal__goal_set__area__name", text=F("text"),
        number=Coalesce(Cast("goal__number", CharField()), Value("")), parent=F("goal_id"), version=F("number"),
        first=ExtractYear(f"{period}__starts_on"), last=ExtractYear(f"{period}__ends_on"), day=F("worded_on"),
    )  # fmt: skip


def _items(pks: list[int], asked: Asked) -> Rows:
    return _rows(
        AgendaItem.including_closed.filter(pk__in=pks), "punkt", asked, title="title", text=Value(""),
        number=F("number"), parent=F("meeting_id"), day=F("meeting__date"), closed=_closed("pk", ""),
    )  # fmt: skip


def _sections(pks: list[int], asked: Asked) -> Rows:
    return _rows(
        ItemSection.including_closed.filter(pk__in=pks), "afsnit", asked, title="item__title", text=F("text"),
        number=F("item__number"), parent=F("item__meeting_id"), day=F("item__meeting__date"),
        closed=_closed("item_id", "item__"),
    )  # fmt: skip


def _decisions(pks: list[int], asked: Asked) -> Rows:
    return _rows(
        Decision.including_closed.filter(pk__in=pks), "beslutning", asked, title="item__title", text=F("text"),
        number=F("item__number"), parent=F("item__meeting_id"), day=F("decided_on"),
        closed=_closed("item_id", "item__"),
    )  # fmt: skip


def _notes(pks: list[int], asked: Asked) -> Rows:
    return _rows(
        Note.objects.filter(pk__in=pks), "notat", asked, title="title", text=TextsInside("paper"),
        number=Concat(Cast("number_year", CharField()), Value("-"), Cast("number", CharField())),
        day=TruncDate("issued_at"),
    )  # fmt: skip


_QUESTIONS = {
    "ordlyd": _wordings, "punkt": _items, "afsnit": _sections, "beslutning": _decisions, "notat": _notes,
}  # fmt: skip


def _rows(rows: Rows, arm: str, asked: Asked, *, title: str, text: Any, number: Any, day: Any, **numbers: Any) -> Rows:
    """The rows as `_Row`. Where the words stand is looked for in the folded text; what is shown is the text itself."""
    read = Folded(Left(Concat(F(title), Value(" "), text, output_field=TextField()), _HEADLINED))
    headline = SearchHeadline(
        read, asked.query, config="danish", start_sel=_OPEN, stop_sel=_SHUT, max_fragments=3, max_words=30, min_words=5
    )
    missing = Value(None, output_field=IntegerField())
    told: Rows = rows.order_by().annotate(
        _arm=Value(arm), _title=Cast(F(title), TextField()), _text=Cast(text, TextField()), _headline=headline,
        _number=Cast(number, TextField()), _parent=numbers.get("parent", missing),
        _version=numbers.get("version", missing), _first=numbers.get("first", missing),
        _last=numbers.get("last", missing), _told_day=Cast(day, DateField()), _closed=numbers.get("closed", missing),
    ).values_list(
        "_arm", "pk", "_title", "_text", "_headline", "_number", "_parent", "_version", "_first", "_last", "_told_day",
        "_closed",
    )  # fmt: skip
    return told

"""Søgning: what a viewer may find, counted, weighed and told; as many queries for a million rows as for one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django.urls import reverse

from kit.danish import sort_key
from kit.search import Asked
from meetings.documents.paging import Paging
from meetings.models import Committee
from pejlemaerker.documents.search_found import KINDS, NEWEST, Found, Narrowed, find, in_order, term_of
from pejlemaerker.documents.search_told import Hit, told
from pejlemaerker.documents.search_words import suggestion

A_PAGE = 20

type Of = list[tuple[str, Found]]


@dataclass(frozen=True, slots=True)
class Option:
    """Something to narrow the hits by, with how many there are of it."""

    value: str
    name: str
    count: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What was found, a page of it, and what it can be narrowed by."""

    asked: Asked
    narrowed: Narrowed
    count: str = ""
    hits: tuple[Hit, ...] = ()
    kinds: tuple[Option, ...] = ()
    committees: tuple[Option, ...] = ()
    terms: tuple[Option, ...] = ()
    paging: Paging | None = None
    suggestion: str = ""

    @classmethod
    def for_viewer(cls, viewer: Any, *, asked: Asked, narrowed: Narrowed, page: int = 1) -> Self:
        """Find, count, weigh and tell; nothing is asked where nothing is looked for."""
        if asked.is_empty:
            return cls(asked, narrowed)
        found, has_more = find(viewer, asked, narrowed)
        chosen = [row for row in found if not narrowed.art or row[0] == narrowed.art]
        committees = _committees(one.committee for _, one in found)
        paging = _paging(asked, narrowed, page, len(chosen))
        first = (paging.number - 1) * A_PAGE
        shown = in_order(chosen, asked)[first : first + A_PAGE]
        make = _Options(asked, narrowed, is_capped=has_more)
        return cls(
            asked,
            narrowed,
            count=make.total(len(chosen)),
            hits=tuple(told(shown, asked, committees)),
            kinds=make.kinds(found),
            committees=make.committees(chosen, committees),
            terms=make.terms(chosen),
            paging=paging,
            suggestion="" if found or not asked.is_plain else suggestion(viewer, asked),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether something is chosen away."""
        return bool(self.narrowed.chosen())

    @property
    def all_kinds_url(self) -> str:
        """The same search in all kinds."""
        return address(self.asked, self.narrowed, art="")

    @property
    def without_choice_url(self) -> str:
        """The same words in everything."""
        return address(self.asked, Narrowed())

    @property
    def suggestion_url(self) -> str:
        """The same search with other words."""
        return address(self.asked, self.narrowed, q=self.suggestion)

    @property
    def url(self) -> str:
        """The address of this search, with nothing in it that is not chosen."""
        number = str(self.paging.number) if self.paging and self.paging.number > 1 else ""
        return reverse("search") + address(self.asked, self.narrowed, side=number)


def address(asked: Asked, narrowed: Narrowed, **changes: str) -> str:
    """The address of a search with something changed."""
    said = {"q": asked.text, **narrowed.chosen()} | changes
    return "?" + urlencode({name: value for name, value in said.items() if value})


def _paging(asked: Asked, narrowed: Narrowed, page: int, total: int) -> Paging:
    pages = max(1, -(-total // A_PAGE))
    number = min(max(page, 1), pages)
    before, after = (
        address(asked, narrowed, side=str(other)) if 1 <= other <= pages else "" for other in (number - 1, number + 1)
    )
    return Paging(number, pages, total, before, after)


def _committees(numbers: Iterable[int]) -> dict[int, Committee]:
    """The committees that something was found of; in an answer of nothing there is none."""
    return Committee.objects.prefetch_related("former_names").in_bulk(set(numbers))


@dataclass(frozen=True, slots=True)
class _Options:
    """Makes what the hits can be narrowed by, each with how many there are: of what was found, so that nothing else is
    in the numbers. Exact up to `NEWEST`, and beyond that only so much.
    """

    asked: Asked
    narrowed: Narrowed
    is_capped: bool

    def kinds(self, found: Of) -> tuple[Option, ...]:
        """Arterne, in the order of the house."""
        numbers = Counter(kind for kind, _ in found)
        shown = (kind for kind in KINDS if numbers[kind] or kind == self.narrowed.art)
        return tuple(self._option("art", kind, KINDS[kind], numbers[kind]) for kind in shown)

    def committees(self, found: Of, committees: Mapping[int, Committee]) -> tuple[Option, ...]:
        """Udvalgene, in Danish order."""
        numbers = Counter(one.committee for _, one in found)
        known = sorted((committees[pk] for pk in numbers), key=lambda one: sort_key(one.name))
        return tuple(self._option("udvalg", one.slug, one.name, numbers[one.pk]) for one in known)

    def terms(self, found: Of) -> tuple[Option, ...]:
        """Valgperioderne, the newest first."""
        numbers = Counter(term_of(one.day) for _, one in found)
        return tuple(
            self._option("valgperiode", term, term.replace("-", "–"), numbers[term])
            for term in sorted(numbers, reverse=True)
        )

    def _option(self, name: str, value: str, label: str, number: int) -> Option:
        is_chosen = getattr(self.narrowed, name) == value
        url = address(self.asked, self.narrowed, **{name: value})
        return Option(value, label, self.number(number), url, is_chosen)

    def number(self, number: int) -> str:
        """How many there are of something."""
        if number >= NEWEST:
            return f"over {NEWEST - 1}"
        return f"mindst {number}" if self.is_capped and number else str(number)

    def total(self, number: int) -> str:
        """How many there are in all, as a sentence."""
        return f"{self.number(number).capitalize()} fund"

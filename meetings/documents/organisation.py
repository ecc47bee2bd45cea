"""Organisationen: everything an administrator keeps in order for a municipality, on one page; and one committee."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

from django.db.models import Count, Q

from kit.danish import sort_key
from kit.dates import format_date
from meetings.models import (
    Committee,
    CouncilTerm,
    FormerName,
    HousePhrase,
    LeaderGroup,
    Membership,
    Municipality,
    OrgUnit,
    Person,
    SectionHeading,
    seat_rank,
    section_headings,
)

SHORT = 12  # so many names stand open on the page; more are folded away


class CommitteeLine(NamedTuple):
    """Et udvalg in the overview: its name, and a line of facts."""

    committee: Committee
    facts: str


class UnitLine(NamedTuple):
    """En enhed in the tree, with those under it."""

    unit: OrgUnit
    children: tuple["UnitLine", ...]


@dataclass(frozen=True, slots=True)
class OrganisationDocument:
    """A municipality's organisation on one day; eight queries, whatever its size."""

    municipality: Municipality
    terms: tuple[CouncilTerm, ...]
    sitting: tuple[CommitteeLine, ...]
    former: tuple[CommitteeLine, ...]
    people: tuple[Person, ...]
    leader_groups: tuple[LeaderGroup, ...]
    units: tuple[UnitLine, ...]
    headings: tuple[SectionHeading, ...]
    usual_headings: tuple[str, ...]
    phrases: tuple[HousePhrase, ...]

    @classmethod
    def of(cls, municipality: Municipality, *, on: date) -> Self:
        """Ask for everything once."""
        committees = _committees(municipality, on)
        former = [one for one in committees if one.valid_to and one.valid_to < on]
        headings = tuple(SectionHeading.objects.filter(municipality=municipality))
        return cls(
            municipality=municipality,
            terms=tuple(CouncilTerm.objects.filter(municipality=municipality)),
            sitting=tuple(CommitteeLine(one, _facts(one)) for one in committees if one not in former),
            former=tuple(CommitteeLine(one, _facts(one)) for one in former),
            people=_by_name(Person.objects.filter(municipality=municipality).select_related("user")),
            leader_groups=_by_name(LeaderGroup.objects.filter(municipality=municipality)),
            units=_tree(OrgUnit.objects.filter(municipality=municipality)),
            headings=headings,
            usual_headings=() if headings else tuple(heading for _, heading in section_headings(municipality)),
            phrases=tuple(HousePhrase.objects.filter(municipality=municipality)),
        )

    @property
    def has_many_people(self) -> bool:
        """Whether the names are folded away."""
        return len(self.people) > SHORT


def _by_name(rows: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(rows, key=lambda row: sort_key(row.name)))


def _committees(municipality: Municipality, on: date) -> tuple[Any, ...]:
    seated = Q(memberships__valid_from__lte=on) & (
        Q(memberships__valid_to__isnull=True) | Q(memberships__valid_to__gte=on)
    )
    kinds = list(Committee.Kind)
    seats = Count("memberships", filter=seated & ~Q(memberships__seat=Membership.Seat.SUBSTITUTE))
    found = Committee.objects.filter(municipality=municipality).annotate(seats=seats)
    return tuple(sorted(found, key=lambda one: (kinds.index(Committee.Kind(one.kind)), sort_key(one.name))))


def _facts(committee: Any) -> str:
    members = f"{committee.seats} medlem{'' if committee.seats == 1 else 'mer'}" if committee.seats else ""
    parts = [committee.abbreviation, committee.get_kind_display(), span(committee), members]
    return " · ".join(part for part in parts if part)


def span(row: Committee | Membership) -> str:
    """Tell from when to when something lasts: "fra 1. januar 2026", "1. januar 2022 – 31. december 2025"."""
    if row.valid_from and row.valid_to:
        return f"{format_date(row.valid_from)} – {format_date(row.valid_to)}"
    if row.valid_to:
        return f"til {format_date(row.valid_to)}"
    return f"fra {format_date(row.valid_from)}" if row.valid_from else ""


def _tree(units: Iterable[OrgUnit]) -> tuple[UnitLine, ...]:
    below: dict[int | None, list[OrgUnit]] = defaultdict(list)
    for unit in units:
        below[unit.parent_id].append(unit)

    def lines(parent: int | None) -> tuple[UnitLine, ...]:
        return tuple(UnitLine(unit, lines(unit.pk)) for unit in _by_name(below[parent]))

    return lines(None)


class SeatLine(NamedTuple):
    """Et hverv on the committee's page."""

    seat: Membership
    when: str


@dataclass(frozen=True, slots=True)
class CommitteeSeatsDocument:
    """Et udvalg as its administrator sees it: who sits, who sat, and what it was called; two queries."""

    committee: Committee
    sitting: tuple[SeatLine, ...]
    earlier: tuple[SeatLine, ...]
    former_names: tuple[FormerName, ...]

    @classmethod
    def of(cls, committee: Committee, *, on: date) -> Self:
        """Those who sit or will sit stand first, the chair above all; those who left, the latest first."""
        seats = list(committee.memberships.select_related("person"))
        sitting = sorted((seat for seat in seats if not _is_over(seat, on)), key=seat_rank)
        earlier = sorted((seat for seat in seats if _is_over(seat, on)), key=seat_rank)
        earlier.sort(key=lambda seat: seat.valid_to or on, reverse=True)
        return cls(
            committee=committee,
            sitting=tuple(SeatLine(seat, span(seat)) for seat in sitting),
            earlier=tuple(SeatLine(seat, span(seat)) for seat in earlier),
            former_names=tuple(reversed(committee.former_names.all())),
        )


def _is_over(seat: Membership, on: date) -> bool:
    return seat.valid_to is not None and seat.valid_to < on

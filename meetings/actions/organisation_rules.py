"""What must hold in a municipality's organisation. Asked with the municipality's row locked, so that no two changes get
past each other.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Model, Q

from kit.dates import format_date
from meetings.actions.refusals import NotAllowed
from meetings.models import (
    Committee,
    CouncilTerm,
    FormerName,
    HousePhrase,
    LeaderGroup,
    Leadership,
    Membership,
    Municipality,
    OrgUnit,
    Person,
    SectionHeading,
)


def check(part: Model) -> None:
    """Raise NotAllowed, with a sentence for the field, if a new or changed part breaks a rule."""
    _RULES[type(part)](part)


def _check_name(part: Any, field: str, sentence: str) -> None:
    """A name stands once in the municipality, however it is spelled with capitals."""
    others = type(part).objects.exclude(pk=part.pk)
    if not isinstance(part, Municipality):
        others = others.filter(municipality=part.municipality)
    name = getattr(part, field)
    if other := others.filter(**{f"{field}__iexact": name}).first():
        raise NotAllowed(sentence.format(getattr(other, field)), field=field)


def _check_municipality(municipality: Municipality) -> None:
    _check_name(municipality, "name", "Der er allerede en kommune, der hedder “{}”.")


def _check_term(term: CouncilTerm) -> None:
    if (term.starts_on.month, term.starts_on.day) != (1, 1):
        raise NotAllowed("En valgperiode begynder den 1. januar.", field="starts_on")
    if term.ends_on <= term.starts_on:
        raise NotAllowed("Valgperioden skal slutte, efter at den er begyndt.", field="ends_on")
    others = CouncilTerm.objects.filter(municipality=term.municipality).exclude(pk=term.pk)
    if other := others.filter(starts_on__lte=term.ends_on, ends_on__gte=term.starts_on).first():
        span = f"{format_date(other.starts_on)} – {format_date(other.ends_on)}"
        raise NotAllowed(
            f"Der er allerede en valgperiode {span}, og to perioder kan ikke overlappe.", field="starts_on"
        )


def _check_committee(committee: Committee) -> None:
    _check_name(committee, "name", "Der er allerede et udvalg, der hedder “{}”.")
    if committee.valid_from and committee.valid_to and committee.valid_to < committee.valid_from:
        raise NotAllowed("Udvalget kan ikke slutte, før det er begyndt.", field="valid_to")
    if committee.pk:
        _check_succession(committee)
        _check_life(committee)


def _check_succession(committee: Committee) -> None:
    seen, before = {committee.pk}, committee.successor_of
    while before:
        if before.pk in seen:
            raise NotAllowed("Et udvalg kan ikke efterfølge sig selv, heller ikke gennem andre.", field="successor_of")
        seen.add(before.pk)
        before = before.successor_of


def _check_life(committee: Committee) -> None:
    """A committee lives while it meets and somebody sits in it; seats without an end of their own end with it."""
    if start := committee.valid_from:
        if meeting := committee.meetings.filter(date__lt=start).order_by("date").first():
            raise NotAllowed(f"Udvalget har holdt møde allerede den {format_date(meeting.date)}.", field="valid_from")
        if seat := committee.memberships.filter(valid_from__lt=start).order_by("valid_from").first():
            since = format_date(seat.valid_from)
            raise NotAllowed(f"{seat.person} har siddet i udvalget allerede fra den {since}.", field="valid_from")
    if end := committee.valid_to:
        if meeting := committee.meetings.filter(date__gt=end).order_by("-date").first():
            raise NotAllowed(f"Udvalget har et møde endnu den {format_date(meeting.date)}.", field="valid_to")
        later = Q(valid_to__gt=end) | Q(valid_from__gt=end)
        if seat := committee.memberships.filter(later).order_by("-valid_to", "-valid_from").first():
            until = format_date(seat.valid_to or seat.valid_from)
            raise NotAllowed(
                f"{seat.person} er skrevet ind som medlem endnu den {until}. Ret det først.", field="valid_to"
            )


def check_rename(committee: Committee, since: date, today: date) -> None:
    """A committee takes its new name inside its life, after the last time it changed, and not before the day has come:
    the name it bears is the one shown today.
    """
    latest = FormerName.objects.filter(committee=committee).order_by("-until").first()
    if since > today:
        raise NotAllowed(
            "Skriv navnet ind, når det er begyndt at gælde. Til da hedder udvalget det gamle.", field="since"
        )
    if latest and since <= latest.until + timedelta(days=1):
        until = format_date(latest.until)
        raise NotAllowed(f"Udvalget hed “{latest.name}” til den {until}. Vælg en senere dag.", field="since")
    closed = committee.meetings.filter(date__gte=since, closing__isnull=False).order_by("-date").first()
    if closed:
        raise NotAllowed(
            f"Referatet af mødet den {format_date(closed.date)} er lukket under det gamle navn. Vælg en senere dag.",
            field="since",
        )
    if committee.valid_from and since <= committee.valid_from:
        raise NotAllowed(f"Udvalget begyndte først den {format_date(committee.valid_from)}.", field="since")
    if committee.valid_to and since > committee.valid_to:
        raise NotAllowed(f"Udvalget sluttede den {format_date(committee.valid_to)}.", field="since")


def check_seat(seat: Membership, others: Iterable[Membership]) -> None:
    """A seat lies inside the committee's life; nobody has two at a time, and there is one chair at a time.

    `others` are the committee's other seats, asked for once however many are checked.
    """
    committee = seat.committee
    if committee.valid_from and seat.valid_from < committee.valid_from:
        raise NotAllowed(f"Udvalget begyndte først den {format_date(committee.valid_from)}.", field="valid_from")
    if committee.valid_to and seat.valid_from > committee.valid_to:
        raise NotAllowed(f"Udvalget sluttede den {format_date(committee.valid_to)}.", field="valid_from")
    if seat.valid_to and seat.valid_to < seat.valid_from:
        raise NotAllowed("Medlemmet kan ikke udtræde, før det er indtrådt.", field="valid_to")
    if committee.valid_to and (seat.valid_to is None or seat.valid_to > committee.valid_to):
        raise NotAllowed(
            f"Udvalget slutter den {format_date(committee.valid_to)}; skriv højst den dag.", field="valid_to"
        )
    at_once = [other for other in others if other.pk != seat.pk and _overlap(seat, other)]
    if own := next((other for other in at_once if other.person_id == seat.person_id), None):
        raise NotAllowed(f"{own.person} sidder allerede i udvalget {_span(own)}.", field="valid_from")
    is_chair = seat.seat == Membership.Seat.CHAIR
    if is_chair and (chair := next((other for other in at_once if other.seat == Membership.Seat.CHAIR), None)):
        raise NotAllowed(f"{chair.person} er allerede formand {_span(chair)}.", field="seat")


def _overlap(one: Membership | Leadership, other: Membership | Leadership) -> bool:
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)


def _span(seat: Membership | Leadership) -> str:
    until = f" til den {format_date(seat.valid_to)}" if seat.valid_to else ""
    return f"fra den {format_date(seat.valid_from)}{until}"


def _check_single_seat(seat: Membership) -> None:
    check_seat(seat, seat.committee.memberships.select_related("person"))


def _check_person(person: Person) -> None:
    _check_name(
        person, "name", "Der er allerede en person, der hedder “{}”. Skriv navnet, så de to kan skelnes."
    )  # fmt: skip
    if person.user_id and (other := Person.objects.filter(user=person.user_id).exclude(pk=person.pk).first()):
        raise NotAllowed(f"Brugeren hører allerede til {other}.", field="user")


def _check_group(group: LeaderGroup) -> None:
    _check_name(group, "name", "Der er allerede en lederkreds, der hedder “{}”.")


def _check_unit(unit: OrgUnit) -> None:
    _check_name(unit, "name", "Der er allerede en enhed, der hedder “{}”.")
    above = unit.parent
    while above:
        if above.pk == unit.pk:
            raise NotAllowed(f"“{unit.parent}” hører selv under “{unit}”.", field="parent")
        above = above.parent


def _check_heading(heading: SectionHeading) -> None:
    _check_name(heading, "heading", "Der er allerede en rubrik, der hedder “{}”.")


def _check_phrase(phrase: HousePhrase) -> None:
    _check_name(phrase, "text", "Formuleringen “{}” er der allerede.")


def _check_leadership(leadership: Leadership) -> None:
    check_leadership(leadership, leadership.leader_group.leaderships.all())


def check_leadership(leadership: Leadership, others: Iterable[Leadership]) -> None:
    """A lederpost ends after it begins, and nobody has the same one twice at a time.

    `others` are those of the lederkreds, asked for once however many are checked.
    """
    if leadership.valid_to and leadership.valid_to < leadership.valid_from:
        raise NotAllowed("Lederposten kan ikke slutte, før den er begyndt.", field="valid_to")
    for other in others:
        if other.pk != leadership.pk and is_same_post(leadership, other) and _overlap(leadership, other):
            raise NotAllowed(f"{other.name} står der allerede {_span(other)}.", field="email")


def is_same_post(one: Leadership, other: Leadership) -> bool:
    """Whether it is the same leader of the same unit, however the address is spelled with capitals."""
    return (one.email.casefold(), one.unit_id) == (other.email.casefold(), other.unit_id)


_RULES: dict[type[Model], Callable[[Any], None]] = {
    Municipality: _check_municipality,
    CouncilTerm: _check_term,
    Committee: _check_committee,
    Membership: _check_single_seat,
    Person: _check_person,
    LeaderGroup: _check_group,
    Leadership: _check_leadership,
    OrgUnit: _check_unit,
    SectionHeading: _check_heading,
    HousePhrase: _check_phrase,
}

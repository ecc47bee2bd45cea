"""Organisationen: committees, members and the house's words, as the administrator writes them in.

Every verb locks the municipality's row first. Nothing is written over unseen: whoever saves names what was shown
(`fingerprint`), and if something else stands there by then, EditConflict brings it along.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model

from kit.clock import today
from kit.dates import format_date
from kit.drafts import EditConflict
from meetings.actions.organisation_rules import check, check_rename
from meetings.actions.refusals import NotAllowed
from meetings.models import (
    Committee,
    Event,
    FormerName,
    HousePhrase,
    Membership,
    Municipality,
    SectionHeading,
    attended_in,
    free_address,
    section_headings,
    usage_of,
)
from meetings.phrases import phrases_of


class Gone(NotAllowed):
    """Somebody else has deleted the part in between."""

    def __init__(self) -> None:
        super().__init__("Det er slettet imens af en anden.")


def values_of(part: Model, names: Iterable[str]) -> dict[str, Any]:
    """Return the plain values of a part: texts, dates, and the number of what it points at."""
    return {name: part.serializable_value(name) for name in names}


def fingerprint(values: Mapping[str, Any]) -> str:
    """Tell in short what somebody was shown, so that a change in between is noticed."""
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:32]


@transaction.atomic
def add_part[M: Model](part: M, *, by: Any) -> M:
    """Add a part to the organisation. The very same sent twice is one; a name that is taken raises NotAllowed."""
    _lock(part)
    if twin := _twin(part):
        return twin
    if isinstance(part, Committee):
        part.slug = free_address(part.name, part.municipality)
    check(part)
    part.save()
    Event.objects.record(_action(part, "added"), part, by=by)
    return part


@transaction.atomic
def change_part[M: Model](part: M, *, shown: str, by: Any, **values: Any) -> M:
    """Change a part, if it still is as it was shown; otherwise raise EditConflict."""
    current = _unchanged(part, shown, values)
    before = values_of(current, values)
    for name, value in values.items():
        setattr(current, name, value)
    after = values_of(current, values)
    changed = {name: [_told(before[name]), _told(after[name])] for name in values if before[name] != after[name]}
    if not changed:
        return current
    if isinstance(part, Membership) and isinstance(current, Membership):
        _keep_what_is_recorded(part, current)
    check(current)
    current.save(update_fields=list(values))
    Event.objects.record(_action(current, "changed"), current, by=by, **changed)
    return current


@transaction.atomic
def change_committee(committee: Committee, *, shown: str, by: Any, **values: Any) -> tuple[Committee, int]:
    """Change a committee; when it gets its last day, the members without an end of their own leave that day. Tells how
    many did.
    """
    changed = change_part(committee, shown=shown, by=by, **values)
    if changed.valid_to is None:
        return changed, 0
    open_ended = list(Membership.objects.filter(committee=changed, valid_to=None).select_related("person", "committee"))
    for seat in open_ended:
        seat.valid_to = changed.valid_to
        seat.save(update_fields=["valid_to"])
        Event.objects.record("membership_changed", seat, by=by, valid_to=[None, _told(seat.valid_to)])
    return changed, len(open_ended)


@transaction.atomic
def rename_committee(
    committee: Committee, *, name: str, abbreviation: str, since: date, shown: str, by: Any
) -> Committee:
    """Let a committee bear a new name from a day; what happened before keeps the old one (FormerName)."""
    current = _unchanged(committee, shown, ("name", "abbreviation"))
    if (name, abbreviation) == (current.name, current.abbreviation):
        raise NotAllowed("Det hedder udvalget allerede.", field="name")
    check_rename(current, since, today())
    old = FormerName.objects.create(
        committee=current, name=current.name, abbreviation=current.abbreviation, until=since - timedelta(days=1)
    )
    current.name, current.abbreviation = name, abbreviation
    check(current)
    current.save(update_fields=["name", "abbreviation"])
    Event.objects.record("committee_renamed", current, by=by, name=[old.name, name], since=_told(since))
    return current


@transaction.atomic
def delete_part(part: Model, *, shown: str, names: Iterable[str], by: Any) -> None:
    """Delete a part that nothing uses; otherwise raise NotAllowed."""
    try:
        current = _unchanged(part, shown, names)
    except Gone:
        return
    if usage_of(current):
        raise NotAllowed("Noget hænger ved.")  # what it is, the page tells anew
    Event.objects.record(_action(current, "deleted"), current, by=by)
    current.delete()


@transaction.atomic
def begin_own_headings(*, municipality: Municipality, by: Any) -> None:
    """Write down the usual headings as the house's own, to be changed from there; does nothing if it has some."""
    _lock(municipality)
    if SectionHeading.objects.filter(municipality=municipality).exists():
        return
    SectionHeading.objects.bulk_create(
        SectionHeading(municipality=municipality, kind=kind, heading=heading, position=position)
        for position, (kind, heading) in enumerate(section_headings(municipality), start=1)
    )
    Event.objects.record("headings_begun", municipality, by=by)


@transaction.atomic
def begin_own_phrases(*, municipality: Municipality, by: Any) -> None:
    """Write down the usual phrases as the house's own, to be changed from there; does nothing if it has some."""
    _lock(municipality)
    if HousePhrase.objects.filter(municipality=municipality).exists():
        return
    HousePhrase.objects.bulk_create(
        HousePhrase(municipality=municipality, text=phrase.text, category=phrase.category, position=position)
        for position, phrase in enumerate(phrases_of(municipality), start=1)
    )
    Event.objects.record("phrases_begun", municipality, by=by)


def _lock(part: Any) -> None:
    municipality = part if isinstance(part, Municipality) else part.municipality
    Municipality.objects.select_for_update().get(pk=municipality.pk)


def _unchanged[M: Model](part: M, shown: str, names: Iterable[str]) -> M:
    """Lock, and return the part as it stands now, if that is what was shown."""
    _lock(part)
    current = type(part)._base_manager.filter(pk=part.pk).first()
    if current is None:
        raise Gone
    if fingerprint(values_of(current, names)) != shown:
        raise EditConflict(current)
    return current


def _twin[M: Model](part: M) -> M | None:
    """Find the very same part, which an earlier submit of the form has made; an address is made here, not typed."""
    names = [field.attname for field in part._meta.concrete_fields if not field.primary_key and field.name != "slug"]
    return type(part)._base_manager.filter(**{name: getattr(part, name) for name in names}).first()


def _keep_what_is_recorded(before: Membership, after: Membership) -> None:
    """A seat may not be moved away from under the attendance that the protocol has because of it."""
    meetings = attended_in(before)
    kept = attended_in(after)
    lost = meetings.exclude(pk__in=kept.values("pk")).select_related("meeting").order_by("meeting__date").first()
    if lost is None and before.seat != Membership.Seat.SUBSTITUTE and after.seat == Membership.Seat.SUBSTITUTE:
        lost = meetings.select_related("meeting").order_by("meeting__date").first()
    if lost:
        raise NotAllowed(
            f"Fremmødet er ført på mødet den {format_date(lost.meeting.date)}, så hvervet må række dertil."
        )


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _action(part: Model, verb: str) -> str:
    return f"{part._meta.model_name}_{verb}"

"""Husets frister: how long before a meeting the papers are due, for the municipality and for a committee by itself."""

from typing import Any

from django.db import transaction

from kit.drafts import EditConflict
from meetings.actions.organisation import fingerprint, values_of
from meetings.actions.refusals import NotAllowed
from meetings.models import Committee, DispatchRule, Event, Municipality

DAYS = ("sent_days", "secretariat_days", "answer_days")


def fingerprint_of(rule: DispatchRule) -> str:
    """Tell in short which rule somebody was shown; one that is not written down is none."""
    return fingerprint(values_of(rule, DAYS)) if rule.pk else ""


@transaction.atomic
def set_dispatch_rule(
    *, municipality: Municipality, committee: Committee | None, shown: str, by: Any, **days: int
) -> DispatchRule:
    """Write the rule of a committee, or of all that have none of their own, over the one that was shown; raises
    EditConflict when another stands there by now, unless it is this very one.
    """
    current = _locked(municipality, committee)
    if current.pk and values_of(current, DAYS) == days:
        return current
    if fingerprint_of(current) != shown:
        raise EditConflict(current)
    if days["secretariat_days"] < days["sent_days"]:
        raise NotAllowed("Teksten skal være hos sekretariatet, før dagsordenen udsendes.", field="secretariat_days")
    before = values_of(current, DAYS) if current.pk else {}
    for name, number in days.items():
        setattr(current, name, number)
    current.save()
    changed = {name: [before.get(name), number] for name, number in days.items() if before.get(name) != number}
    Event.objects.record("dispatch_rule_changed" if before else "dispatch_rule_added", current, by=by, **changed)
    return current


@transaction.atomic
def drop_dispatch_rule(*, committee: Committee, shown: str, by: Any) -> None:
    """Let a committee follow the municipality's rule again; done twice it changes nothing."""
    current = _locked(committee.municipality, committee)
    if not current.pk:
        return
    if fingerprint_of(current) != shown:
        raise EditConflict(current)
    Event.objects.record("dispatch_rule_deleted", current, by=by, **values_of(current, DAYS))
    current.delete()


def _locked(municipality: Municipality, committee: Committee | None) -> DispatchRule:
    """Lock the municipality, and return the rule as it stands; where there is none of its own, one not stored that
    begins from what holds instead.
    """
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    found = DispatchRule.objects.filter(municipality=municipality, committee=committee).first()
    if found:
        return found
    holds = DispatchRule.objects.of(committee) if committee else DispatchRule()
    return DispatchRule(municipality=municipality, committee=committee, **values_of(holds, DAYS))

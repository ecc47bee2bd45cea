"""Løfterne, som de var kendt: what had been promised by a day, and whether it was known to be kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from kit.dates import format_date
from meetings.documents.promises import where_made
from meetings.models import PROCEDURAL, Decision, Event, Promise
from pejlemaerker.models import AsOf, was_known


@dataclass(frozen=True, slots=True)
class KnownPromise:
    """Et løfte, on a day."""

    promise: Promise
    at: AsOf
    kept_on: date | None
    kept_how: str  # "på mødet", or in the secretary's own words

    @property
    def where(self) -> str:
        """Punkt 3, 3. oktober 2022."""
        return where_made(self.promise)

    @property
    def due(self) -> str:
        """The day by which the administration comes back."""
        return format_date(self.promise.due_on)

    @property
    def is_open(self) -> bool:
        """Whether nothing says that it was kept."""
        return self.kept_on is None

    @property
    def state(self) -> str:
        """Indfriet 5. december 2022 på mødet; or not yet, and whether the day has passed."""
        if self.kept_on:
            return f"Indfriet {format_date(self.kept_on)}{self.kept_how}"
        return "Ikke indfriet. Fristen er overskredet." if self.promise.due_on < self.at.on else "Ikke indfriet endnu."


def known_promises(about: Q, *, viewer: Any, at: AsOf, kept_since: date) -> tuple[KnownPromise, ...]:
    """Tell the promises that the viewer may read and that had been given by a day, as far as was known; those that are
    due first stand first. In six queries at most; the items are the viewer's own: nothing of a closed one comes along.
    """
    near = "item__meeting__committee"
    found = (
        Promise.including_closed.visible_to(viewer)
        .filter(about)
        .select_related(near, "committee")
        .prefetch_related(f"{near}__former_names", "committee__former_names")
        .order_by("due_on", "pk")
    )
    given = [
        one for one in found
        if one.given_on <= at.on and was_known(at.known, one.given_on, one.recorded_at, kept_since=kept_since)
    ]  # fmt: skip
    written = _settled_at(given)
    answered = _answered(given, viewer, at, kept_since)
    return tuple(_known(one, written.get(one.pk), answered.get(one.answer_id or 0), at, kept_since) for one in given)


def _settled_at(promises: Iterable[Promise]) -> dict[int, datetime]:
    """When it was written down that they were kept in another way; asks only where one was."""
    settled = [one.pk for one in promises if one.settled_on]
    if not settled:
        return {}
    label = Promise._meta.label_lower
    noted = Event.objects.filter(action="promise_settled", target_type=label, target_pk__in=settled)
    return dict(noted.order_by("-pk").values_list("target_pk", "at"))


def _answered(promises: Iterable[Promise], viewer: Any, at: AsOf, kept_since: date) -> dict[int, date]:
    """The days on which the items that answer them were decided, more than on procedure only."""
    answers = {one.answer_id for one in promises if one.answer_id}
    if not answers:
        return {}
    decisions = Decision.including_closed.visible_to(viewer).filter(item__in=answers, decided_on__lte=at.on)
    told = decisions.exclude(category__in=PROCEDURAL).order_by("-decided_on", "-pk")
    return {
        item: day
        for item, day, written in told.values_list("item", "decided_on", "recorded_at")
        if was_known(at.known, day, written, kept_since=kept_since)
    }


def _known(
    promise: Promise, written: datetime | None, answered_on: date | None, at: AsOf, kept_since: date
) -> KnownPromise:
    settled = promise.settled_on
    if settled and settled <= at.on and was_known(
        at.known, settled, written or promise.recorded_at, kept_since=kept_since
    ):  # fmt: skip
        return KnownPromise(promise, at, settled, f": {promise.settled_note}")
    return KnownPromise(promise, at, answered_on, " på mødet." if answered_on else "")

"""Ordering a batch of notes, and calling it off."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kit.once import made_by
from meetings.actions import NotAllowed
from meetings.models import Committee, Event, Municipality, User
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.models import AsOf, GoalSet, NoteBatch, NoteBatchPart
from pejlemaerker.tasks import make_batch

_UNDER_WAY = {"finished_at": None, "cancelled_at": None, "failure": ""}


@transaction.atomic
def order_batch(
    *,
    municipality: Municipality,
    committee: Committee | None,
    goal_sets: list[GoalSet],
    form: str,
    audience: str,
    at: AsOf,
    choices: Choices,
    recipe_name: str,
    nonce: UUID,
    by: Any,
) -> NoteBatch:
    """Order the notes of some sets, to be made beside the pages. Raises NotAllowed while another of the user's is under
    way: whoever orders a hundred waits no longer than who orders one.
    """
    if not goal_sets:
        raise NotAllowed("Der er ingen sæt pejlemærker at lave notater for den dag.", field="scope")
    User.objects.select_for_update().get(pk=by.pk)
    same = {"municipality_id": municipality.pk, "committee_id": committee and committee.pk, "form": form}
    made, own_nonce = made_by(NoteBatch.objects.all(), nonce, **same)
    if made:
        return made
    if NoteBatch.objects.filter(ordered_by=by, **_UNDER_WAY).exists():
        raise NotAllowed("Du har en samling, der er ved at blive lavet. Vent, til den er færdig, eller afbryd den.")
    batch = NoteBatch.objects.create(
        municipality=municipality, committee=committee, form=form, audience=audience, as_of=at.on, known=at.known,
        recipe_name=recipe_name, choices=choices.as_data(), ordered_by=by, nonce=own_nonce,
    )  # fmt: skip
    NoteBatchPart.objects.bulk_create(
        NoteBatchPart(batch=batch, position=position, goal_set=goal_set)
        for position, goal_set in enumerate(goal_sets, start=1)
    )
    Event.objects.record("note_batch_ordered", batch, by=by, goal_sets=[one.pk for one in goal_sets], form=form)
    make_batch.enqueue(batch.pk)
    return batch


@transaction.atomic
def cancel_batch(*, batch: NoteBatch, by: Any) -> None:
    """Call a batch off: the note under way is finished, the rest is not made. One that is finished stays."""
    changed = NoteBatch.objects.filter(pk=batch.pk, **_UNDER_WAY).update(cancelled_at=timezone.now())
    if changed:
        Event.objects.record("note_batch_cancelled", batch, by=by)

"""Requests for an addition: writing down what was asked, and what became of it when no wording answers it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from kit.once import made_by
from meetings.actions.refusals import NotAllowed
from meetings.models import Event
from pejlemaerker.actions.open_set import open_set
from pejlemaerker.models import AdditionRequest, GoalSet, RequestSettlement


class RequestIsSettled(NotAllowed):
    """The request has been answered, or settled otherwise, in the meantime."""

    def __init__(self) -> None:
        super().__init__("Ønsket er besvaret eller afklaret imens. Hent siden igen.")


@transaction.atomic
def record_request(*, goal_set: GoalSet, nonce: UUID, by: Any, **fields: Any) -> AdditionRequest:
    """Write down what somebody asked to have added. The same nonce gives the same request."""
    open_set(goal_set.pk)
    existing, nonce = made_by(AdditionRequest.objects.all(), nonce, goal_set=goal_set, **fields)
    if existing:
        return existing
    request = AdditionRequest.objects.create(goal_set=goal_set, nonce=nonce, recorded_by=by, **fields)
    Event.objects.record("request_recorded", request, by=by)
    return request


@transaction.atomic
def settle_request(*, request: AdditionRequest, kind: str, settled_on: date, note: str, by: Any) -> RequestSettlement:
    """Write down that a request was turned down, taken back or met in another way; done twice it changes nothing.
    Raises RequestIsSettled where something else became of it.
    """
    open_set(request.goal_set_id)
    settled = RequestSettlement.objects.filter(request=request).first()
    if settled and (settled.kind, settled.settled_on, settled.note) == (kind, settled_on, note):
        return settled
    if not AdditionRequest.objects.unanswered().filter(pk=request.pk).exists():
        raise RequestIsSettled
    settled = RequestSettlement.objects.create(
        request=request, kind=kind, settled_on=settled_on, note=note, recorded_by=by
    )
    Event.objects.record("request_settled", request, by=by, kind=kind)
    return settled

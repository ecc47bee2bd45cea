"""Ønsker om tilføjelse til planen, told so that a closed item tells nothing but who asked and when."""

from collections.abc import Iterable
from typing import Any

from kit.dates import format_date
from meetings.models import AgendaItem
from pejlemaerker.models import AdditionRequest


def asked_for(requests: Iterable[AdditionRequest], *, viewer: Any) -> dict[int, str]:
    """Tell each request in a sentence; its words only where the viewer may see the item it was made on."""
    found = {request.pk: request for request in requests}
    items = AgendaItem.including_closed.visible_to(viewer).filter(
        pk__in=[request.item_id for request in found.values() if request.item_id]
    )
    visible = set(items.values_list("pk", flat=True))
    return {
        pk: _told(request, shows_text=request.item_id is None or request.item_id in visible)
        for pk, request in found.items()
    }


def _told(request: AdditionRequest, *, shows_text: bool) -> str:
    who = (shows_text and request.requested_by) or "Udvalget"
    text = f": »{request.text}«" if shows_text and request.text else ""
    return f"{who} bad {format_date(request.requested_on)} om en tilføjelse til opfølgningen{text}"

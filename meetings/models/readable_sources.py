"""Who may read originals: a file of its own, because the rule asks about agenda items, and they know of documents."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from meetings.models.agenda_item import AgendaItem
from meetings.models.committee import Committee
from meetings.models.role import Right
from meetings.models.source_document import SourceDocument


def readable_sources(user: Any) -> QuerySet[SourceDocument]:
    """Return the originals the user may read: officials stand in them by name, so they are for those who read notes.

    One from which closed items were read is there only for those who may read these items.
    """
    if not user.is_authenticated:
        return SourceDocument.objects.none()
    municipalities = [held.municipality for held in user.holds(Right.READ_NOTES) if held.committee is None]
    unreadable = AgendaItem.including_closed.filter(is_closed=True, meeting__source_document=OuterRef("pk")).exclude(
        meeting__committee__in=Committee.objects.where(user, Right.READ_CLOSED)
    )
    return SourceDocument.objects.filter(
        ~Exists(unreadable),
        Q(municipality__in=municipalities) | Q(committee__in=Committee.objects.where(user, Right.READ_NOTES)),
    )

"""Who may do what with meetings: plain questions with yes or no, and the fetchers that ask "may they see it?" first."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from meetings.models import (
    AgendaItem,
    Committee,
    Decision,
    Meeting,
    Municipality,
    Right,
    SourceDocument,
    readable_sources,
)


def has_right(user: Any, right: Right, committee: Committee) -> bool:
    """Whether the user holds a right in a committee; asks nothing of the database beyond the user's own roles."""
    return user.is_authenticated and any(
        held.committee == committee.pk if held.committee else held.municipality == committee.municipality_id
        for held in user.holds(right)
    )


def can_plan_some_meeting(user: Any) -> bool:
    """Whether the user calls meetings in any committee."""
    return user.is_authenticated and bool(user.holds(Right.PLAN_MEETINGS))


def can_plan_meeting(user: Any, meeting: Meeting) -> bool:
    """Whether the user writes this meeting's agenda."""
    return has_right(user, Right.PLAN_MEETINGS, meeting.committee)


def can_edit_item(user: Any, item: AgendaItem) -> bool:
    """Whether the user writes this agenda item."""
    return can_plan_meeting(user, item.meeting)


def can_record_decisions(user: Any, meeting: Meeting) -> bool:
    """Whether the user keeps this meeting's protocol."""
    return has_right(user, Right.RECORD_DECISIONS, meeting.committee)


def can_record_decision(user: Any, item: AgendaItem) -> bool:
    """Whether the user enters the decision on this item."""
    return can_record_decisions(user, item.meeting)


def can_edit_organisation(user: Any, municipality: Municipality) -> bool:
    """Whether the user edits this municipality's committees, members and words."""
    return user.is_authenticated and any(
        held.municipality == municipality.pk and held.committee is None for held in user.holds(Right.EDIT_ORGANISATION)
    )


def can_edit_some_organisation(user: Any) -> bool:
    """Whether the user edits any municipality's organisation."""
    return user.is_authenticated and any(held.committee is None for held in user.holds(Right.EDIT_ORGANISATION))


def municipality_for(_user: Any, /, *, municipality_slug: str) -> Municipality:
    """Find a municipality by its short name."""
    return get_object_or_404(Municipality, slug=municipality_slug)


def can_publish_meeting(user: Any, meeting: Meeting) -> bool:
    """Whether the user makes this meeting's agenda and minutes public."""
    return has_right(user, Right.PUBLISH, meeting.committee)


def can_read_sources(user: Any, document: SourceDocument) -> bool:
    """Whether the user may read original documents at all; which ones, `readable_sources` tells."""
    return bool(user.holds(Right.READ_NOTES))


def meeting_for(user: Any, /, *, meeting_id: int) -> Meeting:
    """Find a meeting among those the user may see."""
    return get_object_or_404(Meeting.objects.visible_to(user).select_related("committee__municipality"), pk=meeting_id)


def item_for(user: Any, /, *, meeting_id: int, number: str) -> AgendaItem:
    """Find an agenda item among those the user may see; a closed one is simply not there for others."""
    items = AgendaItem.including_closed.visible_to(user).select_related("meeting__committee__municipality")
    return get_object_or_404(items, meeting=meeting_id, number=number)


def decision_for(user: Any, /, *, meeting_id: int, number: str) -> Decision:
    """Find the decision on an item among those the user may see."""
    decisions = Decision.including_closed.visible_to(user).select_related("item__meeting__committee__municipality")
    found = decisions.filter(item__meeting=meeting_id, item__number=number, recommendation=None).first()
    if found is None:
        raise Http404
    return found


def can_correct_decision(user: Any, decision: Decision) -> bool:
    """Whether the user may add a dated correction to this decision."""
    return can_record_decision(user, decision.item)


def can_put_in_force_by_decision_on(user: Any, item: AgendaItem) -> bool:
    """Whether the user may point the decision on this item at wordings."""
    return has_right(user, Right.PUT_IN_FORCE, item.meeting.committee)


def source_for(user: Any, /, *, document_id: int) -> SourceDocument:
    """Find an original document among those the user may read."""
    return get_object_or_404(readable_sources(user), pk=document_id)

"""Reading: meetings, their agendas, one item, an original document."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import permission_on, public
from kit.htmx import render_page
from meetings.documents.item import ItemDocument
from meetings.documents.meeting import MeetingDocument
from meetings.documents.meeting_list import MeetingListDocument
from meetings.documents.original import OriginalDocument
from meetings.models import SourceDocument
from meetings.permissions import (
    can_edit_item,
    can_plan_meeting,
    can_plan_some_meeting,
    can_publish_meeting,
    can_put_in_force_by_decision_on,
    can_read_sources,
    can_record_decision,
    can_record_decisions,
    item_for,
    meeting_for,
    source_for,
)


@public
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """/moeder/: the meetings the viewer may see."""
    document = MeetingListDocument.for_viewer(request.user, committee_slug=request.GET.get("udvalg", ""))
    context = {"document": document, "can_plan": can_plan_some_meeting(request.user)}
    return render_page(request, "meetings/meetings.html", context)


@public
@require_safe
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """/moeder/17/: one meeting and its agenda."""
    found = meeting_for(request.user, meeting_id=meeting_id)
    context = {
        "document": MeetingDocument.for_meeting(found, viewer=request.user),
        "can_plan": can_plan_meeting(request.user, found),
        "can_record": can_record_decisions(request.user, found),
        "can_publish": can_publish_meeting(request.user, found),
    }
    return render_page(request, "meetings/meeting.html", context)


@public
@require_safe
def item(request: HttpRequest, meeting_id: int, number: str) -> HttpResponse:
    """/moeder/17/punkter/3/: one item, what was proposed beside what was decided."""
    found = item_for(request.user, meeting_id=meeting_id, number=number)
    document = ItemDocument.for_item(found, viewer=request.user)
    is_decided = document.outcome is not None
    context = {
        "document": document,
        "can_edit": can_edit_item(request.user, found) and (found.is_closed or not is_decided),
        "can_record": can_record_decision(request.user, found) and not is_decided,
        "can_correct": can_record_decision(request.user, found) and is_decided,
        "can_put_in_force": can_put_in_force_by_decision_on(request.user, found)
        and document.outcome is not None
        and document.outcome.is_approving,
    }
    return render_page(request, "meetings/item.html", context)


@permission_on(source_for, can_read_sources)
@require_safe
def source(request: HttpRequest, document: SourceDocument) -> HttpResponse:
    """/kilder/4/: an original document beside what was read out of it."""
    return render_page(request, "meetings/source.html", {"document": OriginalDocument.for_source(document)})

"""Reading: meetings, their agendas, one item, an original document."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.clock import today
from kit.guards import permission, permission_on, public
from kit.htmx import render_page
from meetings.documents.as_citizen import AsCitizenDocument
from meetings.documents.item import ItemDocument
from meetings.documents.meeting import MeetingDocument
from meetings.documents.meeting_calendar import MeetingCalendarDocument
from meetings.documents.meeting_list import MeetingFilters, MeetingListDocument
from meetings.documents.mine import MineDocument
from meetings.documents.original import OriginalDocument
from meetings.documents.promises import promises_for_agenda
from meetings.models import SourceDocument
from meetings.permissions import (
    can_edit_item,
    can_plan_meeting,
    can_plan_some_meeting,
    can_publish_meeting,
    can_put_in_force_by_decision_on,
    can_read_minutes,
    can_read_sources,
    can_record_decision,
    can_record_decisions,
    is_logged_in,
    item_for,
    meeting_for,
    source_for,
)


@public
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """/moeder/: the meetings the viewer may see."""
    filters = MeetingFilters.of(request.GET)
    context: dict[str, Any] = {"can_plan": can_plan_some_meeting(request.user)}
    if filters.is_calendar:
        context["document"] = MeetingCalendarDocument.for_viewer(request.user, filters=filters, today=today())
        return render_page(request, "meetings/calendar.html", context)
    page = request.GET.get("side", "")
    context["document"] = MeetingListDocument.for_viewer(request.user, filters=filters, page=page, today=today())
    return render_page(request, "meetings/meetings.html", context)


@public
@require_safe
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """/moeder/17/: one meeting and its agenda; `?som=borger` shows those who publish it what a citizen gets."""
    found = meeting_for(request.user, meeting_id=meeting_id)
    can_publish = can_publish_meeting(request.user, found)
    if can_publish and request.GET.get("som") == "borger":
        return render_page(request, "meetings/as_citizen.html", {"document": AsCitizenDocument.for_meeting(found)})
    can_plan = can_plan_meeting(request.user, found)
    context = {
        "document": MeetingDocument.for_meeting(found, viewer=request.user),
        "promises": promises_for_agenda(found, viewer=request.user) if can_plan else (),
        "can_plan": can_plan,
        "can_record": can_record_decisions(request.user, found),
        "can_publish": can_publish,
        "can_read_minutes": can_read_minutes(request.user, found),
    }
    return render_page(request, "meetings/meeting.html", context)


@public
@require_safe
def item(request: HttpRequest, meeting_id: int, number: str) -> HttpResponse:
    """/moeder/17/punkter/3/: one item, what was proposed beside what was decided."""
    found = item_for(request.user, meeting_id=meeting_id, number=number)
    document = ItemDocument.for_item(found, viewer=request.user)
    treatment, is_open = document.treatment, not document.is_meeting_closed
    edits, records = can_edit_item(request.user, found), can_record_decision(request.user, found)
    context = {
        "document": document,
        "can_edit": edits and (found.is_closed or (is_open and not treatment.outcomes)),
        "can_plan": edits,
        "can_attach": edits and is_open,
        "can_split": edits and is_open and not treatment.outcomes,
        "can_record": records and is_open and not treatment.is_decided,
        "can_proceed": records and is_open,
        "can_correct": records and bool(treatment.outcomes),
        "can_settle_stay": records and document.awaits_council,
        "can_put_in_force": can_put_in_force_by_decision_on(request.user, found),
    }
    return render_page(request, "meetings/item.html", context)


@permission(is_logged_in)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """/mit/: what concerns the one who is logged in."""
    document = MineDocument.for_user(request.user, today=today())
    return render_page(request, "meetings/mine.html", {"document": document})


@permission_on(source_for, can_read_sources)
@require_safe
def source(request: HttpRequest, document: SourceDocument) -> HttpResponse:
    """/kilder/4/: an original document beside what was read out of it."""
    return render_page(request, "meetings/source.html", {"document": OriginalDocument.for_source(document)})

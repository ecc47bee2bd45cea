"""Fremmødet: /moeder/17/fremmoede/, written at the beginning of the meeting, and put right when somebody comes late."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget, trigger_client_event

from kit.clock import moment
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions import AttendanceChanged, MeetingClosed, NotAllowed
from meetings.documents.attendance import AttendanceList
from meetings.documents.parts import meeting_name
from meetings.forms.attendance import AttendanceForm, told_attendance
from meetings.models import Closing, Event, Meeting, Roll
from meetings.permissions import can_record_decisions, meeting_for


class Clash(NamedTuple):
    """Two attendances at once: mine and the one that stands there."""

    mine: str
    theirs: str
    by: str
    at: str


@permission_on(meeting_for, can_record_decisions)
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Who was there: a page of its own, or for htmx the form in its place on the recording page."""
    form = AttendanceForm(request.POST if request.method == "POST" else None, user=request.user, meeting=meeting)
    if not form.is_valid():
        return _page(request, meeting, form, status=422 if form.is_bound else 200)
    try:
        form.save()
    except NotAllowed as refusal:
        form.refuse(refusal)
        return _page(request, meeting, form, status=422)
    except (AttendanceChanged, MeetingClosed) as refusal:
        clash = _clash(request, meeting, form) if isinstance(refusal, AttendanceChanged) else None
        return _page(request, meeting, form, clash=clash, status=409)
    if not request.htmx:  # type: ignore[attr-defined]
        return see_other(reverse("recording", args=[meeting.pk]))
    context = {"meeting": meeting, "attendance": AttendanceList.of(Roll.of(meeting)), "is_answer": True}
    return trigger_client_event(render_page(request, "meetings/_attendance_slot.html", context), "fremmoede")


def _page(
    request: HttpRequest, meeting: Meeting, form: AttendanceForm, *, clash: Clash | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "meeting": meeting,
        "eyebrow": meeting_name(meeting),
        "attendance": AttendanceList.of(Roll.of(meeting)),
        "form": form,
        "clash": clash,
        "is_closed": Closing.objects.filter(meeting=meeting).exists(),
    }
    response = render_page(request, "meetings/attendance.html", context, partial="fremmoedeskema", status=status)
    # A saved form gives way to the line that stands for it; one that comes back stays where it was.
    return reswap(retarget(response, "#fremmoedeskema"), "outerHTML") if form.is_bound else response


def _clash(request: HttpRequest, meeting: Meeting, form: AttendanceForm) -> Clash:
    """Both attendances; what was typed stands in the form and may now be saved over the other."""
    written = Event.objects.filter(
        action="attendance_recorded", target_type="meetings.meeting", target_pk=meeting.pk
    ).first()
    mine = form.told
    form.write_over()
    by = "Du" if written and written.actor_pk == request.user.pk else (written.actor if written else "En anden")
    return Clash(mine, told_attendance(Roll.of(meeting)), by, moment(written.at) if written else "imens")

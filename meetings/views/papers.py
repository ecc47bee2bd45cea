"""A meeting's agenda and minutes as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.danish import address_of
from kit.guards import public
from meetings.documents.paper import MeetingPaper
from meetings.documents.parts import reads_minutes
from meetings.models import Meeting
from meetings.permissions import meeting_for


@public
@require_safe
def agenda_pdf(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """/moeder/17/dagsorden.pdf: the agenda, as far as the viewer may read it."""
    meeting = meeting_for(request.user, meeting_id=meeting_id)
    return _file(meeting, MeetingPaper.agenda(meeting, viewer=request.user))


@public
@require_safe
def minutes_pdf(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """/moeder/17/referat.pdf: the minutes, for those who may read them; to others there are none."""
    meeting = meeting_for(request.user, meeting_id=meeting_id)
    if not reads_minutes(request.user, meeting):
        raise Http404
    return _file(meeting, MeetingPaper.minutes(meeting, viewer=request.user))


def _file(meeting: Meeting, paper: MeetingPaper) -> HttpResponse:
    from meetings.papers import meeting_pdf  # noqa: PLC0415  (slow import: only where a paper is made)

    name = f"{paper.kind.lower()}-{address_of(paper.committee)}-{meeting.date.isoformat()}.pdf"
    response = HttpResponse(meeting_pdf(paper), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response

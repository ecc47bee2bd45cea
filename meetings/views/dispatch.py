"""Dispatch: /moeder/17/udsend/, the agenda on its way to the members."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions import MeetingClosed, NotAllowed
from meetings.documents.dispatch import DispatchDocument
from meetings.forms.dispatch import DispatchForm
from meetings.models import Meeting
from meetings.permissions import can_plan_meeting, meeting_for


@permission_on(meeting_for, can_plan_meeting)
@require_http_methods(["GET", "HEAD", "POST"])
def dispatch(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Send the agenda out, or what has come since."""
    document = DispatchDocument.for_meeting(meeting)
    form = DispatchForm(request.POST if request.method == "POST" else None, user=request.user, meeting=meeting,
                        seen=document.seen)  # fmt: skip
    if form.is_valid():
        try:
            sent = form.save()
        except (NotAllowed, MeetingClosed) as refusal:
            form.refuse(str(refusal))
        else:
            messages.success(request, f"{sent} er sendt ud. Senere ændringer vises som ændringer.")
            return see_other(meeting.get_absolute_url())
    context = {"document": document, "form": form}
    return render_page(request, "meetings/dispatch.html", context, status=422 if form.is_bound else 200)

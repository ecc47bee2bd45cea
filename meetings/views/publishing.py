"""Publishing: /moeder/17/offentliggoer/, the agenda and the minutes as two acts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.documents.publishing import PublishingDocument, PublishingPart
from meetings.forms.publishing import PublishForm, WithdrawForm
from meetings.models import Meeting
from meetings.permissions import can_publish_meeting, meeting_for

WITHDRAW = "traek-tilbage"


@permission_on(meeting_for, can_publish_meeting)
@require_http_methods(["GET", "HEAD", "POST"])
def publish_meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Publish or withdraw; a warning that nobody has accepted stops it."""
    document = PublishingDocument.for_meeting(meeting)
    if request.method != "POST":
        return _page(request, document)
    part = document.part(request.POST.get("del", ""))
    if part is None:
        raise Http404
    is_withdrawal = request.POST.get("handling") == WITHDRAW
    form = (WithdrawForm if is_withdrawal else PublishForm)(request.POST, user=request.user, record=meeting, part=part)
    if not form.is_valid():
        return _page(request, document, refused=form)
    form.save()
    done = "er trukket tilbage" if is_withdrawal else "er offentliggjort"
    messages.success(request, f"{part.title} {done}.")
    return see_other(reverse("meeting_publish", args=[meeting.pk]))


def _page(
    request: HttpRequest, document: PublishingDocument, *, refused: PublishForm | WithdrawForm | None = None
) -> HttpResponse:
    parts = [(part, _form(request, document.meeting, part, refused)) for part in document.parts]
    context = {"document": document, "parts": parts, "refused": refused, "withdraw": WITHDRAW}
    return render_page(request, "meetings/publish.html", context, status=422 if refused else 200)


def _form(
    request: HttpRequest, meeting: Meeting, part: PublishingPart, refused: PublishForm | WithdrawForm | None
) -> PublishForm | WithdrawForm:
    if refused and refused.part.key == part.key:
        return refused
    return PublishForm(user=request.user, record=meeting, part=part)

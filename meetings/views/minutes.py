"""Minutes: /moeder/17/luk/ closes the meeting; /moeder/17/referat/ is where they are signed, sealed and added to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions import MeetingClosed, MinutesChanged, NotAllowed
from meetings.documents.closing import ClosingDocument
from meetings.documents.minutes import MinutesDocument
from meetings.forms.minutes import AdditionForm, CloseForm, NotTreatedForm, SealForm, SignForm
from meetings.models import AgendaItem, DecisionDraft, Meeting
from meetings.permissions import (
    can_publish_meeting,
    can_read_minutes,
    can_record_decision,
    can_record_decisions,
    can_sign_minutes,
    item_for,
    item_meant,
    meeting_for,
)
from meetings.views.saving import saved


@permission_on(meeting_for, can_record_decisions)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """/moeder/17/luk/: what stands in the way, or the button that closes the meeting."""
    form = CloseForm(request.POST if request.method == "POST" else None, user=request.user, meeting=meeting)
    if saved(form):
        messages.success(request, "Mødet er lukket. Referatet kan nu underskrives.")
        return see_other(reverse("minutes", args=[meeting.pk]))
    return _closing(request, meeting, form, status=422 if form.is_bound else 200)


def _closing(request: HttpRequest, meeting: Meeting, form: CloseForm, *, status: int, notice: str = "") -> HttpResponse:
    document = ClosingDocument.for_meeting(meeting, viewer=request.user)
    drafts = {
        draft.item_id: draft
        for draft in DecisionDraft.including_closed.visible_to(request.user).filter(item__meeting=meeting)
    }
    rows = [
        (one, NotTreatedForm(user=request.user, item=one.item, draft=drafts.get(one.item.pk)))
        for one in document.undecided
    ]
    context = {"document": document, "rows": rows, "form": form, "notice": notice}
    return render_page(request, "meetings/closing.html", context, status=status)


@permission_on(item_for, can_record_decision)
@require_POST
def not_treated(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """/moeder/17/punkter/3/ikke-behandlet/: say that the meeting did not come to the item."""
    item = item_meant(request.user, item, request.POST.get("item_pk", ""))
    form = NotTreatedForm(request.POST, user=request.user, item=item)
    try:
        if form.is_valid():
            form.save()
    except EditConflict:
        notice = f"Der er skrevet en kladde til punkt {item.number} imens. Se den igennem, før du går videre."
        blank = CloseForm(user=request.user, meeting=item.meeting)
        return _closing(request, item.meeting, blank, status=409, notice=notice)
    except MeetingClosed as closed:
        messages.warning(request, str(closed))
    else:
        messages.success(request, f"Punkt {item.number} er ført til protokollen som ikke behandlet.")
    return see_other(reverse("meeting_close", args=[item.meeting_id]))


@permission_on(meeting_for, can_read_minutes)
@require_safe
def minutes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """/moeder/17/referat/: how far the minutes have come, for the committee's own people."""
    return _minutes(request, meeting)


def _minutes(request: HttpRequest, meeting: Meeting, *, notice: str = "", status: int = 200) -> HttpResponse:
    document = MinutesDocument.for_meeting(meeting, viewer=request.user)
    context = {
        "document": document,
        "form": SignForm(user=request.user, meeting=meeting, fingerprint=document.fingerprint),
        "notice": notice,
        "can_record": can_record_decisions(request.user, meeting),
        "can_publish": can_publish_meeting(request.user, meeting),
    }
    return render_page(request, "meetings/minutes.html", context, status=status)


@require_POST  # before the guard: a GET is refused to everyone, and few may post
@permission_on(meeting_for, can_sign_minutes)
def sign(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """/moeder/17/referat/underskriv/: one signature, to the minutes as the person saw them."""
    form = SignForm(request.POST, user=request.user, meeting=meeting)
    if not form.is_valid():
        return _minutes(request, meeting, notice="Underskriften kom ikke med. Prøv igen.", status=422)
    try:
        form.save()
    except MinutesChanged as changed:
        return _minutes(request, meeting, notice=str(changed), status=409)
    except NotAllowed as refused:
        return _minutes(request, meeting, notice=str(refused), status=422)
    messages.success(request, "Du har underskrevet referatet.")
    return see_other(reverse("minutes", args=[meeting.pk]))


@permission_on(meeting_for, can_record_decisions)
@require_http_methods(["GET", "HEAD", "POST"])
def seal(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """/moeder/17/referat/forsegl/: seal the minutes although somebody has not signed."""
    form = SealForm(request.POST or None, user=request.user, meeting=meeting)
    if saved(form):
        messages.success(request, "Referatet er forseglet.")
        return see_other(reverse("minutes", args=[meeting.pk]))
    context = {"document": MinutesDocument.for_meeting(meeting, viewer=request.user), "form": form}
    return render_page(request, "meetings/seal.html", context, status=422 if form.is_bound else 200)


@permission_on(meeting_for, can_record_decisions)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """/moeder/17/referat/tilfoej/: a dated addition to the minutes as a whole."""
    form = AdditionForm(request.POST or None, user=request.user, meeting=meeting)
    if saved(form):
        messages.success(request, "Tilføjelsen står nu i referatet.")
        return see_other(reverse("minutes", args=[meeting.pk]))
    context = {"document": MinutesDocument.for_meeting(meeting, viewer=request.user), "form": form}
    return render_page(request, "meetings/minutes_addition.html", context, status=422 if form.is_bound else 200)

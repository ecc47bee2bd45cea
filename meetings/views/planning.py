"""Planning: a new meeting, a new item, an item changed before it is decided."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from kit.clock import moment
from kit.drafts import EditConflict
from kit.guards import permission, permission_on
from kit.htmx import render_page, see_other
from meetings.actions import AlreadyDecided, NumberTaken
from meetings.documents.parts import meeting_name
from meetings.forms.item import ItemForm, PublicTraceForm, differences
from meetings.forms.meeting import MeetingForm
from meetings.models import AgendaItem, Decision, Meeting
from meetings.permissions import can_edit_item, can_plan_meeting, can_plan_some_meeting, item_for, meeting_for


@permission(can_plan_some_meeting)
@require_http_methods(["GET", "HEAD", "POST"])
def create_meeting(request: HttpRequest) -> HttpResponse:
    """/moeder/nyt/: call a meeting."""
    form = MeetingForm(request.POST or None, user=request.user)
    if form.is_valid():
        meeting = form.save()
        messages.success(request, "Mødet er oprettet.")
        return see_other(meeting.get_absolute_url())
    return render_page(request, "meetings/meeting_form.html", {"form": form}, status=422 if form.is_bound else 200)


@permission_on(meeting_for, can_plan_meeting)
@require_http_methods(["GET", "HEAD", "POST"])
def create_item(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """/moeder/17/punkter/nyt/: add an item."""
    form = ItemForm(request.POST or None, user=request.user, meeting=meeting)
    if form.is_valid():
        try:
            item = form.save()
        except NumberTaken as taken:
            form.refuse_number(taken)
        else:
            messages.success(request, f"Punkt {item.number} er sat på dagsordenen.")
            return see_other(meeting.get_absolute_url())
    back = meeting.get_absolute_url()
    context = {
        "form": form, "meeting": meeting, "eyebrow": meeting_name(meeting), "conflict": None, "title": "Nyt punkt",
        "back": back,
    }  # fmt: skip
    return render_page(request, "meetings/item_form.html", context, status=422 if form.is_bound else 200)


@permission_on(item_for, can_edit_item)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """/moeder/17/punkter/3/ret/: change an item; what is in the protocol is left as it is."""
    is_decided = Decision.including_closed.filter(item=item).exists()
    if is_decided and item.is_closed:
        return _edit_public_trace(request, item)
    if is_decided and request.method != "POST":
        return redirect(item)
    form = ItemForm(request.POST or None, user=request.user, meeting=item.meeting, item=item)
    if not form.is_valid():
        return _item_form(request, item, form, status=422 if form.is_bound else 200)
    try:
        changed = form.save()
    except NumberTaken as taken:
        form.refuse_number(taken)
        return _item_form(request, item, form, status=422)
    except EditConflict as clash:
        return _item_conflict(request, item, form, clash)
    except AlreadyDecided:
        form.add_error(None, "Punktet er ført til protokollen imens og kan ikke ændres. Din tekst står her endnu.")
        return _item_form(request, item, form, status=409)
    messages.success(request, f"Punkt {changed.number} er rettet.")
    return see_other(changed.get_absolute_url())


def _item_form(
    request: HttpRequest,
    item: AgendaItem,
    form: ItemForm | PublicTraceForm,
    *,
    status: int,
    conflict: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "form": form, "meeting": item.meeting, "eyebrow": meeting_name(item.meeting), "conflict": conflict,
        "title": f"Ret punkt {item.number}", "back": item.get_absolute_url(),
    }  # fmt: skip
    return render_page(request, "meetings/item_form.html", context, status=status)


def _item_conflict(
    request: HttpRequest, item: AgendaItem, form: ItemForm | PublicTraceForm, clash: EditConflict
) -> HttpResponse:
    """409: both texts, if they differ; what was typed stands in the form and may now be saved over the other's."""
    current = clash.current
    assert isinstance(current, AgendaItem)  # noqa: S101  (tells mypy what save_if_unchanged found)
    mine, theirs = differences(form, current)
    if not mine:  # a double click, or both wrote the same
        return see_other(current.get_absolute_url())
    form.write_over(current.revision)
    conflict = {"mine": mine, "theirs": theirs, "by": str(current.edited_by), "at": moment(current.edited_at)}
    return _item_form(request, item, form, status=409, conflict=conflict)


def _edit_public_trace(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Of a decided closed item, only what outsiders may know can still be written."""
    form = PublicTraceForm(request.POST or None, user=request.user, item=item)
    if not form.is_valid():
        return _item_form(request, item, form, status=422 if form.is_bound else 200)
    try:
        form.save()
    except EditConflict as clash:
        return _item_conflict(request, item, form, clash)
    messages.success(request, f"Det offentlige om punkt {item.number} er rettet.")
    return see_other(item.get_absolute_url())

"""Planning: a meeting called and changed, an item added, an item changed before it is decided."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from kit.clock import moment
from kit.drafts import EditConflict
from kit.guards import permission, permission_on
from kit.htmx import render_page, see_other
from meetings.actions import AlreadyDecided, MeetingClosed, NotAllowed, NumberTaken
from meetings.documents.parts import meeting_name
from meetings.forms.conflict import differences
from meetings.forms.item import ItemForm, PublicTraceForm
from meetings.forms.meeting import MeetingEditForm, MeetingForm
from meetings.models import AgendaItem, Closing, Decision, Meeting
from meetings.permissions import (
    AgendaPlace,
    can_edit_item,
    can_plan_meeting,
    can_plan_some_meeting,
    item_at,
    item_for,
    meeting_for,
)

_DECIDED = "Punktet er ført til protokollen imens og kan ikke ændres. Din tekst står her endnu."


@permission(can_plan_some_meeting)
@require_http_methods(["GET", "HEAD", "POST"])
def create_meeting(request: HttpRequest) -> HttpResponse:
    """/moeder/nyt/: call a meeting."""
    if "fetch_titles" in request.POST:  # nothing is kept yet: the form comes back with the titles in it
        form = MeetingForm.with_titles(request.POST, user=request.user)
        return _meeting_form(request, form, title="Nyt møde", status=200)
    form = MeetingForm(request.POST or None, user=request.user)
    if form.is_valid():
        meeting = form.save()
        messages.success(request, "Mødet er oprettet.")
        return see_other(meeting.get_absolute_url())
    return _meeting_form(request, form, title="Nyt møde", status=422 if form.is_bound else 200)


@permission_on(meeting_for, can_plan_meeting)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """/moeder/17/ret/: change when, where and how a meeting is held, or call it off."""
    if request.method != "POST" and Closing.objects.filter(meeting=meeting).exists():
        return redirect(meeting)
    form = MeetingEditForm(request.POST or None, user=request.user, meeting=meeting)
    status, conflict = (422 if form.is_bound else 200), None
    if form.is_valid():
        try:
            changed = form.save()
        except NotAllowed as refusal:
            form.add_error(refusal.field, str(refusal))
        except MeetingClosed as closed:
            form.add_error(None, str(closed))
            status = 409
        except EditConflict as clash:
            status, conflict = 409, _conflict(form, clash.current)
            if not conflict:
                return see_other(meeting.get_absolute_url())
        else:
            messages.success(request, "Mødet er aflyst." if changed.cancelled else "Mødet er rettet.")
            return see_other(changed.get_absolute_url())
    return _meeting_form(request, form, title="Ret mødet", status=status, meeting=meeting, conflict=conflict)


def _meeting_form(
    request: HttpRequest,
    form: MeetingForm | MeetingEditForm,
    *,
    title: str,
    status: int,
    meeting: Meeting | None = None,
    conflict: dict[str, str] | None = None,
) -> HttpResponse:
    context = {"form": form, "title": title, "meeting": meeting, "conflict": conflict,
               "eyebrow": meeting_name(meeting) if meeting else ""}  # fmt: skip
    return render_page(request, "meetings/meeting_form.html", context, status=status)


@permission_on(meeting_for, can_plan_meeting)
@require_http_methods(["GET", "HEAD", "POST"])
def create_item(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """/moeder/17/punkter/nyt/: add an item."""
    form = ItemForm(request.POST or None, user=request.user, meeting=meeting)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            item = form.save()
        except NumberTaken as taken:
            form.refuse_number(taken)
        except MeetingClosed as closed:
            form.add_error(None, str(closed))
            status = 409
        else:
            _say(request, f"Punkt {item.number} er sat på dagsordenen.", form)
            return see_other(meeting.get_absolute_url())
    context = {
        "form": form, "meeting": meeting, "eyebrow": meeting_name(meeting), "conflict": None, "title": "Nyt punkt",
        "back": meeting.get_absolute_url(), "item": None,
    }  # fmt: skip
    return render_page(request, "meetings/item_form.html", context, status=status)


@permission_on(item_for, can_edit_item)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """/moeder/17/punkter/3/ret/: change an item; what is in the protocol is left as it is."""
    item = item_at(request.user, AgendaPlace(item.meeting, item.number), request.POST.get("item_pk", ""))
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
    except (AlreadyDecided, MeetingClosed) as refusal:
        form.add_error(None, _DECIDED if isinstance(refusal, AlreadyDecided) else str(refusal))
        return _item_form(request, item, form, status=409)
    _say(request, f"Punkt {changed.number} er rettet.", form)
    return see_other(changed.get_absolute_url())


def _say(request: HttpRequest, sentence: str, form: ItemForm) -> None:
    messages.success(request, sentence)
    for remark in form.remarks:
        messages.warning(request, remark)


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
        "item": item if isinstance(form, ItemForm) else None,
    }  # fmt: skip
    return render_page(request, "meetings/item_form.html", context, status=status)


def _item_conflict(
    request: HttpRequest, item: AgendaItem, form: ItemForm | PublicTraceForm, clash: EditConflict
) -> HttpResponse:
    """409: both texts, if they differ; what was typed stands in the form and may now be saved over the other's."""
    conflict = _conflict(form, clash.current)
    if not conflict:  # a double click, or both wrote the same
        return see_other(item.get_absolute_url())
    return _item_form(request, item, form, status=409, conflict=conflict)


def _conflict(form: Any, current: models.Model) -> dict[str, str] | None:
    """Both texts for the page, or nothing where they say the same; the next save is over the other's text."""
    assert isinstance(current, AgendaItem | Meeting)  # noqa: S101  (tells mypy what save_if_unchanged found)
    mine, theirs = differences(form, *form.both(current))
    if not mine:
        return None
    form.write_over(current.revision)
    return {"mine": mine, "theirs": theirs, "by": str(current.edited_by), "at": moment(current.edited_at)}


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

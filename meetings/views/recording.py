"""Recording: /moeder/17/beslutninger/, where the secretary writes the protocol while the committee still talks.

An item goes from lacking a decision over a draft, saved as one types, to the protocol. Ordinary posts do too.
"""

from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from kit.clock import moment
from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions import AlreadyDecided
from meetings.documents.item import ItemDocument
from meetings.documents.recording import ProtocolEntry, RecordingDocument, saved_at
from meetings.forms.decision import CorrectionForm, DecisionDraftForm, DecisionForm
from meetings.models import AgendaItem, Category, Decision, DecisionDraft, Meeting, Right
from meetings.permissions import (
    can_correct_decision,
    can_publish_meeting,
    can_record_decision,
    can_record_decisions,
    decision_for,
    has_right,
    item_for,
    meeting_for,
)
from meetings.phrases import PHRASES


class Clash(NamedTuple):
    """Two texts at once: mine and the one that stands there."""

    mine: str
    mine_category: str
    theirs: str
    theirs_category: str
    by: str
    at: str
    is_decided: bool
    is_autosave: bool  # then the focus stays where one writes


class Row(NamedTuple):
    """One item on the page: how far it has come, the form to go on with, and what is in the way."""

    entry: ProtocolEntry
    form: DecisionDraftForm | CorrectionForm | None
    clash: Clash | None = None


@permission_on(meeting_for, can_record_decisions)
@require_safe
def recording(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """All items on one page."""
    return _protocol(request, meeting)


@permission_on(item_for, can_record_decision)
@require_POST
def save_draft(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Keep what is typed so far. Of two texts at once, "deres" lets the other's stand, and "min" saves mine over it."""
    if "deres" in request.POST:
        return _go_on(request, item)
    form = DecisionDraftForm(request.POST, user=request.user, item=item)
    if not form.is_valid():
        return _protocol(request, item.meeting, item=item, form=form, status=422)
    try:
        draft = form.save()
    except AlreadyDecided as too_late:
        return _too_late(request, item, form, too_late.decision)
    except EditConflict as conflict:
        return _clash(request, item, form, conflict)
    if not request.htmx or "min" in request.POST:  # type: ignore[attr-defined]
        return _go_on(request, item)
    return render_page(
        request, "meetings/recording.html", {"item": item, "draft": draft, "state": saved_at(draft)}, partial="kladde"
    )


@permission_on(item_for, can_record_decision)
@require_POST
def record(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Enter the decision in the protocol."""
    form = DecisionForm(request.POST, user=request.user, item=item)
    if not form.is_valid():
        return _protocol(request, item.meeting, item=item, form=form, status=422)
    try:
        form.save()
    except AlreadyDecided as too_late:
        return _too_late(request, item, form, too_late.decision)
    except EditConflict as conflict:
        return _clash(request, item, form, conflict)
    return _go_on(request, item, announcement=f"Punkt {item.number} er ført til protokollen.")


@permission_on(decision_for, can_correct_decision)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, decision: Decision) -> HttpResponse:
    """/moeder/17/punkter/3/rettelse/: a dated addition below the decision."""
    item = decision.item
    form = CorrectionForm(request.POST or None, user=request.user, decision=decision)
    if form.is_valid():
        form.save()
        if request.htmx:  # type: ignore[attr-defined]
            return _go_on(request, item, announcement=f"Tilføjelsen til punkt {item.number} er ført til protokollen.")
        messages.success(request, "Tilføjelsen er ført til protokollen.")
        return see_other(item.get_absolute_url())
    context = {"document": ItemDocument.for_item(item, viewer=request.user), "form": form}
    return render_page(request, "meetings/correction_form.html", context, status=422 if form.is_bound else 200)


def _protocol(
    request: HttpRequest,
    meeting: Meeting,
    *,
    item: AgendaItem | None = None,
    form: DecisionDraftForm | CorrectionForm | None = None,
    clash: Clash | None = None,
    announcement: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with the page, or for htmx with the one item that was written, and the count of what is missing."""
    document = RecordingDocument.for_meeting(meeting, viewer=request.user)
    rows = [
        Row(entry, form, clash) if form and entry.item == item else Row(entry, _blank_form(request, entry))
        for entry in document.entries
    ]
    context = {
        "document": document,
        "rows": rows,
        "row": next((row for row in rows if row.entry.item == item), None),
        "upcoming": document.next_undecided(item),
        "can_put_in_force": has_right(request.user, Right.PUT_IN_FORCE, meeting.committee),
        "can_publish": can_publish_meeting(request.user, meeting),
        "phrases": PHRASES,
        "announcement": announcement,
        "is_answer": item is not None and bool(request.htmx),  # type: ignore[attr-defined]
    }
    response = render_page(request, "meetings/recording.html", context, partial="svar" if item else None, status=status)
    # An autosave aims at the small line that says when it was saved; a whole item goes in the item's place.
    return reswap(retarget(response, "closest .record"), "outerHTML") if context["is_answer"] else response


def _blank_form(request: HttpRequest, entry: ProtocolEntry) -> DecisionForm | None:
    return None if entry.outcome else DecisionForm(user=request.user, item=entry.item, draft=entry.draft)


def _go_on(request: HttpRequest, item: AgendaItem, *, announcement: str = "") -> HttpResponse:
    """The item as it now stands: in its place for htmx, else on the page."""
    if request.htmx:  # type: ignore[attr-defined]
        return _protocol(request, item.meeting, item=item, announcement=announcement)
    return see_other(_place(item))


def _place(item: AgendaItem) -> str:
    return f"{reverse('recording', args=[item.meeting_id])}#punkt-{item.number}"


def _clash(request: HttpRequest, item: AgendaItem, form: DecisionDraftForm, conflict: EditConflict) -> HttpResponse:
    """409: somebody saved another draft. What was typed stands in the form and may now be saved over it."""
    draft = DecisionDraft.including_closed.select_related("edited_by").get(pk=conflict.current.pk)
    by = "Du" if draft.edited_by == request.user else str(draft.edited_by)
    clash = _both(form, draft.text, draft.category, by, moment(draft.edited_at), is_decided=False)
    form.write_over(draft.revision)
    return _protocol(request, item.meeting, item=item, form=form, clash=clash, status=409)


def _too_late(request: HttpRequest, item: AgendaItem, form: DecisionDraftForm, decision: Decision) -> HttpResponse:
    """The item is in the protocol: fine if it says the same or this very form put it there; else 409, both texts."""
    values = form.cleaned_data
    says_the_same = values["text"] in ("", decision.text) and values["category"] in ("", decision.category)
    if decision.nonce == values["nonce"] and not isinstance(form, DecisionForm):
        return HttpResponse(status=204) if request.htmx else see_other(_place(item))  # type: ignore[attr-defined]
    if says_the_same:
        return _go_on(request, item)
    by = "Du" if decision.recorded_by == request.user else str(decision.recorded_by or "Indlæsningen")
    clash = _both(form, decision.text, decision.category, by, moment(decision.recorded_at), is_decided=True)
    correction = CorrectionForm(user=request.user, decision=decision, text=values["text"])
    return _protocol(request, item.meeting, item=item, form=correction, clash=clash, status=409)


def _both(form: DecisionDraftForm, text: str, category: str, by: str, at: str, *, is_decided: bool) -> Clash:
    mine = form.cleaned_data
    is_autosave = not isinstance(form, DecisionForm)
    return Clash(mine["text"], _label(mine["category"]), text, _label(category), by, at, is_decided, is_autosave)


def _label(category: str) -> str:
    return Category(category).label if category else ""

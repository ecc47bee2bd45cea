"""Recording: /moeder/17/beslutninger/, where the secretary writes the protocol while the committee still talks.

An item goes from lacking a decision over a draft, saved as one types, to the protocol. Ordinary posts do too.
"""

from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.documents.at_points import AtPoints
from meetings.documents.parts import ad, item_name
from meetings.documents.recording import CorrectionDocument, ProtocolEntry, RecordingDocument, saved_at
from meetings.documents.treatment import treatments
from meetings.forms.decision import CorrectionForm, DecisionDraftForm, DecisionForm
from meetings.models import AgendaItem, Meeting, Right, has_right
from meetings.permissions import (
    can_publish_meeting,
    can_record_decision,
    can_record_decisions,
    decisions_for,
    item_for,
    item_meant,
    meeting_for,
)
from meetings.phrases import phrases_of
from meetings.views.clashes import REFUSALS, Clash, Refused, refused


class Row(NamedTuple):
    """One item on the page: how far it has come, the form to go on with, and what is in the way."""

    entry: ProtocolEntry
    form: DecisionDraftForm | CorrectionForm | None
    clash: Clash | None = None

    @property
    def is_correction(self) -> bool:
        """Whether the item is in the protocol, and what was typed may be set below the decision."""
        return isinstance(self.form, CorrectionForm)


@permission_on(meeting_for, can_record_decisions)
@require_safe
def recording(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """All items on one page."""
    return _protocol(request, meeting)


@permission_on(item_for, can_record_decision)
@require_POST
def save_draft(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Keep what is typed so far. Of two texts at once, "deres" lets the other's stand, and "min" saves mine over it."""
    item = item_meant(request.user, item, request.POST.get("item_pk", ""))
    if "deres" in request.POST:
        return _go_on(request, item)
    form = DecisionDraftForm(request.POST, user=request.user, item=item, at_points=AtPoints.of_item(item))
    if not form.is_valid():
        return _protocol(request, item.meeting, item=item, form=form, status=422)
    try:
        draft = form.save()
    except REFUSALS as refusal:
        return _answer(request, item, refused(form, refusal))
    if not request.htmx or "min" in request.POST:  # type: ignore[attr-defined]
        return _go_on(request, item)
    return render_page(
        request, "meetings/recording.html", {"item": item, "draft": draft, "state": saved_at(draft)}, partial="kladde"
    )


@permission_on(item_for, can_record_decision)
@require_POST
def record(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Enter the decision in the protocol."""
    item = item_meant(request.user, item, request.POST.get("item_pk", ""))
    form = DecisionForm(request.POST, user=request.user, item=item, at_points=AtPoints.of_item(item))
    if not form.is_valid():
        return _protocol(request, item.meeting, item=item, form=form, status=422)
    try:
        form.save()
    except REFUSALS as refusal:
        return _answer(request, item, refused(form, refusal))
    points = form.drafted["points"]
    what = f"Punkt {item.number}, {ad(points).lower()}," if points else f"Punkt {item.number}"
    return _go_on(request, item, announcement=f"{what} er ført til protokollen.")


@permission_on(item_for, can_record_decision)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """/moeder/17/punkter/3/rettelse/: a dated addition below the decision; `?ad=2` names the at-point it is on."""
    decision, *others = decisions_for(request.user, item=item, point=request.GET.get("ad", ""))
    if others:
        return _choose(request, item)
    form = CorrectionForm(request.POST or None, user=request.user, decision=decision)
    if form.is_valid():
        form.save()
        if request.htmx:  # type: ignore[attr-defined]
            return _go_on(request, item, announcement=f"Tilføjelsen til punkt {item.number} er ført til protokollen.")
        messages.success(request, "Tilføjelsen er ført til protokollen.")
        return see_other(item.get_absolute_url())
    if request.htmx and form.is_bound:  # type: ignore[attr-defined]
        return _protocol(request, item.meeting, item=item, form=form, status=422)
    context = {"document": CorrectionDocument.for_decision(decision, item, viewer=request.user), "form": form}
    return render_page(request, "meetings/correction_form.html", context, status=422 if form.is_bound else 200)


def _choose(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Of an item decided at-point by at-point, one says which the addition is on."""
    treatment = treatments(item.meeting, viewer=request.user, items=[item])[item.pk]
    context = {"item": item, "outcomes": treatment.outcomes, "eyebrow": item_name(item)}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "meetings/correction_choose.html", context, status=status)


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
        Row(entry, form, clash) if form and entry.item == item else Row(entry, _blank_form(request, document, entry))
        for entry in document.entries
    ]
    context = {
        "document": document,
        "rows": rows,
        "row": next((row for row in rows if row.entry.item == item), None),
        "upcoming": document.next_undecided(item),
        "can_put_in_force": has_right(request.user, Right.PUT_IN_FORCE, meeting.committee),
        "can_publish": can_publish_meeting(request.user, meeting),
        "phrases": phrases_of(meeting.committee.municipality),
        "announcement": announcement,
        "is_answer": item is not None and bool(request.htmx),  # type: ignore[attr-defined]
        "is_refused": status >= 400,
    }
    response = render_page(request, "meetings/recording.html", context, partial="svar" if item else None, status=status)
    if not context["is_answer"]:
        return response
    # An autosave aims at the small line that says when it was saved. A whole item goes in the item's place; what is
    # refused only in that of the decision, so that what stands open beside it is left alone.
    return reswap(retarget(response, "closest .record__decision" if status >= 400 else "closest .record"), "outerHTML")


def _blank_form(request: HttpRequest, document: RecordingDocument, entry: ProtocolEntry) -> DecisionForm | None:
    if entry.treatment.is_decided or document.closed:
        return None
    return DecisionForm(user=request.user, item=entry.item, at_points=entry.at_points, draft=entry.draft)


def _answer(request: HttpRequest, item: AgendaItem, answer: Refused) -> HttpResponse:
    """What was typed, beside what stands in its way; or the item as it is, where nothing does after all."""
    if answer.is_late:  # an autosave on its way while the decision was entered: nothing to tell
        return HttpResponse(status=204) if request.htmx else see_other(_place(item))  # type: ignore[attr-defined]
    if answer.form is None:
        return _go_on(request, item)
    return _protocol(request, item.meeting, item=item, form=answer.form, clash=answer.clash, status=answer.status)


def _go_on(request: HttpRequest, item: AgendaItem, *, announcement: str = "") -> HttpResponse:
    """The item as it now stands: in its place for htmx, else on the page."""
    if request.htmx:  # type: ignore[attr-defined]
        return _protocol(request, item.meeting, item=item, announcement=announcement)
    return see_other(_place(item))


def _place(item: AgendaItem) -> str:
    return f"{reverse('recording', args=[item.meeting_id])}#punkt-{item.number}"

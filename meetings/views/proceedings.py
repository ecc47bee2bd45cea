"""Forhandlingen: /moeder/17/punkter/3/forhandling/, what happens on an item beside the decision.

One address: it shows what is recorded with a small form for each thing that can happen, and each form posts back to it.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions import MeetingClosed, NotAllowed
from meetings.documents.parts import meeting_name
from meetings.documents.proceedings import ProceedingsDocument
from meetings.forms.proceedings import (
    AbsenceForm,
    NoteForm,
    ProceedingsForm,
    PromiseForm,
    RecusalForm,
    RemoveForm,
    StayForm,
)
from meetings.forms.votes import VoteByGroupForm, VoteByPersonForm
from meetings.models import AgendaItem, Right, has_right
from meetings.permissions import can_record_decision, item_for, item_meant

_FORMS: dict[str, type[ProceedingsForm]] = {
    form.what: form
    for form in (
        VoteByPersonForm, VoteByGroupForm, RecusalForm, AbsenceForm, NoteForm, PromiseForm, StayForm, RemoveForm,
    )
}  # fmt: skip


@permission_on(item_for, can_record_decision)
@require_http_methods(["GET", "HEAD", "POST"])
def proceedings(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """What is recorded so far, and the forms; "hvad" says which of them was sent."""
    item = item_meant(request.user, item, request.POST.get("item_pk", ""))
    document = ProceedingsDocument.for_item(item, viewer=request.user)
    if request.method != "POST":
        return _page(request, document)
    form_class = _FORMS.get(request.POST.get("hvad", ""))
    if form_class is None:
        raise Http404
    form = form_class(request.POST, user=request.user, document=document)
    if not form.is_valid():
        return _page(request, document, form, status=422)
    try:
        form.save()
    except NotAllowed as refusal:
        form.refuse(refusal)
        return _page(request, document, form, status=422)
    except MeetingClosed:
        return _page(request, ProceedingsDocument.for_item(item, viewer=request.user), form, status=409)
    if not request.htmx:  # type: ignore[attr-defined]
        return see_other(f"{reverse('recording', args=[item.meeting_id])}#punkt-{item.number}")
    saved = _page(request, ProceedingsDocument.for_item(item, viewer=request.user), is_answer=True)
    return trigger_client_event(saved, "forhandling", {"punkt": item.pk})


def _page(
    request: HttpRequest,
    document: ProceedingsDocument,
    bound: ProceedingsForm | None = None,
    *,
    is_answer: bool = False,
    status: int = 200,
) -> HttpResponse:
    forms = {
        what: bound if bound and bound.what == what else form(user=request.user, document=document)
        for what, form in _FORMS.items()
    }
    context = {
        "document": document,
        "eyebrow": meeting_name(document.item.meeting),
        "forms": forms,
        "bound": bound,
        "open": bound.what if bound else "",
        "is_answer": is_answer,
        "is_fragment": bool(request.htmx),  # type: ignore[attr-defined]
        "can_put_in_force": has_right(request.user, Right.PUT_IN_FORCE, document.item.meeting.committee),
        # When the attendance is written meanwhile, the part fetches itself anew, and leaves the focus where it is.
        "takes_focus": request.htmx and not bound and not request.htmx.trigger,  # type: ignore[attr-defined]
    }
    return render_page(request, "meetings/proceedings.html", context, partial="forhandling", status=status)

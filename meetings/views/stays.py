"""Stays: /moeder/17/punkter/3/standsning/, what the council made of a decision that a member brought before it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.documents.stays import StaysDocument
from meetings.forms.stay import StayOutcomeForm
from meetings.models import AgendaItem
from meetings.permissions import can_record_decision, item_for
from meetings.views.saving import saved


@permission_on(item_for, can_record_decision)
@require_http_methods(["GET", "HEAD", "POST"])
def stay_outcome(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Write the outcome down; of several stays on one item, the one on the at-point asked for (?punkt=2)."""
    document = StaysDocument.for_item(item, viewer=request.user, point=request.GET.get("punkt", ""))
    if not document.lines:
        raise Http404
    if document.stay is None:
        return _page(request, document, None, status=422 if request.method == "POST" else 200)
    form = StayOutcomeForm(request.POST or None, user=request.user, stay=document.stay)
    if saved(form):
        messages.success(request, "Udfaldet af standsningen er skrevet ind.")
        return see_other(item.get_absolute_url())
    return _page(request, document, form, status=422 if form.is_bound else 200)


def _page(request: HttpRequest, document: StaysDocument, form: StayOutcomeForm | None, *, status: int) -> HttpResponse:
    return render_page(request, "meetings/stay_outcome.html", {"document": document, "form": form}, status=status)

"""Promises: /loefter/, the ledger of what the administration will come back with."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.guards import permission_on, public
from kit.htmx import render_page, see_other
from meetings.actions import MeetingClosed, NotAllowed
from meetings.documents.promises import PromiseLedger
from meetings.forms.promise import PutOnAgendaForm, SettleForm
from meetings.models import Promise
from meetings.permissions import can_put_promise_on_agenda, can_settle_promise, promise_for
from meetings.views.saving import saved


@public
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """/loefter/: the promises the viewer may read, oldest due first."""
    return _ledger(request)


def _ledger(request: HttpRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    document = PromiseLedger.for_viewer(
        request.user,
        committee_slug=request.GET.get("udvalg", ""),
        shows_all=request.GET.get("vis") == "alle",
        number=request.GET.get("side", "1"),
    )
    context = {"document": document, "refusal": refusal}
    return render_page(request, "meetings/promises.html", context, status=status)


@permission_on(promise_for, can_settle_promise)
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, promise: Promise) -> HttpResponse:
    """/loefter/4/: note that the promise was kept otherwise than by an item."""
    form = SettleForm(request.POST or None, user=request.user, promise=promise)
    if saved(form):
        messages.success(request, "Det er noteret, at løftet er indfriet.")
        return see_other(reverse("promises"))
    context = {"promise": promise, "form": form}
    return render_page(request, "meetings/promise_settle.html", context, status=422 if form.is_bound else 200)


@permission_on(promise_for, can_put_promise_on_agenda)
@require_POST
def to_agenda(request: HttpRequest, promise: Promise) -> HttpResponse:
    """/loefter/4/dagsorden/: an item that answers the promise, on the meeting named or the next."""
    form = PutOnAgendaForm(request.POST, user=request.user, promise=promise)
    if not form.is_valid():
        return _ledger(request, refusal=" ".join(str(error) for error in form["meeting"].errors), status=422)
    try:
        item = form.save()
    except (MeetingClosed, NotAllowed) as refused:
        return _ledger(request, refusal=str(refused), status=422)
    messages.success(request, f"Opfølgningen er sat på dagsordenen som punkt {item.number}.")
    return see_other(_back(request) or reverse("agenda_arrange", args=[item.meeting_id]))


def _back(request: HttpRequest) -> str:
    """The page the button stood on, if it is one of ours."""
    address = request.POST.get("tilbage", "")
    return address if address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""

"""Requests for an addition: writing them down, and settling those that no wording answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.views.saving import saved
from pejlemaerker.documents.requests import follow
from pejlemaerker.forms.request import RequestForm, SettlementForm
from pejlemaerker.models import AdditionRequest, AsOf, GoalSet
from pejlemaerker.permissions import can_settle_request, can_write_request, goal_set_for, request_for


@permission_on(goal_set_for, can_write_request)
@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Skriv ind, at nogen har bedt om en tilføjelse (`?pejlemaerke=`, `?punkt=` choose beforehand)."""
    form = RequestForm(request.POST or None, goal_set=goal_set, user=request.user, asked=request.GET)
    if recorded := saved(form):
        messages.success(request, "Ønsket er skrevet ind. Det står som åbent, til en ny ordlyd svarer på det.")
        return see_other(_place(recorded))
    context = {"goal_set": goal_set, "form": form}
    return render_page(request, "pejlemaerker/request_form.html", context, status=422 if form.is_bound else 200)


@permission_on(request_for, can_settle_request)
@require_http_methods(["GET", "HEAD", "POST"])
def settle_request(request: HttpRequest, wish: AdditionRequest) -> HttpResponse:
    """Et ønske, followed to its end; while it is open, what became of it is written here."""
    form = SettlementForm(request.POST or None, request=wish, user=request.user)
    if saved(form):
        messages.success(request, "Det er skrevet ind, hvad der blev af ønsket.")
        return see_other(_place(wish))
    rows = AdditionRequest.objects.filter(pk=wish.pk).select_related("goal", "goal_set")
    context = {
        "goal_set": wish.goal_set,
        "requests": follow(rows, viewer=request.user, at=AsOf.now()),
        "form": form,
        "back_url": _place(wish),
    }
    return render_page(request, "pejlemaerker/request_settle.html", context, status=422 if form.is_bound else 200)


def _place(wish: AdditionRequest) -> str:
    """Where the request stands: with the wordings of its pejlemærke, else in its set."""
    page = reverse("wordings", args=[wish.goal_id]) if wish.goal_id else wish.goal_set.get_absolute_url()
    return f"{page}#oenske-{wish.pk}"

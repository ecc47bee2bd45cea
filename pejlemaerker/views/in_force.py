"""Putting wordings in force."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kit.dates import format_date
from kit.guards import permission, permission_on
from kit.htmx import render_page, see_other
from meetings.views.saving import saved
from pejlemaerker.documents.awaiting import sets_awaiting_decision
from pejlemaerker.forms.in_force import PutInForceForm
from pejlemaerker.models import Adoption, GoalSet
from pejlemaerker.permissions import (
    approving_decision_for,
    can_put_in_force,
    can_put_in_force_by,
    can_put_some_in_force,
    goal_set_for,
)


@permission(can_put_some_in_force)
@require_safe
def choose_set(request: HttpRequest) -> HttpResponse:
    """From a decision (`?beslutning=`) to the sets whose wordings wait for one; where there is one such set, to it."""
    decision = approving_decision_for(request.user, decision_id=request.GET.get("beslutning", ""))
    sets = (
        sets_awaiting_decision(decision.item.meeting.committee) if can_put_in_force_by(request.user, decision) else []
    )
    if len(sets) == 1:
        return HttpResponseRedirect(f"{reverse('put_in_force', args=[sets[0].pk])}?beslutning={decision.pk}")
    return render_page(request, "pejlemaerker/in_force_choose.html", {"decision": decision, "sets": sets})


@permission_on(goal_set_for, can_put_in_force)
@require_http_methods(["GET", "HEAD", "POST"])
def put_in_force(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Sæt ordlyd i kraft: point a decision at the wordings that wait for one."""
    form = PutInForceForm(
        request.POST or None, goal_set=goal_set, user=request.user, decision=request.GET.get("beslutning", "")
    )
    if adoptions := saved(form):
        messages.success(request, _told(adoptions))
        return see_other(goal_set.get_absolute_url())
    status = 422 if form.is_bound else 200
    return render_page(request, "pejlemaerker/in_force.html", {"goal_set": goal_set, "form": form}, status=status)


def _told(adoptions: list[Adoption]) -> str:
    since = format_date(adoptions[0].in_force_from)
    if len(adoptions) == 1:
        return f"Ordlyden gælder fra {since}."
    return f"De {len(adoptions)} ordlyde gælder fra {since}."

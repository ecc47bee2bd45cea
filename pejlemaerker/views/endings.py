"""Ending a pejlemærke, and taking it up again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions.refusals import NotAllowed
from meetings.views.saving import refuse
from pejlemaerker.actions import EndedMeanwhile
from pejlemaerker.documents.standing import standings
from pejlemaerker.forms.endings import CloseForm
from pejlemaerker.models import AsOf, Goal, GoalClosing
from pejlemaerker.permissions import can_arrange_goal, goal_for

_DONE = {
    GoalClosing.Kind.COMPLETED: "Pejlemærket er afsluttet.",
    GoalClosing.Kind.DROPPED: "Pejlemærket er udgået.",
    GoalClosing.Kind.RESUMED: "Pejlemærket er taget op igen.",
}


@permission_on(goal_for, can_arrange_goal)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, goal: Goal) -> HttpResponse:
    """Afslut et pejlemærke; or, where it has ended, tag det op igen."""
    standing = standings([goal], viewer=request.user, at=AsOf.now())[goal.pk]
    form = CloseForm(request.POST or None, goal=goal, ending=standing.ending, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                closing = form.save()
            except EndedMeanwhile:
                status, form = 409, CloseForm(goal=goal, ending=standing.ending, user=request.user)
            except NotAllowed as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _DONE[GoalClosing.Kind(closing.kind)])
                return see_other(goal.get_absolute_url())
    context = {"goal": goal, "standing": standing, "form": form, "ended_meanwhile": status == 409}
    return render_page(request, "pejlemaerker/goal_close.html", context, status=status)

"""Proposals to merge and to split pejlemærker."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions.refusals import NotAllowed
from pejlemaerker.documents.standing import standings
from pejlemaerker.forms.merging import MergeForm, SplitForm
from pejlemaerker.models import AsOf, Goal, GoalSet, GoalVersion
from pejlemaerker.permissions import can_edit_goal, can_edit_goals, goal_for, goal_set_for

_PROPOSED = "Forslaget er skrevet ind. Det ændrer intet, før udvalget har besluttet det."


@permission_on(goal_set_for, can_edit_goals)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Foreslå at lægge pejlemærker sammen."""
    form = MergeForm(request.POST or None, goal_set=goal_set, user=request.user)
    context = {"goal_set": goal_set, "form": form}
    answer = _propose(request, form)
    if isinstance(answer, list):
        return see_other(answer[0].goal.get_absolute_url())
    return _page(request, "pejlemaerker/goals_merge.html", context, form, answer, form.data.get("text", ""))


@permission_on(goal_for, can_edit_goal)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, goal: Goal) -> HttpResponse:
    """Foreslå at dele et pejlemærke."""
    standing = standings([goal], viewer=request.user, at=AsOf.now())[goal.pk]
    form = SplitForm(request.POST or None, standing=standing, user=request.user)
    context = {"goal": goal, "standing": standing, "form": form}
    answer = _propose(request, form)
    if isinstance(answer, list):
        return see_other(goal.get_absolute_url())
    return _page(request, "pejlemaerker/goal_split.html", context, form, answer, form.data.get("text_1", ""))


def _propose(request: HttpRequest, form: MergeForm | SplitForm) -> list[GoalVersion] | GoalVersion | None:
    """Save it and return the wordings that now wait; or the one that came in between; or None."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        saved = form.save()
    except EditConflict as conflict:
        form.write_over()
        newest = conflict.current
        assert isinstance(newest, GoalVersion)  # noqa: S101  (what the action raises it with)
        return newest
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _PROPOSED)
    return saved if isinstance(saved, list) else [saved]


def _page(
    request: HttpRequest,
    template: str,
    context: dict[str, object],
    form: MergeForm | SplitForm,
    newest: GoalVersion | None,
    mine: str,
) -> HttpResponse:
    status = 409 if newest else 422 if form.is_bound else 200
    return render_page(request, template, {**context, "newest": newest, "mine": mine}, status=status)

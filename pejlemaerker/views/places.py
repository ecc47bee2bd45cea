"""Where pejlemærker stand: renumbering a set, and moving one to another set."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions.refusals import NotAllowed
from meetings.views.saving import refuse
from pejlemaerker.actions import NumbersChanged
from pejlemaerker.forms.places import ArrangeForm, MoveForm, Orders
from pejlemaerker.models import Goal, GoalSet
from pejlemaerker.permissions import can_arrange_goal, can_arrange_goals, goal_for, goal_set_for


@permission_on(goal_set_for, can_arrange_goals)
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Omnummerer et sæt; two who do it at once see each other's order."""
    form = ArrangeForm(request.POST or None, goal_set=goal_set, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _arrange_page(request, goal_set, form, status=422 if form.is_bound else 200)
    try:
        form.save()
    except NumbersChanged:
        return _arrange_page(request, goal_set, form, status=409, orders=form.meet())
    except NotAllowed as refusal:
        refuse(form, refusal)
        return _arrange_page(request, goal_set, form, status=422)
    messages.success(request, "De nye numre er gemt. De gamle kan ses på dagene før.")
    return see_other(goal_set.get_absolute_url())


def _arrange_page(
    request: HttpRequest, goal_set: GoalSet, form: ArrangeForm, *, status: int, orders: Orders | None = None
) -> HttpResponse:
    context = {"goal_set": goal_set, "form": form, "orders": orders}
    return render_page(request, "pejlemaerker/goals_arrange.html", context, status=status)


@permission_on(goal_for, can_arrange_goal)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, goal: Goal) -> HttpResponse:
    """Flyt et pejlemærke til et andet sæt; every link to it still works."""
    form = MoveForm(request.POST or None, goal=goal, user=request.user)
    moved_meanwhile = False
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except NumbersChanged:
            moved_meanwhile = True
        except NotAllowed as refusal:
            refuse(form, refusal)
        else:
            to_set = form.cleaned_data["to_set"]
            messages.success(request, f"Pejlemærket står nu i {to_set}. Alle links til det virker stadig.")
            return see_other(goal.get_absolute_url())
    if moved_meanwhile:
        form = MoveForm(goal=goal, user=request.user)
    context = {"goal": goal, "form": form, "moved_meanwhile": moved_meanwhile}
    status = 409 if moved_meanwhile else 422 if form.is_bound else 200
    return render_page(request, "pejlemaerker/goal_move.html", context, status=status)

"""Sets of pejlemærker: making one, changing it, and writing its pejlemærker."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit.danish import count_word
from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions.refusals import NotAllowed
from meetings.documents.last_change import last_change
from meetings.models import Committee
from meetings.views.saving import refuse, saved
from pejlemaerker.actions.sets import SetTaken
from pejlemaerker.documents.dialogue_notes import NotesBeside
from pejlemaerker.forms.goal import GoalForm, NewGoalsForm, named_dialogue
from pejlemaerker.forms.goal_set import EditSetForm, NewSetForm
from pejlemaerker.models import Goal, GoalSet
from pejlemaerker.permissions import (
    can_edit_goal,
    can_edit_goals,
    can_plan_sets,
    committee_for,
    goal_for,
    goal_set_for,
)


class Page(NamedTuple):
    """What a page with a form over one row says around it, and where one goes from there."""

    title: str
    eyebrow: str
    lead: str
    saved: str
    back: str
    crumb: str
    committee: Committee


@permission_on(committee_for, can_plan_sets)
@require_http_methods(["GET", "HEAD", "POST"])
def new_set(request: HttpRequest, committee: Committee) -> HttpResponse:
    """Nyt sæt pejlemærker; where the area has one in that period, the way to it."""
    form, taken = NewSetForm(request.POST or None, committee=committee, user=request.user), None
    if form.is_valid():
        try:
            goal_set = form.save()
        except SetTaken as refused:
            taken = refused.goal_set
            form.add_error("area" if "area" in form.fields else "area_name", str(refused))
        except NotAllowed as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"Sættet for {goal_set.area} {goal_set.period} er oprettet.")
            return see_other(goal_set.get_absolute_url())
    context = {"form": form, "committee": committee, "taken": taken}
    return render_page(request, "pejlemaerker/set_new.html", context, status=422 if form.is_bound else 200)


@permission_on(goal_set_for, can_edit_goals)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_set(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Ret sættet: its leaders, the committees that share it, its area's name and its period's days."""
    form = EditSetForm(request.POST or None, goal_set=goal_set, user=request.user)
    page = Page(
        "Ret sættet", str(goal_set), "", "Sættet er rettet.", goal_set.get_absolute_url(), goal_set.area.name,
        goal_set.period.committee,
    )  # fmt: skip
    return _fill_in(request, form, page, "pejlemaerker/set_edit.html")


@permission_on(goal_for, can_edit_goal)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_goal(request: HttpRequest, goal: Goal) -> HttpResponse:
    """Ret oplysningerne om et pejlemærke; its wording is changed by a new wording and a decision."""
    form = GoalForm(request.POST or None, goal=goal, user=request.user)
    lead = "Her rettes det, der står om pejlemærket. Ordlyden ændres kun ved en ny ordlyd, som udvalget beslutter."
    name = "Pejlemærke" if goal.number is None else f"Pejlemærke {goal.number}"
    page = Page(
        "Ret oplysninger", str(goal), lead, "Oplysningerne er rettet.", goal.get_absolute_url(), name,
        goal.goal_set.period.committee,
    )  # fmt: skip
    return _fill_in(request, form, page, "pejlemaerker/goal_edit.html")


def _fill_in(request: HttpRequest, form: Any, page: Page, template: str) -> HttpResponse:
    """Show a form, or save what was typed: 303, 422 with the errors, or 409 with both texts."""
    both, status = None, 422 if form.is_bound else 200
    if form.is_valid():
        try:
            form.save()
        except NotAllowed as refused:
            refuse(form, refused)
        except EditConflict as clash:
            both = form.meet(clash.current)
            if not both:
                return see_other(page.back)  # a double click, or both wrote the same
            both, status = both | last_change(clash.current), 409
        else:
            messages.success(request, page.saved)
            return see_other(page.back)
    return render_page(request, template, {"form": form, "page": page, "conflict": both}, status=status)


@permission_on(goal_set_for, can_edit_goals)
@require_http_methods(["GET", "HEAD", "POST"])
def new_goals(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Nye pejlemærker, as they came from the dialogue meeting; "Tilføj flere" only makes more room."""
    form = NewGoalsForm(request.POST or None, goal_set=goal_set, user=request.user, asked=request.GET)
    if goals := saved(form):
        messages.success(request, _told(goals))
        return see_other(goal_set.get_absolute_url())
    context = {
        "form": form,
        "goal_set": goal_set,
        "new_dialogue": reverse("dialogue_new", args=[goal_set.pk]),
        "beside": NotesBeside.of(
            named_dialogue(goal_set, request.user, request.GET.get("dialog", "")), viewer=request.user
        ),
    }
    return render_page(request, "pejlemaerker/goal_new.html", context, status=422 if form.is_bound else 200)


def _told(goals: list[Goal]) -> str:
    if len(goals) == 1:
        return f"Pejlemærke {goals[0].number} er skrevet ind. Ordlyden gælder, når udvalget har besluttet den."
    count = count_word(len(goals)).capitalize()
    return f"{count} pejlemærker er skrevet ind. Ordlydene gælder, når udvalget har besluttet dem."

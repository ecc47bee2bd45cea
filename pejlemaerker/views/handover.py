"""The handover of a set when its period ends, and what the next committee reads first."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.drafts import EditConflict
from kit.guards import permission_on, public
from kit.htmx import render_page, see_other
from meetings.actions import NotAllowed
from meetings.views.saving import refuse
from pejlemaerker.actions import CannotClose
from pejlemaerker.documents.handover import HandoverDocument
from pejlemaerker.documents.handover_goal import GoalHandoverDocument
from pejlemaerker.documents.learning import learned_of_set
from pejlemaerker.documents.reading_list import ReadingList
from pejlemaerker.forms.handover import CloseSetForm, DraftForm, GoalHandoverForm, HandoverForm
from pejlemaerker.models import AsOf, Goal, GoalSet
from pejlemaerker.permissions import (
    can_close_set,
    can_write_goal_handover,
    can_write_handover,
    committee_for,
    goal_for,
    goal_set_for,
    is_closed,
)


@permission_on(goal_set_for, can_write_handover)
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Overleveringen af et sæt: to whom it goes, what was learned, and how far each pejlemærke is."""
    form = HandoverForm(request.POST or None, goal_set=goal_set, user=request.user)
    if is_closed(goal_set):
        return see_other(goal_set.get_absolute_url())
    status = _kept(form) if request.method == "POST" else 200
    if status == 303 and not _is_htmx(request):
        messages.success(request, "Kladden er gemt.")
        return see_other(reverse("handover", args=[goal_set.pk]))
    return _page(request, goal_set, form=form, status=200 if status == 303 else status)


def _page(
    request: HttpRequest, goal_set: GoalSet, *, form: HandoverForm, closing: CloseSetForm | None = None, status: int
) -> HttpResponse:
    document = HandoverDocument.for_set(goal_set, viewer=request.user)
    context = {
        "document": document,
        "learned": learned_of_set(goal_set, at=AsOf.now()),
        "form": form,
        "can_close": can_close_set(request.user, goal_set),
        "closing": closing or CloseSetForm(plan=document, user=request.user, auto_id="afslut-%s"),
        "oob": _is_htmx(request),
    }
    return render_page(request, "pejlemaerker/handover/set.html", context, partial="gemt", status=status)


def _kept(form: DraftForm) -> int:
    """Keep what is written: 303 when it was, 422 when it cannot be read, 409 when another has written at once."""
    if not form.is_valid():
        return 422
    try:
        return 303 if form.keep() else 409
    except NotAllowed as refused:
        refuse(form, refused)
        return 422


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


@permission_on(goal_for, can_write_goal_handover)
@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: HttpRequest, goal: Goal) -> HttpResponse:
    """Overleveringen af ét pejlemærke: what becomes of it, and what was learned."""
    if is_closed(goal.goal_set):
        return see_other(goal.get_absolute_url())
    document = GoalHandoverDocument.for_goal(goal, viewer=request.user)
    form = GoalHandoverForm(request.POST or None, goal=goal, standings=document.standings, user=request.user)
    status = _kept(form) if request.method == "POST" else 200
    if status == 303 and not _is_htmx(request):
        messages.success(request, f"{document.standing.name} er gemt.")
        return see_other(reverse("handover", args=[goal.goal_set_id]))
    context = {"document": document, "form": form, "oob": _is_htmx(request)}
    status = 200 if status == 303 else status
    return render_page(request, "pejlemaerker/handover/goal.html", context, partial="gemt", status=status)


@permission_on(goal_set_for, can_close_set)
@require_POST
def close(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Afslut sættet og overlever det; a second click finds it closed."""
    if is_closed(goal_set):
        return see_other(goal_set.get_absolute_url())
    plan = HandoverDocument.for_set(goal_set, viewer=request.user)
    form = CloseSetForm(request.POST, plan=plan, user=request.user, auto_id="afslut-%s")
    status = 422
    if form.is_valid():
        try:
            closing = form.save()
        except CannotClose as refused:
            form.add_error(None, refused.reasons)
        except NotAllowed as refused:
            refuse(form, refused)
        except EditConflict:
            form.add_error(None, "Der er skrevet i overleveringen imens. Læs igen, hvad der sker, og afslut så.")
            form.read_anew()
            status = 409
        else:
            messages.success(
                request, "Sættet er afsluttet og overleveret." if closing.to_set else "Sættet er afsluttet."
            )
            return see_other(goal_set.get_absolute_url())
    draft = HandoverForm(goal_set=goal_set, user=request.user)
    return _page(request, goal_set, form=draft, closing=form, status=status)


@public
@require_safe
def reading_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Læselisten til et nyt udvalg: what it inherits, the story in short, the lessons and the open promises."""
    document = ReadingList.for_committee(committee_for(request.user, slug=slug), viewer=request.user)
    return render_page(request, "pejlemaerker/handover/reading_list.html", {"document": document})

"""Samlingen: from the leaders' answers to one text, and the last two evaluations side by side."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from kit.guards import permission_on, public
from kit.htmx import render_page, see_other
from pejlemaerker.documents.leader_answers import Asking
from pejlemaerker.documents.rollup import RollupDocument, RollupGoal, next_step
from pejlemaerker.documents.rollup_compare import ComparedRounds
from pejlemaerker.forms.review import SendForm
from pejlemaerker.forms.rollup import GoalTextForm
from pejlemaerker.models import EvaluationRound
from pejlemaerker.permissions import (
    EvaluatedGoal,
    can_read_rollup,
    can_read_rollup_of,
    can_review,
    can_write_status,
    can_write_status_of,
    evaluated_goal_for,
    evaluation_for,
)

_ONWARDS = "videre"  # the button that saves and goes on


@permission_on(evaluation_for, can_read_rollup)
@require_safe
def rollup(request: HttpRequest, evaluation: EvaluationRound) -> HttpResponse:
    """Overblikket: pejlemærke by pejlemærke, and where the text stands."""
    document = RollupDocument.for_evaluation(evaluation, viewer=request.user, asking=_asked(request))
    return overview(request, document)


def overview(request: HttpRequest, document: RollupDocument, *, refused: str = "", status: int = 200) -> HttpResponse:
    """The overview, also where a step was refused."""
    evaluation = document.evaluation
    context = {
        "document": document,
        "form": SendForm(evaluation=evaluation, user=request.user),
        "refused": refused,
        "can_write": can_write_status(request.user, evaluation),
        "can_review": can_review(request.user, evaluation),
    }
    return render_page(request, "pejlemaerker/rollup/overview.html", context, status=status)


def _asked(request: HttpRequest) -> Asking:
    return Asking(*(_number(request, name) for name in ("spoergsmaal", "lederkreds", "sum")))


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@permission_on(evaluated_goal_for, can_read_rollup_of)
@require_http_methods(["GET", "HEAD"])
def goal(request: HttpRequest, found: EvaluatedGoal) -> HttpResponse:
    """Ét pejlemærke: all answers on the one side, the common text on the other."""
    return _side_by_side(request, found, GoalTextForm(evaluation=found.evaluation, goal=found.goal, user=request.user))


@permission_on(evaluated_goal_for, can_write_status_of)
@require_POST
def write(request: HttpRequest, found: EvaluatedGoal) -> HttpResponse:
    """Keep what is typed, and do what the button says: quote, put in, move, remove."""
    form = GoalTextForm(evaluation=found.evaluation, goal=found.goal, user=request.user, data=request.POST)
    status = form.save() if form.is_valid() else 422
    if _ONWARDS in request.POST and status == 200:
        return _onwards(request, found)
    if getattr(request, "htmx", False) or status != 200:
        return _side_by_side(request, found, form, status=status)
    messages.success(request, form.said or "Teksten er gemt.")
    place = f"#svar-{form.cited_answer}" if form.cited_answer else "#citater" if form.pressed else ""
    return see_other(f"{reverse('rollup_goal', args=[found.evaluation.pk, found.goal.number])}{_query(request)}{place}")


def _onwards(request: HttpRequest, found: EvaluatedGoal) -> HttpResponse:
    """To the next pejlemærke; after the last to where the text stands."""
    address = next_step(found.evaluation, found.goal)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(address)
    return see_other(address)


def _side_by_side(request: HttpRequest, found: EvaluatedGoal, form: GoalTextForm, *, status: int = 200) -> HttpResponse:
    is_fragment = bool(getattr(request, "htmx", False))
    document = RollupGoal.for_goal(found.evaluation, found.goal, viewer=request.user, asking=_asked(request))
    context = {
        "document": document,
        "form": form,
        "is_fragment": is_fragment,
        "query": _query(request),
        "can_write": can_write_status(request.user, found.evaluation) and not document.review.is_frozen,
    }
    return render_page(request, "pejlemaerker/rollup/goal.html", context, partial="gemt", status=status)


def _query(request: HttpRequest) -> str:
    """What one has narrowed to, to be kept."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


@public
@require_safe
def compare(request: HttpRequest, round_id: int) -> HttpResponse:
    """This evaluation and the one before it, side by side; each viewer sees of both what they may see of each."""
    evaluation = evaluation_for(request.user, round_id=round_id)
    document = ComparedRounds.of(
        evaluation, viewer=request.user, reads_answers=can_read_rollup(request.user, evaluation)
    )
    return render_page(request, "pejlemaerker/rollup/compare.html", {"document": document})

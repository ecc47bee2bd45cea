"""Godkendelsen: the common text lies with the centre's head, and is presented when it is done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.guards import permission, permission_on
from kit.htmx import render_page, see_other
from meetings.actions import NotAllowed
from meetings.views.saving import saved
from pejlemaerker.documents.leader_answers import Asking
from pejlemaerker.documents.review import CommonText, ReviewState
from pejlemaerker.documents.reviews import ReviewList, with_wordings
from pejlemaerker.documents.rollup import RollupDocument
from pejlemaerker.forms.review import PresentForm, ReviewForm, SendForm
from pejlemaerker.models import EvaluationRound
from pejlemaerker.permissions import can_review, can_review_some, can_write_status, evaluation_for
from pejlemaerker.views.rollup import overview


@permission(can_review_some)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """The texts that wait for the one who is logged in; Min side loads them in place."""
    context = {"document": ReviewList.for_user(request.user)}
    return render_page(request, "pejlemaerker/rollup/reviews.html", context, partial="godkendelser")


@permission_on(evaluation_for, can_review)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, evaluation: EvaluationRound) -> HttpResponse:
    """Read exactly the text that is sent, and approve it or send it back."""
    text, approves = CommonText.of(evaluation), "godkend" in request.POST
    form = ReviewForm(request.POST or None, evaluation=evaluation, text=text, user=request.user, approves=approves)
    if request.method == "POST" and saved(form):
        messages.success(request, "Teksten er godkendt og afgivet." if approves else "Teksten er sendt tilbage.")
        return see_other(reverse("rollup_review", args=[evaluation.pk]))
    state = ReviewState.of(evaluation, viewer=request.user)
    goals = with_wordings(evaluation, text)
    context = {"evaluation": evaluation, "goals": goals, "review": state, "form": form}
    return render_page(request, "pejlemaerker/rollup/review.html", context, status=422 if form.is_bound else 200)


@permission_on(evaluation_for, can_write_status)
@require_POST
def send(request: HttpRequest, evaluation: EvaluationRound) -> HttpResponse:
    """Send the text to the centre's head, take it back, or hand it in without a review."""
    form = SendForm(request.POST, evaluation=evaluation, user=request.user)
    try:
        if form.is_valid():
            messages.success(request, form.save())
            return see_other(reverse("rollup", args=[evaluation.pk]))
        refused = "Vælg, hvad der skal ske med teksten."
    except NotAllowed as refusal:
        refused = str(refusal)
    document = RollupDocument.for_evaluation(evaluation, viewer=request.user, asking=Asking())
    return overview(request, document, refused=refused, status=422)


@permission_on(evaluation_for, can_write_status)
@require_http_methods(["GET", "HEAD", "POST"])
def present(request: HttpRequest, evaluation: EvaluationRound) -> HttpResponse:
    """Write down where the text was presented."""
    form = PresentForm(request.POST or None, evaluation=evaluation, user=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Evalueringen er fremlagt. Den kan nu offentliggøres.")
        return see_other(evaluation.get_absolute_url())
    state = ReviewState.of(evaluation, viewer=request.user)
    context = {"evaluation": evaluation, "review": state, "text": CommonText.of(evaluation), "form": form}
    return render_page(request, "pejlemaerker/rollup/present.html", context, status=422 if form.is_bound else 200)

"""Publishing a set, an evaluation or a dialogue meeting, and taking it back."""

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.documents.publishing import PublishingPart
from meetings.forms.publishing import PublishForm, WithdrawForm
from meetings.views.saving import saved
from pejlemaerker.documents.publishing import part_of_dialogue, part_of_evaluation, part_of_note, part_of_set
from pejlemaerker.forms.dialogue import PublishDialogueForm
from pejlemaerker.forms.issuing import PublishNoteForm
from pejlemaerker.forms.review import PublishEvaluationForm
from pejlemaerker.models import Dialogue, EvaluationRound, GoalSet, Note
from pejlemaerker.permissions import (
    can_publish_dialogue,
    can_publish_evaluation,
    can_publish_note,
    can_publish_set,
    dialogue_for,
    evaluation_for,
    goal_set_for,
    public_note_for,
)

WITHDRAW = "traek-tilbage"


@permission_on(goal_set_for, can_publish_set)
@require_http_methods(["GET", "HEAD", "POST"])
def publish_set(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Offentliggør et sæt."""
    return _publish(request, goal_set, part_of_set(goal_set), goal_set.get_absolute_url())


@permission_on(evaluation_for, can_publish_evaluation)
@require_http_methods(["GET", "HEAD", "POST"])
def publish_evaluation(request: HttpRequest, evaluation: EvaluationRound) -> HttpResponse:
    """Offentliggør en evaluering."""
    part, address = part_of_evaluation(evaluation), evaluation.get_absolute_url()
    return _publish(request, evaluation, part, address, form_class=PublishEvaluationForm)


@permission_on(dialogue_for, can_publish_dialogue)
@require_http_methods(["GET", "HEAD", "POST"])
def publish_dialogue(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Offentliggør et dialogmøde."""
    part, address = part_of_dialogue(dialogue), dialogue.get_absolute_url()
    return _publish(request, dialogue, part, address, form_class=PublishDialogueForm)


@permission_on(public_note_for, can_publish_note)
@require_http_methods(["GET", "HEAD", "POST"])
def publish_note(request: HttpRequest, note: Note) -> HttpResponse:
    """Offentliggør et udstedt notat."""
    return _publish(request, note, part_of_note(note), note.get_absolute_url(), form_class=PublishNoteForm)


def _publish(
    request: HttpRequest,
    record: Model,
    part: PublishingPart,
    address: str,
    *,
    form_class: type[PublishForm] = PublishForm,
) -> HttpResponse:
    """Publish or withdraw; a warning that nobody has accepted stops it."""
    is_withdrawal = request.POST.get("handling") == WITHDRAW
    form = (WithdrawForm if is_withdrawal else form_class)(
        request.POST if request.method == "POST" else None, user=request.user, record=record, part=part
    )
    if request.method == "POST" and saved(form):
        done = "er trukket tilbage" if is_withdrawal else "er offentliggjort"
        messages.success(request, f"{part.title} {done}.")
        return see_other(address)
    context = {"record": record, "part": part, "form": form, "withdraw": WITHDRAW, "address": address}
    if isinstance(record, EvaluationRound):
        context["present_url"] = reverse("rollup_present", args=[record.pk])
    else:
        context["present_url"] = ""
    return render_page(request, "pejlemaerker/publish.html", context, status=422 if form.is_bound else 200)

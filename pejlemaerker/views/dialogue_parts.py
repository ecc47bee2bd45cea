"""What belongs to a dialogue meeting: its programme, that it is called off, and where the committee treated it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kit.clock import moment
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.views.saving import saved
from pejlemaerker.actions.dialogues import cancel_dialogue, unlink_item
from pejlemaerker.actions.programme import ProgrammeChanged, propose_programme
from pejlemaerker.documents.dialogue_when import standing_of
from pejlemaerker.documents.programme import ProgrammeDocument, proposed_points
from pejlemaerker.documents.treatments import Treatments
from pejlemaerker.forms.dialogue import Conflict
from pejlemaerker.forms.dialogue_parts import CancelDialogueForm, ProgrammeForm, TreatmentForm, told_points
from pejlemaerker.models import Dialogue
from pejlemaerker.papers import programme_pdf as set_programme
from pejlemaerker.permissions import can_edit_dialogue, dialogue_for, item_by_pk_for, works_with_dialogue


@permission_on(dialogue_for, can_edit_dialogue)
@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Programmet: its points in order, and one for each pejlemærke in one click."""
    here = reverse("dialogue_programme", args=[dialogue.pk])
    if request.method == "POST" and request.POST.get("handling") == "foreslaa":
        propose_programme(dialogue=dialogue, by=request.user)
        return see_other(here)
    form = ProgrammeForm(request.POST if request.method == "POST" else None, dialogue=dialogue, user=request.user)
    try:
        if saved(form):
            messages.success(request, "Programmet er gemt.")
            return see_other(here)
    except ProgrammeChanged:
        return _programme_page(request, dialogue, form, _clash(dialogue, form), status=409)
    return _programme_page(request, dialogue, form, None, status=422 if form.is_bound else 200)


def _programme_page(
    request: HttpRequest, dialogue: Dialogue, form: ProgrammeForm, conflict: Conflict | None, *, status: int
) -> HttpResponse:
    besides = list(dialogue.programme.all())
    context = {
        "dialogue": dialogue,
        "document": ProgrammeDocument.for_dialogue(dialogue, viewer=request.user),
        "can_propose": bool(proposed_points(dialogue, besides=besides)),
        "form": form,
        "conflict": conflict,
    }
    return render_page(request, "pejlemaerker/dialogues/programme.html", context, status=status)


def _clash(dialogue: Dialogue, form: ProgrammeForm) -> Conflict:
    """Both programmes; when this form is sent again, its writer has seen the other's."""
    form.has_seen()
    newest = dialogue.programme.order_by("-edited_at").select_related("edited_by").first()
    return Conflict(
        mine=form.told(),
        theirs=told_points(list(dialogue.programme.values_list("title", "minutes"))),
        by=str((newest and newest.edited_by) or "En anden"),
        at=moment(newest.edited_at) if newest else "",
    )


@permission_on(dialogue_for, works_with_dialogue)
@require_safe
def programme_pdf(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Programmet til bordet."""
    paper = set_programme(ProgrammeDocument.for_dialogue(dialogue, viewer=request.user))
    response = HttpResponse(paper, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="program-{dialogue.held_on.isoformat()}.pdf"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@permission_on(dialogue_for, can_edit_dialogue)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Aflys et dialogmøde, or hold it after all."""
    if request.method == "POST" and request.POST.get("handling") == "alligevel":
        cancel_dialogue(dialogue=dialogue, reason="", by=request.user)
        messages.success(request, "Dialogmødet holdes alligevel.")
        return see_other(dialogue.get_absolute_url())
    form = CancelDialogueForm(request.POST if request.method == "POST" else None, dialogue=dialogue, user=request.user)
    if saved(form):
        messages.success(request, "Dialogmødet er aflyst.")
        return see_other(dialogue.get_absolute_url())
    context = {"dialogue": dialogue, "standing": standing_of(dialogue), "form": form}
    status = 422 if form.is_bound else 200
    return render_page(request, "pejlemaerker/dialogues/cancel.html", context, status=status)


@permission_on(dialogue_for, can_edit_dialogue)
@require_http_methods(["GET", "HEAD", "POST"])
def treatments(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Udvalgets behandling før og efter: agenda items the user may see are linked, and taken off again."""
    here = reverse("dialogue_treatments", args=[dialogue.pk])
    if request.method == "POST" and "fjern" in request.POST:
        item = item_by_pk_for(request.user, item_id=request.POST["fjern"])
        unlink_item(dialogue=dialogue, item=item, by=request.user)
        return see_other(here)
    form = TreatmentForm(request.POST if request.method == "POST" else None, dialogue=dialogue, user=request.user)
    if saved(form):
        messages.success(request, "Punktet er knyttet til dialogmødet.")
        return see_other(here)
    context = {"dialogue": dialogue, "form": form, "treatments": Treatments.of(dialogue, viewer=request.user)}
    status = 422 if form.is_bound else 200
    return render_page(request, "pejlemaerker/dialogues/treatments.html", context, status=status)

"""Dialogue meetings: writing one down, changing it, reading it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kit.drafts import EditConflict
from kit.guards import permission_on, public
from kit.htmx import render_page, see_other
from pejlemaerker.documents.dialogue import DialogueDocument
from pejlemaerker.documents.dialogue_notes import WrittenDown, notes_of, open_sets_near
from pejlemaerker.documents.learnings import LearnedAt
from pejlemaerker.documents.participants import ParticipantsDocument
from pejlemaerker.documents.publicity import Publicity
from pejlemaerker.forms.dialogue import EditDialogueForm, NewDialogueForm
from pejlemaerker.models import Dialogue, GoalSet
from pejlemaerker.permissions import (
    can_edit_dialogue,
    can_follow_up,
    can_publish_dialogue,
    can_read_notes,
    dialogue_for,
    goal_set_for,
    works_with_dialogue,
)


@public
@require_safe
def dialogue(request: HttpRequest, dialogue_id: int) -> HttpResponse:
    """Et dialogmøde; the internal notes only for those who may read them."""
    found = dialogue_for(request.user, dialogue_id=dialogue_id)
    may_read_notes = can_read_notes(request.user, found)
    is_insider = works_with_dialogue(request.user, found)
    context = {
        "document": DialogueDocument.for_dialogue(found, viewer=request.user, is_insider=is_insider),
        "participants": ParticipantsDocument.for_dialogue(found) if may_read_notes else None,
        "can_edit": can_edit_dialogue(request.user, found),
        "can_publish": can_publish_dialogue(request.user, found),
        "can_read_notes": may_read_notes,
        "internal_notes": found.internal_notes if may_read_notes else "",
        "points": notes_of(found) if may_read_notes else [],
        "written_down": WrittenDown.of(found, viewer=request.user) if is_insider else None,
        "learned": LearnedAt.at_dialogue(found, viewer=request.user),
        "sets": open_sets_near(found, viewer=request.user) if can_edit_dialogue(request.user, found) else [],
        "publicity": Publicity.of("dialogue", found),
    }
    return render_page(request, "pejlemaerker/dialogue.html", context)


@permission_on(goal_set_for, can_follow_up)
@require_http_methods(["GET", "HEAD", "POST"])
def new_dialogue(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Skriv et dialogmøde ind, that was held."""
    return _new(request, goal_set, is_ahead=False)


@permission_on(goal_set_for, can_follow_up)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_dialogue(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Planlæg et dialogmøde; the next page says who is to come."""
    return _new(request, goal_set, is_ahead=True)


def _new(request: HttpRequest, goal_set: GoalSet, *, is_ahead: bool) -> HttpResponse:
    initial = {"step": request.GET.get("trin", "")}
    form = NewDialogueForm(
        request.POST or None, goal_set=goal_set, user=request.user, is_ahead=is_ahead, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        dialogue = form.save()
        done = "Dialogmødet er planlagt. Vælg nu, hvem der skal med." if is_ahead else "Dialogmødet er skrevet ind."
        messages.success(request, done)
        return see_other(
            reverse("dialogue_participants", args=[dialogue.pk]) if is_ahead else dialogue.get_absolute_url()
        )
    context = {
        "form": form,
        "conflict": None,
        "heading": "Planlæg et dialogmøde" if is_ahead else "Skriv et dialogmøde ind",
        "committee": goal_set.period.committee,
        "back_text": goal_set.area.name,
        "back_url": goal_set.get_absolute_url(),
    }
    return render_page(request, "pejlemaerker/dialogue_form.html", context, status=422 if form.is_bound else 200)


@permission_on(dialogue_for, can_edit_dialogue)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_dialogue(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Ret et dialogmøde; two who write at once see each other's text."""
    form = EditDialogueForm(request.POST or None, dialogue=dialogue, user=request.user)
    context: dict[str, object] = {
        "form": form,
        "conflict": None,
        "heading": "Ret dialogmødet",
        "committee": dialogue.committee,
        "back_text": dialogue.get_kind_display(),
        "back_url": dialogue.get_absolute_url(),
    }
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except EditConflict as conflict:
            context["conflict"] = form.conflict_with(conflict)
            return render_page(request, "pejlemaerker/dialogue_form.html", context, status=409)
        messages.success(request, "Ændringerne er gemt.")
        if form.names:
            messages.warning(request, f"Resuméet skrives uden navne. Se efter: {'; '.join(form.names)}.")
        return see_other(dialogue.get_absolute_url())
    return render_page(request, "pejlemaerker/dialogue_form.html", context, status=422 if form.is_bound else 200)

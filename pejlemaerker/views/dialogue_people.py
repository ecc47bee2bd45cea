"""The people of a dialogue meeting: who takes part, the letters to them, and who came."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions import NotAllowed
from meetings.views.saving import saved
from pejlemaerker.actions.dialogue_people import invite_participants
from pejlemaerker.documents.dialogue_ics import CONTENT_TYPE, dialogue_ics
from pejlemaerker.documents.dialogue_when import was_held
from pejlemaerker.documents.participants import ParticipantsDocument, who_came
from pejlemaerker.documents.unheard import UnheardDocument
from pejlemaerker.forms.dialogue_people import DialogueAttendanceForm, GuestForm, ParticipantsForm, ProposedForm
from pejlemaerker.models import Dialogue, GoalSet
from pejlemaerker.permissions import (
    can_edit_dialogue,
    can_see_who_is_heard,
    dialogue_for,
    goal_set_for,
    works_with_dialogue,
)


@permission_on(dialogue_for, can_edit_dialogue)
@require_http_methods(["GET", "HEAD", "POST"])
def participants(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Deltagerne: those proposed, those written by hand, and the list itself. Each of the three is sent by itself."""
    sent = request.POST.get("handling", "") if request.method == "POST" else None
    forms: dict[str, Any] = {
        "forslag": ProposedForm(_data(request, sent, "forslag"), dialogue=dialogue, user=request.user),
        "tilfoej": GuestForm(_data(request, sent, "tilfoej"), dialogue=dialogue, user=request.user),
        "gem": ParticipantsForm(_data(request, sent, "gem"), dialogue=dialogue, user=request.user),
    }
    if sent in forms and saved(forms[sent]):
        messages.success(request, "Listen er gemt.")
        return see_other(reverse("dialogue_participants", args=[dialogue.pk]))
    document = ParticipantsDocument.for_dialogue(dialogue)
    context = {
        "dialogue": dialogue,
        "document": document,
        "rows": list(zip(forms["gem"].rows, document.lines, strict=True)),
        "proposed": forms["forslag"],
        "guest": forms["tilfoej"],
        "people": forms["gem"],
    }
    return render_page(request, "pejlemaerker/dialogues/participants.html", context, status=422 if sent else 200)


def _data(request: HttpRequest, sent: str | None, name: str) -> object:
    return request.POST if sent == name else None


@permission_on(dialogue_for, can_edit_dialogue)
@require_POST
def invite(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Send letters to those who are to know something they have not been told."""
    try:
        count = invite_participants(dialogue=dialogue, by=request.user)
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        letters = "Brevet" if count == 1 else f"De {count} breve"
        messages.success(request, f"{letters} er på vej." if count else "Der er ingen at skrive til.")
    return see_other(reverse("dialogue_participants", args=[dialogue.pk]))


@permission_on(dialogue_for, works_with_dialogue)
@require_safe
def invitation_ics(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Dialogmødet til kalenderen."""
    address = request.build_absolute_uri(dialogue.get_absolute_url())
    response = HttpResponse(dialogue_ics(dialogue, host=request.get_host(), url=address), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="dialogmoede-{dialogue.pk}.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@permission_on(dialogue_for, can_edit_dialogue)
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Fremmødet, all on one page; and one who came uninvited."""
    sent = request.POST.get("handling", "") if request.method == "POST" else None
    is_guest = sent == "tilfoej"
    form = DialogueAttendanceForm(
        request.POST if sent is not None and not is_guest else None, dialogue=dialogue, user=request.user
    )
    guest = GuestForm(request.POST if is_guest else None, dialogue=dialogue, user=request.user, came=True)
    if sent is not None and was_held(dialogue):
        if is_guest and saved(guest):
            return see_other(f"{reverse('dialogue_attendance', args=[dialogue.pk])}#uindbudt")
        if not is_guest and form.is_valid():
            form.save(rest_stayed_away=sent == "resten")
            messages.success(request, "Fremmødet er gemt.")
            return see_other(dialogue.get_absolute_url())
    context = {
        "dialogue": dialogue,
        "form": form,
        "guest": guest,
        "is_held": was_held(dialogue),
        "came": who_came(dialogue, is_insider=True),
    }
    status = 200 if sent is None else 422
    return render_page(request, "pejlemaerker/dialogues/attendance.html", context, status=status)


@permission_on(goal_set_for, can_see_who_is_heard)
@require_safe
def unheard(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Hvem er ikke hørt endnu, by lederkreds and unit."""
    context = {"goal_set": goal_set, "document": UnheardDocument.for_set(goal_set)}
    return render_page(request, "pejlemaerker/dialogues/unheard.html", context)

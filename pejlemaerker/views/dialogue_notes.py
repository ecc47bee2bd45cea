"""The page used during a dialogue meeting: notes kept as one types, themes, and agreements."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions import NotAllowed
from meetings.views.saving import saved
from pejlemaerker.actions.agreements import remove_agreement
from pejlemaerker.actions.dialogue_notes import remove_theme
from pejlemaerker.documents.dialogue_notes import WrittenDown, open_sets_near
from pejlemaerker.forms.agreements import EditAgreementForm
from pejlemaerker.forms.dialogue_notes import Acts, NotesPage
from pejlemaerker.models import Agreement, Dialogue, Theme
from pejlemaerker.permissions import (
    agreement_for,
    can_edit_agreement,
    can_edit_dialogue,
    can_read_notes,
    can_remove_theme,
    dialogue_for,
    theme_for,
)


@permission_on(dialogue_for, can_read_notes)
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    """Noter fra et dialogmøde: a text field for each point of the programme, and what is agreed beside it."""
    may_write = can_edit_dialogue(request.user, dialogue)
    if request.method != "POST":
        return _page(request, NotesPage(dialogue=dialogue, user=request.user), can_write=may_write)
    if not may_write:
        raise PermissionDenied
    page = NotesPage(dialogue=dialogue, user=request.user, data=request.POST)
    if not page.are_notes_readable():
        return _page(request, page, status=422)
    status = 200 if page.save_notes() else 409
    act = request.POST.get("handling", "")
    if _is_htmx(request):
        return _answer(request, page, act, status=status) if act else _page(request, page, status=status)
    if act:
        acts = page.add(act)
        is_added = acts is not None and not acts.has_errors
    else:
        is_added = page.add_all()
    if status == 409 or not is_added:
        return _page(request, page, status=409 if status == 409 else 422)
    messages.success(request, "Det er gemt.")
    return see_other(reverse("dialogue_notes", args=[dialogue.pk]) + (f"#{act}" if act else ""))


def _page(request: HttpRequest, page: NotesPage, *, can_write: bool = True, status: int = 200) -> HttpResponse:
    context = {
        "page": page,
        "dialogue": page.dialogue,
        "can_write": can_write,
        "sets": open_sets_near(page.dialogue, viewer=request.user) if can_write else [],
        "is_autosave": _is_htmx(request),
        "rows": _rows(request, page),
        "written_down": _common(request, page),
    }
    return render_page(request, "pejlemaerker/taking_notes/page.html", context, partial="gemt", status=status)


def _answer(request: HttpRequest, page: NotesPage, act: str, *, status: int) -> HttpResponse:
    """What was added, in its place, and how it stands with the notes."""
    acts = page.add(act) or page.common
    if status == 200 and acts.has_errors:
        status = 422
    context = {"page": page, "acts": acts, "written_down": _beside(request, page, acts), "dialogue": page.dialogue}
    return render_page(request, "pejlemaerker/taking_notes/_answer.html", context, status=status)


def _rows(request: HttpRequest, page: NotesPage) -> list[tuple[object, WrittenDown | None]]:
    written = WrittenDown.of(page.dialogue, viewer=request.user)
    return [
        (point, written.about(point.acts.goal.pk) if point.acts and point.acts.goal else None) for point in page.points
    ]


def _common(request: HttpRequest, page: NotesPage) -> WrittenDown:
    goals = [acts.goal.pk for acts in page.all_acts if acts.goal]
    return WrittenDown.of(page.dialogue, viewer=request.user).about(None, besides=goals)


def _beside(request: HttpRequest, page: NotesPage, acts: Acts) -> WrittenDown:
    if acts.goal is None:
        return _common(request, page)
    return WrittenDown.of(page.dialogue, viewer=request.user).about(acts.goal.pk)


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


@permission_on(theme_for, can_remove_theme)
@require_POST
def drop_theme(request: HttpRequest, theme: Theme) -> HttpResponse:
    """Fjern et tema."""
    remove_theme(theme=theme, by=request.user)
    messages.success(request, f"Temaet »{theme.text}« er fjernet.")
    return see_other(theme.dialogue.get_absolute_url())


@permission_on(agreement_for, can_edit_agreement)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Ret eller fjern en aftale, while nothing has come of it."""
    back = agreement.dialogue.get_absolute_url()
    if request.method == "POST" and "fjern" in request.POST:
        return _removed(request, agreement, back)
    form = EditAgreementForm(request.POST or None, agreement=agreement, user=request.user)
    if saved(form):
        messages.success(request, "Aftalen er rettet.")
        return see_other(back)
    context = {
        "form": form,
        "agreement": agreement,
        "dialogue": agreement.dialogue,
        "is_bound": bool(agreement.promise_id or agreement.step_trail),
    }
    return render_page(request, "pejlemaerker/agreements/form.html", context, status=422 if form.is_bound else 200)


def _removed(request: HttpRequest, agreement: Agreement, back: str) -> HttpResponse:
    try:
        remove_agreement(agreement=agreement, by=request.user)
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Aftalen er fjernet.")
    return see_other(back)

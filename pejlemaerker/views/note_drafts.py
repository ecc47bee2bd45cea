"""The builder of notes: what a note is about, the draft with its preview, and the draft as a file."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from kit.guards import permission, permission_on
from kit.htmx import render_page, see_other
from meetings.actions import NotAllowed
from meetings.views.saving import refuse, saved
from pejlemaerker.actions.note_drafts import delete_note_draft
from pejlemaerker.documents.notes.drafts import Preview, drafts_about, drafts_of, page_of, told
from pejlemaerker.documents.notes.issuing import draft_paper, subject_of
from pejlemaerker.documents.notes.making import DRAFT, template_of
from pejlemaerker.documents.notes.recipes import WhatAbout
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.forms.note_draft import MOVE, NewNoteForm, NoteDraftForm
from pejlemaerker.models import AsOf, NoteDraft, NoteRecipe
from pejlemaerker.permissions import (
    can_write_note_draft,
    can_write_notes,
    can_write_some_notes,
    committee_for,
    goal_for,
    goal_set_for,
    note_draft_for,
    note_recipe_for,
)
from pejlemaerker.views.as_of import as_of_asked_for
from pejlemaerker.views.notes import file_name, served

_ONWARDS = "videre"  # the buttons that save and go on
_STEPS = {"udsted": "note_issue", "opskrift": "note_recipe_save"}


@permission(can_write_some_notes)
@require_http_methods(["GET", "HEAD", "POST"])
def new_note(request: HttpRequest) -> HttpResponse:
    """Begynd et notat (`?saet=`, `?saet=&med=`, `?pejlemaerke=` or `?udvalg=&aar=`; `?dato=`, `?opskrift=`); without a
    subject one chooses what it is to be about.
    """
    at, recipe = as_of_asked_for(request), _recipe(request)
    subject = _subject(request, at)
    if subject is None:
        context = {"document": WhatAbout.for_user(request.user, recipe=recipe), "drafts": drafts_of(request.user)}
        return render_page(request, "pejlemaerker/notes/choose.html", context)
    if not can_write_notes(request.user, subject.committee):
        raise PermissionDenied
    form = NewNoteForm(
        request.POST or None, subject=subject, user=request.user, as_of=at.on, recipe=recipe.pk if recipe else None
    )
    if begun := saved(form):
        return see_other(begun.get_absolute_url())
    context = {
        "form": form, "subject": subject, "about": told(subject), "about_url": page_of(subject),
        "drafts": drafts_about(subject, request.user),
    }  # fmt: skip
    return render_page(request, "pejlemaerker/notes/new.html", context, status=422 if form.is_bound else 200)


def _recipe(request: HttpRequest) -> NoteRecipe | None:
    asked = _number(request, "opskrift")
    return note_recipe_for(request.user, recipe_id=asked) if asked else None


def _subject(request: HttpRequest, at: AsOf) -> Subject | None:
    """Find what is asked for among what the user may see."""
    user = request.user
    if goal := _number(request, "pejlemaerke"):
        return Subject.of_goal(goal_for(user, goal_id=goal))
    if goal_set := _number(request, "saet"):
        found, other = goal_set_for(user, set_id=goal_set), _number(request, "med")
        if not other:
            return Subject.of_set(found)
        both = sorted((found, goal_set_for(user, set_id=other)), key=lambda one: one.period.starts_on)
        return Subject.of_two(*both)
    if slug := request.GET.get("udvalg", "")[:200]:
        committee = committee_for(user, slug=slug)
        year = _number(request, "aar") or at.on.year
        if not 1900 <= year <= 2200:
            raise Http404
        return Subject.of_year(committee, year)
    return None


def _number(request: HttpRequest, name: str) -> int:
    """A number in the address; nonsense has no page."""
    raw = request.GET.get(name, "")
    if not raw:
        return 0
    if not (raw.isascii() and raw.isdecimal() and len(raw) < 19):
        raise Http404
    return int(raw)


@permission_on(note_draft_for, can_write_note_draft)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, draft: NoteDraft) -> HttpResponse:
    """Byggeren: what the note holds, and beside it what it looks like. htmx gets the preview (GET) or how it stands
    with the saving (POST).
    """
    if request.method == "POST":
        return _save(request, draft)
    return _page(request, draft, NoteDraftForm(draft=draft, user=request.user), partial="udkast")


def _save(request: HttpRequest, draft: NoteDraft) -> HttpResponse:
    """Keep what is chosen: 303 when it was, 422 when it cannot be read, 409 when another has written at once."""
    form = NoteDraftForm(request.POST, draft=draft, user=request.user)
    before, status = draft.revision, _kept(form)
    if status != 303:
        return _page(request, draft, form, partial="gemt", status=status)
    if getattr(request, "htmx", False):
        response = _page(request, draft, form, partial="gemt")
        return trigger_client_event(response, "udkastGemt") if draft.revision != before else response
    step = _STEPS.get(request.POST.get(_ONWARDS, ""))
    if step:
        return see_other(reverse(step, args=[draft.pk]))
    messages.success(request, form.told_move or "Kladden er gemt.")
    place = f"#afsnit-{form.moved_section}" if form.moved_section else ""
    return see_other(f"{draft.get_absolute_url()}{place}")


def _kept(form: NoteDraftForm) -> int:
    if not form.is_valid():
        return 422
    try:
        return 303 if form.keep() else 409
    except NotAllowed as refused:
        refuse(form, refused)
        return 422


def _page(
    request: HttpRequest, draft: NoteDraft, form: NoteDraftForm, *, partial: str, status: int = 200
) -> HttpResponse:
    """The page, or of it what htmx asked for; only what is shown is made."""
    is_fragment = bool(getattr(request, "htmx", False))
    subject = subject_of(draft)
    context: dict[str, Any] = {
        "draft": draft, "form": form, "about": told(subject), "about_url": page_of(subject), "subject": subject,
        "is_fragment": is_fragment, "rows_too": is_fragment and MOVE in request.POST,
        "preview": None if is_fragment and partial == "gemt" else Preview.of(draft, by=request.user),
    }  # fmt: skip
    return render_page(request, "pejlemaerker/notes/draft.html", context, partial=partial, status=status)


class DraftFile(NamedTuple):
    """En kladde, og hvilken fil den ønskes som."""

    draft: NoteDraft
    form: str


def draft_file_for(user: Any, /, *, draft_id: int, form: str) -> DraftFile:
    """Find the draft among those the user writes on."""
    return DraftFile(note_draft_for(user, draft_id=draft_id), form)


def can_have_draft_file(user: Any, wanted: DraftFile) -> bool:
    """Whether the user writes on the draft."""
    return can_write_note_draft(user, wanted.draft)


@permission_on(draft_file_for, can_have_draft_file)
@require_safe
def draft_file(request: HttpRequest, wanted: DraftFile) -> HttpResponse:
    """Kladden som fil, with UDKAST on every page."""
    from pejlemaerker.papers import make  # noqa: PLC0415  (slow import: only where a paper is made)

    draft, form = wanted
    subject, at = subject_of(draft), AsOf.day(draft.as_of)
    house = template_of(subject, at)
    paper = draft_paper(draft, by=request.user, template=house).stamped(DRAFT)
    content = make(paper, form, house=house).content
    return served(content, form, name=f"udkast-{file_name(subject, at, form)}")


@permission_on(note_draft_for, can_write_note_draft)
@require_http_methods(["GET", "HEAD", "POST"])
def delete_draft(request: HttpRequest, draft: NoteDraft) -> HttpResponse:
    """Slet kladden; what is issued can never be deleted."""
    subject = subject_of(draft)
    if request.method == "POST":
        delete_note_draft(draft=draft, by=request.user)
        messages.success(request, "Kladden er slettet.")
        return see_other(page_of(subject))
    context = {"draft": draft, "about": told(subject), "about_url": page_of(subject)}
    return render_page(request, "pejlemaerker/notes/delete.html", context)

"""Issued notes: the list, one of them, its files, issuing a draft, and beginning a correction."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from kit.drafts import EditConflict
from kit.guards import permission, permission_on, public
from kit.htmx import render_page, see_other
from kit.once import NonceField
from meetings.actions import NotAllowed
from meetings.documents.parts import Fact
from pejlemaerker.documents.notes.again import MadeAgain
from pejlemaerker.documents.notes.issued import IssuedNote, IssuedNotes
from pejlemaerker.documents.notes.issuing import draft_paper
from pejlemaerker.documents.publicity import Publicity
from pejlemaerker.forms.issuing import CorrectNoteForm, IssueNoteForm
from pejlemaerker.models import Note, NoteDraft, NoteFile
from pejlemaerker.permissions import (
    can_correct_note,
    can_make_note_again,
    can_publish_note,
    can_write_some_notes,
    note_draft_for,
    note_for,
)
from pejlemaerker.views.notes import served


@public
@require_safe
def issued_notes(request: HttpRequest) -> HttpResponse:
    """/notater/: the issued notes that the viewer may see, narrowed by `?udvalg=`, `?art=` and `?aar=`."""
    asked = {name: request.GET.get(word, "") for name, word in _NARROWED_BY}
    document = IssuedNotes.for_viewer(request.user, **asked)
    context = {"document": document, "can_write": can_write_some_notes(request.user)}
    return render_page(request, "pejlemaerker/notes/issued_list.html", context)


_NARROWED_BY = (("committee", "udvalg"), ("kind", "art"), ("year", "aar"), ("page", "side"))


@public
@require_safe
def issued_note(request: HttpRequest, note_id: int) -> HttpResponse:
    """Et udstedt notat with its files, its fingerprints and its text."""
    note = note_for(request.user, note_id=note_id)
    return render_page(request, "pejlemaerker/notes/issued.html", _context(request, note))


def _context(request: HttpRequest, note: Note) -> dict[str, object]:
    can_publish = can_publish_note(request.user, note)
    return {
        "document": IssuedNote.for_note(note, viewer=request.user),
        "can_correct": can_correct_note(request.user, note),
        "can_publish": can_publish,
        "publicity": Publicity.of("note", note),
        "can_make_again": can_make_note_again(request.user, note),
        "again": None,
    }


@permission_on(note_for, can_make_note_again)
@require_safe
def made_again(request: HttpRequest, note: Note) -> HttpResponse:
    """Lav det igen: whether the same paper, made today, says the same."""
    context = _context(request, note) | {"again": MadeAgain.of(note)}
    return render_page(request, "pejlemaerker/notes/issued.html", context, partial="igen")


@public
@require_safe
def file(request: HttpRequest, note_id: int, form: str) -> HttpResponse:
    """A file of an issued note, byte by byte as it was issued."""
    note = note_for(request.user, note_id=note_id)
    kept = get_object_or_404(NoteFile.objects.defer("content"), note=note, form=form)
    etag = f'"{kept.sha256}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = served(bytes(kept.content), form, name=f"notat-{note.name}.{form}")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    response.headers["ETag"] = etag
    return response


@permission(can_write_some_notes)
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Udsted a draft: what one sees here is what is issued. A second submit finds the note that the first has made."""
    try:
        draft = note_draft_for(request.user, draft_id=draft_id)
    except Http404:  # looked for first: it is gone as soon as there is a note
        nonce = NonceField().clean(request.POST.get("nonce"))
        made = get_object_or_404(Note.objects.visible_to(request.user), nonce=nonce)
        return see_other(made.get_absolute_url())
    paper = draft_paper(draft, by=request.user)
    form = IssueNoteForm(_sent(request), draft=draft, paper=paper, user=request.user)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            note = form.save()
        except EditConflict:
            return _changed_meanwhile(request, draft_id)
        except NotAllowed as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Notatet er udstedt som notat {note.name}.")
            return see_other(note.get_absolute_url())
    context = {"draft": draft, "form": form, "paper": paper, "facts": _facts(draft), "was_changed": False}
    return render_page(request, "pejlemaerker/notes/issue.html", context, status=status)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, if anything was: an empty form is a form too."""
    return request.POST if request.method == "POST" else None


def _changed_meanwhile(request: HttpRequest, draft_id: int) -> HttpResponse:
    """409: what is shown now is not what was shown; nothing has been issued."""
    draft = note_draft_for(request.user, draft_id=draft_id)
    paper = draft_paper(draft, by=request.user)
    form = IssueNoteForm(draft=draft, paper=paper, user=request.user)
    if "reason" in form.fields:
        form.initial["reason"] = request.POST.get("reason", "")
    context = {"draft": draft, "form": form, "paper": paper, "facts": _facts(draft), "was_changed": True}
    return render_page(request, "pejlemaerker/notes/issue.html", context, status=409)


def _facts(draft: NoteDraft) -> tuple[Fact, ...]:
    corrects = [Fact("Retter", str(draft.corrects), draft.corrects.get_absolute_url())] if draft.corrects else []
    return (
        Fact("Udvalg", draft.committee.name),
        Fact("Art", draft.get_kind_display()),
        Fact("Udgave", draft.get_audience_display()),
        Fact("Nummer", "Det næste i husets række, når du udsteder"),
        *corrects,
    )


@permission_on(note_for, can_correct_note)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, note: Note) -> HttpResponse:
    """Ret et udstedt notat, by a new one that names it."""
    form = CorrectNoteForm(_sent(request), note=note, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            return see_other(form.save().get_absolute_url())
        except NotAllowed as refused:
            form.add_error(None, str(refused))
    context = {"note": note, "form": form}
    return render_page(request, "pejlemaerker/notes/correct.html", context, status=422 if form.is_bound else 200)

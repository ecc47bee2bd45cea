"""Batches of notes: ordering one, following it, calling it off, and fetching the file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.guards import permission, permission_on
from kit.htmx import render_page, see_other
from meetings.views.saving import saved
from pejlemaerker.actions.note_batches import cancel_batch
from pejlemaerker.documents.notes.batch import BatchDocument, batches_of, file_name
from pejlemaerker.forms.note_batch import NoteBatchForm
from pejlemaerker.models import NoteBatch
from pejlemaerker.permissions import can_follow_batch, can_write_some_notes, note_batch_for

_TYPES = {NoteBatch.Form.ZIP: "application/zip", NoteBatch.Form.PDF: "application/pdf"}


@permission(can_write_some_notes)
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """Samlingerne."""
    return render_page(request, "pejlemaerker/batches/list.html", {"documents": batches_of(request.user)})


@permission(can_write_some_notes)
@require_http_methods(["GET", "HEAD", "POST"])
def new_batch(request: HttpRequest) -> HttpResponse:
    """Bestil en samling (`?udvalg=` the committee to begin with)."""
    form = NoteBatchForm(request.POST or None, user=request.user, asked=request.GET.get("udvalg", ""))
    if batch := saved(form):
        return see_other(batch.get_absolute_url())
    context = {"form": form}
    return render_page(request, "pejlemaerker/batches/new.html", context, status=422 if form.is_bound else 200)


@permission_on(note_batch_for, can_follow_batch)
@require_safe
def batch(request: HttpRequest, batch: NoteBatch) -> HttpResponse:
    """Hvor langt samlingen er."""
    context = {"document": BatchDocument.of(batch)}
    return render_page(request, "pejlemaerker/batches/batch.html", context, partial="fremdrift")


@permission_on(note_batch_for, can_follow_batch)
@require_POST
def cancel(request: HttpRequest, batch: NoteBatch) -> HttpResponse:
    """Afbryd."""
    cancel_batch(batch=batch, by=request.user)
    messages.success(request, "Samlingen er afbrudt.")
    return see_other(reverse("note_batch", args=[batch.pk]))


@permission_on(note_batch_for, can_follow_batch)
@require_safe
def batch_file(request: HttpRequest, batch: NoteBatch) -> HttpResponse:
    """Den færdige fil."""
    if not batch.finished_at:
        raise Http404
    response = HttpResponse(bytes(batch.result or b""), content_type=_TYPES[NoteBatch.Form(batch.form)])
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(batch)}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response

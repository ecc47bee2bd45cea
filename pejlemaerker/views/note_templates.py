"""The house's template: what all its papers look like."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.documents.last_change import last_change
from meetings.models import Municipality
from meetings.permissions import can_edit_organisation, municipality_for
from pejlemaerker.documents.house_template import HouseTemplateDocument
from pejlemaerker.forms.note_template import NoteTemplateForm


@permission_on(municipality_for, can_edit_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
def note_template(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/notatskabelon/: the letterhead, and a new version of it."""
    form = NoteTemplateForm(request.POST or None, request.FILES or None, user=request.user, municipality=municipality)
    conflict, status = None, 422 if form.is_bound else 200
    if form.is_valid():
        try:
            template = form.save()
        except EditConflict as clash:
            conflict, status = form.conflict_with(clash) | last_change(clash.current), 409
        else:
            is_new = template.version > (form.newest.version if form.newest else 0)
            told = f"Skabelonen er gemt som udgave {template.version}." if is_new else "Skabelonen er, som den var."
            messages.success(request, told)
            return see_other(reverse("note_template", args=[municipality.slug]))
    document = HouseTemplateDocument.of(municipality, form.newest, form.shown_now, viewer=request.user)
    context = {"document": document, "form": form, "conflict": conflict}
    return render_page(request, "pejlemaerker/notes/house_template.html", context, status=status)

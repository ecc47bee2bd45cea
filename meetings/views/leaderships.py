"""Lederposter: who leads what, kept by the administrator and by the consultant, who writes to them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kit.clock import today
from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions.refusals import NotAllowed
from meetings.documents.last_change import last_change
from meetings.documents.leaderships import LeadershipsDocument
from meetings.forms.conflict import NOTHING
from meetings.forms.leadership import LeadershipForm, PasteLeadersForm
from meetings.forms.organisation import DeleteForm
from meetings.models import Leadership, Municipality
from meetings.permissions import (
    can_edit_organisation,
    can_keep_leaders,
    can_keep_leadership,
    leadership_for,
    municipality_for,
)
from meetings.views.saving import saved

_FORM = "meetings/leaderships/form.html"


@permission_on(municipality_for, can_keep_leaders)
@require_safe
def leaderships(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/ledere/: the leaders of each lederkreds."""
    context = {
        "document": LeadershipsDocument.of(municipality, on=today()),
        "can_edit_organisation": can_edit_organisation(request.user, municipality),
    }
    return render_page(request, "meetings/leaderships/list.html", context)


@permission_on(municipality_for, can_keep_leaders)
@require_http_methods(["GET", "HEAD", "POST"])
def create_leadership(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/ledere/ny/: one more leader (`?lederkreds=3`)."""
    form = LeadershipForm(request.POST or None, user=request.user, municipality=municipality)
    form.fields["leader_group"].initial = request.GET.get("lederkreds", "")
    return _fill_in(request, form, municipality, title="Ny leder")


@permission_on(leadership_for, can_keep_leadership)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_leadership(request: HttpRequest, leadership: Leadership) -> HttpResponse:
    """/organisation/hvidovre/ledere/7/: put right, or ended by its last day."""
    municipality = leadership.municipality
    form = LeadershipForm(request.POST or None, user=request.user, municipality=municipality, part=leadership)
    return _fill_in(request, form, municipality, title=f"Ret {leadership.name}")


@permission_on(leadership_for, can_keep_leadership)
@require_http_methods(["GET", "HEAD", "POST"])
def delete_leadership(request: HttpRequest, leadership: Leadership) -> HttpResponse:
    """/organisation/hvidovre/ledere/7/slet/: one that should never have stood there."""
    shown = LeadershipForm(user=request.user, municipality=leadership.municipality, part=leadership)
    form, changed = DeleteForm(request.POST or None, user=request.user, part=leadership, form=shown), False
    if form.is_valid():
        try:
            form.save()
        except EditConflict:
            form, changed = DeleteForm(user=request.user, part=leadership, form=shown), True
        else:
            messages.success(request, f"{leadership.name} er slettet.")
            return see_other(_list(leadership.municipality))
    facts = [{"label": name, "value": text, "url": ""} for name, text in shown.told(leadership) if text != NOTHING]
    context = {"form": form, "leadership": leadership, "facts": facts, "changed": changed}
    return render_page(request, "meetings/leaderships/delete.html", context, status=409 if changed else 200)


@permission_on(municipality_for, can_keep_leaders)
@require_http_methods(["GET", "HEAD", "POST"])
def paste_leaderships(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/ledere/flere/: many lines; shown first, and written when `skriv` is pressed."""
    form = PasteLeadersForm(request.POST or None, user=request.user, municipality=municipality)
    writes = "skriv" in request.POST
    if writes and (added := saved(form)) is not False:
        count = len(added) if isinstance(added, list) else 0
        messages.success(request, "1 leder er skrevet ind." if count == 1 else f"{count} ledere er skrevet ind.")
        return see_other(_list(municipality))
    lines = form.preview() if not writes and form.is_valid() else []
    context = {
        "municipality": municipality, "form": form, "lines": lines, "new": sum(1 for one in lines if one.is_new),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render_page(request, "meetings/leaderships/paste.html", context, status=status)


def _list(municipality: Municipality) -> str:
    return reverse("leaderships", args=[municipality.slug])


def _fill_in(request: HttpRequest, form: Any, municipality: Municipality, *, title: str) -> HttpResponse:
    """Show the form, or save what was typed: 303, 422 with the errors, or 409 with both texts."""
    context = {"municipality": municipality, "form": form, "part": form.part, "title": title, "conflict": None}
    if not form.is_valid():
        return render_page(request, _FORM, context, status=422 if form.is_bound else 200)
    try:
        form.save()
    except NotAllowed as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return render_page(request, _FORM, context, status=422)
    except EditConflict as clash:
        if both := form.meet(clash.current):
            context["conflict"] = both | last_change(clash.current)
            return render_page(request, _FORM, context, status=409)
        return see_other(_list(municipality))  # a double click, or both wrote the same
    messages.success(
        request, f"{form.cleaned_data['name']} er skrevet ind." if form.part is None else "Rettelsen er gemt."
    )
    return see_other(_list(municipality))

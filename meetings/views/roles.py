"""Brugere og roller: the administrator gives roles, ends them, and keeps the logins."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.clock import today
from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions.granting import give_password
from meetings.actions.refusals import NotAllowed
from meetings.documents.last_change import last_change
from meetings.documents.roles import RolesDocument
from meetings.forms.granting import EndGrantForm, GrantForm, NewUserForm, UserForm
from meetings.models import Municipality, RoleGrant
from meetings.permissions import (
    UserOf,
    can_edit_organisation,
    can_edit_user,
    can_end_grant,
    grant_for,
    municipality_for,
    user_for,
)

_FORM = "meetings/roles/form.html"


@permission_on(municipality_for, can_edit_organisation)
@require_safe
def roles(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/roller/: who plays which part, and what each part gives."""
    document = RolesDocument.of(municipality, on=today())
    return render_page(request, "meetings/roles/list.html", {"document": document})


@permission_on(municipality_for, can_edit_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
def grant_role(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/roller/tildel/: a role for somebody who can log in (`?bruger=signe`)."""
    form = GrantForm(request.POST or None, user=request.user, municipality=municipality)
    form.fields["username"].initial = request.GET.get("bruger", "")[:150]
    return _fill_in(request, form, municipality, title="Tildel en rolle", said="Rollen er tildelt.")


@permission_on(grant_for, can_end_grant)
@require_http_methods(["GET", "HEAD", "POST"])
def end_grant(request: HttpRequest, grant: RoleGrant) -> HttpResponse:
    """/organisation/hvidovre/roller/7/afslut/: its last day."""
    form = EndGrantForm(request.POST or None, user=request.user, grant=grant)
    lead = f"{grant.user} er {grant.get_role_display().lower()} i {grant.committee or 'hele kommunen'}."
    return _fill_in(request, form, grant.municipality, title="Afslut rollen", lead=lead, said="Rollen er afsluttet.")


@permission_on(municipality_for, can_edit_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
def create_user(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/brugere/ny/: somebody new, with a first role."""
    form = NewUserForm(request.POST or None, user=request.user, municipality=municipality)
    return _fill_in(request, form, municipality, title="Ny bruger", said="Brugeren er oprettet.")


@permission_on(user_for, can_edit_user)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_user(request: HttpRequest, found: UserOf) -> HttpResponse:
    """/organisation/hvidovre/brugere/7/: name, e-mail, and whether the login is open."""
    form = UserForm(request.POST or None, user=request.user, municipality=found.municipality, part=found.user)
    return _fill_in(
        request, form, found.municipality, title=str(found.user), said="Rettelsen er gemt.", edited=found.user
    )


@permission_on(user_for, can_edit_user)
@require_POST
def new_password(request: HttpRequest, found: UserOf) -> HttpResponse:
    """/organisation/hvidovre/brugere/7/adgangskode/: a password of chance, told on this page and nowhere else."""
    context = {
        "municipality": found.municipality, "person": found.user, "password": give_password(found.user, by=request.user)
    }  # fmt: skip
    answer = render_page(request, "meetings/roles/password.html", context)
    answer.headers["Cache-Control"] = "no-store"  # the browser's "tilbage" shows it to nobody
    return answer


def _fill_in(
    request: HttpRequest, form: Any, municipality: Municipality, *, title: str, said: str, lead: str = "",
    edited: Any = None,
) -> HttpResponse:  # fmt: skip
    """Show the form, or save what was typed: 303, 422 with the errors, or 409 with both texts."""
    context = {
        "municipality": municipality, "form": form, "title": title, "lead": lead, "conflict": None, "person": edited
    }  # fmt: skip
    back = reverse("roles", args=[municipality.slug])
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
        return see_other(back)  # a double click, or both wrote the same
    messages.success(request, said)
    return see_other(back)

"""One who is asked in an evaluation round: what was answered, what was sent, and what is done about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.views.saving import saved
from pejlemaerker.documents.invitee import InviteeDocument
from pejlemaerker.forms.following import AddForm, CorrectForm, LinksForm, ReopenForm, ReturnedForm, WithdrawForm
from pejlemaerker.forms.oral import OralForms
from pejlemaerker.models import Invitee, Survey
from pejlemaerker.permissions import (
    can_follow_invitee,
    can_read_answers_of,
    can_run_survey,
    invitee_for,
    survey_for,
)


def _address(invitee: Invitee) -> str:
    return reverse("invitee", args=[invitee.survey_id, invitee.pk])


@permission_on(invitee_for, can_read_answers_of)
@require_safe
def invitee(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    """/runder/4/adspurgte/7/: one who is asked, with what was handed in."""
    return _page(request, invitee)


def _page(request: HttpRequest, invitee: Invitee, *, refused: Any = None) -> HttpResponse:
    """The page; with a form that was refused, and why."""
    hands: dict[str, Any] = {"invitee": invitee, "user": request.user}
    context = {
        "document": InviteeDocument.for_invitee(invitee, version=request.GET.get("udgave", "")),
        "can_follow": can_follow_invitee(request.user, invitee),
        "links_form": LinksForm(**hands),
        "returned_form": refused if isinstance(refused, ReturnedForm) else ReturnedForm(**hands),
        "refusal": " ".join(error for errors in refused.errors.values() for error in errors) if refused else "",
    }
    return render_page(request, "pejlemaerker/following/invitee.html", context, status=422 if refused else 200)


@permission_on(invitee_for, can_follow_invitee)
@require_POST
def links(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    """/runder/4/adspurgte/7/links/: send a new link, or revoke them all."""
    return _pressed(request, invitee, LinksForm)


@permission_on(invitee_for, can_follow_invitee)
@require_POST
def withdraw(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    """/runder/4/adspurgte/7/udgaar/: ask no longer, or ask again."""
    return _pressed(request, invitee, WithdrawForm)


@permission_on(invitee_for, can_follow_invitee)
@require_POST
def returned(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    """/runder/4/adspurgte/7/retur/: the mail came back."""
    return _pressed(request, invitee, ReturnedForm)


def _pressed(request: HttpRequest, invitee: Invitee, form_class: Any) -> HttpResponse:
    form = form_class(request.POST, invitee=invitee, user=request.user)
    told = saved(form)
    if not told:
        return _page(request, invitee, refused=form)
    messages.success(request, told)
    return see_other(_address(invitee))


@permission_on(invitee_for, can_follow_invitee)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    """/runder/4/adspurgte/7/genaabn/: let the leader change what was handed in."""
    form = ReopenForm(request.POST or None, invitee=invitee, user=request.user)
    if saved(form):
        messages.success(request, f"Svaret er genåbnet. Sig det til {invitee.name}; linket er det samme som før.")
        return see_other(_address(invitee))
    lead = "Lederen kan rette det, der er afgivet. Det gamle svar gælder, til der er afgivet igen, og bliver gemt."
    return _form_page(request, form, invitee.survey, invitee, title="Genåbn svaret", lead=lead, submit="Genåbn svaret")


@permission_on(invitee_for, can_follow_invitee)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    """/runder/4/adspurgte/7/ret/: correct name and e-mail."""
    form = CorrectForm(request.POST or None, invitee=invitee, user=request.user)
    if changed := saved(form):
        is_moved = changed.email != form.initial["email"] and changed.email
        messages.success(request, f"Det er rettet.{f' Et nyt link er på vej til {changed.email}.' if is_moved else ''}")
        return see_other(_address(invitee))
    return _form_page(request, form, invitee.survey, invitee, title="Ret navn og e-mail", lead="", submit="Gem")


@permission_on(survey_for, can_run_survey)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, survey: Survey) -> HttpResponse:
    """/runder/4/adspurgte/ny/: ask one who was forgotten."""
    form = AddForm(request.POST or None, survey=survey, user=request.user)
    if added := saved(form):
        sent = f"Indbydelsen er på vej til {added.email}." if added.email else "Svaret kan skrives ned her."
        messages.success(request, f"{added.name} spørges nu. {sent}")
        return see_other(_address(added))
    return _form_page(request, form, survey, None, title="Spørg en til", lead="", submit="Spørg")


def _form_page(
    request: HttpRequest, form: Any, survey: Survey, invitee: Invitee | None, *, title: str, lead: str, submit: str
) -> HttpResponse:
    context = {
        "form": form, "survey": survey, "title": title, "lead": lead, "submit": submit,
        "who": str(invitee) if invitee else "",
        "back_url": _address(invitee) if invitee else survey.get_absolute_url(),
    }  # fmt: skip
    template = "pejlemaerker/following/form.html"
    return render_page(request, template, context, status=422 if form.is_bound else 200)


@permission_on(invitee_for, can_follow_invitee)
@require_http_methods(["GET", "HEAD", "POST"])
def oral(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    """/runder/4/adspurgte/7/mundtligt/: write down what the leader told."""
    typed = request.POST if request.method == "POST" else None
    told = OralForms(invitee=invitee, user=request.user, data=typed)
    if request.method == "POST" and told.is_valid() and told.save():
        messages.success(request, f"Svaret er skrevet ned som fortalt af {told.answered_by}.")
        return see_other(_address(invitee))
    document = InviteeDocument.for_invitee(invitee)
    context = {"forms": told, "document": document, "back_url": _address(invitee)}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "pejlemaerker/following/oral.html", context, status=status)

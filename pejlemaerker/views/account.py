"""One's own login: password and second factor."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from kit.guards import permission
from kit.htmx import render_page, see_other
from meetings.models import User
from meetings.permissions import is_logged_in
from pejlemaerker.forms.login import CodeForm, PasswordForm, SetUpForm
from pejlemaerker.login import factors
from pejlemaerker.permissions import has_own_password
from pejlemaerker.views.login import forget_secret, may_see_codes, secret_in, show_codes


@permission(is_logged_in)
@require_http_methods(["GET", "HEAD"])
def factor(request: HttpRequest) -> HttpResponse:
    """/konto/totrin/: what one logs in with, and the recovery codes when they have just been made."""
    user = cast("User", request.user)
    wished = request.GET.get("next", "")
    context = {
        "has_password": user.has_usable_password(),
        "has_factor": factors.has_second_factor(user),
        "is_required": factors.must_have_second_factor(user),
        "codes": factors.recovery_codes(user) if may_see_codes(request) else [],
        "next": wished if url_has_allowed_host_and_scheme(wished, {request.get_host()}) else "",
    }
    return render_page(request, "pejlemaerker/login/factor.html", context)


@permission(has_own_password)
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """/konto/totrin/app/: set up an app, for the first time or on a new phone."""
    user, secret = cast("User", request.user), secret_in(request)
    form = SetUpForm(request.POST if request.method == "POST" else None, secret=secret, user=user, asks_password=True)
    if form.is_valid():
        form.save()
        forget_secret(request)
        show_codes(request)
        messages.success(request, "Appen er sat op.")
        return see_other(reverse("account_factor"))
    context = {
        "form": form,
        "key": factors.in_fours(secret),
        "picture": factors.picture_of(secret, user),
        "is_first": False,
    }
    return render_page(request, "pejlemaerker/login/set_up.html", context, status=422 if form.is_bound else 200)


@permission(has_own_password)
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """/konto/totrin/koder/: new recovery codes, against a code."""
    return _against_a_code(request, "Nye nødkoder", "Lav nye nødkoder", removes=False)


@permission(has_own_password)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """/konto/totrin/fjern/: without a second factor from now on, where one need not have it."""
    user = cast("User", request.user)
    if factors.must_have_second_factor(user):
        messages.error(request, "Din rolle kræver to trin. Har du fået ny telefon, så sæt appen op igen.")
        return redirect("account_factor")
    return _against_a_code(request, "Slå to trin fra", "Slå fra", removes=True)


def _against_a_code(request: HttpRequest, title: str, button: str, *, removes: bool) -> HttpResponse:
    user = cast("User", request.user)
    if not factors.has_second_factor(user):
        return redirect("account_factor")
    form = CodeForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        if removes:
            factors.remove(user, by=user)
        else:
            factors.renew_recovery_codes(user)
            show_codes(request)
        messages.success(request, "To trin er slået fra." if removes else "Du har fået nye nødkoder.")
        return see_other(reverse("account_factor"))
    context = {"form": form, "title": title, "button": button}
    return render_page(request, "pejlemaerker/login/against_a_code.html", context, status=422 if form.is_bound else 200)


@permission(has_own_password)
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """/konto/adgangskode/: a new password; every other session of the user ends."""
    user = cast("User", request.user)
    form = PasswordForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        messages.success(request, "Adgangskoden er skiftet. Du er logget ud alle andre steder.")
        return see_other(reverse("account_factor"))
    return render_page(
        request, "pejlemaerker/login/password.html", {"form": form}, status=422 if form.is_bound else 200
    )

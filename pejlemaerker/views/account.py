"""One's own login: password, e-mail and second factor."""

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
from pejlemaerker.forms.factors import KeyForm, KeyNameForm, SetUpForm
from pejlemaerker.forms.login import CodeForm
from pejlemaerker.forms.passwords import EmailForm, PasswordForm
from pejlemaerker.login import factors, keys
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
        "has_app": factors.has_app(user),
        "keys": keys.keys_of(user),
        "may_remove": not (factors.is_last(user) and factors.must_have_second_factor(user)),
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
def add_key(request: HttpRequest) -> HttpResponse:
    """/konto/totrin/noegle/: add a passkey or a security key."""
    user = cast("User", request.user)
    form = KeyForm(request.POST if request.method == "POST" else None, user=user, asks_password=True)
    if form.is_valid():
        if form.save():
            show_codes(request)
        messages.success(request, "Nøglen er tilføjet.")
        return see_other(reverse("account_factor"))
    context = {"form": form, "question": keys.ask_for_new(user), "is_first": False}
    return render_page(request, "pejlemaerker/login/key.html", context, status=422 if form.is_bound else 200)


@permission(has_own_password)
@require_http_methods(["GET", "HEAD", "POST"])
def rename_key(request: HttpRequest) -> HttpResponse:
    """/konto/totrin/noegle/navn/?noegle=…: another name for one of one's keys."""
    user, key = cast("User", request.user), _key_asked_for(request)
    if key is None:
        return redirect("account_factor")
    form = KeyNameForm(request.POST if request.method == "POST" else None, user=user, key=key)
    if form.is_valid():
        form.save()
        messages.success(request, "Nøglen har fået et nyt navn.")
        return see_other(reverse("account_factor"))
    context = {"form": form, "key": key}
    return render_page(request, "pejlemaerker/login/key_name.html", context, status=422 if form.is_bound else 200)


def _key_asked_for(request: HttpRequest) -> keys.Key | None:
    """Find the key an address names, among one's own."""
    asked = request.GET.get("noegle", "")
    return next((key for key in keys.keys_of(cast("User", request.user)) if str(key.pk) == asked), None)


@permission(has_own_password)
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """/konto/totrin/koder/: new recovery codes, against a second factor."""
    user = cast("User", request.user)
    if not factors.has_second_factor(user):
        return redirect("account_factor")
    form = CodeForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        factors.renew_recovery_codes(user)
        show_codes(request)
        messages.success(request, "Du har fået nye nødkoder.")
        return see_other(reverse("account_factor"))
    return _against_a_code(request, form, "Nye nødkoder", "Lav nye nødkoder")


@permission(has_own_password)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """/konto/totrin/fjern/: the app is no second factor any more; with ?noegle=…, one of the keys is none."""
    user, key = cast("User", request.user), _key_asked_for(request)
    if key is None and ("noegle" in request.GET or not factors.has_app(user)):
        return redirect("account_factor")
    form = CodeForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        try:
            if key:
                factors.remove_key(user, key.pk)
            else:
                factors.remove_app(user)
        except factors.LastFactor:
            form.add_error(None, "Din rolle kræver to trin. Sæt først noget andet op: en app eller en nøgle.")
        else:
            messages.success(request, f"Nøglen {key.name} er fjernet." if key else "Appen er fjernet.")
            return see_other(reverse("account_factor"))
    return _against_a_code(request, form, f"Fjern nøglen {key.name}" if key else "Fjern appen", "Fjern")


def _against_a_code(request: HttpRequest, form: CodeForm, title: str, button: str) -> HttpResponse:
    user = cast("User", request.user)
    question = keys.ask_for_proof(user) if keys.has_key(user) else ""
    context = {"form": form, "title": title, "button": button, "question": question}
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


@permission(has_own_password)
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: HttpRequest) -> HttpResponse:
    """/konto/email/: where letters go."""
    user = cast("User", request.user)
    form = EmailForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        form.save()
        messages.success(request, "E-mailen er skiftet.")
        return see_other(reverse("account_factor"))
    return render_page(request, "pejlemaerker/login/email.html", {"form": form}, status=422 if form.is_bound else 200)

"""A forgotten password (glemt adgangskode): a link by mail to a new one, for those who have an address here."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit.guards import public
from kit.htmx import render_page, see_other
from meetings.models import User
from pejlemaerker.forms.passwords import ForgottenForm, NewPasswordForm
from pejlemaerker.login import passwords


@public
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """/log-ind/glemt/: ask for the link; where no mail is sent, there is nothing to ask for."""
    if not settings.SENDS_MAIL:
        return redirect("login")
    form = ForgottenForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        form.save()
        return see_other(f"{reverse('login_forgotten')}?sendt=1")
    context = {"form": form, "is_asked": "sendt" in request.GET, "is_worthless": "udloebet" in request.GET}
    return render_page(request, "pejlemaerker/login/forgotten.html", context, status=422 if form.is_bound else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """/log-ind/ny-adgangskode/…/: a new password by the link. To open it uses nothing up: mail programs look first."""
    pk, _, secret = token.partition("-")
    user = (
        User.objects.filter(pk=pk, is_active=True).first() if pk.isascii() and pk.isdigit() and len(pk) < 10 else None
    )
    if user is None or not user.has_usable_password() or not default_token_generator.check_token(user, secret):
        return redirect(f"{reverse('login_forgotten')}?udloebet=1")
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        if not form.save_by(secret):
            return redirect(f"{reverse('login_forgotten')}?udloebet=1")
        passwords.forget_wrong(request, user.username)
        messages.success(request, "Adgangskoden er skiftet. Log ind med den nye.")
        return see_other(reverse("login"))
    context = {"form": form, "who": user}
    return render_page(request, "pejlemaerker/login/new_password.html", context, status=422 if form.is_bound else 200)

"""Logging in: the password, the second factor, the municipality's own login, and the way in when that is down."""

import logging
from time import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods, require_safe

from kit.guards import public
from kit.htmx import render_page, see_other
from meetings.models import User
from pejlemaerker.demo.logins import LOGINS, PASSWORD
from pejlemaerker.forms.factors import KeyForm, SetUpForm
from pejlemaerker.forms.login import BreakGlassForm, CodeForm, LoginForm
from pejlemaerker.login import break_glass, factors, keys, oidc, people, steps

_LOG = logging.getLogger("pejlemaerker.login")
_AWAY = "oidc"  # what is remembered in the session while somebody is at the provider
_MOST_SECONDS_AWAY = 900

# Told in the address and not in a message, so that nobody needs a cookie to be told.
_FAULTS = {
    "tid": "Login-forsøget blev afbrudt eller tog for lang tid. Prøv igen.",
    "nede": "Kommunens login svarer ikke lige nu. Prøv igen om lidt, eller brug din adgangskode, hvis du har en.",
    "svar": "Svaret fra kommunens login kunne ikke bekræftes, så du er ikke logget ind. Prøv igen, eller kontakt IT.",
    "grupper": "Du er med i så mange grupper, at kommunens login ikke sendte dem. Kontakt IT, så rollerne kan læses.",
    "lukket": "Din bruger her er lukket. Kontakt administratoren, hvis det er en fejl.",
}
NO_ROLE = "Du er logget ind, men har ingen rolle her endnu. Du ser det, som alle kan se. Bed administratoren om adgang."


class Login(LoginView):
    """Django's own; but whoever is logged in and is sent to the login goes to the overview, not round in a ring."""

    template_name = "registration/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Return the page the person came from, if it is one of ours and not this one."""
        address = super().get_redirect_url(request)
        return "" if address == self.request.path else address

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go on to where one was going, or to the second factor."""
        user = form.get_user()
        assert isinstance(user, User)  # noqa: S101  (the house has no other)
        return HttpResponseRedirect(steps.begin(self.request, user, self.get_success_url()))

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Show the form again; to one who has to wait, with a status that says so."""
        response = super().form_invalid(form)
        codes = {one.code for one in form.non_field_errors().as_data()}
        if "wait" in codes:
            response.status_code = 429
        elif "busy" in codes:
            response.status_code = 503
            response.headers["Retry-After"] = "5"
        return response

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Show the demo's logins in the demo, and nowhere else; and the name of the house, not of the machine."""
        known = {"demo_logins": LOGINS, "demo_password": PASSWORD} if settings.DEMO else {"demo_logins": ()}
        told = {
            "site_name": settings.SITE_NAME,
            "oidc_name": settings.OIDC_NAME if oidc.is_set_up() else "",
            "can_forget": settings.SENDS_MAIL,
            "has_ended": "udloebet" in self.request.GET,
            "fault": _FAULTS.get(self.request.GET.get("fejl", ""), ""),
        }
        return super().get_context_data(**context) | known | told


@public
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """/log-ind/kode/: the second factor of one whose password was right."""
    step = steps.under_way(request)
    if step is None:
        return _back("tid")
    form = CodeForm(request.POST if request.method == "POST" else None, user=step.user)
    if form.is_valid():
        steps.let_in(request, step.user, factor=form.factor)
        return see_other(step.next)
    context = {
        "form": form,
        "has_app": factors.has_app(step.user),
        "question": keys.ask_for_proof(step.user) if keys.has_key(step.user) else "",
    }
    return render_page(request, "pejlemaerker/login/code.html", context, status=422 if form.is_bound else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """/log-ind/opsaet/: the first second factor of one who must have one, before anything else is shown."""
    step = steps.under_way(request)
    if step is None or factors.has_second_factor(step.user):
        return _back("tid")
    secret = secret_in(request)
    data = request.POST if request.method == "POST" else None
    form = SetUpForm(data, secret=secret, user=step.user, asks_password=False)
    if form.is_valid():
        form.save()
        forget_secret(request)
        return _in_with_codes(request, step, "totp")
    context = {
        "form": form,
        "key": factors.in_fours(secret),
        "picture": factors.picture_of(secret, step.user),
        "is_first": True,
    }
    return render_page(request, "pejlemaerker/login/set_up.html", context, status=422 if form.is_bound else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_key(request: HttpRequest) -> HttpResponse:
    """/log-ind/opsaet/noegle/: the same with a key."""
    step = steps.under_way(request)
    if step is None or factors.has_second_factor(step.user):
        return _back("tid")
    data = request.POST if request.method == "POST" else None
    form = KeyForm(data, user=step.user, asks_password=False)
    if form.is_valid():
        form.save()
        return _in_with_codes(request, step, "webauthn")
    context = {"form": form, "question": keys.ask_for_new(step.user), "is_first": True}
    return render_page(request, "pejlemaerker/login/key.html", context, status=422 if form.is_bound else 200)


def _in_with_codes(request: HttpRequest, step: steps.Step, factor: str) -> HttpResponse:
    """Let one in who has set the second factor up, past the recovery codes."""
    steps.let_in(request, step.user, factor=factor)
    show_codes(request)
    return see_other(f"{reverse('account_factor')}?{urlencode({'next': step.next})}")


@public
@require_safe
def to_provider(request: HttpRequest) -> HttpResponse:
    """/log-ind/kommune/: on to the municipality's own login. A link, because a form may lead to nobody else (CSP)."""
    if not oidc.is_set_up():
        return redirect("login")
    next_page = _safe(request, request.GET.get("next", ""))
    try:
        sent = oidc.send(request, _callback(request))
    except oidc.ProviderDown:
        return _back("nede", next_page)
    except oidc.NotProven as wrong:
        _LOG.warning("Login: %s", wrong)
        return _back("svar", next_page)
    request.session[_AWAY] = {
        "state": sent.state, "nonce": sent.nonce, "verifier": sent.verifier, "next": next_page, "at": int(time()),
    }  # fmt: skip
    return HttpResponseRedirect(sent.address)


@public
@require_safe
def from_provider(request: HttpRequest) -> HttpResponse:
    """/log-ind/kommune/retur/: back from the municipality's own login, which can only send a GET."""
    kept = request.session.pop(_AWAY, None) or {}
    next_page = str(kept.get("next", ""))
    is_ours = kept and constant_time_compare(kept["state"], request.GET.get("state", ""))
    if not oidc.is_set_up() or not is_ours or kept["at"] < time() - _MOST_SECONDS_AWAY or "code" not in request.GET:
        return _back("tid", next_page)
    try:
        claims = oidc.fetch(
            request, code=request.GET["code"], callback=_callback(request), nonce=kept["nonce"],
            verifier=kept["verifier"],
        )  # fmt: skip
        user, unknown = people.person_of(claims)
    except oidc.ProviderDown:
        return _back("nede", next_page)
    except oidc.NotProven as wrong:
        _LOG.warning("Login: %s", wrong)
        return _back("svar", next_page)
    except oidc.TooManyGroups:
        return _back("grupper", next_page)
    except people.NoLongerActive:
        return _back("lukket", next_page)
    for grant in unknown:
        _LOG.warning("OIDC_ROLES: %s findes ikke", "/".join(part for part in grant[1:] if part))
    steps.let_in(request, user, factor="oidc")
    if not user.held_roles:
        messages.info(request, NO_ROLE)
    return HttpResponseRedirect(next_page or settings.LOGIN_REDIRECT_URL)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def glass(request: HttpRequest) -> HttpResponse:
    """/log-ind/noedadgang/: an administrator with a code from `manage.py break_glass`."""
    form = BreakGlassForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        user = break_glass.use(form.cleaned_data["code"])
        if user is not None:
            steps.let_in(request, user, factor="break_glass")
            messages.warning(request, "Du er logget ind med en nødadgang. Det er skrevet i hændelserne.")
            return see_other(settings.LOGIN_REDIRECT_URL)
        form.add_error("code", "Koden gælder ikke, eller den er brugt.")
    return render_page(
        request, "pejlemaerker/login/break_glass.html", {"form": form}, status=422 if form.is_bound else 200
    )


_SECRET, _CODES_UNTIL = "new_factor", "codes_until"


def secret_in(request: HttpRequest) -> str:
    """Return the secret that is being set up in this session."""
    if _SECRET not in request.session:
        request.session[_SECRET] = factors.new_secret()
    return str(request.session[_SECRET])


def forget_secret(request: HttpRequest) -> None:
    """It has been set up."""
    request.session.pop(_SECRET, None)


def show_codes(request: HttpRequest) -> None:
    """Let the recovery codes be seen for ten minutes; then never again."""
    request.session[_CODES_UNTIL] = int(time()) + 600


def may_see_codes(request: HttpRequest) -> bool:
    """Whether the recovery codes were made just now, in this session."""
    return int(request.session.get(_CODES_UNTIL, 0)) > time()


def _callback(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("login_from_provider"))


def _safe(request: HttpRequest, address: str) -> str:
    is_safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_safe else ""


def _back(fault: str, next_page: str = "") -> HttpResponse:
    """To the login page, which says what went wrong, still on the way to where one was going."""
    query = ({"next": next_page} if next_page else {}) | {"fejl": fault}
    return HttpResponseRedirect(f"{reverse('login')}?{urlencode(query)}")

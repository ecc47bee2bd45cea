"""Forms of the login: password, second factor, and the code of an emergency."""

from math import ceil
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from meetings.models import User
from pejlemaerker.login import factors, keys, passwords
from pejlemaerker.login.steps import CODES

WRONG_CODE = "Koden passer ikke. Vent på den næste kode i appen, og skriv den."
WRONG_KEY = "Nøglen er ikke en af dine, eller det tog for lang tid. Prøv igen, eller skriv en kode."


class LoginForm(AuthenticationForm):
    """Brugernavn og adgangskode. The same words whether it is the name or the password that is wrong."""

    error_messages = {
        "invalid_login": "Brugernavn og adgangskode passer ikke sammen. Der er forskel på store og små bogstaver.",
        "inactive": "Brugernavn og adgangskode passer ikke sammen. Der er forskel på store og små bogstaver.",
    }

    def clean(self) -> dict[str, Any]:
        """Ask how often it went wrong before the password is looked at, and count it if it is wrong again."""
        username = self.cleaned_data.get("username")
        if username is None or not self.cleaned_data.get("password") or self.request is None:
            return self.cleaned_data
        if wait := passwords.seconds_to_wait(self.request, username):
            raise ValidationError(try_later(wait), code="wait")
        try:
            with passwords.in_line():
                cleaned: dict[str, Any] = super().clean()
        except passwords.TooBusy:
            told = "Mange logger ind lige nu. Prøv igen om et øjeblik."
            raise ValidationError(told, code="busy") from None
        except ValidationError:
            passwords.count_wrong(self.request, username)
            raise
        passwords.forget_wrong(self.request, username)
        return cleaned


def try_later(seconds: int, why: str = "Der har været for mange forkerte forsøg.") -> str:
    """Say how long to wait, in minutes."""
    minutes = ceil(seconds / 60)
    return f"{why} Prøv igen om {minutes} {'minut' if minutes == 1 else 'minutter'}."


def code_field(label: str, help_text: str) -> forms.CharField:
    """A code from an app or from the list of recovery codes."""
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label, help_text=help_text, max_length=20, widget=widget, error_messages={"required": "Skriv koden."}
    )


def key_field() -> forms.CharField:
    """What a key answered, as the browser tells it."""
    return forms.CharField(required=False, max_length=keys.MOST_SIGNS, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """Andet trin: a code from the app, a recovery code, or what a key answered (filled in by static/js/keys.js)."""

    code = code_field("Kode", "Seks cifre fra din app, fx 123 456. Uden telefonen kan du bruge en af dine nødkoder.")
    credential = key_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Give whose factor it is."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.factor = ""
        self.fields["code"].required = False  # a key is as good; asked for in clean()

    def clean(self) -> dict[str, Any]:
        """Ask how often it went wrong, and use up what was handed in if it is right."""
        cleaned, who = self.cleaned_data, str(self.user.pk)
        code, answer = str(cleaned.get("code", "")), str(cleaned.get("credential", ""))
        if self.errors:
            return cleaned
        if wait := CODES.wait_of(who):
            self.add_error("code", ValidationError(try_later(wait), code="wait"))
        elif not code and not answer:
            self.add_error("code", "Skriv koden.")
        elif answer and keys.is_proof(self.user, answer):
            self.factor = "webauthn"
        elif not answer:
            self.factor = factors.accepts(self.user, code)
        if self.factor:
            CODES.forget(who)
        elif not self.errors:
            CODES.count(who)
            self.add_error("code", WRONG_KEY if answer else WRONG_CODE)
        return cleaned


class BreakGlassForm(forms.Form):
    """Nødadgang: the code that the command printed."""

    code = forms.CharField(
        label="Nødkode",
        help_text="Den lange kode, som driften har lavet til dig. Sæt den ind, som den er.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Sæt koden ind."},
    )

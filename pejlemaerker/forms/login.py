"""Forms of the login and of one's own account."""

from math import ceil
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from meetings.models import User
from pejlemaerker.actions.account import change_password
from pejlemaerker.login import factors, passwords
from pejlemaerker.login.steps import CODES

WRONG_CODE = "Koden passer ikke. Vent på den næste kode i appen, og skriv den."


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
            raise ValidationError(_try_later(wait), code="wait")
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


def _try_later(seconds: int) -> str:
    minutes = ceil(seconds / 60)
    return f"Der har været for mange forkerte forsøg. Prøv igen om {minutes} {'minut' if minutes == 1 else 'minutter'}."


def code_field(label: str, help_text: str) -> forms.CharField:
    """A code from an app or from the list of recovery codes."""
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label, help_text=help_text, max_length=20, widget=widget, error_messages={"required": "Skriv koden."}
    )


class CodeForm(forms.Form):
    """Engangskode: from the app, or a recovery code."""

    code = code_field("Kode", "Seks cifre fra din app, fx 123 456. Uden telefonen kan du bruge en af dine nødkoder.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Give whose code it is."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.factor = ""

    def clean_code(self) -> str:
        """Ask how often it went wrong, and use the code up if it is right."""
        code, who = str(self.cleaned_data["code"]), str(self.user.pk)
        if wait := CODES.wait_of(who):
            raise ValidationError(_try_later(wait), code="wait")
        self.factor = factors.accepts(self.user, code)
        if not self.factor:
            CODES.count(who)
            raise ValidationError(WRONG_CODE)
        CODES.forget(who)
        return code


class SetUpForm(forms.Form):
    """Opsætning af en app: the first code it shows; and one's password, where one is logged in already."""

    code = code_field("Kode fra appen", "Seks cifre, fx 123 456. De skifter hvert halve minut.")

    def __init__(self, *args: Any, secret: str, user: User, asks_password: bool, **kwargs: Any) -> None:
        """Give what the app was set up with, and whether the person has to show who it is."""
        super().__init__(*args, **kwargs)
        self.secret, self.user = secret, user
        if asks_password:
            self.fields["password"] = own_password_field(user, "Din adgangskode")

    def clean_code(self) -> str:
        """Check that the app shows what it should."""
        code = str(self.cleaned_data["code"])
        if not factors.is_code_of(self.secret, code):
            raise ValidationError(WRONG_CODE)
        return code

    def clean_password(self) -> str:
        """Check that it is the person who sits there."""
        return checked_password(self.user, str(self.cleaned_data["password"]))

    def save(self) -> None:
        """Let the app be the second factor."""
        factors.set_up(self.user, self.secret)


def own_password_field(user: User, label: str) -> forms.CharField:
    """The password one has."""
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    return forms.CharField(
        label=label, widget=widget, strip=False, max_length=4096, error_messages={"required": "Skriv din adgangskode."}
    )


def checked_password(user: User, typed: str) -> str:
    """Return the person's own password, or refuse it; guessing has an end here too."""
    who = str(user.pk)
    if wait := CODES.wait_of(who):
        raise ValidationError(_try_later(wait), code="wait")
    try:
        with passwords.in_line():
            is_right = user.check_password(typed)
    except passwords.TooBusy:
        raise ValidationError("Der er mange i gang lige nu. Prøv igen om et øjeblik.", code="busy") from None
    if not is_right:
        CODES.count(who)
        raise ValidationError("Det er ikke din adgangskode.")
    return typed


class PasswordForm(forms.Form):
    """Skift adgangskode: the one one has, and the new one, once: it can be shown while it is typed."""

    old = forms.CharField()
    new = forms.CharField(
        label="Ny adgangskode",
        help_text="Mindst 12 tegn. Tre-fire ord efter hinanden er stærke og lette at huske.",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Skriv den nye adgangskode."},
    )
    again = forms.CharField(
        label="Ny adgangskode igen",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Skriv den nye adgangskode igen."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Give whose password it is."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["old"] = own_password_field(user, "Nuværende adgangskode")

    def clean_old(self) -> str:
        """Check that it is the person who sits there."""
        return checked_password(self.user, str(self.cleaned_data["old"]))

    def clean_new(self) -> str:
        """Refuse what is too short or known to everybody."""
        new = str(self.cleaned_data["new"])
        password_validation.validate_password(new, self.user)
        return new

    def clean_again(self) -> str:
        """Refuse a slip of the finger."""
        again = str(self.cleaned_data["again"])
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise ValidationError("De to nye adgangskoder er ikke ens.")
        return again

    def save(self) -> None:
        """Change it."""
        change_password(user=self.user, new=self.cleaned_data["new"])


class BreakGlassForm(forms.Form):
    """Nødadgang: the code that the command printed."""

    code = forms.CharField(
        label="Nødkode",
        help_text="Den lange kode, som driften har lavet til dig. Sæt den ind, som den er.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Sæt koden ind."},
    )

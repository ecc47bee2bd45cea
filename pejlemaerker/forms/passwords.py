"""Forms of one's password and address: a new one, a forgotten one, and that it is oneself who sits there."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from kit.throttle import Throttle, address_of
from meetings.models import User
from pejlemaerker.actions.account import ask_for_password_link, change_email, change_password, reset_password
from pejlemaerker.forms.login import try_later
from pejlemaerker.login import passwords
from pejlemaerker.login.steps import CODES

# Asking fills somebody's mailbox: few times about one name; and about many names from one place.
_ASKED = Throttle("forgotten", limit=3, window=3600)
_ADDRESS = Throttle("forgotten-address", limit=30, window=3600)


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
        raise ValidationError(try_later(wait), code="wait")
    try:
        with passwords.in_line():
            is_right = user.check_password(typed)
    except passwords.TooBusy:
        raise ValidationError("Der er mange i gang lige nu. Prøv igen om et øjeblik.", code="busy") from None
    if not is_right:
        CODES.count(who)
        raise ValidationError("Det er ikke din adgangskode.")
    return typed


def new_password_field(label: str, help_text: str = "") -> forms.CharField:
    """A password to be."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": f"Skriv {label[0].lower()}{label[1:]}."},
    )


class NewPasswordForm(forms.Form):
    """Ny adgangskode, typed twice; by a link from a letter."""

    new = new_password_field(
        "Ny adgangskode", "Mindst 12 tegn. Tre-fire ord efter hinanden er stærke og lette at huske."
    )
    again = new_password_field("Ny adgangskode igen")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Give whose password it is."""
        super().__init__(*args, **kwargs)
        self.user = user

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

    def save_by(self, token: str) -> bool:
        """Give it, if the link has not been used meanwhile."""
        return reset_password(user=self.user, token=token, new=self.cleaned_data["new"])


class PasswordForm(NewPasswordForm):
    """Skift adgangskode: the one one has, and the new one."""

    field_order = ("old", "new", "again")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Give whose password it is."""
        super().__init__(*args, user=user, **kwargs)
        self.fields["old"] = own_password_field(user, "Nuværende adgangskode")
        self.order_fields(self.field_order)

    def clean_old(self) -> str:
        """Check that it is the person who sits there."""
        return checked_password(self.user, str(self.cleaned_data["old"]))

    def save(self) -> None:
        """Change it."""
        change_password(user=self.user, new=self.cleaned_data["new"])


class ForgottenForm(forms.Form):
    """Glemt adgangskode: whose. The answer is the same whether anybody has the name or not."""

    who = forms.CharField(
        label="Brugernavn eller e-mail",
        help_text="Det brugernavn, du logger ind med, eller den e-mail, administratoren har skrevet på din bruger.",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Skriv dit brugernavn eller din e-mail."},
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        """Give who asks, or rather from where."""
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_who(self) -> str:
        """Count every asking: there is no wrong one."""
        who = str(self.cleaned_data["who"])
        counted = [(_ASKED, who.casefold()), (_ADDRESS, address_of(self.request))]
        if wait := max(throttle.wait_of(one) for throttle, one in counted):
            raise ValidationError(try_later(wait, "Der er bedt om det mange gange."), code="wait")
        for throttle, one in counted:
            throttle.count(one)
        return who

    def save(self) -> None:
        """Ask for the letter."""
        ask_for_password_link(self.cleaned_data["who"])


class EmailForm(forms.Form):
    """Skift e-mail: the new address, and one's password."""

    email = forms.EmailField(
        label="Din e-mail",
        help_text="Fx mette@hvidovre.dk. Hertil sendes påmindelser og et link, hvis du glemmer adgangskoden.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Skriv din e-mail.",
            "invalid": "Det ligner ikke en e-mail. Skriv fx mette@hvidovre.dk.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Give whose address it is."""
        super().__init__(*args, **kwargs)
        self.initial = {"email": user.email}
        self.user = user
        self.fields["password"] = own_password_field(user, "Din adgangskode")

    def clean_password(self) -> str:
        """Check that it is the person who sits there."""
        return checked_password(self.user, str(self.cleaned_data["password"]))

    def save(self) -> None:
        """Change it."""
        change_email(user=self.user, new=self.cleaned_data["email"])

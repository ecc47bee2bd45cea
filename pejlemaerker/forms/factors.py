"""Forms that set up a second factor: an app, or a key."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from meetings.models import User
from pejlemaerker.forms.login import WRONG_CODE, code_field, key_field
from pejlemaerker.forms.passwords import checked_password, own_password_field
from pejlemaerker.login import factors, keys


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


def name_field() -> forms.CharField:
    """What one calls a key."""
    return forms.CharField(
        label="Hvad vil du kalde nøglen?",
        help_text="Så du kan kende den fra andre, fx min telefon eller YubiKey i skuffen.",
        max_length=60,
        error_messages={"required": "Giv nøglen et navn."},
    )


def free_name(user: User, name: str, *, but: int = 0) -> str:
    """Return a key's name, unless another of the person's keys has it."""
    if not keys.name_is_free(user, name, but=but):
        raise ValidationError("Du har allerede en nøgle med det navn.")
    return name


class KeyForm(forms.Form):
    """Tilføj nøgle: its name, what it answered, and one's password, where one is logged in already."""

    name = name_field()
    credential = key_field()

    def __init__(self, *args: Any, user: User, asks_password: bool, **kwargs: Any) -> None:
        """Give whose key it is, and whether the person has to show who it is."""
        super().__init__(*args, **kwargs)
        self.user = user
        if asks_password:
            self.fields["password"] = own_password_field(user, "Din adgangskode")

    def clean_name(self) -> str:
        """Let no two keys be told apart by nothing."""
        return free_name(self.user, str(self.cleaned_data["name"]))

    def clean_password(self) -> str:
        """Check that it is the person who sits there."""
        return checked_password(self.user, str(self.cleaned_data["password"]))

    def clean(self) -> dict[str, Any]:
        """Read what the key answered, once everything else is right."""
        if self.errors:
            return self.cleaned_data
        if len(keys.keys_of(self.user)) >= keys.MOST:
            raise ValidationError(f"Du har {keys.MOST} nøgler. Fjern først en, du ikke bruger.")
        if not self.cleaned_data["credential"]:
            raise ValidationError("Nøglen har ikke svaret. Tryk på “Tilføj nøglen”, og gør, som browseren siger.")
        try:
            self.cleaned_data["credential"] = keys.read_new(self.user, self.cleaned_data["credential"])
        except keys.NotAccepted:
            raise ValidationError("Nøglens svar kunne ikke bruges. Prøv igen, eller brug en anden nøgle.") from None
        return self.cleaned_data

    def save(self) -> bool:
        """Let the key be a second factor; say whether recovery codes were made."""
        return factors.add_key(self.user, name=self.cleaned_data["name"], credential=self.cleaned_data["credential"])


class KeyNameForm(forms.Form):
    """Nyt navn til en nøgle."""

    name = name_field()

    def __init__(self, *args: Any, user: User, key: keys.Key, **kwargs: Any) -> None:
        """Give whose key, and which."""
        super().__init__(*args, **kwargs)
        self.initial = {"name": key.name}
        self.user, self.key = user, key

    def clean_name(self) -> str:
        """Let no two keys be told apart by nothing."""
        return free_name(self.user, str(self.cleaned_data["name"]), but=self.key.pk)

    def save(self) -> None:
        """Rename it."""
        keys.rename(self.user, self.key.pk, self.cleaned_data["name"])

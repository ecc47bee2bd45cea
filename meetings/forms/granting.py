"""Brugere og roller: who can log in, and what they may do here."""

from typing import Any, cast

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from kit.clock import today
from meetings.actions.granting import USER_FIELDS, change_user, create_user, end_grant, grant_role
from meetings.actions.organisation import fingerprint, values_of
from meetings.documents.roles import cautions
from meetings.forms.fields import DayField
from meetings.forms.organisation import PartForm, in_danish_order
from meetings.models import Committee, Municipality, Role, RoleGrant, User


class RoleForm(forms.Form):
    """Which role, where and from when: what granting and the first role of a new user have in common."""

    role = forms.ChoiceField(
        label="Rolle", choices=[("", "Vælg"), *Role.choices],
        help_text="Hvad hver rolle giver ret til, står på siden Roller.",
        error_messages={"required": "Vælg rollen."},
    )  # fmt: skip
    committee = forms.ModelChoiceField(
        Committee.objects.none(), label="Hvor", required=False,
        help_text="En rolle gælder i et udvalg eller i hele kommunen.",
    )  # fmt: skip
    valid_from = DayField(label="Fra", help_text="For eksempel: 1.1.2026")

    def __init__(self, data: Any = None, *, user: Any, municipality: Municipality) -> None:
        self.user, self.municipality = user, municipality
        super().__init__(data)
        committees = Committee.objects.filter(municipality=municipality)
        field = cast("forms.ModelChoiceField[Committee]", self.fields["committee"])
        field.queryset = committees
        in_danish_order(field, committees, "Hele kommunen")
        self.fields["valid_from"].initial = today()

    def clean_valid_from(self) -> Any:
        """A role begins today at the earliest: nobody was allowed yesterday what they are allowed today."""
        day = self.cleaned_data["valid_from"]
        if day < today():
            raise ValidationError("En rolle kan tidligst begynde i dag.")
        return day


class GrantForm(RoleForm):
    """Tildel en rolle to somebody who can log in."""

    username = forms.CharField(
        label="Brugernavn", max_length=150,
        help_text="Det navn, personen logger ind med. For eksempel: signe.sekretaer",
        error_messages={"required": "Skriv brugernavnet."},
    )  # fmt: skip
    valid_to = DayField(label="Til og med", required=False, help_text="Tom, så længe rollen varer.")
    accepts = forms.BooleanField(label="Tildel rollen alligevel", required=False)

    field_order = ("username", "role", "committee", "valid_from", "valid_to", "accepts")

    def __init__(self, data: Any = None, *, user: Any, municipality: Municipality) -> None:
        super().__init__(data, user=user, municipality=municipality)
        self.warnings: tuple[str, ...] = ()

    def clean_username(self) -> User:
        """Find who logs in by that name."""
        username = self.cleaned_data["username"]
        found = User.objects.filter(username__iexact=username, is_active=True).first()
        if found is None:
            raise ValidationError(
                f"Der er ingen bruger, der hedder “{username}”. Er personen ny, så opret brugeren først."
            )
        return found

    def clean(self) -> dict[str, Any]:
        """Warn once of two roles that had better not meet in one person."""
        cleaned = super().clean() or {}
        if not self.errors:
            self.warnings = cautions(cleaned["username"], self.municipality, self._grant())
            if self.warnings and not cleaned["accepts"]:
                raise ValidationError("Se advarslen, og sæt hak, hvis rollen skal tildeles alligevel.")
        return cleaned

    def _grant(self) -> RoleGrant:
        typed = self.cleaned_data
        return RoleGrant(
            user=typed["username"], role=typed["role"], municipality=self.municipality, committee=typed["committee"],
            valid_from=typed["valid_from"], valid_to=typed["valid_to"],
        )  # fmt: skip

    def save(self) -> RoleGrant:
        """Grant it; raises NotAllowed."""
        typed = self.cleaned_data
        return grant_role(
            user=typed["username"], role=Role(typed["role"]), municipality=self.municipality,
            committee=typed["committee"], valid_from=typed["valid_from"], valid_to=typed["valid_to"], by=self.user,
        )  # fmt: skip


class EndGrantForm(forms.Form):
    """Afslut en rolle."""

    valid_to = DayField(
        label="Til og med", help_text="Rollens sidste dag. Skriv dagen i går, hvis den skal holde op med det samme."
    )

    def __init__(self, data: Any = None, *, user: Any, grant: RoleGrant) -> None:
        self.user, self.grant = user, grant
        super().__init__(data)
        self.fields["valid_to"].initial = today()

    def save(self) -> RoleGrant:
        """End it; raises NotAllowed."""
        return end_grant(self.grant, valid_to=self.cleaned_data["valid_to"], by=self.user)


class UserForm(PartForm):
    """En bruger as it stands: name, e-mail, and whether it is open."""

    model = User

    display_name = forms.CharField(
        label="Navn",
        max_length=120,
        help_text="For eksempel: Signe Sekretær",
        error_messages={"required": "Skriv navnet."},
    )
    email = forms.EmailField(
        label="E-mail", required=False, help_text="Hertil sendes påmindelser. For eksempel: signe@kommunen.dk",
        error_messages={"invalid": "Skriv adressen som navn@kommunen.dk."},
    )  # fmt: skip
    is_active = forms.BooleanField(
        label="Brugeren er åben",
        required=False,
        help_text="Uden hak kan personen ikke logge ind, og det virker straks.",
    )

    def save(self) -> User:
        """Change the user; raises NotAllowed and EditConflict."""
        return change_user(self.part, shown=self.cleaned_data["shown"], by=self.user, **self.values())

    def fingerprint_of(self, part: Any) -> str:
        return fingerprint(values_of(part, USER_FIELDS))


class NewUserForm(RoleForm):
    """En ny bruger with a first role: without one there would be nothing for the person to see."""

    username = forms.CharField(
        label="Brugernavn", max_length=150,
        validators=[UnicodeUsernameValidator(message="Brug kun bogstaver, tal og @ . + - _")],
        help_text="Det navn, personen logger ind med. For eksempel: signe.sekretaer",
        error_messages={"required": "Skriv et brugernavn."},
    )  # fmt: skip
    display_name = UserForm.base_fields["display_name"]
    email = UserForm.base_fields["email"]

    field_order = ("username", "display_name", "email", "role", "committee", "valid_from")

    def save(self) -> User:
        """Create the user; raises NotAllowed."""
        typed = self.cleaned_data
        return create_user(
            username=typed["username"], display_name=typed["display_name"], email=typed["email"],
            role=Role(typed["role"]), municipality=self.municipality, committee=typed["committee"],
            valid_from=typed["valid_from"], by=self.user,
        )  # fmt: skip

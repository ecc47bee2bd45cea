"""Following a round: reopening an answer, correcting and adding one who is asked, and what is done with one press."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from kit.clock import today
from kit.danish import sort_key
from kit.once import NonceField
from meetings.models import LeaderGroup, OrgUnit
from pejlemaerker.actions.invitees import (
    add_invitee,
    ask_again,
    correct_invitee,
    note_returned,
    reopen_for_leader,
    revoke_links,
    send_new_link,
    withdraw_invitee,
)
from pejlemaerker.forms.fields import date_field
from pejlemaerker.models import Invitee, Reopening, Survey

_NAME = {"required": "Skriv lederens navn."}
_EMAIL = {"invalid": "Skriv en e-mail som navn@kommune.dk."}


class ReopenForm(forms.Form):
    """Genåbn et svar: until when, and why."""

    until = date_field("Kan rettes til og med", help_text="Herefter gælder det, der er afgivet.")
    reason = forms.CharField(
        label="Hvorfor?",
        max_length=300,
        help_text="Står ved svaret. For eksempel: Lederen havde byttet om på to pejlemærker.",
        error_messages={"required": "Skriv, hvorfor svaret genåbnes."},
    )

    def __init__(self, *args: Any, invitee: Invitee, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitee, self.user = invitee, user
        self.initial.setdefault("until", max(today() + timedelta(days=7), invitee.survey.due_on))

    def save(self) -> Reopening:
        """Open the answer again; raises NotAllowed."""
        return reopen_for_leader(invitee=self.invitee, by=self.user, **self.cleaned_data)


class CorrectForm(forms.Form):
    """Ret navn og e-mail."""

    name = forms.CharField(label="Navn", max_length=120, error_messages=_NAME)
    email = forms.EmailField(
        label="E-mail",
        required=False,
        error_messages=_EMAIL,
        help_text="Retter du e-mailen, holder de gamle links op med at virke, og et nyt bliver sendt.",
    )
    seen_name = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_email = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, invitee: Invitee, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitee, self.user = invitee, user
        for name, value in [("name", invitee.name), ("email", invitee.email)]:
            self.initial.update({name: value, f"seen_{name}": value})

    def save(self) -> Invitee:
        """Correct them; raises NotAllowed."""
        given = dict(self.cleaned_data)
        seen = (given.pop("seen_name"), given.pop("seen_email"))
        return correct_invitee(invitee=self.invitee, seen=seen, by=self.user, **given)


class AddForm(forms.Form):
    """Spørg en til: somebody who was forgotten when the round was opened."""

    name = forms.CharField(label="Navn", max_length=120, error_messages=_NAME)
    email = forms.EmailField(
        label="E-mail",
        required=False,
        error_messages=_EMAIL,
        help_text="Indbydelsen sendes med det samme. En uden e-mail kan kun svare mundtligt.",
    )
    unit = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="Enhed", required=False, empty_label="Ingen bestemt enhed"
    )
    leader_group = forms.ModelChoiceField(
        LeaderGroup.objects.none(), label="Lederkreds", required=False, empty_label="Ingen lederkreds"
    )

    def __init__(self, *args: Any, survey: Survey, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey, self.user = survey, user
        municipality = survey.committee.municipality_id
        offered: dict[str, QuerySet[Any]] = {
            "unit": OrgUnit.objects.filter(municipality=municipality),
            "leader_group": LeaderGroup.objects.filter(municipality=municipality),
        }
        for name, rows in offered.items():
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = rows
            named = sorted(rows, key=lambda one: sort_key(one.name))
            field.choices = [("", field.empty_label), *((one.pk, one.name) for one in named)]

    def save(self) -> Invitee:
        """Ask; raises NotAllowed."""
        return add_invitee(survey=self.survey, by=self.user, **self.cleaned_data)


class LinksForm(forms.Form):
    """Ét tryk: a new link, or all links revoked."""

    SEND, REVOKE = "send", "traek"
    act = forms.ChoiceField(choices=[(SEND, "Send et nyt link"), (REVOKE, "Træk alle links tilbage")])
    nonce = NonceField()

    def __init__(self, *args: Any, invitee: Invitee, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitee, self.user = invitee, user

    def save(self) -> str:
        """Do it, and tell what was done; raises NotAllowed."""
        if self.cleaned_data["act"] == self.SEND:
            send_new_link(invitee=self.invitee, nonce=self.cleaned_data["nonce"], by=self.user)
            return f"Et nyt link er på vej til {self.invitee.email}."
        revoke_links(invitee=self.invitee, by=self.user)
        return "Alle links er trukket tilbage og åbner ikke noget længere."


class ReturnedForm(forms.Form):
    """Mailen kom retur, and what was said about it."""

    why = forms.CharField(
        label="Hvad stod der?",
        max_length=300,
        required=False,
        help_text="For eksempel: Adressen findes ikke.",
    )

    def __init__(self, *args: Any, invitee: Invitee, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitee, self.user = invitee, user

    def save(self) -> str:
        """Note it, and tell what to do next; raises NotAllowed."""
        note_returned(invitee=self.invitee, by=self.user, **self.cleaned_data)
        return "Det er noteret. Ret e-mailen for at sende et nyt link, eller ring til lederen."


class WithdrawForm(forms.Form):
    """Ét tryk: ask no longer, or ask again."""

    NO_LONGER, AGAIN = "udgaar", "igen"
    act = forms.ChoiceField(choices=[(NO_LONGER, "Spørg ikke længere"), (AGAIN, "Spørg igen")])

    def __init__(self, *args: Any, invitee: Invitee, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitee, self.user = invitee, user

    def save(self) -> str:
        """Do it, and tell what was done; raises NotAllowed."""
        if self.cleaned_data["act"] == self.AGAIN:
            ask_again(invitee=self.invitee, by=self.user)
            return f"{self.invitee.name} spørges igen."
        withdraw_invitee(invitee=self.invitee, by=self.user)
        return f"{self.invitee.name} spørges ikke længere, og links åbner ikke noget."

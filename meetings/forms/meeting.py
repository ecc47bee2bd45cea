"""Et nyt møde, with its agenda as two lists of titles."""

from collections import Counter
from datetime import date as day
from typing import Any

from django import forms

from kit.clock import today
from kit.once import NonceField
from meetings.actions import create_meeting
from meetings.forms.fields import DayField, HourField, LinesField, is_plausible_day
from meetings.models import Committee, Meeting, Right


class MeetingForm(forms.Form):
    """Call a meeting: fast, one title a line."""

    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        label="Udvalg",
        empty_label="Vælg udvalg",
        error_messages={"required": "Vælg udvalget."},
    )
    date = DayField(label="Dato")
    starts_at = HourField(label="Begynder kl.", required=False)
    place = forms.CharField(
        label="Sted", help_text="For eksempel: Rådhuset, mødelokale 2", max_length=160, required=False
    )
    open_titles = LinesField(
        label="Åbne punkter",
        help_text="Én titel på hver linje, i rækkefølge. Punkterne får numre fra 1.",
        longest_line=400,
        rows=8,
        required=False,
    )
    closed_titles = LinesField(
        label="Lukkede punkter",
        help_text="De sættes efter de åbne. Titlen ses kun af dem, der må læse lukkede punkter.",
        longest_line=400,
        required=False,
    )
    nonce = NonceField()

    def __init__(self, data: Any = None, *, user: Any) -> None:
        super().__init__(data)
        self.user = user
        committees = Committee.objects.where(user, Right.PLAN_MEETINGS).order_by("name")
        self.fields["committee"].queryset = committees  # type: ignore[attr-defined]
        if len(only := list(committees[:2])) == 1:
            self.fields["committee"].initial = only[0]

    def clean_date(self) -> day:
        """A year typed wrong is found here and not in the archive."""
        on: day = self.cleaned_data["date"]
        if not is_plausible_day(on, today()):
            raise forms.ValidationError(
                f"Kan mødet være i {on.year}? Datoen skal ligge efter 1999 og højst to år frem."
            )
        return on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        titles = [*cleaned.get("open_titles", []), *cleaned.get("closed_titles", [])]
        twice = [title for title, count in Counter(titles).items() if count > 1]
        if twice:
            is_in_closed = twice[0] in cleaned.get("closed_titles", [])
            field = "closed_titles" if is_in_closed else "open_titles"
            self.add_error(field, f"“{twice[0]}” står der to gange. Slet den ene, eller skriv, hvad der skiller dem.")
        if self._is_called_already(cleaned):
            self.add_error("date", "Udvalget har allerede et møde den dag på det tidspunkt.")
        return cleaned

    def _is_called_already(self, cleaned: dict[str, Any]) -> bool:
        if not {"committee", "date", "starts_at"} <= cleaned.keys():
            return False
        same = {name: cleaned[name] for name in ("committee", "date", "starts_at")}
        return Meeting.objects.filter(**same).exclude(nonce=cleaned["nonce"]).exists()

    def save(self) -> Meeting:
        """Call the meeting."""
        return create_meeting(**self.cleaned_data, by=self.user)

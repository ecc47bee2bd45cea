"""Et møde: a new one with its agenda as two lists of titles, and one whose time or place is changed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date as day
from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict

from kit.clock import today
from kit.danish import sort_key
from kit.dates import format_date
from kit.once import NonceField
from meetings.actions import NotAllowed, create_meeting, edit_meeting, refuse_day
from meetings.documents.public_texts import Passage, Publicity
from meetings.forms.fields import DayField, DraftForm, HourField, LinesField, is_plausible_day
from meetings.forms.precheck import PrecheckedForm
from meetings.models import AgendaItem, Committee, Meeting, Right

_SMALL_HOURS = time(6)
_MEETINGS_TO_BEGIN_WITH = 8  # of each committee


class PlausibleDayField(DayField):
    """The day of a meeting: a year typed wrong is found here and not in the archive."""

    def clean(self, value: Any) -> day:
        on: day = super().clean(value)
        if not is_plausible_day(on, today()):
            raise forms.ValidationError(
                f"Kan mødet være i {on.year}? Datoen skal ligge efter 1999 og højst to år frem."
            )
        return on


def _kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(label="Art", choices=Meeting.Kind.choices, initial=Meeting.Kind.ORDINARY, required=False)


def _place_field() -> forms.CharField:
    return forms.CharField(
        label="Sted", help_text="For eksempel: Rådhuset, mødelokale 2", max_length=160, required=False
    )


class MeetingForm(forms.Form):
    """Call a meeting: fast, one title a line."""

    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        label="Udvalg",
        empty_label="Vælg udvalg",
        error_messages={"required": "Vælg udvalget."},
    )
    date = PlausibleDayField(label="Dato")
    starts_at = HourField(label="Begynder kl.", required=False)
    place = _place_field()
    kind = _kind_field()
    begin_with = forms.ChoiceField(
        label="Begynd med punkterne fra",
        help_text="Vælg et tidligere møde, og tryk på “Hent punkterne”. Du kan rette i dem bagefter.",
        required=False,
    )
    only_recurring = forms.BooleanField(
        label="Kun de faste punkter: dem, der også stod på dagsordenen til andre møder", required=False, initial=True
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

    def __init__(self, data: Any = None, *, user: Any, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial) if initial else None)
        self.user = user
        committees = sorted(Committee.objects.where(user, Right.PLAN_MEETINGS), key=lambda one: sort_key(one.name))
        own = [one.pk for one in committees]
        choice = self.fields["committee"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101  (tells mypy which field it is)
        choice.queryset = Committee.objects.filter(pk__in=own).order_by("name")
        if len(own) == 1:
            choice.initial = committees[0]
        begin = self.fields["begin_with"]
        assert isinstance(begin, forms.ChoiceField)  # noqa: S101
        begin.choices = [("", "Tom dagsorden"), *_earlier_meetings(committees)]

    @classmethod
    def with_titles(cls, data: QueryDict, *, user: Any) -> "MeetingForm":
        """Return the form as it was typed so far, with the chosen meeting's titles put before what stands there."""
        typed: dict[str, Any] = {name: data.get(name, "") for name in cls.base_fields}
        typed["only_recurring"] = "only_recurring" in data
        chosen = typed["begin_with"]
        is_number = chosen.isdecimal() and len(chosen) < 19
        allowed = Committee.objects.where(user, Right.PLAN_MEETINGS)
        meeting = Meeting.objects.filter(pk=chosen, committee__in=allowed).first() if is_number else None
        if meeting:
            titles = _titles(meeting, user, only_recurring=typed["only_recurring"])
            for field, is_closed in (("open_titles", False), ("closed_titles", True)):
                typed[field] = _joined([title for title, closed in titles if closed == is_closed], typed[field])
            typed["committee"] = typed["committee"] or meeting.committee_id
        return cls(user=user, initial=typed)

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
        elif {"committee", "date"} <= cleaned.keys():
            try:
                refuse_day(cleaned["committee"], cleaned["date"])
            except NotAllowed as refusal:
                self.add_error("date", str(refusal))
        return cleaned

    def _is_called_already(self, cleaned: dict[str, Any]) -> bool:
        if not {"committee", "date", "starts_at"} <= cleaned.keys():
            return False
        same = {name: cleaned[name] for name in ("committee", "date", "starts_at")}
        return Meeting.objects.filter(**same).exclude(nonce=cleaned["nonce"]).exists()

    def save(self) -> Meeting:
        """Call the meeting."""
        values = {
            name: value for name, value in self.cleaned_data.items() if name not in {"begin_with", "only_recurring"}
        }
        values["kind"] = values["kind"] or Meeting.Kind.ORDINARY
        return create_meeting(**values, by=self.user)


def _earlier_meetings(committees: list[Committee]) -> list[Any]:
    """The latest meetings of each committee; under the committee's name where there are several."""
    choices: list[Any] = []
    for committee in committees:
        latest = Meeting.objects.filter(committee=committee)[:_MEETINGS_TO_BEGIN_WITH]
        own = [(str(meeting.pk), f"mødet den {format_date(meeting.date)}") for meeting in latest]
        if own:
            choices.append((committee.name, own))
    return choices if len(committees) > 1 else [choice for _, own in choices for choice in own]


def _titles(meeting: Meeting, user: Any, *, only_recurring: bool) -> list[tuple[str, bool]]:
    """The titles of a meeting's agenda and whether they are closed; the recurring ones are those that the committee
    has also had on its agenda at another of its latest meetings.
    """
    items = AgendaItem.including_closed.visible_to(user)
    titles = list(items.filter(meeting=meeting).values_list("title", "is_closed"))
    if not only_recurring:
        return titles
    others = Meeting.objects.filter(committee=meeting.committee_id).exclude(pk=meeting.pk)[:_MEETINGS_TO_BEGIN_WITH]
    elsewhere = {
        title.casefold()
        for title in items.filter(meeting__in=[other.pk for other in others]).values_list("title", flat=True)
    }
    return [(title, is_closed) for title, is_closed in titles if title.casefold() in elsewhere]


def _joined(titles: Iterable[str], typed: str) -> str:
    written = [line.strip() for line in typed.splitlines() if line.strip()]
    return "\n".join([*(title for title in titles if title not in written), *written])


class MeetingEditForm(PrecheckedForm, DraftForm):
    """Change when, where and how a meeting is held, or call it off."""

    date = PlausibleDayField(label="Dato")
    starts_at = HourField(label="Begynder kl.", required=False)
    ends_at = HourField(label="Slutter kl.", required=False)
    place = _place_field()
    kind = _kind_field()
    cancelled = forms.CharField(
        label="Aflyst, fordi",
        help_text="Udfyldes kun, hvis mødet ikke holdes. For eksempel: Der er ingen sager",
        max_length=200,
        required=False,
    )

    def __init__(self, data: Any = None, *, user: Any, meeting: Meeting) -> None:
        self.user, self.meeting = user, meeting
        super().__init__(data, initial={**_as_it_stands(meeting), "revision": meeting.revision})

    def clean_kind(self) -> str:
        """Without a choice it stays what it was."""
        return self.cleaned_data["kind"] or self.meeting.kind

    def clean(self) -> dict[str, Any]:
        """A meeting ends after it has begun, though that may be past midnight."""
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts and ends >= _SMALL_HOURS:
            self.add_error("ends_at", "Mødet kan ikke slutte, før det begynder.")
        return cleaned

    def public_texts(self) -> Iterable[Passage]:
        """Where it is held and why it is not, once something of the meeting is public."""
        if Publicity.of(self.meeting.pk).agenda:
            for name in ("place", "cancelled"):
                if self.cleaned_data[name] != getattr(self.meeting, name):
                    yield str(self.fields[name].label), self.cleaned_data[name]

    def save(self) -> Meeting:
        """Change the meeting; raises NotAllowed, MeetingClosed and EditConflict."""
        values = {name: self.cleaned_data[name] for name in _as_it_stands(self.meeting)}
        return edit_meeting(
            meeting=self.meeting, expected=self.cleaned_data["revision"], warnings_accepted=self.warnings_accepted,
            by=self.user, **values,
        )  # fmt: skip

    def both(self, current: Meeting) -> tuple[dict[str, Any], dict[str, Any]]:
        """What was typed, and the meeting as somebody else has left it."""
        return self.cleaned_data, _as_it_stands(current)


def _as_it_stands(meeting: Meeting) -> dict[str, Any]:
    names = ("date", "starts_at", "ends_at", "place", "kind", "cancelled")
    return {name: getattr(meeting, name) for name in names}

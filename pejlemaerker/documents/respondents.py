"""How far each of the asked has come in an evaluation round, in words; nobody is ranked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from kit.clock import today
from kit.danish import sort_key
from kit.dates import MONTHS, format_date
from meetings.models import Event, Letter
from pejlemaerker.models import AnswerSheet, Invitee, Reopening, Survey

REMINDED = "survey_reminded"  # the Event of a reminder to those missing: on which day, and to whom


@dataclass(frozen=True, slots=True)
class Respondent:
    """En adspurgt, as it stands now. What is under way is the leader's own: it is only told that it has been begun."""

    invitee: Invitee
    sheet: AnswerSheet | None  # the newest that was handed in
    reopening: Reopening | None  # the newest
    letter: Letter | None  # the newest to the address it has now

    @property
    def survey(self) -> Survey:
        """The round."""
        return self.invitee.survey

    @property
    def is_withdrawn(self) -> bool:
        """Whether it is asked no longer."""
        return self.invitee.withdrawn_at is not None

    @property
    def has_answered(self) -> bool:
        """Whether it has handed in, be it reopened since: what was handed in still stands."""
        return self.sheet is not None

    @property
    def is_missing(self) -> bool:
        """Whether an answer is still waited for."""
        return not self.has_answered and not self.is_withdrawn

    @property
    def is_begun(self) -> bool:
        """Whether it has written something and not handed it in."""
        return self.is_missing and self.invitee.written_at is not None  # type: ignore[attr-defined]  # with_state

    @property
    def is_reopened(self) -> bool:
        """Whether it was reopened after it was handed in."""
        return bool(self.sheet and self.reopening and self.reopening.reopened_at > self.sheet.handed_in_at)

    @property
    def is_open_again(self) -> bool:
        """Whether a reopened answer may be changed today: through the day that the house named, else until the round is
        closed.
        """
        if self.reopening is None or not self.is_reopened:
            return False
        return self.reopening.until >= today() if self.reopening.until else self.survey.closed_at is None

    @property
    def is_oral(self) -> bool:
        """Whether what counts was told orally and written down by the house."""
        return self.sheet is not None and self.sheet.reported_orally_on is not None

    @property
    def is_late(self) -> bool:
        """Whether what counts was handed in after the deadline without having been reopened."""
        return bool(
            self.sheet and not self.reopening and timezone.localdate(self.sheet.handed_in_at) > self.survey.due_on
        )

    @property
    def is_returned(self) -> bool:
        """Whether the mail to it came back."""
        return self.letter is not None and self.letter.returned_at is not None

    @property
    def tag(self) -> str:
        """The state in words."""
        if self.is_withdrawn:
            return "Spørges ikke længere"
        if self.reopening and self.is_open_again:
            return f"Genåbnet til {self._day(self.reopening.until)}" if self.reopening.until else "Genåbnet"
        if self.sheet:
            told = self.sheet.reported_orally_on
            day = self._day(told or self.sheet.handed_in_at)
            return f"Svaret mundtligt {day}" if told else f"Svaret {day}"
        if self.is_begun:
            return "Begyndt"
        return "Mailen kom retur" if self.is_returned else "Ikke begyndt"

    @property
    def kind(self) -> str:
        """How the tag is coloured; the words say the same."""
        if self.is_withdrawn:
            return "plain"
        if self.has_answered:
            return "info" if self.is_open_again else "success"
        if self.is_begun:
            return "info"
        return "error" if self.is_returned else "plain"

    @property
    def note(self) -> str:
        """What one must know on top of the state, in one line."""
        notes = [*self._notes_of_answer(), *self._notes_of_mail()]
        return " · ".join(notes)

    def _notes_of_answer(self) -> list[str]:
        if self.sheet is None:
            return []
        notes = []
        if self.answered_by_another:
            notes.append(f"svaret af {self.sheet.answered_by}")
        if self.is_oral:
            notes.append(f"skrevet ned af {self.sheet.recorded_by}")
        if self.is_late:
            notes.append("efter fristen")
        if self.is_open_again:
            notes.append(f"svarede {self._day(self.sheet.handed_in_at)}; det gælder, til der er afgivet igen")
        elif self.is_reopened:
            notes.append("var genåbnet, men er ikke afgivet igen")
        return notes

    def _notes_of_mail(self) -> list[str]:
        if not self.is_missing:
            return []
        notes = []
        if self.is_returned and self.is_begun:
            notes.append("mailen kom retur")
        elif self.letter and not self.letter.claimed_at and not self.is_returned:
            notes.append("mailen venter på at blive sendt")
        elif self.letter and not self.letter.sent_at and not self.is_returned:
            notes.append("uvist, om mailen nåede frem")
        if not self.invitee.email:
            notes.append("har ingen e-mail")
        if self.invitee.no_reminders_at:
            notes.append("vil ikke mindes om det")
        return notes

    @property
    def answered_by_another(self) -> bool:
        """Whether somebody else than the one who was asked has answered."""
        return bool(self.sheet and sort_key(self.sheet.answered_by.strip())[0] != sort_key(self.invitee.name)[0])

    @property
    def why_not_reminded(self) -> str:
        """Why one who is missing gets no reminder; nothing where it gets one."""
        if not self.invitee.email:
            return "har ingen e-mail"
        if self.is_returned:
            return "mailen kom retur"
        return "vil ikke mindes om det" if self.invitee.no_reminders_at else ""

    def _day(self, day: date | datetime) -> str:
        """A day of the round: the year is only told where it is another than the deadline's."""
        local = timezone.localdate(day) if isinstance(day, datetime) else day
        return (
            f"{local.day}. {MONTHS[local.month - 1]}" if local.year == self.survey.due_on.year else format_date(local)
        )


def about(invitee: Invitee) -> str:
    """Return what a letter to one of the asked is filed under."""
    return f"adspurgt:{invitee.pk}"


def respondents_in(survey: Survey, *invitees: int) -> list[Respondent]:
    """Return those who are asked in a round (or only some of them), in Danish alphabetical order. Four queries."""
    found = Invitee.objects.filter(survey=survey).with_state().select_related("leader_group", "unit")
    rows = list(found.filter(pk__in=invitees) if invitees else found)
    for row in rows:
        row.survey = survey
    mine = {about(row): row for row in rows}
    sheets = AnswerSheet.objects.filter(invitee__in=rows).select_related("recorded_by").order_by("pk")
    sheet_of = {sheet.invitee_id: sheet for sheet in sheets}
    reopening_of = {one.invitee_id: one for one in Reopening.objects.filter(invitee__in=rows).order_by("pk")}
    letters = Letter.objects.filter(about__in=mine).order_by("pk")
    letter_of = {one.about: one for one in letters if one.to == mine[one.about].email}
    asked = [Respondent(row, sheet_of.get(row.pk), reopening_of.get(row.pk), letter_of.get(about(row))) for row in rows]
    return sorted(asked, key=lambda one: (sort_key(one.invitee.name), sort_key(one.invitee.unit_name)))


class Reminding(NamedTuple):
    """Hvem der mindes: those who are missing and can be reached today, and the others with the reason."""

    to: list[Respondent]
    reminded: list[Respondent]  # today, already
    left_out: list[Respondent]


def reminding(asked: Iterable[Respondent], *, reminded: Iterable[int]) -> Reminding:
    """Sort those who are missing by whether a reminder goes to them; `reminded` had one today."""
    missing, had = [one for one in asked if one.is_missing], set(reminded)
    return Reminding(
        [one for one in missing if not one.why_not_reminded and one.invitee.pk not in had],
        [one for one in missing if not one.why_not_reminded and one.invitee.pk in had],
        [one for one in missing if one.why_not_reminded],
    )


def reminded_on(survey: Survey, day: date) -> list[int]:
    """Return those who were reminded that day by somebody of the house."""
    events = Event.objects.filter(
        target_type=Survey._meta.label_lower, target_pk=survey.pk, action=REMINDED, changes__day=day.isoformat()
    )
    return [pk for event in events for pk in event.changes["invitees"]]

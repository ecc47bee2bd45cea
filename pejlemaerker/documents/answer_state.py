"""How far an adspurgt has come with the answer, and what may still be done about it."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from kit.clock import moment, today
from kit.dates import format_date
from pejlemaerker.models import AnswerSheet, Invitee, Reopening, Survey


@dataclass(frozen=True, slots=True)
class AnswerState:
    """Besvarelsens stand on a day: handed in or not, and whether it may be written, handed in or reopened.

    The first time it may be handed in until the round is closed, late also. The leader reopens until the deadline;
    after that only the house does, and then it may be changed through the day named.
    """

    survey: Survey
    sheet: AnswerSheet | None
    reopening: Reopening | None  # of the newest sheet
    on: date

    @classmethod
    def of(cls, invitee: Invitee) -> Self:
        """Ask how it stands with one adspurgt today; one that has not been saved (a preview) has written nothing."""
        if invitee._state.adding:
            return cls(invitee.survey, None, None, today())
        sheet = invitee.sheets.order_by("-pk").first()
        reopening = invitee.reopenings.order_by("-pk").first() if sheet else None
        if sheet and reopening and reopening.reopened_at <= sheet.handed_in_at:
            reopening = None
        return cls(invitee.survey, sheet, reopening, today())

    @property
    def is_reopened(self) -> bool:
        """Whether what was handed in may be changed now."""
        if self.reopening is None:
            return False
        if self.reopening.until is not None:
            return self.on <= self.reopening.until
        return self.survey.closed_at is None

    @property
    def is_handed_in(self) -> bool:
        """Whether it lies with the house."""
        return self.sheet is not None and not self.is_reopened

    @property
    def can_hand_in(self) -> bool:
        """Whether it may be handed in now."""
        return self.is_reopened or (self.sheet is None and self.survey.closed_at is None)

    @property
    def can_reopen(self) -> bool:
        """Whether the leader takes it back without asking anybody."""
        return self.is_handed_in and self.survey.closed_at is None and not self.is_late

    @property
    def is_late(self) -> bool:
        """Whether the deadline has passed."""
        return self.on > self.survey.due_on

    @property
    def deadline_text(self) -> str:
        """Svarfristen er 1. december 2026."""
        due = format_date(self.survey.due_on)
        if self.is_reopened and self.reopening and self.reopening.until:
            return f"Svaret er åbnet igen og kan rettes til og med {format_date(self.reopening.until)}."
        if self.is_late and self.survey.closed_at is not None:
            return f"Svarfristen var {due}."
        if self.is_late:
            return f"Svarfristen var {due}. Du kan stadig svare, indtil runden lukkes; svaret kommer for sent."
        return f"Svarfristen er {due}."

    @property
    def handed_in_text(self) -> str:
        """When it was handed in: "kl. 14.32", or with the date; nothing, if it never was."""
        return moment(self.sheet.handed_in_at) if self.sheet else ""

    @property
    def next_text(self) -> str:
        """What one may do who wants to change what was handed in."""
        if self.can_reopen:
            return f"Du kan rette dit svar til og med {format_date(self.survey.due_on)}."
        if self.survey.closed_at is not None:
            return "Runden er lukket. Skal noget rettes, så kontakt din konsulent."
        return "Svarfristen er gået. Skal noget rettes, så kontakt din konsulent, som kan åbne svaret igen."

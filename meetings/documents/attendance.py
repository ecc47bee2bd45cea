"""Fremmødet as the minutes tell it: present, excused, absent, and who came in whose place."""

from dataclasses import dataclass
from typing import Self

from kit.danish import join_words
from meetings.documents.parts import Fact
from meetings.documents.treatment import named
from meetings.models import Attendance, Roll


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """Fremmødet ved et møde; empty until somebody has written it down."""

    present: tuple[str, ...]
    excused: tuple[str, ...]
    absent: tuple[str, ...]
    substitutes: tuple[str, ...]  # "X deltog i stedet for Y"

    @classmethod
    def of(cls, roll: Roll) -> Self:
        """Tell the attendance of the roll."""
        told = {
            state: tuple(
                named(str(one.person), roll.party_of(one.person)) for one in roll.attendances if one.state == state
            )
            for state in Attendance.State
        }
        substitutes = tuple(
            f"{one.person} deltog i stedet for {one.substitute_for}" for one in roll.attendances if one.substitute_for
        )
        return cls(
            told[Attendance.State.PRESENT], told[Attendance.State.EXCUSED], told[Attendance.State.ABSENT], substitutes
        )

    @property
    def is_recorded(self) -> bool:
        """Whether it is known who was there."""
        return bool(self.present or self.excused or self.absent)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """As label and value; only what there is something to say of."""
        rows = (
            ("Til stede", self.present), ("Afbud", self.excused), ("Fravær uden afbud", self.absent),
            ("Stedfortrædere", self.substitutes),
        )  # fmt: skip
        return tuple(Fact(label, join_words(list(names))) for label, names in rows if names)

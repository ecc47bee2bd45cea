"""Deltagerne i et dialogmøde: who is on the list, who could be, and how many came from each side."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from kit.clock import moment
from kit.danish import join_words, sort_key
from meetings.models import LeaderGroup, Leadership, Letter, Membership, OrgUnit, Person
from pejlemaerker.documents.dialogue_when import takes_letters
from pejlemaerker.documents.invitations import Invitations
from pejlemaerker.models import Dialogue, Participant

_COUNTED = {  # one, and several
    Participant.Side.COMMITTEE: ("fra udvalget", "fra udvalget"),
    Participant.Side.LEADERS: ("leder", "ledere"),
    Participant.Side.ADMINISTRATION: ("fra forvaltningen", "fra forvaltningen"),
    Participant.Side.GUESTS: ("gæst", "gæster"),
}
_PUBLIC_SIDES = (Participant.Side.COMMITTEE, Participant.Side.LEADERS)


class Proposed(NamedTuple):
    """En, der kunne indbydes."""

    key: str
    side: str
    name: str
    email: str
    about: str  # the seat, or the unit
    person: Person | None = None
    leader_group: LeaderGroup | None = None
    unit: OrgUnit | None = None

    @property
    def label(self) -> str:
        """Lone Leder, Børnehuset Solen (uden e-mail)."""
        told = f"{self.name}, {self.about}" if self.about else self.name
        return told if self.email else f"{told} (uden e-mail)"


@dataclass(frozen=True, slots=True)
class ParticipantLine:
    """En deltager, as the list tells it."""

    participant: Participant
    invited: str  # "Indbudt 3. oktober 2026 kl. 14.32"; nothing where not
    knows_otherwise: bool  # was invited to another day, hour or place
    has_returned: bool  # the last letter came back

    @property
    def came(self) -> str:
        """Whether they came, in a word."""
        return {True: "Kom", False: "Kom ikke", None: ""}[self.participant.came]


@dataclass(frozen=True, slots=True)
class SideLines:
    """En side with its people."""

    name: str
    lines: tuple[ParticipantLine, ...]


@dataclass(frozen=True, slots=True)
class ParticipantsDocument:
    """Deltagerne, for those who may read their names."""

    dialogue: Dialogue
    sides: tuple[SideLines, ...]
    count: int
    without_email: int
    to_write_to: int
    invitations: Invitations

    @classmethod
    def for_dialogue(cls, dialogue: Dialogue) -> Self:
        """Gather them, in three queries."""
        rows = in_order(dialogue)
        invitations = Invitations.of(dialogue)
        returned = _returned(rows)
        lines = [_line(row, invitations, returned) for row in rows]
        sides = (
            SideLines(side.label, tuple(line for line in lines if line.participant.side == side))
            for side in Participant.Side
        )
        return cls(
            dialogue,
            tuple(side for side in sides if side.lines),
            len(rows),
            sum(1 for row in rows if not row.email),
            len(invitations.to_write_to(rows)) if takes_letters(dialogue) else 0,
            invitations,
        )

    @property
    def lines(self) -> list[ParticipantLine]:
        """All of them, side by side."""
        return [line for side in self.sides for line in side.lines]

    @property
    def has_news(self) -> bool:
        """Whether somebody who was invited is still to be told of a change, or that it is called off."""
        return bool(self.to_write_to) and any(line.knows_otherwise and line.participant.email for line in self.lines)

    @property
    def news(self) -> str:
        """What they are to be told."""
        if self.invitations.now["is_cancelled"]:
            return "De indbudte har ikke fået afbud endnu."
        return "De indbudte har ikke fået besked om ændringen endnu."

    @property
    def send_label(self) -> str:
        """What the button says: invite, tell of the change, or call off."""
        if self.invitations.now["is_cancelled"]:
            return f"Send afbud til {_people(self.to_write_to)}"
        changed = any(line.knows_otherwise for line in self.lines)
        if changed:
            return "Send den ændrede tid til alle"
        return f"Send indbydelse til {_people(self.to_write_to)}"


def in_order(dialogue: Dialogue) -> list[Participant]:
    """The participants, side by side, each in Danish order."""
    sides = list(Participant.Side.values)
    rows = dialogue.participants.select_related("unit", "leader_group")
    return sorted(rows, key=lambda one: (sides.index(one.side), sort_key(one.name), one.pk))


def proposed_participants(dialogue: Dialogue) -> list[Proposed]:
    """The committee's members and the leaders of the leader groups on the day, who are not on the list yet. A leader is
    known by the e-mail, or by the unit where the e-mail was put right on the list.
    """
    listed = list(dialogue.participants.all())
    on_list = {(one.name, one.email) for one in listed}
    names = {name for name, _ in on_list}
    people = {one.person_id for one in listed if one.person_id}
    of_unit = {(one.name, one.unit_id) for one in listed if one.unit_id}
    members = [one for one in _members(dialogue) if one.person and one.person.pk not in people]
    leaders = {
        (one.name, one.email): one
        for one in _leaders(dialogue)
        if (one.name, one.email) not in on_list and (one.name, one.unit and one.unit.pk) not in of_unit
    }
    return [*(one for one in members if one.name not in names), *leaders.values()]


def _members(dialogue: Dialogue) -> list[Proposed]:
    seats = Membership.objects.current(dialogue.held_on).filter(committee=dialogue.committee_id)
    found = [
        Proposed(
            f"medlem-{seat.pk}", Participant.Side.COMMITTEE, seat.person.name,
            seat.person.user.email if seat.person.user else "",
            "" if seat.seat == Membership.Seat.MEMBER else seat.get_seat_display().lower(), person=seat.person,
        )
        for seat in seats.exclude(seat=Membership.Seat.SUBSTITUTE).select_related("person__user")
    ]  # fmt: skip
    return sorted(found, key=lambda one: sort_key(one.name))


def _leaders(dialogue: Dialogue) -> list[Proposed]:
    leads = Leadership.objects.current(dialogue.held_on).filter(leader_group__in=dialogue.leader_groups.all())
    found = [
        Proposed(
            f"leder-{one.pk}", Participant.Side.LEADERS, one.name, one.email, str(one.unit or ""),
            leader_group=one.leader_group, unit=one.unit,
        )
        for one in leads.select_related("leader_group", "unit").order_by("pk")
    ]  # fmt: skip
    return sorted(found, key=lambda one: (sort_key(one.name), one.key))


def who_came(dialogue: Dialogue, *, is_insider: bool) -> str:
    """How many came from each side: "5 fra udvalget, 12 ledere"; the public is told of those two."""
    came = list(dialogue.participants.filter(came=True).values_list("side", flat=True))
    told = [
        f"{came.count(side)} {_COUNTED[side][came.count(side) > 1]}"
        for side in (Participant.Side if is_insider else _PUBLIC_SIDES)
        if side in came
    ]
    return join_words(told)


def _line(row: Participant, invitations: Invitations, returned: set[str]) -> ParticipantLine:
    sent: datetime | None = invitations.sent_at.get(row.pk) if row.pk in invitations.told else None
    invited = f"Indbudt {moment(sent)}" if sent else ""
    return ParticipantLine(row, invited, invitations.has_changed_for(row), bool(sent) and _about(row) in returned)


def _returned(rows: Iterable[Participant]) -> set[str]:
    """Whose last letter came back."""
    letters = Letter.objects.filter(about__in=[_about(row) for row in rows]).order_by("asked_at", "pk")
    last = dict(letters.values_list("about", "returned_at"))
    return {about for about, returned_at in last.items() if returned_at}


def _about(row: Participant) -> str:
    """What the letters to a participant are filed under (tasks.send_dialogue_invitation)."""
    return f"deltager:{row.pk}"


def _people(count: int) -> str:
    return "én" if count == 1 else f"{count}"


def labels(proposed: Iterable[Proposed]) -> list[tuple[str, str]]:
    """What a form offers."""
    return [(one.key, one.label) for one in proposed]

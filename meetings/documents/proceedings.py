"""Forhandlingen af et punkt as the secretary writes it: what is there, who can vote, and what may still be chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.utils.text import Truncator

from kit.danish import sort_key
from meetings.documents.parts import ad
from meetings.documents.treatment import NoteLine, Treatment, named, treatments
from meetings.models import (
    PROCEDURAL,
    AgendaItem,
    Closing,
    Committee,
    Decision,
    Meeting,
    Membership,
    Person,
    ProtocolNote,
    Roll,
    Vote,
    VoteLine,
    Voter,
)


@dataclass(frozen=True, slots=True)
class People:
    """Personer man kan vælge, by what one types: the committee's substitutes first, then others with a seat."""

    by_label: dict[str, Person]

    @classmethod
    def for_meeting(cls, meeting: Meeting, roll: Roll) -> Self:
        """Ask once; who sits in the committee that day is not among them."""
        seated = {seat.person_id for seat in roll.seats if seat.seat != Membership.Seat.SUBSTITUTE}
        substitutes = [seat.person for seat in roll.seats if seat.seat == Membership.Seat.SUBSTITUTE]
        others = Person.objects.filter(
            municipality=meeting.committee.municipality_id, memberships__isnull=False
        ).distinct()
        first = {person.pk for person in substitutes}
        rest = sorted((one for one in others if one.pk not in first | seated), key=lambda one: sort_key(one.name))
        by_label: dict[str, Person] = {}
        for person in [*(one for one in substitutes if one.pk not in seated), *rest]:
            label = named(person.name, roll.party_of(person))
            by_label[label if label not in by_label else f"{label}, nr. {person.pk}"] = person
        return cls(by_label)

    def find(self, typed: str) -> Person | str:
        """Return the person somebody typed, with or without the party letter, or the name as it was typed."""
        if typed in self.by_label:
            return self.by_label[typed]
        same_name = [one for one in self.by_label.values() if one.name.casefold() == typed.casefold()]
        return same_name[0] if same_name else typed


@dataclass(frozen=True, slots=True)
class RecordedNote:
    """En bemærkning, and what the secretary may want to know of it."""

    line: NoteLine
    remark: str


@dataclass(frozen=True, slots=True)
class Group:
    """En gruppe with that many who can vote, or one person without a group."""

    letter: str
    size: int
    person: Person | None = None

    @property
    def key(self) -> str:
        """A name for its fields that any letter can have."""
        return f"person_{self.person.pk}" if self.person else f"gruppe_{self.letter.encode().hex()}"

    @property
    def label(self) -> str:
        """Gruppe A, 3 stemmer."""
        if self.person:
            return f"{self.person}, 1 stemme"
        return f"Gruppe {self.letter}, {self.size} stemme{'r' if self.size > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Stayable:
    """En beslutning a member may have stayed, or has."""

    decision: Decision
    label: str
    is_stayed: bool


@dataclass(frozen=True, slots=True)
class ProceedingsDocument:
    """Forhandlingen af ét punkt, for the one who keeps the protocol."""

    item: AgendaItem
    treatment: Treatment
    roll: Roll
    voters: tuple[Voter, ...]
    not_voting: tuple[str, ...]  # "Ulla Ude (A) er ude af lokalet."
    notes: tuple[RecordedNote, ...]
    decisions: tuple[Stayable, ...]  # those a member may have stayed
    coming: tuple[Meeting, ...]
    people: People
    council: str
    is_closed: bool

    @classmethod
    def for_item(cls, item: AgendaItem, *, viewer: Any) -> Self:
        """Ask a constant number of queries for an item the viewer may record on."""
        meeting = item.meeting
        roll = Roll.of(meeting)
        treatment = treatments(meeting, viewer=viewer, items=[item], roll=roll)[item.pk]
        is_council = meeting.committee.kind == Committee.Kind.COUNCIL
        coming = Meeting.objects.filter(committee=meeting.committee_id, date__gt=meeting.date, cancelled="")
        return cls(
            item=item,
            treatment=treatment,
            roll=roll,
            voters=roll.voters_on(item.pk),
            not_voting=tuple(_not_voting(item, roll)),
            notes=tuple(_notes(item, treatment)),
            decisions=() if is_council else tuple(_stayable(item)),
            coming=tuple(coming.order_by("date", "starts_at")[:24]),
            people=People.for_meeting(meeting, roll),
            council=meeting.committee.municipality.council_name,
            is_closed=Closing.objects.filter(meeting=meeting).exists(),
        )

    @property
    def has_attendance(self) -> bool:
        """Whether it is known who was there; without it nobody can vote."""
        return bool(self.roll.attendances)

    @property
    def can_be_stayed(self) -> bool:
        """Whether there is a decision that nobody has had stayed."""
        return any(not one.is_stayed for one in self.decisions)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The voters by party letter; who has none stands alone."""
        letters = sorted({voter.party for voter in self.voters if voter.party}, key=sort_key)
        sizes = {letter: sum(voter.party == letter for voter in self.voters) for letter in letters}
        alone = [Group("", 1, voter.person) for voter in self.voters if not voter.party]
        return (*(Group(letter, size) for letter, size in sizes.items()), *alone)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who may have a remark: each voter by name and letter, and each group."""
        groups = tuple(f"Gruppe {group.letter}" for group in self.groups if group.letter)
        return tuple(named(voter.person.name, voter.party) for voter in self.voters) + groups


def _not_voting(item: AgendaItem, roll: Roll) -> Iterable[str]:
    for recusal in roll.recusals.get(item.pk, ()):
        if recusal.is_disqualified:
            yield f"{named(recusal.person.name, roll.party_of(recusal.person))} er inhabil."
    for absence in roll.absences.get(item.pk, ()):
        yield f"{named(absence.person.name, roll.party_of(absence.person))} er ude af lokalet."


def _stayable(item: AgendaItem) -> Iterable[Stayable]:
    decisions = Decision.including_closed.filter(item=item).exclude(category__in=PROCEDURAL)
    for decision in decisions.select_related("recommendation", "stay").order_by("recommendation__number", "pk"):
        about = ad((decision.recommendation.number,)) if decision.recommendation else "Beslutningen"
        told = f"{about}: {decision.text or decision.get_category_display()}"
        yield Stayable(decision, Truncator(told).chars(120), hasattr(decision, "stay"))


def _notes(item: AgendaItem, treatment: Treatment) -> Iterable[RecordedNote]:
    voices: dict[str, list[VoteLine]] = {}
    lines = VoteLine.including_closed.filter(vote__in=Vote.including_closed.filter(item=item), person__isnull=False)
    for line in lines.select_related("person"):
        voices.setdefault(str(line.person), []).append(line)
    for note in treatment.notes:
        is_dissent = note.kind == ProtocolNote.Kind.DISSENT.label
        yield RecordedNote(note, " ".join(_not_against(note.by, voices)) if is_dissent else "")


def _not_against(by: str, voices: dict[str, list[VoteLine]]) -> Iterable[str]:
    """A dissent presupposes a vote against (udtalelse 95.1.4): the secretary is told, and decides."""
    for name, lines in voices.items():
        if name in by and all(line.stance != VoteLine.Stance.AGAINST for line in lines):
            did = "stemte for" if lines[-1].stance == VoteLine.Stance.FOR else "undlod at stemme"
            yield (
                f"{name} {did}. En afvigende mening forudsætter, at man har stemt imod; "
                "overvej, om det er en protokolbemærkning."
            )

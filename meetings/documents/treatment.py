"""Behandlingen af et punkt: what was decided, who voted how, who was away or disqualified, what was noted and promised.

One object for the item's page, the meeting's page, the secretary's page and the papers.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Self

from kit.danish import join_words
from meetings.documents.grouping import grouped
from meetings.documents.parts import Outcome, Standstill, reads_minutes
from meetings.documents.promise_lines import PromiseLine, promise_lines
from meetings.models import (
    AgendaItem,
    Correction,
    Decision,
    Meeting,
    Promise,
    ProtocolNote,
    Recommendation,
    Recusal,
    Right,
    Roll,
    Stay,
    Vote,
    VoteLine,
    has_right,
)

_VERBS = {
    VoteLine.Stance.FOR: ("For stemte", "Ingen stemte for"),
    VoteLine.Stance.AGAINST: ("Imod stemte", "Ingen stemte imod"),
    VoteLine.Stance.ABSTAINED: ("Undlod at stemme:", "Ingen undlod at stemme"),
}


@dataclass(frozen=True, slots=True)
class Ballot:
    """En afstemning, told as a protocol does."""

    pk: int
    about: str
    sentences: tuple[str, ...]  # "For stemte 5 (A, B, F, V og Ø)."
    result: str  # "Et flertal på 5 stemte for, et mindretal på 2 imod."
    tally: str = ""  # "5–2", for and against

    @classmethod
    def of(cls, vote: Vote, lines: list[VoteLine]) -> Self:
        """Tell a vote by person with names, and one by group with the groups' letters."""
        by_stance = {stance: [line for line in lines if line.stance == stance] for stance in VoteLine.Stance}
        sentences = tuple(_stance(stance, found) for stance, found in by_stance.items())
        counts = {stance: sum(line.count for line in found) for stance, found in by_stance.items()}
        yes, no = counts[VoteLine.Stance.FOR], counts[VoteLine.Stance.AGAINST]
        return cls(vote.pk, vote.about, sentences, _result(yes, no), f"{yes}–{no}")

    @property
    def text(self) -> str:
        """The vote in one passage."""
        return " ".join(self.sentences)


def _stance(stance: VoteLine.Stance, lines: list[VoteLine]) -> str:
    some, none = _VERBS[stance]
    if not lines:
        return f"{none}."
    who = join_words([named(str(line.person), line.party) if line.person else line.party for line in lines])
    return f"{some} {sum(line.count for line in lines)} ({who})."


def _result(yes: int, no: int) -> str:
    """A tie carries nothing: the proposal falls (udtalelse 04.1.2)."""
    if not no:
        return "Enstemmigt." if yes else ""
    if yes == no:
        return "Stemmelighed: forslaget er bortfaldet."
    side = ("for", "imod") if yes > no else ("imod", "for")
    return f"Et flertal på {max(yes, no)} stemte {side[0]}, et mindretal på {min(yes, no)} {side[1]}."


def named(name: str, party: str) -> str:
    """Mette Medlem (B)."""
    return f"{name} ({party})" if party else name


@dataclass(frozen=True, slots=True)
class RecusalLine:
    """Inhabiliteten in the minutes' own line; the ground is for the committee's own people."""

    pk: int
    text: str
    ground: str

    @classmethod
    def of(cls, recusal: Recusal, roll: Roll, *, tells_ground: bool) -> Self:
        """Tell a recusal."""
        who = named(str(recusal.person), roll.party_of(recusal.person))
        if recusal.is_disqualified:
            text = f"{who} var inhabil og deltog ikke i behandlingen af punktet."
        else:
            text = f"Udvalget fandt ikke {who} inhabil."
        if recusal.substitute:
            text += f" Som stedfortræder deltog {named(str(recusal.substitute), roll.party_of(recusal.substitute))}."
        raised = f" Rejst af {recusal.raised_by}." if recusal.raised_by else ""
        ruling = f" {recusal.ruling}" if recusal.ruling else ""
        return cls(recusal.pk, text, f"{recusal.ground.rstrip('.')}.{raised}{ruling}" if tells_ground else "")


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """Who was out of the room."""

    pk: int
    text: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """En protokolbemærkning, verbatim."""

    pk: int
    kind: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Treatment:
    """Behandlingen af ét punkt, for one viewer who may read it."""

    outcomes: tuple[Outcome, ...] = ()
    ballots: tuple[Ballot, ...] = ()
    recusals: tuple[RecusalLine, ...] = ()
    absences: tuple[AbsenceLine, ...] = ()
    notes: tuple[NoteLine, ...] = ()
    promises: tuple[PromiseLine, ...] = ()
    is_decided: bool = False

    @property
    def departs(self) -> bool:
        """Whether something was decided that was not what was indstillet."""
        return any(outcome.departs for outcome in self.outcomes)

    @property
    def is_stayed(self) -> bool:
        """Whether a stay holds a decision back still."""
        return any(outcome.standstill and not outcome.standstill.is_released for outcome in self.outcomes)

    @property
    def has_proceedings(self) -> bool:
        """Whether more than the decision is to be told."""
        return bool(self.ballots or self.recusals or self.absences or self.notes or self.promises)


type Points = defaultdict[int, list[Recommendation]]
"""The at-points of each item, by its pk."""


def points_of(items: Iterable[AgendaItem]) -> Points:
    """Ask for the at-points of items that came through `visible_to`."""
    return grouped(Recommendation.including_closed.filter(item__in=[item.pk for item in items]))


def treatments(
    meeting: Meeting,
    *,
    viewer: Any,
    items: Iterable[AgendaItem] | None = None,
    points: Points | None = None,
    roll: Roll | None = None,
) -> dict[int, Treatment]:
    """Tell how items of the meeting were treated, keyed by the item's pk, for one who may read the minutes; to others
    nothing. Items that are given came through `visible_to`, else all that the viewer may see are asked for; as many
    queries for twenty as for one.
    """
    if not reads_minutes(viewer, meeting):
        return {}
    if items is None:
        items = AgendaItem.including_closed.visible_to(viewer).filter(meeting=meeting)
    pks = [item.pk for item in items]
    roll = roll or Roll.of(meeting)
    points = points_of(items) if points is None else points
    inside = has_right(viewer, Right.READ_MEETINGS, meeting.committee)
    outcomes = _outcomes(meeting, pks, points, viewer, names_officials=inside)
    ballots = _ballots(pks)
    notes = grouped(ProtocolNote.including_closed.filter(item__in=pks))
    promises = promise_lines(Promise.including_closed.filter(item__in=pks), viewer=viewer)
    return {
        pk: Treatment(
            outcomes=outcomes[pk],
            ballots=tuple(ballots[pk]),
            recusals=tuple(RecusalLine.of(one, roll, tells_ground=inside) for one in roll.recusals.get(pk, ())),
            absences=tuple(_absence(one, roll) for one in roll.absences.get(pk, ())),
            notes=tuple(NoteLine(note.pk, note.get_kind_display(), note.by, note.text) for note in notes[pk]),
            promises=tuple(line if inside else replace(line, responsible="") for _, line in promises[pk]),
            is_decided=_is_decided(outcomes[pk], points[pk]),
        )
        for pk in pks
    }


def _absence(absence: Any, roll: Roll) -> AbsenceLine:
    note = f" ({absence.note})" if absence.note else ""
    who = named(str(absence.person), roll.party_of(absence.person))
    return AbsenceLine(absence.pk, f"{who} deltog ikke i behandlingen af punktet{note}.")


def _is_decided(outcomes: Iterable[Outcome], points: list[Recommendation]) -> bool:
    decided = list(outcomes)
    if any(not outcome.points for outcome in decided):
        return True
    return bool(decided) and {n for outcome in decided for n in outcome.points} >= {point.number for point in points}


def _ballots(pks: list[int]) -> defaultdict[int, list[Ballot]]:
    votes = list(Vote.including_closed.filter(item__in=pks))
    lines = grouped(VoteLine.including_closed.filter(vote__in=votes).select_related("person"), "vote_id")
    ballots: defaultdict[int, list[Ballot]] = defaultdict(list)
    for vote in votes:
        ballots[vote.item_id].append(Ballot.of(vote, lines[vote.pk]))
    return ballots


def _outcomes(
    meeting: Meeting, pks: list[int], points: Points, viewer: Any, *, names_officials: bool
) -> defaultdict[int, tuple[Outcome, ...]]:
    """The decisions of each item; at-points that were decided in the same words stand together."""
    council = meeting.committee.municipality.council_name
    decisions = list(
        Decision.including_closed.filter(item__in=pks)
        .with_effective_category()
        .select_related("recorded_by", "recommendation")
        .order_by("item", "recommendation__number", "pk")
    )
    corrections = grouped(
        Correction.including_closed.filter(decision__in=decisions).select_related("recorded_by"), "decision_id"
    )
    stays = {
        stay.decision_id: stay
        for stay in Stay.including_closed.filter(decision__in=decisions).select_related("declared_by", "outcome")
    }
    urls = _council_urls(stays.values(), viewer)
    told: defaultdict[int, tuple[Outcome, ...]] = defaultdict(tuple)
    for (item, *_), group in groupby(decisions, key=lambda one: _in_the_same_words(one, corrections, stays)):
        same = list(group)
        first = same[0]
        stay = stays.get(first.pk)
        standstill = Standstill.of(stay, council=council, url=urls.get(stay.pk, "")) if stay else None
        told[item] += (
            Outcome.of(
                first,
                corrections[first.pk],
                names_officials=names_officials,
                standstill=standstill,
                points=tuple(one.recommendation.number for one in same if one.recommendation),
                has_proposal=bool(points[item]),
            ),
        )
    return told


def _in_the_same_words(decision: Decision, corrections: dict[int, Any], stays: dict[int, Stay]) -> tuple[Any, ...]:
    """What decisions on neighbouring at-points share that stand as one; with an addition or a stay each is its own."""
    own = decision.pk if corrections.get(decision.pk) or decision.pk in stays else 0
    return (decision.item_id, decision.category, decision.text, decision.conditions, decision.departs, own)


def _council_urls(stays: Iterable[Stay], viewer: Any) -> dict[int, str]:
    """The council's items that settled stays, as far as the viewer may see them."""
    items = {stay.pk: stay.outcome.council_item_id for stay in stays if getattr(stay, "outcome", None)}
    visible = AgendaItem.including_closed.visible_to(viewer).in_bulk([pk for pk in items.values() if pk])
    return {stay: visible[pk].get_absolute_url() for stay, pk in items.items() if pk in visible}

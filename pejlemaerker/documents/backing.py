"""Hvem der står bag en ordlyd: the votes, dissents and reservations behind the decisions that put it in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from kit.dates import format_date
from meetings.documents.grouping import grouped
from meetings.documents.treatment import Ballot, NoteLine
from meetings.models import ProtocolNote, Vote, VoteLine
from pejlemaerker.documents.citation import Ground
from pejlemaerker.documents.standing import Standing
from pejlemaerker.models import AsOf, known_by


@dataclass(frozen=True, slots=True)
class Backing:
    """Opbakningen bag én beslutning, as far as the viewer may read its minutes."""

    ground: Ground
    ballots: tuple[str, ...]
    voices: tuple[NoteLine, ...]  # dissents, reservations, explanations and notes, verbatim

    @property
    def heading(self) -> str:
        """Børne- og Uddannelsesudvalget, 3. oktober 2022, punkt 1."""
        number = f", punkt {self.ground.decision.item.number}" if self.ground.decision else ""
        return f"{self.ground.by}, {format_date(self.ground.decided_on)}{number}"

    @property
    def url(self) -> str:
        """The decision's page."""
        return self.ground.url

    @property
    def sentences(self) -> tuple[str, ...]:
        """How it was carried. That no vote was noted is all one knows when none was."""
        return self.ballots or ("Vedtaget. Der er ikke noteret nogen afstemning.",)

    @classmethod
    def of(cls, standing: Standing, *, viewer: Any, at: AsOf) -> tuple[Self, ...]:
        """Tell who stands behind the wording in force, in three queries; a joint set has one of each committee.

        What the viewer may not read is not there at all: of a closed item outsiders know who decided and when, and the
        line below the wording says that already.
        """
        if standing.in_force is None:
            return ()
        seen = [
            ground for adoption, ground in standing.decided
            if ground.decision and adoption.holds  # type: ignore[attr-defined]
            and adoption.version_id == standing.in_force.pk and adoption.in_force_from <= at.on
        ]  # fmt: skip
        items = [ground.decision.item_id for ground in seen if ground.decision]
        ballots, voices = _ballots(items, standing, viewer, at), _voices(items, standing, viewer, at)
        return tuple(
            cls(ground, tuple(ballots.get(pk, ())), tuple(voices.get(pk, ())))
            for ground, pk in zip(seen, items, strict=True)
        )


def _ballots(items: list[int], standing: Standing, viewer: Any, at: AsOf) -> dict[int, list[str]]:
    known = known_by(at.known, "item__meeting__date", kept_since=standing.goal.kept_since)
    votes = list(Vote.including_closed.visible_to(viewer).filter(known, item__in=items))
    lines = grouped(
        VoteLine.including_closed.visible_to(viewer).filter(vote__in=votes).select_related("person"), "vote_id"
    )
    by_item: dict[int, list[Vote]] = {}
    for vote in votes:
        by_item.setdefault(vote.item_id, []).append(vote)
    return {
        item: [_carried(vote, lines[vote.pk], is_only=len(own) == 1) for vote in own] for item, own in by_item.items()
    }


def _carried(vote: Vote, lines: list[VoteLine], *, is_only: bool) -> str:
    """Tell a vote as the minutes do: "Vedtaget af et flertal: for stemte 5 (A, B, F, V og Ø), imod stemte 2 (C og O)."

    Only of a single vote is it said that it carried the wording; of several (on a change first, then on the whole) each
    says what it was about.
    """
    ballot = Ballot.of(vote, lines)
    if not is_only:
        return f"Afstemning om {vote.about[:1].lower()}{vote.about[1:]}: {ballot.text}"
    yes, no = (_count(lines, stance) for stance in (VoteLine.Stance.FOR, VoteLine.Stance.AGAINST))
    if yes <= no:
        return ballot.text
    voices = ", ".join(f"{one[:1].lower()}{one[1:]}".rstrip(".") for one in ballot.sentences)
    return f"{'Vedtaget af et flertal' if no else 'Vedtaget enstemmigt'}: {voices}."


def _count(lines: Iterable[VoteLine], stance: VoteLine.Stance) -> int:
    return sum(line.count for line in lines if line.stance == stance)


def _voices(items: list[int], standing: Standing, viewer: Any, at: AsOf) -> dict[int, list[NoteLine]]:
    known = known_by(at.known, "item__meeting__date", kept_since=standing.goal.kept_since)
    notes = ProtocolNote.including_closed.visible_to(viewer).filter(known, item__in=items)
    return {
        item: [NoteLine(note.pk, note.get_kind_display(), note.by, note.text) for note in own]
        for item, own in grouped(notes).items()
    }

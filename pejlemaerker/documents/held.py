"""Hvad der er holdt: the dialogue meetings and evaluations of sets, asked for once for all that a page tells."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db.models import F, Q

from pejlemaerker.documents.known_dialogues import KnownDialogue, known_dialogues
from pejlemaerker.models import AsOf, EvaluationRound, known_by


@dataclass(frozen=True, slots=True)
class HeldInSets:
    """What was held: every dialogue meeting for a step of these sets, and every evaluation of them, that the viewer may
    see.
    """

    dialogues: Sequence[KnownDialogue]
    evaluations: Sequence[Any]  # EvaluationRound, with the trail of its step; the latest first

    @classmethod
    def in_sets(
        cls, set_pks: Iterable[int], *, viewer: Any, at: AsOf, about: Q | None = None, with_leaders: bool = False
    ) -> Self:
        """Ask for both, in two queries; and for the other dialogue meetings that the page tells of."""
        sets = list(set_pks)
        known = known_by(at.known, "held_on", kept_since="goal_set__kept_since")
        for_a_step = Q(step__plan__goal_set__in=sets)
        evaluations = EvaluationRound.objects.visible_to(viewer).filter(known, goal_set__in=sets, held_on__lte=at.on)
        return cls(
            known_dialogues(
                for_a_step | about if about else for_a_step, viewer=viewer, at=at, with_leaders=with_leaders
            ),
            list(evaluations.annotate(trail=F("step__trail"))),
        )

    def dialogues_about(self, goals: AbstractSet[int], *, at: AsOf, kept_since: date) -> tuple[KnownDialogue, ...]:
        """The dialogue meetings about some of these pejlemærker, that had been held by a day as far as was known."""
        about = (one for one in self.dialogues if goals & one.goals)
        return tuple(one for one in about if one.was_known(at, kept_since=kept_since))

    def planned_about(
        self, goals: AbstractSet[int], *, at: AsOf, trails: AbstractSet[UUID] = frozenset()
    ) -> tuple[KnownDialogue, ...]:
        """The dialogue meetings about some of these pejlemærker, or for one of these steps, that lie ahead; the soonest
        first.
        """
        about = (one for one in reversed(self.dialogues) if goals & one.goals or one.trail in trails)
        return tuple(one for one in about if one.was_planned(at))

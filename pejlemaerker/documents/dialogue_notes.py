"""Hvad der blev skrevet ned på et dialogmøde: the notes of each point, the themes and the agreements. Internal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from meetings.models import Right, has_right
from pejlemaerker.documents.agreements import AgreementLine, agreements_of
from pejlemaerker.models import Dialogue, Goal, GoalSet, ProgrammePoint, Theme


@dataclass(frozen=True, slots=True)
class WrittenDown:
    """Themes and agreements, as the committee's own people read them."""

    themes: tuple[Theme, ...]
    agreements: tuple[AgreementLine, ...]

    @classmethod
    def of(cls, dialogue: Dialogue, *, viewer: Any) -> Self:
        """Ask for those of one dialogue meeting."""
        themes = dialogue.themes.select_related("goal")
        return cls(tuple(themes), agreements_of(dialogue, viewer=viewer))

    def about(self, goal: int | None, *, besides: Iterable[int] = ()) -> "WrittenDown":
        """Return those about one pejlemærke; or, for none, all that are about none of those given."""
        others = set(besides)

        def belongs(about: int | None) -> bool:
            return about == goal if goal else about is None or about not in others

        return WrittenDown(
            tuple(one for one in self.themes if belongs(one.goal_id)),
            tuple(one for one in self.agreements if belongs(one.agreement.goal_id)),
        )

    @property
    def are_any(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.themes or self.agreements)


def open_sets_near(dialogue: Dialogue, *, viewer: Any) -> list[GoalSet]:
    """The open sets a dialogue meeting is about: those of its pejlemærker, else the one whose plan it carries out, else
    those of the committee's period.
    """
    sets = GoalSet.objects.visible_to(viewer).filter(closing=None).select_related("area", "period__committee")
    ordered = sets.order_by("area__position", "pk").distinct()
    step = dialogue.step
    return (
        list(ordered.filter(goals__dialogues=dialogue))
        or (list(ordered.filter(pk=step.plan.goal_set_id)) if step else [])
        or list(
            ordered.filter(
                period__committee=dialogue.committee_id,
                period__starts_on__lte=dialogue.held_on,
                period__ends_on__gte=dialogue.held_on,
            )
        )
    )


@dataclass(frozen=True, slots=True)
class NotesBeside:
    """Noterne, beside a wording that comes of them, for those who may read them."""

    dialogue: Dialogue
    points: tuple[ProgrammePoint, ...]
    more: str  # what was written about the meeting as a whole

    @classmethod
    def of(cls, dialogue: Dialogue | None, *, viewer: Any, goal: Goal | None = None) -> Self | None:
        """Gather the notes about one pejlemærke first, and those about none; of a new one all there are."""
        if dialogue is None or not has_right(viewer, Right.READ_NOTES, dialogue.committee):
            return None
        rows = notes_of(dialogue)
        if goal:
            rows = sorted((one for one in rows if one.goal_id in (goal.pk, None)), key=lambda one: one.goal_id is None)
        return cls(dialogue, tuple(rows), dialogue.internal_notes)


def notes_of(dialogue: Dialogue) -> list[ProgrammePoint]:
    """The points that something was noted at, in order; for those who may read the notes."""
    return list(dialogue.programme.exclude(notes=""))

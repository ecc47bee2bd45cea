"""Et dialogmøde: who met, about what, and what may be told of it."""

from dataclasses import dataclass
from typing import Any, Self

from kit.danish import join_words
from kit.dates import format_date
from meetings.documents.parts import Fact
from pejlemaerker.documents.standing import Standing, standings
from pejlemaerker.models import AsOf, Dialogue, Goal


@dataclass(frozen=True, slots=True)
class DialogueDocument:
    """Et dialogmøde, for one viewer; the internal notes are not part of it."""

    dialogue: Dialogue
    facts: tuple[Fact, ...]
    goals: tuple[Standing, ...]

    @property
    def title(self) -> str:
        """Dialogmøde midtvejs, 14. november 2023."""
        return str(self.dialogue)

    @classmethod
    def for_dialogue(cls, dialogue: Dialogue, *, viewer: Any) -> Self:
        """Gather what the viewer may see of a dialogue meeting that the viewer may see."""
        goals = list(
            Goal.objects.visible_to(viewer)
            .filter(dialogues=dialogue)
            .select_related("goal_set__area")
            .order_by("goal_set__area__position", "goal_set_id", "number")
        )
        standing_of = standings(goals, viewer=viewer, at=AsOf.hindsight(dialogue.held_on))
        return cls(dialogue, _facts(dialogue), tuple(standing_of[goal.pk] for goal in goals))


def _facts(dialogue: Dialogue) -> tuple[Fact, ...]:
    leaders = join_words(list(dialogue.leader_groups.order_by("name").values_list("name", flat=True)))
    facts = [
        Fact("Dato", format_date(dialogue.held_on, weekday=True)),
        Fact("Udvalg", dialogue.committee.name, dialogue.committee.get_absolute_url()),
        Fact("Lederkreds", leaders or "Ikke oplyst"),
    ]
    if dialogue.step:
        facts.append(Fact("Trin i planen", str(dialogue.step)))
    return tuple(facts)

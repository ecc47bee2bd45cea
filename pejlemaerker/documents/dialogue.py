"""Et dialogmøde: who meets or met, about what, and what may be told of it."""

from dataclasses import dataclass
from typing import Any, Self

from kit.danish import join_words
from kit.dates import format_date
from meetings.documents.parts import Fact
from pejlemaerker.documents.dialogue_when import Appointment, lies_ahead, standing_of, was_held
from pejlemaerker.documents.participants import who_came
from pejlemaerker.documents.programme import ProgrammeDocument
from pejlemaerker.documents.standing import Standing, standings
from pejlemaerker.documents.treatments import Treatments
from pejlemaerker.models import AsOf, Dialogue, Goal


@dataclass(frozen=True, slots=True)
class DialogueDocument:
    """Et dialogmøde, for one viewer; the internal notes are not part of it."""

    dialogue: Dialogue
    facts: tuple[Fact, ...]
    goals: tuple[Standing, ...]
    treatments: Treatments
    programme: ProgrammeDocument | None  # for those the meeting is for
    is_insider: bool

    @property
    def title(self) -> str:
        """Dialogmøde midtvejs, 14. november 2023."""
        return str(self.dialogue)

    @property
    def standing(self) -> str:
        """Planlagt til 4. oktober 2026 kl. 16–18, Rådhuset."""
        return standing_of(self.dialogue)

    @property
    def lead(self) -> str:
        """The same, as a sentence; a meeting that was called off has a notice of its own."""
        return "" if self.dialogue.cancelled else self.standing

    @property
    def is_ahead(self) -> bool:
        """Whether its day has not come."""
        return lies_ahead(self.dialogue)

    @property
    def is_held(self) -> bool:
        """Whether its day has come, and it was not called off."""
        return was_held(self.dialogue)

    @property
    def cancelled_text(self) -> str:
        """Why it was called off, for those the meeting was for; the public is told that it was."""
        why = self.dialogue.cancelled if self.is_insider else ""
        return f"{self.standing} Grunden: {why}" if why else self.standing

    @property
    def goals_heading(self) -> str:
        """What the pejlemærker are to it."""
        return "Pejlemærker, der blev drøftet" if self.is_held else "Pejlemærker, der skal drøftes"

    @property
    def goals_beside(self) -> tuple[Standing, ...]:
        """The pejlemærker that do not stand in the programme with their wordings already."""
        told = (
            {point.goal.goal.pk for point in self.programme.points if point.goal and point.goal.wording}
            if self.programme
            else set()
        )
        return tuple(standing for standing in self.goals if standing.goal.pk not in told)

    @classmethod
    def for_dialogue(cls, dialogue: Dialogue, *, viewer: Any, is_insider: bool = False) -> Self:
        """Gather what the viewer may see of a dialogue meeting that the viewer may see."""
        goals = list(
            Goal.objects.visible_to(viewer)
            .filter(dialogues=dialogue)
            .select_related("goal_set__area")
            .order_by("goal_set__area__position", "goal_set_id", "number")
        )
        told = standings(goals, viewer=viewer, at=AsOf.hindsight(dialogue.held_on))
        return cls(
            dialogue=dialogue,
            facts=_facts(dialogue, is_insider=is_insider),
            goals=tuple(told[goal.pk] for goal in goals),
            treatments=Treatments.of(dialogue, viewer=viewer),
            programme=ProgrammeDocument.for_dialogue(dialogue, viewer=viewer) if is_insider else None,
            is_insider=is_insider,
        )


def _facts(dialogue: Dialogue, *, is_insider: bool) -> tuple[Fact, ...]:
    leaders = join_words(list(dialogue.leader_groups.order_by("name").values_list("name", flat=True)))
    appointment = Appointment.of(dialogue)
    came = who_came(dialogue, is_insider=is_insider) if was_held(dialogue) else ""
    facts = [
        Fact("Dato", format_date(dialogue.held_on, weekday=True)),
        Fact("Tid", appointment.hours),
        Fact("Sted", appointment.place),
        Fact("Udvalg", dialogue.committee.name, dialogue.committee.get_absolute_url()),
        Fact("Lederkreds", leaders or "Ikke oplyst"),
        Fact("Deltog", came),
        Fact("Trin i planen", str(dialogue.step) if dialogue.step else ""),
    ]
    return tuple(fact for fact in facts if fact.value)
